/// Which steps give the same in every run, because they read nothing but constants, a state, and what such steps have
/// written: filters that are packed or transformed, numbers of a channel. A plan that leaves its state alone does them
/// before the first run, and again when somebody else has changed the state.
struct Preparation {
    /// The steps that give the same, and the others, both in their order.
    let fixed, varying: [PendingStep]
    /// The buffers, of which those that runs read from the preparation outlast them.
    private(set) var buffers: [Buffer]

    init(_ steps: [PendingStep], buffers: [Buffer], isUpdating: Bool) {
        var isPrepared = [Bool](repeating: !isUpdating, count: steps.count)
        // A buffer's parts may have several writers: it stays the same if all of them do. What callers may write to does not.
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
