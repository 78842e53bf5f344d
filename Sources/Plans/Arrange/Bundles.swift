import AdjointKernelTables

/// The steps that run as one job: small ones that do not depend on each other. A job wakes the workers once, and a network
/// has hundreds of small steps: filters to pack, numbers of channels to compute, parameters to update.
///
/// A small step moves up to the first bundle of small steps after all steps on which it depends; a large one is alone, and
/// stays where it is.
struct Bundles {
    private let steps: [PendingStep]
    /// The buffers that each step touches; buffers of the same state have the same number.
    private let touched: [(reads: [Int], writes: [Int])]
    /// The numbers of the steps of each bundle.
    private var numbers: [[Int]] = []
    /// For each bundle, whether it is one of small steps.
    private var isOpen: [Bool] = []

    init(_ steps: [PendingStep], buffers: [Buffer]) {
        self.steps = steps
        var identities: [UnsafeMutablePointer<Float>: Int] = [:]
        let identity = buffers.indices.map { number in
            guard case .state(let memory) = buffers[number].place else { return number }
            let first = identities[memory] ?? number
            identities[memory] = first
            return first
        }
        touched = steps.map { (reads: $0.reads.map { identity[$0] }, writes: $0.writes.map { identity[$0] }) }
        bundle(buffers: buffers.count)
        moveUp()
    }

    /// The steps of each bundle, in order.
    var all: [[PendingStep]] { numbers.map { $0.map { steps[$0] } } }

    private mutating func bundle(buffers: Int) {
        // For each buffer, the first bundle in which a step may read it, and the first in which one may write it.
        var readable = [Int](repeating: 0, count: buffers)
        var writable = [Int](repeating: 0, count: buffers)
        for (number, step) in steps.enumerated() {
            let (reads, writes) = touched[number]
            let first = (reads.map { readable[$0] } + writes.map { writable[$0] }).max() ?? 0
            let large = MachineCosts.largeStep
            let isSmall = step.bytes < large.bytes && step.operations < large.operations
            var place = numbers.count
            if isSmall, let open = isOpen.indices.dropFirst(first).first(where: { isOpen[$0] }) { place = open }
            if place == numbers.count {
                numbers.append([])
                isOpen.append(isSmall)
            }
            numbers[place].append(number)
            for buffer in reads { writable[buffer] = max(writable[buffer], place + 1) }
            for buffer in writes {
                readable[buffer] = place + 1
                writable[buffer] = place + 1
            }
        }
    }

    /// Moves large steps through a batch before others on which they do not depend, so that they follow each other.
    private mutating func moveUp() {
        // Other large steps, such as filters to transform, are moved out of their way.
        for end in numbers.indices where !isOpen[end] && !isThrough(end) {
            var hasPassed = false
            moveUp(from: end) { bundles, place in
                hasPassed = hasPassed || bundles.isThrough(place)
                return !hasPassed || bundles.isThrough(place)
            }
        }
        for end in numbers.indices where isThrough(end) { moveUp(from: end) { !$0.isThrough($1) } }
    }

    private mutating func moveUp(from end: Int, past mayPass: (Bundles, Int) -> Bool) {
        var place = end
        while place > 0, mayPass(self, place - 1), !waits(numbers[place][0], for: numbers[place - 1]) {
            numbers.swapAt(place, place - 1)
            isOpen.swapAt(place, place - 1)
            place -= 1
        }
    }

    private func waits(_ number: Int, for bundle: [Int]) -> Bool {
        let (reads, writes) = touched[number]
        return bundle.contains { other in
            touched[other].writes.contains { reads.contains($0) || writes.contains($0) }
                || touched[other].reads.contains { writes.contains($0) }
        }
    }

    private func isThrough(_ place: Int) -> Bool { !isOpen[place] && steps[numbers[place][0]].progress != nil }
}

extension Step {
    /// One step that does the work of several independent ones.
    init(_ steps: [Step], _ tables: Tables) {
        if steps.count == 1 {
            self = steps[0]
            return
        }
        var end = 0
        let parts = steps.map { step in
            end += step.work.tasks
            return StepPart(step: step, end: end)
        }
        self.init(
            run: { arguments, task, scratch in
                // Every task is before the end of the last part.
                var part = arguments.assumingMemoryBound(to: StepPart.self)
                var start = 0
                while task >= part.pointee.end {
                    start = part.pointee.end
                    part += 1
                }
                part.pointee.step.run(part.pointee.step.arguments, task - start, scratch)
            },
            arguments: UnsafeRawPointer(tables.copy(parts)),
            work: Work(tasks: end, scratch: steps.map { $0.work.scratch }.max() ?? 0),
            nanoseconds: steps.reduce(0) { $0 + $1.nanoseconds })
    }
}

/// A step in a bundle, and the number after its last task there.
private struct StepPart {
    let step: Step
    let end: Int
}
