import AdjointGraphs
import AdjointPlans

extension Network {
    /// Throws where it is known beforehand that something does not fit the machine's memory.
    ///
    /// - Parameters:
    ///   - count: floats that are needed at the same time.
    ///   - what: a name for them in the error.
    ///   - bytes: the machine's memory, passed by callers that check often, since it is slow to find out.
    func checkMemory(_ count: Int?, for what: String, of bytes: Int = Machine.memory) throws(ArgumentError) {
        // Counted in floats, since the bytes may overflow an Int.
        let memory = bytes / 4
        guard let count, count > memory else { return }
        throw ArgumentError(
            name, "the memory for \(what)", expected: "at most this machine's \(megabytes(memory))",
            given: megabytes(count))
    }

    /// The same for a batch. A plan holds all of the batch's pictures, and at least one sample of each layer's input; what is
    /// noted for each position of a plane while a plan is made is estimated as 16 floats.
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
