import AdjointKernelTables
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Threads that share the pieces of a kernel's work. The only place that knows of threads.
///
/// A job is published as a new generation of the ticket; whoever decrements the ticket takes that piece. Idle workers watch
/// the ticket for some microseconds, then sleep until they are woken, so that no waiting thread holds a core for long.
/// One job runs at a time: a caller that finds the workers busy does its pieces alone.
public final class Workers: Sendable {
    /// As many threads as the process has cores.
    public static let standard = Workers(threads: Machine.cores)

    /// Threads that work, the caller's among them: fewer than asked for where the system gives no more.
    public var threads: Int { running.load(ordering: .relaxed) }
    private let running = Atomic<Int>(1)

    /// The upper half counts jobs, the lower half the pieces of the present one that nobody has taken: at 0 a late worker
    /// finds nothing to take, whatever the next job will be.
    private let ticket = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let isBusy = Atomic<Bool>(false)
    nonisolated(unsafe) private let job: UnsafeMutablePointer<Job>

    private struct Job {
        var run: Kernel
        var arguments: UnsafeRawPointer
        var scratch: UnsafeMutableRawPointer
        var scratchStride: Int
        /// The number behind the last piece.
        var end: Int
    }

    /// How often an idle worker looks for a job before it sleeps, and a caller for the end of one before it yields.
    private static let patience = 20_000

    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
    #endif

    public init(threads: Int) {
        job = .allocate(capacity: 1)
        job.initialize(
            to: Job(
                run: { _, _, _ in }, arguments: UnsafeRawPointer(job), scratch: UnsafeMutableRawPointer(job),
                scratchStride: 0, end: 0))
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            mutex = .allocate(capacity: 1)
            condition = .allocate(capacity: 1)
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
            while self.threads < threads, start(worker: self.threads) { running.add(1, ordering: .relaxed) }
        #endif
    }

    /// Runs pieces of a kernel's work and returns when they are done.
    ///
    /// - Parameters:
    ///   - scratch: memory of `threads` times `scratchStride` bytes; worker k has the k-th part.
    func run(
        _ kernel: @escaping Kernel, _ arguments: UnsafeRawPointer, tasks: Range<Int>,
        scratch: UnsafeMutableRawPointer, scratchStride: Int
    ) {
        guard tasks.count > 1, threads > 1,
            isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for task in tasks { kernel(arguments, task, scratch) }
            return
        }
        job.pointee = Job(
            run: kernel, arguments: arguments, scratch: scratch, scratchStride: scratchStride, end: tasks.upperBound)
        finished.store(0, ordering: .relaxed)
        let generation = (ticket.load(ordering: .relaxed) >> 32) &+ 1
        ticket.store(generation << 32 | UInt64(tasks.count), ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        work(generation, worker: 0)
        var looks = 0
        while finished.load(ordering: .acquiring) < tasks.count {
            looks += 1
            if looks > Self.patience { yield() }
        }
        isBusy.store(false, ordering: .releasing)
    }

    /// Takes pieces of a job until none is left.
    private func work(_ generation: UInt64, worker: Int) {
        while true {
            let seen = ticket.load(ordering: .acquiring)
            let left = seen & 0xFFFF_FFFF
            guard seen >> 32 == generation, left > 0 else { return }
            guard ticket.compareExchange(expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing).exchanged
            else { continue }
            // The job cannot change now: its publisher waits for this piece.
            let job = job.pointee
            job.run(job.arguments, job.end - Int(left), job.scratch + worker * job.scratchStride)
            finished.add(1, ordering: .acquiringAndReleasing)
        }
    }

    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        private final class Start: Sendable {
            let workers: Workers
            let number: Int

            init(_ workers: Workers, _ number: Int) {
                self.workers = workers
                self.number = number
            }
        }

        /// - Returns: whether the system gave a thread.
        private func start(worker number: Int) -> Bool {
            let start = Unmanaged.passRetained(Start(self, number))
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
            defer { pthread_attr_destroy(&attributes) }
            #if canImport(Darwin)
                var thread: pthread_t?
                let result = pthread_create(&thread, &attributes, workerMain, start.toOpaque())
            #else
                var thread = pthread_t()
                let result = pthread_create(&thread, &attributes, { workerMain($0!) }, start.toOpaque())
            #endif
            if result != 0 { start.release() }
            return result == 0
        }

        fileprivate static func main(_ context: UnsafeMutableRawPointer) {
            let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
            start.workers.serve(start.number)
        }

        private func serve(_ number: Int) {
            _ = FloatingPointMode.flushingToZero()
            var generation: UInt64 = 0
            while true {
                var looks = 0
                while ticket.load(ordering: .acquiring) >> 32 == generation {
                    looks += 1
                    if looks > Self.patience { sleep(until: generation) }
                }
                generation = ticket.load(ordering: .acquiring) >> 32
                work(generation, worker: number)
            }
        }

        private func sleep(until generation: UInt64) {
            pthread_mutex_lock(mutex)
            sleepers.add(1, ordering: .sequentiallyConsistent)
            while ticket.load(ordering: .sequentiallyConsistent) >> 32 == generation {
                pthread_cond_wait(condition, mutex)
            }
            sleepers.subtract(1, ordering: .sequentiallyConsistent)
            pthread_mutex_unlock(mutex)
        }

        private func wake() {
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }

        private func yield() { sched_yield() }
    #else
        private func wake() {}
        private func yield() {}
    #endif
}

#if canImport(Darwin)
    private func workerMain(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Workers.main(context)
        return nil
    }
#elseif canImport(Glibc) || canImport(Musl)
    private func workerMain(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Workers.main(context)
        return nil
    }
#endif

/// The processor's treatment of numbers below the normal range.
struct FloatingPointMode {
    #if canImport(Glibc) && arch(x86_64)
        private let environment: fenv_t

        /// Makes this thread read and write such numbers as zero; they would make every operation many times slower.
        ///
        /// - Returns: the mode before.
        static func flushingToZero() -> FloatingPointMode {
            var environment = fenv_t()
            fegetenv(&environment)
            let before = FloatingPointMode(environment: environment)
            // Bits 15 and 6 of MXCSR: flush results to zero, take denormal operands as zero.
            environment.__mxcsr |= 0x8040
            fesetenv(&environment)
            return before
        }

        /// Makes this the thread's mode again.
        func restore() {
            var environment = environment
            fesetenv(&environment)
        }
    #else
        static func flushingToZero() -> FloatingPointMode { FloatingPointMode() }
        func restore() {}
    #endif
}
