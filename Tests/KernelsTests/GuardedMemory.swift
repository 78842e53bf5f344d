import AdjointKernelTables
import Testing

/// Memory between two walls of guard words; filled with NaN unless values are given.
final class GuardedMemory {
    private static let wall = 64
    private static let brick: UInt32 = 0x7fc0_beef
    private let words: UnsafeMutableRawPointer
    let count: Int

    init(_ count: Int) {
        self.count = count
        words = .allocate(byteCount: (count + 2 * GuardedMemory.wall) * 4, alignment: 64)
        let all = words.bindMemory(to: UInt32.self, capacity: count + 2 * GuardedMemory.wall)
        all.initialize(repeating: GuardedMemory.brick, count: count + 2 * GuardedMemory.wall)
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        for (i, value) in values.enumerated() { floats[i] = value }
    }

    convenience init(_ values: [Int32]) {
        self.init(values.count)
        for (i, value) in values.enumerated() { integers[i] = value }
    }

    deinit { words.deallocate() }

    var floats: UnsafeMutablePointer<Float> {
        (words + GuardedMemory.wall * 4).assumingMemoryBound(to: Float.self)
    }
    var integers: UnsafeMutablePointer<Int32> {
        (words + GuardedMemory.wall * 4).assumingMemoryBound(to: Int32.self)
    }
    var values: [Float] { Array(UnsafeBufferPointer(start: floats, count: count)) }
    var integerValues: [Int32] { Array(UnsafeBufferPointer(start: integers, count: count)) }

    var isIntact: Bool {
        let all = words.assumingMemoryBound(to: UInt32.self)
        for i in 0..<GuardedMemory.wall
        where all[i] != GuardedMemory.brick || all[GuardedMemory.wall + count + i] != GuardedMemory.brick {
            return false
        }
        return true
    }
}

/// Divides the work and runs all tasks in a shuffled order, in guarded scratch memory.
func run<Arguments>(
    _ routine: Routine<Arguments>, _ arguments: inout Arguments, seed: UInt64 = 1,
    partials: (inout Arguments, Int) -> Void = { _, _ in }
) {
    let work = routine.work(&arguments)
    partials(&arguments, work.partials)
    runTasks(routine, arguments, work, seed: seed)
}

func runTasks<Arguments>(_ routine: Routine<Arguments>, _ arguments: Arguments, _ work: Work, seed: UInt64) {
    let scratch = GuardedMemory((work.scratch + 3) / 4)
    var generator = Numbers(seed: seed)
    let order = (0..<work.tasks).shuffled(using: &generator)
    let stored = Stored(arguments, routine)
    for task in order { routine.run(stored.pointer, task, scratch.floats) }
    #expect(scratch.isIntact)
}

/// Reproducible numbers (SplitMix64).
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Small integers, so that sums are exact in every order.
    mutating func integers(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int.random(in: -8...8, using: &self)) }
    }

    mutating func uniform(_ count: Int, in range: ClosedRange<Float>) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

func axes(_ values: [Int]) -> AxisList {
    var list = AxisList(repeating: 0)
    for (i, value) in values.enumerated() { list[i] = value }
    return list
}

/// Strides of a dense tensor; 0 where `repeats` says so, and then the axis takes no memory.
func denseStrides(_ sizes: [Int], repeats: Set<Int> = []) -> [Int] {
    var strides = [Int](repeating: 0, count: sizes.count)
    var step = 1
    for axis in sizes.indices.reversed() where !repeats.contains(axis) {
        strides[axis] = step
        step *= sizes[axis]
    }
    return strides
}

/// Every index of a space, in order.
func indices(_ sizes: [Int]) -> [[Int]] {
    var all = [[Int]]()
    all.reserveCapacity(sizes.reduce(1, *))
    var index = [Int](repeating: 0, count: sizes.count)
    if sizes.contains(0) { return [] }
    while true {
        all.append(index)
        var axis = sizes.count - 1
        while axis >= 0 {
            index[axis] += 1
            if index[axis] < sizes[axis] { break }
            index[axis] = 0
            axis -= 1
        }
        if axis < 0 { return all }
    }
}
