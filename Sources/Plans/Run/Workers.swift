import AdjointKernelTables

/// Threads that share the pieces of a kernel's work; they end with the last reference to them.
public final class Workers: Sendable {
    /// Workers with as many threads as the process may use CPUs.
    public static let standard = Workers(threads: .max)

    /// The number of threads that work, the caller's among them.
    public var threads: Int { crew.threads }

    /// The time of a job, in nanoseconds, up to which the caller does it alone, since others could not help in time.
    private let short: Int
    let crew: Crew

    /// - Parameter threads: the most threads. There are no more than the process may use CPUs at this moment, since
    ///   others would only wait for each other, and fewer where the system gives fewer.
    public convenience init(threads: Int) {
        self.init(threads: min(threads, Machine.cores), short: MachineCosts.shortestJob)
    }

    /// - Parameters:
    ///   - threads: the number of threads, however few CPUs there are, for tests.
    ///   - short: the time of jobs that are not shared; 0 in tests, so that the smallest jobs are shared.
    package init(threads: Int, short: Int) {
        self.short = short
        crew = Crew(threads: threads)
    }

    deinit { crew.end() }

    /// Runs pieces of a kernel's work and returns when they are done.
    ///
    /// - Parameters:
    ///   - nanoseconds: the approximate time of one thread, from shapes alone.
    ///   - scratch: memory of `threads` times `scratchStride` bytes; worker k has the k-th part.
    func run(
        _ kernel: @escaping Kernel, _ arguments: UnsafeRawPointer, tasks: Range<Int>, nanoseconds: Int,
        scratch: UnsafeMutableRawPointer, scratchStride: Int
    ) {
        let job = Crew.Job(run: kernel, arguments: arguments, scratch: scratch, scratchStride: scratchStride)
        guard nanoseconds >= short, tasks.count > 1, crew.run(job, tasks) else {
            for task in tasks { kernel(arguments, task, scratch) }
            return
        }
    }
}
