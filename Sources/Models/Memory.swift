import AdjointGraphs
import AdjointPlans

extension Network {
    /// Refuses what can be known not to fit the machine before anything of it is made.
    ///
    /// - Parameters:
    ///   - count: floats that are needed at the same time.
    ///   - what: whose they are.
    ///   - bytes: what there is, which takes a while to ask for.
    func checkMemory(_ count: Int?, for what: String, of bytes: Int = Machine.memory) throws(ArgumentError) {
        // In floats, of which an Int counts more than the machine has bytes.
        let memory = bytes / 4
        guard let count, count > memory else { return }
        throw ArgumentError(
            name, "the memory for \(what)", expected: "at most this machine's \(megabytes(memory))",
            given: megabytes(count))
    }

    /// The same for a batch, of which a plan holds the pictures whole, and of each layer at least one sample. What is noted of a
    /// position of a plane while a plan is made is taken for 16 floats.
    package func checkMemory(batch: Int) throws(ArgumentError) {
        let bytes = Machine.memory
        try checkMemory(Shape([batch] + input.sizes).checkedCount, for: "\(batch) samples", of: bytes)
        for (step, shape) in zip(steps, [input] + shapes) {
            let plane = Shape(Array(shape.sizes.dropFirst())).count
            try checkMemory(max(shape.count, 16 * min(plane, .max / 16)), for: "one sample in \(step.label)", of: bytes)
        }
    }

    private func megabytes(_ floats: Int) -> String { "\(floats / 250_000) MB" }
}
