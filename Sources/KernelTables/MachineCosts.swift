/// The costs of work on a machine, with which plans and kernels divide work and choose between equal results.
///
/// The figures are the same on every CPU, and nothing is timed while a plan is made: equal shapes give equal plans, and so
/// equal bits. Each comment says how its figure can be measured. Where a figure was found by trying, a factor of two either way
/// changes the rows of `Benchmarks/compare` by a few percent. They are inlined constants, since kernels use them in every task.
package enum MachineCosts {
    // MARK: - Work

    /// The floating-point operations, and the bytes read or written, of one thread in a nanosecond: half of what
    /// `adjoint bench limits` measures for a thread with AVX-512 (117 operations, 55 bytes of the second-level cache).
    @inlinable package static var operationsPerNanosecond: Int { 60 }
    @inlinable package static var bytesPerNanosecond: Int { 30 }
    /// The multiply-adds in the time in which a float of a filter comes from memory. Found by trying; for a triad, which only
    /// waits for its three streams from memory, `bench limits` gives 70 (233 GFLOP/s and 6.6 GB/s with two threads).
    @inlinable package static var multiplyAddsPerFloat: Double { 8.0 }

    // MARK: - Waking others

    /// The time in nanoseconds of a job that one thread completes before another could help.
    @inlinable package static var shortestJob: Int { 2000 }
    /// The time in nanoseconds for which an idle worker watches for a job before it sleeps, and a caller for the end of one
    /// before it yields its core. Both are longer than the pauses between the steps of a plan.
    @inlinable package static var patience: (idle: Int, caller: Int) { (idle: 50_000, caller: 20_000) }
    /// The bytes or operations from which on a step is a job of its own, some ten times `shortestJob`.
    @inlinable package static var largeStep: (bytes: Int, operations: Int) { (bytes: 1 << 19, operations: 1 << 20) }

    // MARK: - Caches (floats)

    /// The floats of a first-level cache of 32 KiB that a block may fill, which leaves space for what else a loop reads.
    @inlinable package static var firstLevelFloats: Int { 6144 }
    /// The floats of a second-level cache of 1 MiB that a block may fill: a half.
    @inlinable package static var secondLevelFloats: Int { 131_072 }
    /// The bytes of the last-level cache that the steps of a turn may fill; others use it too.
    @inlinable package static var lastLevelBytes: Int { 8 << 20 }
}
