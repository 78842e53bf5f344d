import AdjointGraphs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Floats that all of the machine's memory holds; `Int.max` where it does not tell.
private var memory: Int {
    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        let (pages, size) = (Int(sysconf(Int32(_SC_PHYS_PAGES))), Int(sysconf(Int32(_SC_PAGESIZE))))
        if pages > 0, size > 0 { return pages * (size / 4) }
    #endif
    return .max
}

extension Network {
    /// Refuses what can be known not to fit the machine before anything of it is made.
    ///
    /// - Parameters:
    ///   - count: floats that are needed at the same time.
    ///   - what: whose they are.
    func checkMemory(_ count: Int?, for what: String) throws(ArgumentError) {
        guard let count, count > memory else { return }
        throw ArgumentError(
            name, "the memory for \(what)", expected: "at most this machine's \(megabytes(memory))",
            given: megabytes(count))
    }

    /// The same for a batch, of which a plan holds the pictures whole, and of each layer at least one sample.
    package func checkMemory(batch: Int) throws(ArgumentError) {
        try checkMemory(Shape([batch] + input.sizes).checkedCount, for: "\(batch) samples")
        for (step, shape) in zip(steps, shapes) { try checkMemory(shape.count, for: "one sample in \(step.label)") }
    }

    private func megabytes(_ floats: Int) -> String { "\(floats / 250_000) MB" }
}
