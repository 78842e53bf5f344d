import AdjointGradients
import AdjointGraphs
import AdjointKernelTables
import Testing

@testable import AdjointPlans

/// Steps that take turns through a batch, as lists of tasks.
@Suite struct TurnsTests {
    /// The floats of one image of such a buffer: 1 MiB.
    private static let image = 1 << 18
    private static let batch = 12

    /// A step with this number of tasks, each for some images.
    private func step(_ tasks: Int, reads: [Int], writes: [Int], walked: Set<Int>?) -> PendingStep {
        let images = (0..<tasks).map { task in
            let first = task * Self.batch / tasks
            return first..<max(first + 1, ((task + 1) * Self.batch + tasks - 1) / tasks)
        }
        return PendingStep(
            kernel: "step", detail: "", operations: 0, isPointwise: false, bytes: 0, isInexact: false, nodes: [],
            reads: reads,
            writes: writes,
            progress: walked.map { Progress(batch: Self.batch, walked: $0, images: images) },
            make: { _ in preconditionFailure("never made") })
    }

    private func buffers(_ count: Int, keeping kept: Set<Int> = []) -> [Buffer] {
        (0..<count).map { Buffer(count: Self.batch * Self.image, place: .arena(isKept: kept.contains($0))) }
    }

    private func chain(_ tasks: [Int]) -> [PendingStep] {
        tasks.enumerated().map { place, tasks in
            step(tasks, reads: [place], writes: [place + 1], walked: [place, place + 1])
        }
    }

    /// A chain of three: in each turn every step does the tasks of the same images, and each task is done once. The buffers
    /// between the steps have space for the widest turn.
    @Test(arguments: [
        ([12, 12, 12], 1), ([6, 4, 12], 1), ([24, 12, 6], 1), ([36, 4, 12], 1), ([12, 12, 12], 2), ([24, 12, 6], 2),
    ])
    func everyTurnIsOfSomeImages(tasks: [Int], threads: Int) throws {
        let steps = chain(tasks)
        let turns = Turns(steps.map { [$0] }, buffers: buffers(4, keeping: [0, 3]), threads: threads)
        #expect(turns.runs == [0..<3])
        #expect(turns.jobs.count > 3 && turns.jobs.count % 3 == 0)
        var done = [0, 0, 0]
        var images = 0
        for turn in stride(from: 0, to: turns.jobs.count, by: 3) {
            var end = images
            for (place, job) in turns.jobs[turn..<turn + 3].enumerated() {
                let range = try #require(job.tasks)
                #expect(job.bundle == place && range.lowerBound == done[place])
                #expect(range.count >= 2 * threads || range.upperBound == tasks[place])
                #expect(job.skipped == [1: images * Self.image, 2: images * Self.image])
                let parts = try #require(steps[place].progress?.images[range])
                #expect(parts.first?.lowerBound == images)
                end = try #require(parts.last?.upperBound)
                done[place] = range.upperBound
            }
            for buffer in [1, 2] { #expect(try #require(turns.excerpts[buffer]) >= (end - images) * Self.image) }
            images = end
        }
        #expect(done == tasks && images == Self.batch)
        #expect(turns.excerpts.keys.sorted() == [1, 2])
        for floats in turns.excerpts.values { #expect(floats < Self.batch * Self.image) }
    }

    /// Steps without common ends of tasks run one after the other, and so do those with too few tasks for all threads.
    @Test(arguments: [([5, 7, 12], 1), ([1, 12, 3], 1), ([6, 4, 12], 2), ([36, 4, 12], 2), ([12, 12, 12], 6)])
    func othersDoNotTakeTurns(tasks: [Int], threads: Int) {
        let turns = Turns(chain(tasks).map { [$0] }, buffers: buffers(4), threads: threads)
        #expect(turns.jobs.allSatisfy { $0.tasks == nil && $0.skipped.isEmpty } && turns.excerpts.isEmpty)
    }

    @Test func batchesOfNothing() {
        let steps = (0..<2).map { place in
            var step = step(1, reads: [place], writes: [place + 1], walked: nil)
            step.progress = Progress(batch: 0, walked: [place, place + 1], images: [])
            return step
        }
        #expect(Turns(steps.map { [$0] }, buffers: buffers(3), threads: 1).excerpts.isEmpty)
    }

    /// A buffer that is read later keeps all its images.
    @Test func othersReadWholeBuffers() {
        let steps = chain([12, 12]) + [step(12, reads: [1], writes: [3], walked: nil)]
        #expect(Turns(steps.map { [$0] }, buffers: buffers(4), threads: 1).excerpts.keys.sorted() == [0, 2])
    }

    /// The gradient of a batch is the sum of its images' gradients, which are too small to take turns: equal for integers.
    @Test(arguments: Machine.kernels, [false, true])
    func turnsChangeNothing(kernels: String, recomputes: Bool) throws {
        func graph(_ batch: Int) throws -> Graph {
            let shape: Shape = [batch, 16, 64, 80]
            return try Graph { g in
                var x = g.input("x", shape)
                for layer in 0..<3 {
                    let y = x.convolved(with: g.input("w\(layer)", [16, 16, 1, 1]))
                    x = layer < 2 ? (y + g.input("b\(layer)", [16]).broadcast(along: 1, of: shape)).relu() : y
                }
                return [("energy", (x * g.input("weights", shape)).sum())]
            }.valueAndGradient(of: ["x", "w0", "w1", "w2", "b0", "b1"], output: "energy")
        }
        let options = PlanOptions(
            workers: two, cpu: kernels, isExact: true, recomputesActivations: recomputes)
        var numbers = Numbers(seed: 35)
        let batch = 9
        var inputs: [String: Tensor] = [:]
        for input in try graph(batch).inputs { inputs[input.name] = numbers.integers(input.shape) }
        let plan = try graph(batch).compiled(options: options)
        let all = try plan.results(inputs)
        let single = try graph(1).compiled(options: options)
        var sums: [String: [Double]] = [:]
        for image in 0..<batch {
            var part = inputs
            for name in ["x", "weights"] {
                let floats = inputs[name]!.floats
                let count = floats.count / batch
                let own = Array(floats[image * count..<(image + 1) * count])
                part[name] = Tensor(known: [1, 16, 64, 80], .float32(own))
            }
            for (name, tensor) in try single.results(part) {
                if name == "∂x" {
                    sums[name, default: []] += tensor.doubles
                    continue
                }
                sums[name] = zip(sums[name] ?? tensor.doubles.map { _ in 0 }, tensor.doubles).map { $0 + $1 }
            }
        }
        for (name, tensor) in all { #expect(tensor.doubles == sums[name], "\(name)") }
        #expect(plan.report.jobs > plan.report.steps.count, "no turns: \(plan)")
    }

    /// A step that is not walked image by image, or that writes what is written twice, waits.
    @Test func othersWait() {
        let chain = step(12, reads: [0], writes: [1], walked: [0, 1])
        let whole = [
            step(12, reads: [1], writes: [2], walked: [2]), step(12, reads: [1], writes: [2], walked: nil),
            step(12, reads: [3], writes: [1], walked: [1, 3]), step(12, reads: [3], writes: [0], walked: [0, 3]),
        ]
        for other in whole {
            let turns = Turns([[chain], [other]], buffers: buffers(4), threads: 1)
            #expect(turns.runs == [0..<1, 1..<2])
            #expect(turns.jobs.allSatisfy { $0.tasks == nil })
        }
    }

    /// Memory that every turn would read again, and that does not fit the cache, is read once.
    @Test func largeFiltersAreReadOnce() {
        for (megabytes, isJoined) in [(4, true), (16, false)] {
            let layers = [
                step(12, reads: [0, 3], writes: [1], walked: [0, 1]),
                step(12, reads: [1], writes: [2], walked: [1, 2]),
            ]
            let filter = Buffer(count: megabytes << 18, place: .arena(isKept: false))
            let turns = Turns(layers.map { [$0] }, buffers: buffers(3) + [filter], threads: 1)
            #expect(turns.runs == (isJoined ? [0..<2] : [0..<1, 1..<2]))
        }
    }

    /// Steps whose memory stays in the cache run one after the other.
    @Test func smallStepsDoNotTakeTurns() {
        let steps = (0..<2).map { step(12, reads: [$0], writes: [$0 + 1], walked: [$0, $0 + 1]) }
        let small = (0..<3).map { _ in Buffer(count: 1 << 16, place: .arena(isKept: false)) }
        #expect(Turns(steps.map { [$0] }, buffers: small, threads: 1).runs == [0..<1, 1..<2])
    }
}
