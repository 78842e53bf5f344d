import AdjointKernelTables

// Twelve sums that do not depend on each other: enough for two units of a latency of four or five cycles, and few enough
// for sixteen registers.
let peakRoutine = Routine<PeakArguments>(
    work: { Work(tasks: $0.pieces) },
    run: { arguments, task, _ in
        let a = arguments.assumingMemoryBound(to: PeakArguments.self).pointee
        a.result[task] = multiplyAddInRegisters(a.rounds)
    })

@inline(never)
private func multiplyAddInRegisters(_ rounds: Int) -> Float {
    let factor = Lanes(repeating: 1.000_000_1)
    let term = Lanes(repeating: 1e-9)
    var (s0, s1, s2, s3) = (term, term, term, term)
    var (s4, s5, s6, s7) = (term, term, term, term)
    var (s8, s9, s10, s11) = (term, term, term, term)
    for _ in 0..<rounds {
        s0 = accumulate(term, s0, factor)
        s1 = accumulate(term, s1, factor)
        s2 = accumulate(term, s2, factor)
        s3 = accumulate(term, s3, factor)
        s4 = accumulate(term, s4, factor)
        s5 = accumulate(term, s5, factor)
        s6 = accumulate(term, s6, factor)
        s7 = accumulate(term, s7, factor)
        s8 = accumulate(term, s8, factor)
        s9 = accumulate(term, s9, factor)
        s10 = accumulate(term, s10, factor)
        s11 = accumulate(term, s11, factor)
    }
    return (s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11).sum()
}
