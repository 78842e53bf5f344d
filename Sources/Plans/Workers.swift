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
/// A job is published as a ticket, from whose pieces everybody takes some at a time: the caller from the first on, every
/// other worker from the last on, so that from job to job a thread meets the part of the data that its caches hold. Idle
/// workers watch the ticket for some microseconds, then sleep until they are woken, so that no waiting thread holds a core
/// for long. One job runs at a time: a caller that finds the workers busy does its pieces alone.
public final class Workers: Sendable {
    /// As many threads as the process has cores.
    public static let standard = Workers(threads: Machine.cores)

    /// Threads that work, the caller's among them: fewer than asked for where the system gives no more.
    public var threads: Int { running.load(ordering: .relaxed) }
    private let running = Atomic<Int>(1)

    /// Nanoseconds in which a job is done before others could help: the caller does it alone.
    private let short: Int
    private let isBusy = Atomic<Bool>(false)
    private let sleepers = Atomic<Int>(0)
    nonisolated(unsafe) private let board: UnsafeMutablePointer<Board>
    /// How many pieces workers other than the callers have ever done: on cache lines of its own, since they write it while
    /// others take pieces.
    nonisolated(unsafe) private let finished: UnsafeMutablePointer<Atomic<Int>>

    /// What callers tell workers: it fits into one cache line, and has it alone.
    private struct Board: ~Copyable {
        let ticket = Atomic<UInt64>(0)
        var job: Job
    }

    private struct Job {
        var run: Kernel
        var arguments: UnsafeRawPointer
        var scratch: UnsafeMutableRawPointer
        var scratchStride: Int
    }

    /// The pieces of a job that nobody has taken: none of them left, a late worker finds nothing to take, whatever the next
    /// job will be.
    ///
    ///     | number of the job, 16 bits | end of the pieces, 24 bits | first piece, 24 bits |
    private struct Ticket {
        var bits: UInt64

        static let most = 1 << 24 - 1

        var generation: UInt64 { bits >> 48 }
        var first: Int { Int(bits & 0xFF_FFFF) }
        var end: Int { Int(bits >> 24 & 0xFF_FFFF) }

        init(bits: UInt64) { self.bits = bits }

        init(generation: UInt64, pieces: Range<Int>) {
            bits = generation << 48 | UInt64(pieces.upperBound) << 24 | UInt64(pieces.lowerBound)
        }

        func taking(_ count: Int, fromEnd: Bool) -> Ticket {
            Ticket(bits: fromEnd ? bits - UInt64(count) << 24 : bits + UInt64(count))
        }
    }

    /// Nanoseconds in which an idle worker looks for a job before it sleeps, and a caller for the end of one before it lets
    /// others have its core.
    private static let patience = (idle: 50_000, caller: 20_000)

    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
    #endif

    public convenience init(threads: Int) { self.init(threads: threads, short: 2000) }

    /// - Parameter short: 0 for tests, so that the smallest jobs are shared.
    package init(threads: Int, short: Int) {
        self.short = short
        // Two lines each, since processors fetch lines in pairs.
        let lines = 128
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * lines, alignment: lines)
        board = memory.bindMemory(to: Board.self, capacity: 1)
        board.initialize(
            to: Board(job: Job(run: { _, _, _ in }, arguments: memory, scratch: memory, scratchStride: 0)))
        finished = (memory + lines).bindMemory(to: Atomic<Int>.self, capacity: 1)
        finished.initialize(to: Atomic(0))
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
    ///   - nanoseconds: about how long one thread takes; from shapes alone.
    ///   - scratch: memory of `threads` times `scratchStride` bytes; worker k has the k-th part.
    func run(
        _ kernel: @escaping Kernel, _ arguments: UnsafeRawPointer, tasks: Range<Int>, nanoseconds: Int,
        scratch: UnsafeMutableRawPointer, scratchStride: Int
    ) {
        guard nanoseconds >= short, tasks.count > 1, tasks.upperBound <= Ticket.most, threads > 1,
            isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for task in tasks { kernel(arguments, task, scratch) }
            return
        }
        board.pointee.job = Job(
            run: kernel, arguments: arguments, scratch: scratch, scratchStride: scratchStride)
        let before = finished.pointee.load(ordering: .relaxed)
        let generation = (Ticket(bits: board.pointee.ticket.load(ordering: .relaxed)).generation &+ 1) & 0xFFFF
        // The caller's first pieces are taken before anybody sees the job.
        let own = tasks.lowerBound + share(of: tasks.count)
        board.pointee.ticket.store(
            Ticket(generation: generation, pieces: own..<tasks.upperBound).bits, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
        for task in tasks.lowerBound..<own { kernel(arguments, task, scratch) }
        let others = tasks.upperBound - own - work(generation, worker: 0)
        var wait = Wait(Self.patience.caller)
        while finished.pointee.load(ordering: .acquiring) &- before < others {
            if wait.isOver { yield() }
        }
        isBusy.store(false, ordering: .releasing)
    }

    /// How many of the pieces that are left are taken at once: several while there are many, lest the threads spend their
    /// time on taking, and one in the end, lest they wait for the last.
    private func share(of left: Int) -> Int { max(1, left / (4 * threads)) }

    /// Takes pieces of a job until none is left, and says how many it did.
    private func work(_ generation: UInt64, worker: Int) -> Int {
        let fromEnd = worker % 2 == 1
        var count = 0
        while true {
            let seen = Ticket(bits: board.pointee.ticket.load(ordering: .acquiring))
            guard seen.generation == generation, seen.first < seen.end else { return count }
            let taken = share(of: seen.end - seen.first)
            let next = seen.taking(taken, fromEnd: fromEnd)
            guard
                board.pointee.ticket.compareExchange(
                    expected: seen.bits, desired: next.bits, ordering: .acquiringAndReleasing
                ).exchanged
            else { continue }
            // The job cannot change now: its publisher waits for these pieces.
            let scratch = board.pointee.job.scratch + worker * board.pointee.job.scratchStride
            let first = fromEnd ? next.end : seen.first
            for piece in first..<first + taken { board.pointee.job.run(board.pointee.job.arguments, piece, scratch) }
            count += taken
        }
    }

    /// A wait that looks at the clock now and then.
    private struct Wait {
        private var looks = 0
        private var deadline: UInt64 = 0
        private let patience: Int

        init(_ patience: Int) { self.patience = patience }

        var isOver: Bool {
            mutating get {
                looks &+= 1
                guard looks % 256 == 0 else { return false }
                let now = Machine.nanoseconds
                if deadline == 0 { deadline = now + UInt64(patience) }
                return now > deadline
            }
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
                var wait = Wait(Self.patience.idle)
                while isCurrent(generation) {
                    if wait.isOver { sleep(until: generation) }
                }
                generation = Ticket(bits: board.pointee.ticket.load(ordering: .acquiring)).generation
                let count = work(generation, worker: number)
                if count > 0 { finished.pointee.add(count, ordering: .acquiringAndReleasing) }
            }
        }

        private func isCurrent(_ generation: UInt64) -> Bool {
            Ticket(bits: board.pointee.ticket.load(ordering: .sequentiallyConsistent)).generation == generation
        }

        private func sleep(until generation: UInt64) {
            pthread_mutex_lock(mutex)
            sleepers.add(1, ordering: .sequentiallyConsistent)
            while isCurrent(generation) {
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
