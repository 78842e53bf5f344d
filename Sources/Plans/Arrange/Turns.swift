import AdjointKernelTables

/// The progress of a step through a batch: neither bound of the images falls from one task to the next.
struct Progress {
    let batch: Int
    /// The buffers of which each task touches only its own images.
    let walked: Set<Int>
    /// The images of each task.
    let images: [Range<Int>]

    /// The numbers of images after which every task is either complete or not begun.
    var cuts: Set<Int> {
        let between = zip(images, images.dropFirst()).filter { $0.upperBound <= $1.lowerBound }.map { $1.lowerBound }
        return Set(between + [batch])
    }

    /// The tasks of the images between two cuts.
    func tasks(of part: Range<Int>) -> Range<Int> {
        let first = images.firstIndex { $0.lowerBound >= part.lowerBound } ?? images.count
        return first..<(images.firstIndex { $0.lowerBound >= part.upperBound } ?? images.count)
    }
}

/// The order of the jobs: whole bundles of steps, or a few tasks of a step at a time.
///
/// Large steps that follow each other through the images of a batch take turns, so that each finds in the cache what the
/// one before it has written:
///
///     y = f(x)       images 0 1 2 3  ·  ·  ·  ·   4 5 6 7
///     z = g(y)        ·  ·  ·  ·  0 1 2 3  ·  ·  ·  ·   4 5 6 7
///
/// Where no other step reads y, it needs memory for the images of one turn only, and never leaves the cache. No task is cut
/// for it, so no bit changes.
struct Turns {
    struct Job {
        /// The number of the bundle.
        let bundle: Int
        /// The tasks; nil for all.
        var tasks: Range<Int>?
        /// The buffers that hold the images of one turn, with the number of floats that come before those.
        var skipped: [Int: Int] = [:]
    }

    private(set) var jobs: [Job] = []
    /// Neighbouring bundles that take turns.
    private(set) var runs: [Range<Int>] = []
    /// The buffers that hold the images of one turn, with their sizes in floats.
    private(set) var excerpts: [Int: Int] = [:]
    private let buffers: [Buffer]
    private let threads: Int
    /// The bundles that touch each buffer, from the first to the last.
    private let lifetimes: [Int: ClosedRange<Int>]

    /// The floats after the last image of a buffer that a kernel may read and ignore, like those of a next image.
    private static let spare = 64

    init(_ bundles: [[PendingStep]], buffers: [Buffer], threads: Int) {
        self.buffers = buffers
        self.threads = threads
        lifetimes = Buffer.lifetimes(in: bundles)
        var first = 0
        for end in 1...max(1, bundles.count) where !bundles.isEmpty {
            if end < bundles.count, mayJoin(bundles[end], bundles[first..<end].joined()),
                repeated(bundles[first...end].joined()) <= MachineCosts.lastLevelBytes
            {
                continue
            }
            append(first..<end, bundles)
            first = end
        }
    }

    /// Whether a bundle is one step that goes through the same batch as those before it, and needs nothing of their results
    /// but the images that are done.
    private func mayJoin(_ bundle: [PendingStep], _ before: FlattenSequence<ArraySlice<[PendingStep]>>) -> Bool {
        guard bundle.count == 1, let progress = bundle[0].progress else { return false }
        for buffer in bundle[0].writes { if case .state = buffers[buffer].place { return false } }
        return before.allSatisfy { other in
            guard let others = other.progress, others.batch == progress.batch else { return false }
            return other.writes.allSatisfy { buffer in
                !bundle[0].reads.contains(buffer)
                    || progress.walked.contains(buffer) && others.walked.contains(buffer)
            } && bundle[0].writes.allSatisfy { !other.touched.contains($0) }
        }
    }

    /// The bytes that steps read again in every turn.
    private func repeated(_ steps: FlattenSequence<ArraySlice<[PendingStep]>>) -> Int {
        let read = steps.reduce(into: Set<Int>()) { $0.formUnion(Set($1.reads).subtracting($1.progress?.walked ?? [])) }
        return read.reduce(0) { $0 + 4 * buffers[$1].count }
    }

    private mutating func append(_ run: Range<Int>, _ bundles: [[PendingStep]]) {
        let steps = bundles[run].map { $0[0] }
        let touched = Set(steps.flatMap { $0.touched })
        let bytes = touched.reduce(0) { $0 + 4 * buffers[$1].count }
        let turn = MachineCosts.lastLevelBytes
        let turns = run.count > 1 && bytes > 2 * turn ? self.turns((bytes - 1) / turn + 1, steps) : []
        guard turns.count > 1, let batch = turns.last?.upperBound else {
            for bundle in run {
                jobs.append(Job(bundle: bundle))
                runs.append(bundle..<bundle + 1)
            }
            return
        }
        runs.append(run)
        let images = touched.filter { isExcerpt($0, run, steps) }.map { ($0, buffers[$0].count / batch) }
        let widest = turns.reduce(0) { max($0, $1.count) }
        for (buffer, image) in images { excerpts[buffer] = widest * image + Self.spare }
        for turn in turns {
            let skipped = images.map { ($0, turn.lowerBound * $1) }
            for (place, step) in steps.enumerated() {
                jobs.append(
                    Job(
                        bundle: run.lowerBound + place, tasks: step.progress?.tasks(of: turn),
                        skipped: Dictionary(uniqueKeysWithValues: skipped)))
            }
        }
    }

    /// About as many turns as wanted, each of which ends where every task is complete or not begun. All but the last have two
    /// tasks of each step for every thread: with one, all threads would wait for the last to end.
    private func turns(_ wanted: Int, _ steps: [PendingStep]) -> [Range<Int>] {
        guard let progress = steps[0].progress, progress.batch > 0 else { return [] }
        let count = min(wanted, progress.batch)
        let cuts = steps.reduce(progress.cuts) { $0.intersection($1.progress?.cuts ?? []) }.sorted()
        var ends = [0]
        for turn in 1...count {
            let start = ends[ends.count - 1]
            let end = max(start, cuts.last { $0 * count <= turn * progress.batch } ?? 0)
            let isEnough = steps.allSatisfy { $0.progress?.tasks(of: start..<end).count ?? 0 >= 2 * threads }
            if isEnough || turn == count && end > start { ends.append(end) }
        }
        return zip(ends, ends.dropFirst()).map { $0..<$1 }
    }

    /// Whether only these steps touch a buffer, image by image.
    private func isExcerpt(_ buffer: Int, _ run: Range<Int>, _ steps: [PendingStep]) -> Bool {
        guard case .arena(isKept: false) = buffers[buffer].place, let lifetime = lifetimes[buffer] else { return false }
        return run.contains(lifetime.lowerBound) && run.contains(lifetime.upperBound)
            && steps.allSatisfy { !$0.touched.contains(buffer) || $0.progress?.walked.contains(buffer) == true }
    }
}
