/// How a step goes through a batch: neither bound of the images falls from one task to the next.
struct Progress {
    let batch: Int
    /// The buffers of which a task touches its own images only.
    let walked: Set<Int>
    /// Of each task.
    let images: [Range<Int>]

    /// The first task of `images` below which the step is done with a batch's first images: how many there are once so many
    /// tasks are done.
    func finished(_ done: Int) -> Int { done < images.count ? images[done].lowerBound : batch }
}

/// What runs one after the other: whole bundles of steps, or a few tasks of a step at a time.
///
/// Large steps that follow each other through the images of a batch take turns, so that each finds in the cache what the
/// one before it has written:
///
///     y = f(x)       images 0 1 2 3  ·  ·  ·  ·   4 5 6 7
///     z = g(y)        ·  ·  ·  ·  0 1 2 3  ·  ·  ·  ·   4 5 6 7
///
/// No task is cut for it, so no bit changes.
struct Interleaving {
    struct Job {
        /// The number of the bundle.
        let bundle: Int
        /// Nil for all.
        let tasks: Range<Int>?
    }

    private(set) var jobs: [Job] = []
    /// Neighbouring bundles that run at the same time.
    private(set) var runs: [Range<Int>] = []

    /// Bytes that the steps of a run touch in a turn: they should stay in the last cache, which others use too. So should what
    /// they read in every turn, such as filters.
    private static let turn = 8 << 20

    init(_ bundles: [[PendingStep]], buffers: [Buffer]) {
        var first = 0
        for end in 1...max(1, bundles.count) where !bundles.isEmpty {
            if end < bundles.count, Self.mayJoin(bundles[end], bundles[first..<end].joined(), buffers),
                Self.repeated(bundles[first...end].joined(), buffers) <= Self.turn
            {
                continue
            }
            append(first..<end, bundles, buffers)
            first = end
        }
    }

    /// Whether a bundle is one step that goes through the same batch as those before it, and needs nothing of what they
    /// write but the images that they have done.
    private static func mayJoin(
        _ bundle: [PendingStep], _ before: FlattenSequence<ArraySlice<[PendingStep]>>, _ buffers: [Buffer]
    ) -> Bool {
        guard bundle.count == 1, let progress = bundle[0].progress else { return false }
        for buffer in bundle[0].writes { if case .state = buffers[buffer].place { return false } }
        return before.allSatisfy { other in
            guard let others = other.progress, others.batch == progress.batch else { return false }
            return other.writes.allSatisfy { buffer in
                !bundle[0].reads.contains(buffer)
                    || progress.walked.contains(buffer) && others.walked.contains(buffer)
            } && bundle[0].writes.allSatisfy { !other.reads.contains($0) && !other.writes.contains($0) }
        }
    }

    /// Bytes that steps read again in every turn.
    private static func repeated(
        _ steps: FlattenSequence<ArraySlice<[PendingStep]>>, _ buffers: [Buffer]
    ) -> Int {
        let read = steps.reduce(into: Set<Int>()) { $0.formUnion(Set($1.reads).subtracting($1.progress?.walked ?? [])) }
        return read.reduce(0) { $0 + 4 * buffers[$1].count }
    }

    private mutating func append(_ run: Range<Int>, _ bundles: [[PendingStep]], _ buffers: [Buffer]) {
        let steps = bundles[run].map { $0[0] }
        let touched = Set(steps.flatMap { $0.reads + $0.writes })
        let bytes = touched.reduce(0) { $0 + 4 * buffers[$1].count }
        guard run.count > 1, bytes > 2 * Self.turn, let batch = steps[0].progress?.batch else {
            for bundle in run {
                jobs.append(Job(bundle: bundle, tasks: nil))
                runs.append(bundle..<bundle + 1)
            }
            return
        }
        runs.append(run)
        let turns = min(batch, (bytes - 1) / Self.turn + 1)
        var done = steps.map { _ in 0 }
        for turn in 1...turns {
            for (place, step) in steps.enumerated() {
                guard let progress = step.progress else { continue }
                var images = turn * batch / turns
                for (other, earlier) in steps[..<place].enumerated()
                where !Set(earlier.writes).isDisjoint(with: step.reads) {
                    images = min(images, earlier.progress?.finished(done[other]) ?? 0)
                }
                let start = done[place]
                while done[place] < progress.images.count, progress.images[done[place]].upperBound <= images {
                    done[place] += 1
                }
                if start < done[place] { jobs.append(Job(bundle: run.lowerBound + place, tasks: start..<done[place])) }
            }
        }
    }
}
