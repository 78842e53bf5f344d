/// The steps that give the same result in every run, because they read only constants, a state, and results of such steps:
/// filters that are packed or transformed, numbers of a channel. A plan that does not change its state runs them before the
/// first run, and again when the state was changed from outside.
struct Preparation {
    /// The steps whose results stay the same, and the others, both in order.
    let fixed, varying: [PendingStep]
    /// The buffers; those that runs read from the preparation live as long as the plan.
    private(set) var buffers: [Buffer]

    init(_ steps: [PendingStep], buffers: [Buffer], isUpdating: Bool) {
        var isPrepared = [Bool](repeating: !isUpdating, count: steps.count)
        // Parts of a buffer may have several writers: it stays the same if all of them do, and no caller may write it.
        var varies = buffers.map { buffer in
            if case .arena(isKept: true) = buffer.place { true } else { false }
        }
        var isFound = false
        while !isFound {
            isFound = true
            for (number, step) in steps.enumerated()
            where isPrepared[number] && step.touched.contains(where: { varies[$0] }) {
                isPrepared[number] = false
                for buffer in step.writes { varies[buffer] = true }
                isFound = false
            }
        }
        let first = steps.indices.filter { isPrepared[$0] }
        let others = steps.indices.filter { !isPrepared[$0] }
        (fixed, varying) = (first.map { steps[$0] }, others.map { steps[$0] })
        self.buffers = buffers
        let written = Set(first.flatMap { steps[$0].writes })
        for buffer in Set(others.flatMap { steps[$0].reads }).intersection(written) {
            if case .arena = buffers[buffer].place { self.buffers[buffer].place = .arena(isKept: true) }
        }
    }
}
