import Synchronization
import Testing

@testable import AdjointPlans

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Every piece of every job is done once, by one of the threads.
@Suite struct WorkersTests {
    /// Adds 1 to a number for each piece of a job.
    private func run(_ workers: Workers, _ tasks: Range<Int>, _ counts: UnsafeMutablePointer<Int>) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64 * workers.threads) { scratch in
            guard let memory = UnsafeMutableRawPointer(scratch.baseAddress) else { return }
            workers.run(
                { arguments, task, _ in
                    UnsafeMutableRawPointer(mutating: arguments).assumingMemoryBound(to: Int.self)[task] += 1
                }, counts, tasks: tasks, nanoseconds: .max, scratch: memory, scratchStride: 64)
        }
    }

    @Test(arguments: [1, 2, 3, 5])
    func everyPieceOnce(threads: Int) {
        let workers = Workers(threads: threads, short: 0)
        #expect(workers.threads == threads)
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 1000)
        defer { counts.deallocate() }
        for job in 0..<3000 {
            let first = job % 5
            let tasks = first..<(job % 7 == 0 ? 1000 : first + job % 23)
            counts.initialize(repeating: 0, count: 1000)
            run(workers, tasks, counts)
            let done = (0..<1000).allSatisfy { counts[$0] == (tasks.contains($0) ? 1 : 0) }
            #expect(done, "job \(job): pieces \(tasks)")
        }
    }

    /// Jobs after pauses in which the workers fall asleep, or are about to.
    @Test func afterPauses() {
        let workers = Workers(threads: 3, short: 0)
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 6)
        defer { counts.deallocate() }
        counts.initialize(repeating: 0, count: 6)
        for job in 0..<200 {
            usleep(UInt32(job))
            run(workers, 0..<6, counts)
        }
        #expect((0..<6).allSatisfy { counts[$0] == 200 })
    }

    /// Several callers at once: one has the workers, others do their pieces alone.
    @Test func severalCallers() async {
        let workers = Workers(threads: 2, short: 0)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 40)
                    defer { counts.deallocate() }
                    counts.initialize(repeating: 0, count: 40)
                    for _ in 0..<500 { self.run(workers, 0..<40, counts) }
                    return (0..<40).allSatisfy { counts[$0] == 500 }
                }
            }
            for await isDone in group { #expect(isDone) }
        }
    }

    /// A job of two pieces, one of them the caller's, wakes one of four sleepers.
    @Test func fewAreWoken() {
        let workers = Workers(threads: 5, short: 0)
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 2)
        defer { counts.deallocate() }
        counts.initialize(repeating: 0, count: 2)
        while workers.crew.sleepers.load(ordering: .relaxed) < 4 { usleep(50) }
        var fewest = 4
        for _ in 0..<200 {
            var patience = 20
            while patience > 0 || workers.crew.sleepers.load(ordering: .relaxed) < 4 {
                fewest = min(fewest, workers.crew.sleepers.load(ordering: .relaxed))
                usleep(10)
                patience -= 1
            }
            run(workers, 0..<2, counts)
        }
        #expect(fewest >= 3)
        #expect((0..<2).allSatisfy { counts[$0] == 200 })
    }

    /// Three hundred times four threads; some `Workers` are dropped while their threads look for a job, some while these sleep,
    /// some before these have begun.
    @Test func endWithTheLastReference() throws {
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: 8)
        defer { counts.deallocate() }
        counts.initialize(repeating: 0, count: 8)
        weak var last: Crew?
        for number in 0..<300 {
            let workers = Workers(threads: 4, short: 0)
            last = workers.crew
            if number % 3 > 0 { run(workers, 0..<8, counts) }
            if number % 3 > 1 { usleep(500) }
        }
        #expect(last == nil)
        #expect((0..<8).allSatisfy { counts[$0] == 200 })
        #if os(Linux)
            let tasks = try #require(opendir("/proc/self/task"))
            var threads = 0
            while readdir(tasks) != nil { threads += 1 }
            closedir(tasks)
            // Other tests have some at the same time.
            #expect((1..<200).contains(threads))
        #endif
    }

    /// No more threads than CPUs, whatever number is given.
    @Test func asManyAsCPUs() {
        #expect(Workers(threads: 1).threads == 1)
        #expect(Workers(threads: 1000).threads == Machine.cores)
        #expect(Workers.standard.threads == Machine.cores)
    }
}
