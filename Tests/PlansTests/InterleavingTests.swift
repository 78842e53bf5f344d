import AdjointKernelTables
import Testing

@testable import AdjointPlans

/// Steps that take turns through a batch, as lists of tasks.
@Suite struct InterleavingTests {
    /// One image of such a buffer takes 1 MiB.
    private static let image = 1 << 18
    private static let batch = 12

    /// A step of so many tasks, each of some images.
    private func step(_ tasks: Int, reads: [Int], writes: [Int], walked: Set<Int>?) -> PendingStep {
        let images = (0..<tasks).map { task in
            let first = task * Self.batch / tasks
            return first..<max(first + 1, ((task + 1) * Self.batch + tasks - 1) / tasks)
        }
        return PendingStep(
            kernel: "step", detail: "", operations: 0, bytes: 0, isInexact: false, nodes: [], reads: reads,
            writes: writes,
            progress: walked.map { Progress(batch: Self.batch, walked: $0, images: images) },
            make: { _ in preconditionFailure("never made") })
    }

    private func buffers(_ count: Int) -> [Buffer] {
        (0..<count).map { _ in Buffer(count: Self.batch * Self.image, place: .arena(isKept: false)) }
    }

    /// A chain of three: no task runs before the images that it reads are there, each task runs once, and the steps do take
    /// turns.
    @Test(arguments: [[12, 12, 12], [5, 7, 12], [30, 4, 9], [1, 12, 3]])
    func everyTaskFindsItsImages(tasks: [Int]) throws {
        let steps = tasks.enumerated().map { place, tasks in
            step(tasks, reads: [place], writes: [place + 1], walked: [place, place + 1])
        }
        let interleaving = Interleaving(steps.map { [$0] }, buffers: buffers(4))
        #expect(interleaving.runs == [0..<3])
        var done = [0, 0, 0]
        for job in interleaving.jobs {
            let range = try #require(job.tasks)
            #expect(range.lowerBound == done[job.bundle] && !range.isEmpty)
            if job.bundle > 0, let needed = steps[job.bundle].progress?.images[range.upperBound - 1].upperBound {
                let before = steps[job.bundle - 1].progress?.finished(done[job.bundle - 1]) ?? 0
                #expect(needed <= before)
            }
            done[job.bundle] = range.upperBound
        }
        #expect(done == tasks)
        if tasks[0] > 1 { #expect(interleaving.jobs.count > 3) }
    }

    /// What is not walked image by image, and what is written twice, waits.
    @Test func othersWait() {
        let chain = step(12, reads: [0], writes: [1], walked: [0, 1])
        let whole = [
            step(12, reads: [1], writes: [2], walked: [2]), step(12, reads: [1], writes: [2], walked: nil),
            step(12, reads: [3], writes: [1], walked: [1, 3]), step(12, reads: [3], writes: [0], walked: [0, 3]),
        ]
        for other in whole {
            let interleaving = Interleaving([[chain], [other]], buffers: buffers(4))
            #expect(interleaving.runs == [0..<1, 1..<2])
            #expect(interleaving.jobs.allSatisfy { $0.tasks == nil })
        }
    }

    /// What every turn would read again, and not find in the cache, is read once.
    @Test func largeFiltersAreReadOnce() {
        for (megabytes, isJoined) in [(4, true), (16, false)] {
            let layers = [
                step(12, reads: [0, 3], writes: [1], walked: [0, 1]),
                step(12, reads: [1], writes: [2], walked: [1, 2]),
            ]
            let filter = Buffer(count: megabytes << 18, place: .arena(isKept: false))
            let interleaving = Interleaving(layers.map { [$0] }, buffers: buffers(3) + [filter])
            #expect(interleaving.runs == (isJoined ? [0..<2] : [0..<1, 1..<2]))
        }
    }

    /// Steps whose memory stays in the cache run one after the other.
    @Test func smallStepsDoNotTakeTurns() {
        let steps = (0..<2).map { step(12, reads: [$0], writes: [$0 + 1], walked: [$0, $0 + 1]) }
        let small = (0..<3).map { _ in Buffer(count: 1 << 16, place: .arena(isKept: false)) }
        #expect(Interleaving(steps.map { [$0] }, buffers: small).runs == [0..<1, 1..<2])
    }
}
