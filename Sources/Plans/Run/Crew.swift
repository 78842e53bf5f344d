import AdjointKernelTables
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The data that a `Workers` and its threads share; threads are used only here.
///
/// A job is published as a ticket, from whose pieces every thread takes some at a time: the caller from the first on, workers
/// with odd numbers from the last on, so that from job to job a thread meets the part of the data that its caches hold. Idle
/// workers watch the ticket for some microseconds, then sleep until they are woken, so that no waiting thread holds a core
/// for long. One job runs at a time: a caller that finds the workers busy has to do its pieces alone.
///
/// Threads hold the crew but not the `Workers`, so that dropping the last reference to that can end them.
final class Crew: Sendable {
    /// The number of threads that work, the caller's among them.
    var threads: Int { running.load(ordering: .relaxed) }
    private let running = Atomic<Int>(1)

    private let isBusy = Atomic<Bool>(false)
    let sleepers = Atomic<Int>(0)
    nonisolated(unsafe) private let board: UnsafeMutablePointer<Board>
    /// The number of pieces that workers other than the callers have ever done, on cache lines of its own, since they write it
    /// while others take pieces.
    nonisolated(unsafe) private let finished: UnsafeMutablePointer<Atomic<Int>>

    /// The message of a caller to the workers, which has a cache line of its own.
    private struct Board: ~Copyable {
        let ticket = Atomic<UInt64>(0)
        let isOver = Atomic<Bool>(false)
        var job: Job
    }

    /// A kernel with its arguments; each worker k has the k-th part of the scratch memory.
    struct Job {
        let run: Kernel
        let arguments: UnsafeRawPointer
        let scratch: UnsafeMutableRawPointer
        let scratchStride: Int
    }

    /// The pieces of a job that are not taken. When none is left, a late worker finds nothing to take, whatever the next job
    /// is.
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

    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        nonisolated(unsafe) private let condition: UnsafeMutablePointer<pthread_cond_t>
        nonisolated(unsafe) private var started: [pthread_t] = []
        /// The number of sleepers that were called and have not yet woken; the mutex guards it.
        nonisolated(unsafe) private var calls = 0
        /// The last number given to a worker; the caller's is 0.
        private let numbers = Atomic<Int>(0)
    #endif

    /// - Parameter threads: the number of threads; there may be fewer, if the system gives no more.
    init(threads: Int) {
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
            while self.threads < threads, let thread = start() {
                started.append(thread)
                running.add(1, ordering: .relaxed)
            }
        #endif
    }

    deinit {
        board.deinitialize(count: 1)
        board.deallocate()
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            pthread_mutex_destroy(mutex)
            pthread_cond_destroy(condition)
            mutex.deallocate()
            condition.deallocate()
        #endif
    }

    /// Ends the other threads, which have no job any more, and waits for their end.
    func end() {
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            board.pointee.isOver.store(true, ordering: .relaxed)
            wake(for: Ticket.most)
            for thread in started { pthread_join(thread, nil) }
        #endif
    }

    /// Runs pieces of a job and returns when they are done.
    ///
    /// - Returns: false where nothing is done, because no worker can help.
    func run(_ job: Job, _ tasks: Range<Int>) -> Bool {
        guard tasks.upperBound <= Ticket.most, threads > 1,
            isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else { return false }
        board.pointee.job = job
        let before = finished.pointee.load(ordering: .relaxed)
        // The caller's first pieces are taken before the job is published.
        let own = tasks.lowerBound + share(of: tasks.count)
        let generation = (Ticket(bits: board.pointee.ticket.load(ordering: .relaxed)).generation &+ 1) & 0xFFFF
        board.pointee.ticket.store(
            Ticket(generation: generation, pieces: own..<tasks.upperBound).bits, ordering: .sequentiallyConsistent)
        if missing(for: tasks.upperBound - own) > 0 { wake(for: tasks.upperBound - own) }
        for task in tasks.lowerBound..<own { job.run(job.arguments, task, job.scratch) }
        let others = tasks.upperBound - own - work(generation, worker: 0)
        var wait = Wait(MachineCosts.patience.caller)
        while finished.pointee.load(ordering: .acquiring) &- before < others {
            if wait.isOver { yield() }
        }
        isBusy.store(false, ordering: .releasing)
        return true
    }

    /// The number of sleepers to wake for this many pieces: awake threads help anyhow, and each that wakes finds one.
    private func missing(for pieces: Int) -> Int {
        let asleep = sleepers.load(ordering: .sequentiallyConsistent)
        return min(asleep, pieces - (threads - 1 - asleep))
    }

    /// The number of pieces that are taken at once: several while many are left, so that threads spend little time on
    /// taking, and one in the end, so that they do not wait long for the last.
    private func share(of left: Int) -> Int { max(1, left / (4 * threads)) }

    /// Takes pieces of a job until none is left, and returns the number that it did.
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
            // The job cannot change now: its caller waits for these pieces.
            let scratch = board.pointee.job.scratch + worker * board.pointee.job.scratchStride
            let first = fromEnd ? next.end : seen.first
            for piece in first..<first + taken { board.pointee.job.run(board.pointee.job.arguments, piece, scratch) }
            count += taken
        }
    }

    /// A wait with a deadline, which reads the clock now and then.
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
        /// - Returns: nil where the system cannot start a thread.
        private func start() -> pthread_t? {
            let crew = Unmanaged.passRetained(self)
            #if canImport(Darwin)
                var thread: pthread_t?
                let result = pthread_create(&thread, nil, workerMain, crew.toOpaque())
            #else
                var thread = pthread_t()
                let result = pthread_create(&thread, nil, { workerMain($0!) }, crew.toOpaque())
            #endif
            if result != 0 { crew.release() }
            return result == 0 ? thread : nil
        }

        fileprivate func serve() {
            let number = numbers.add(1, ordering: .relaxed).newValue
            _ = FloatingPointMode.flushingToZero()
            var generation: UInt64 = 0
            while true {
                var wait = Wait(MachineCosts.patience.idle)
                while hasNothing(after: generation) {
                    if wait.isOver { sleep(after: generation) }
                }
                if board.pointee.isOver.load(ordering: .relaxed) { return }
                generation = Ticket(bits: board.pointee.ticket.load(ordering: .acquiring)).generation
                let count = work(generation, worker: number)
                if count > 0 { finished.pointee.add(count, ordering: .acquiringAndReleasing) }
            }
        }

        /// Whether no further job was published after the one of this number, and the crew is not ended.
        private func hasNothing(after generation: UInt64) -> Bool {
            Ticket(bits: board.pointee.ticket.load(ordering: .sequentiallyConsistent)).generation == generation
                && !board.pointee.isOver.load(ordering: .relaxed)
        }

        private func sleep(after generation: UInt64) {
            pthread_mutex_lock(mutex)
            sleepers.add(1, ordering: .sequentiallyConsistent)
            while calls == 0, hasNothing(after: generation) { pthread_cond_wait(condition, mutex) }
            if calls > 0 { calls -= 1 } else { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
            pthread_mutex_unlock(mutex)
        }

        /// Wakes sleepers. A thread that was called no longer counts as a sleeper, however long the system takes to
        /// wake it: the next job does not call another one in its place.
        private func wake(for pieces: Int) {
            pthread_mutex_lock(mutex)
            let missing = max(0, missing(for: pieces))
            sleepers.subtract(missing, ordering: .sequentiallyConsistent)
            calls += missing
            for _ in 0..<missing { pthread_cond_signal(condition) }
            pthread_mutex_unlock(mutex)
        }

        private func yield() { sched_yield() }
    #else
        private func wake(for pieces: Int) {}
        private func yield() {}
    #endif
}

#if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
    private func workerMain(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Crew>.fromOpaque(context).takeRetainedValue().serve()
        return nil
    }
#endif
