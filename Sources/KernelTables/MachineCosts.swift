/// What work costs on a machine, as plans and kernels reckon it when they divide work and choose between equal results.
///
/// The figures are the same on every CPU, and nothing is timed while a plan is made: equal shapes give equal plans, and so
/// equal bits. Each says how it can be measured. Where a figure was found by trying, a factor of two either way changes the
/// rows of `Benchmarks/compare` by a few percent. Constants that are inlined, since kernels ask for them in every task.
package enum MachineCosts {
    // MARK: - Work

    /// Floating-point operations, and bytes read or written, of one thread in a nanosecond: half of what
    /// `adjoint bench limits` measures for a thread with AVX-512 (117 operations, 55 bytes of the second-level cache).
    @inlinable package static var operationsPerNanosecond: Int { 60 }
    @inlinable package static var bytesPerNanosecond: Int { 30 }
    /// Multiply-adds while a float of a filter comes from memory. Found by trying; for a triad, whose three streams wait for
    /// memory alone, `bench limits` gives 70 (233 GFLOP/s and 6.6 GB/s with two threads).
    @inlinable package static var multiplyAddsPerFloat: Double { 8.0 }

    // MARK: - Waking others

    /// Nanoseconds of a job that one thread has done before another could help.
    @inlinable package static var shortestJob: Int { 2000 }
    /// Nanoseconds in which an idle worker looks for a job before it sleeps, and a caller for the end of one before it lets
    /// others have its core. Both are longer than the pauses between the
    /// steps of a plan.
    @inlinable package static var patience: (idle: Int, caller: Int) { (idle: 50_000, caller: 20_000) }
    /// Bytes and operations of a step that is worth a job of its own, some ten times `shortestJob`.
    @inlinable package static var largeStep: (bytes: Int, operations: Int) { (bytes: 1 << 19, operations: 1 << 20) }

    // MARK: - Caches (floats)

    /// Of a first-level cache of 32 KiB, a part that leaves room for what else a loop reads.
    @inlinable package static var firstLevelFloats: Int { 6144 }
    /// Of a second-level cache of 1 MiB, a half.
    @inlinable package static var secondLevelFloats: Int { 131_072 }
    /// Bytes of the last cache for what steps touch in a turn; others use it too.
    @inlinable package static var lastLevelBytes: Int { 8 << 20 }
}
