import AdjointGraphs

/// A range of floats that steps read and write.
struct Buffer {
    enum Place {
        /// In the plan's arena, for as long as steps need it; `isKept` for inputs and outputs, which stay readable.
        case arena(isKept: Bool)
        /// In the arena, written once when the plan is made.
        case constant([UInt32])
        /// In a `State`, shared with other plans.
        case state(UnsafeMutablePointer<Float>)
    }

    var count: Int
    var place: Place

    /// The bundles that touch each buffer, from the first to the last.
    static func lifetimes(in bundles: [[PendingStep]]) -> [Int: ClosedRange<Int>] {
        var lifetimes: [Int: ClosedRange<Int>] = [:]
        for (number, bundle) in bundles.enumerated() {
            for buffer in bundle.flatMap({ $0.touched }) {
                lifetimes[buffer] = (lifetimes[buffer]?.lowerBound ?? number)...number
            }
        }
        return lifetimes
    }
}

/// The places of a plan's buffers in its arena: buffers whose lifetimes do not overlap may share memory.
struct Placement {
    /// The offsets in floats; nil for buffers that are not in the arena.
    private(set) var offsets: [Int?]
    /// The number of floats in all.
    private(set) var size = 0

    /// - Parameter bundles: the steps of each bundle in order, with their reads and writes; those of one run at the same time.
    init(_ buffers: [Buffer], bundles: [[PendingStep]]) {
        offsets = [Int?](repeating: nil, count: buffers.count)
        var lifetimes = Buffer.lifetimes(in: bundles)
        var free = FreeList()
        for (number, buffer) in buffers.enumerated() {
            switch buffer.place {
            case .arena(isKept: true), .constant:
                offsets[number] = free.allocate(Self.rounded(buffer.count))
                lifetimes[number] = nil
            case .arena, .state: break
            }
        }
        for (number, bundle) in bundles.enumerated() {
            var touching: [Int: Int] = [:]
            for step in bundle { for buffer in Set(step.touched) { touching[buffer, default: 0] += 1 } }
            var inherited: Set<Int> = []
            for step in bundle {
                for buffer in step.writes where lifetimes[buffer]?.lowerBound == number {
                    guard case .arena = buffers[buffer].place else { continue }
                    let donor = step.donors.first { donor in
                        lifetimes[donor]?.upperBound == number && offsets[donor] != nil && !inherited.contains(donor)
                            && buffers[donor].count == buffers[buffer].count && touching[donor] == 1
                    }
                    if let donor {
                        inherited.insert(donor)
                        offsets[buffer] = offsets[donor]
                    } else {
                        offsets[buffer] = free.allocate(Self.rounded(buffers[buffer].count))
                    }
                }
            }
            for buffer in touching.keys.sorted()
            where lifetimes[buffer]?.upperBound == number && !inherited.contains(buffer) {
                if let offset = offsets[buffer] { free.release(offset, Self.rounded(buffers[buffer].count)) }
            }
        }
        size = free.end
    }

    private static func rounded(_ count: Int) -> Int { Arena.room(for: max(1, count)) }
}

/// The free ranges of an arena that grows: the smallest that fits is taken.
private struct FreeList {
    private(set) var end = 0
    private var gaps: [(start: Int, count: Int)] = []

    mutating func allocate(_ count: Int) -> Int {
        let fitting = gaps.indices.filter { gaps[$0].count >= count }.min { gaps[$0].count < gaps[$1].count }
        if let fitting {
            let start = gaps[fitting].start
            gaps[fitting] = (start + count, gaps[fitting].count - count)
            if gaps[fitting].count == 0 { gaps.remove(at: fitting) }
            return start
        }
        // A gap at the end grows by as much as is missing.
        if let last = gaps.last, last.start + last.count == end {
            gaps.removeLast()
            end = last.start + count
            return last.start
        }
        end += count
        return end - count
    }

    mutating func release(_ start: Int, _ count: Int) {
        let place = gaps.firstIndex { $0.start > start } ?? gaps.count
        gaps.insert((start, count), at: place)
        if place + 1 < gaps.count, start + count == gaps[place + 1].start {
            gaps[place].count += gaps[place + 1].count
            gaps.remove(at: place + 1)
        }
        if place > 0, gaps[place - 1].start + gaps[place - 1].count == start {
            gaps[place - 1].count += gaps[place].count
            gaps.remove(at: place)
        }
    }
}

/// The one owner of a plan's memory.
struct Arena: ~Copyable {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    private let block: UnsafeMutableRawPointer

    /// - Returns: nil where the system has not enough memory.
    init?(count: Int) {
        guard count <= Int.max / 8, let memory = allocateZeros(bytes: max(1, count) * 4) else { return nil }
        base = memory.start.bindMemory(to: Float.self, capacity: max(1, count))
        block = memory.block
        self.count = count
    }

    deinit { block.deallocate() }

    /// The floats that a buffer occupies, so that no two share a cache line; with the address sanitizer, one lies between them.
    static func room(for count: Int) -> Int {
        #if ADDRESS_SANITIZER
            return (count + 31) / 16 * 16
        #else
            return (count + 15) / 16 * 16
        #endif
    }

    var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: base, count: count * 4) }
}

/// Small tables to which steps point: taps, operands, instructions. They live as long as their plan.
final class Tables {
    private var blocks: [UnsafeMutableRawPointer] = []

    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes), alignment: 64)
        blocks.append(block)
        return block
    }

    func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let block = allocate(MemoryLayout<Element>.stride * elements.count)
        let typed = block.bindMemory(to: Element.self, capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() { (typed + index).initialize(to: element) }
        return typed
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}
