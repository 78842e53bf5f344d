import AdjointKernelTables

// Taps that follow each other along x, and what a strip of positions along x meets of the source with them: columns.
//
//     positions           x    x+1   x+2   x+3             stride 1, three taps
//     columns       0     1     2     3     4     5        position i meets column stride·i + k with tap k
//
// Columns beyond the source's border are zeros.

/// The taps of a window, `length` at a time.
struct TapRuns {
    let taps: UnsafePointer<Tap>
    /// Taps in a run: one where they do not follow each other.
    let length: Int
    let count: Int
    /// Columns between the first taps of neighbouring positions.
    let stride: Int
    /// Source positions from one column to the next.
    let spacing: Int

    init(_ taps: UnsafePointer<Tap>, _ tapCount: Int, channels: Int, stride: Int) {
        func areRuns(_ length: Int) -> Bool {
            guard tapCount % length == 0, stride <= 2, channels >= lanes else { return false }
            for tap in 0..<tapCount where tap % length > 0 {
                let (before, this) = (taps[tap - 1].offset, taps[tap].offset)
                guard this == Axes(before.z, before.y, before.x + 1) else { return false }
            }
            return true
        }
        self.taps = taps
        length = areRuns(5) ? 5 : areRuns(3) ? 3 : areRuns(2) && stride == 1 ? 2 : 1
        count = tapCount / length
        self.stride = length > 1 ? stride : 1
        spacing = length > 1 ? 1 : stride
    }
}

/// What the first position of a strip meets with a run.
struct Meet {
    /// The first tap of the run.
    var tap: Int
    /// Where column 0 lies in the source, in floats.
    var offset: Int
    /// The columns inside the source.
    var low: Int
    var high: Int
}

/// The runs that meet the source along a strip.
struct Meets {
    let runs: TapRuns
    let size: Axes
    /// Of the source.
    let channels: Int
    let stride: Axes
    private let list: UnsafeMutablePointer<Meet>
    private(set) var count = 0
    /// Whether all columns of all runs lie inside the source.
    private(set) var areInside = true

    static func bytes(_ tapCount: Int) -> Int { Scratch.bytes(tapCount, of: Meet.self) }

    init(_ scratch: inout Scratch, _ runs: TapRuns, tapCount: Int, size: Axes, channels: Int, stride: Axes) {
        list = scratch.take(tapCount, of: Meet.self)
        self.runs = runs
        self.size = size
        self.channels = channels
        self.stride = stride
    }

    @inline(__always) subscript(index: Int) -> Meet { list[index] }

    /// Floats from one column to the next.
    var step: Int { runs.spacing * channels }

    /// Finds what a strip of `positions` meets that begins at this place of an image.
    mutating func find(_ image: Int, _ z: Int, _ y: Int, _ x: Int, positions: Int) {
        let columns = runs.stride * (positions - 1) + runs.length
        count = 0
        areInside = true
        for run in 0..<runs.count {
            let offset = runs.taps[run * runs.length].offset
            let (iz, iy, ix) = (stride.z * z + offset.z, stride.y * y + offset.y, stride.x * x + offset.x)
            guard iz >= 0, iz < size.z, iy >= 0, iy < size.y else { continue }
            let low = ix >= 0 ? 0 : (runs.spacing - 1 - ix) / runs.spacing
            let high = ix >= size.x ? 0 : (size.x - 1 - ix) / runs.spacing + 1
            guard low < high, low < columns else { continue }
            areInside = areInside && low == 0 && high >= columns
            let row = ((image * size.z + iz) * size.y + iy) * size.x
            list[count] = Meet(tap: run * runs.length, offset: (row + ix) * channels, low: low, high: high)
            count += 1
        }
    }
}

/// The columns that a run meets, one vector of channels at a time.
protocol ColumnSource {
    subscript(column: Int) -> UnsafePointer<Float> { get }
}

/// Columns of which none lies outside.
struct InnerColumns: ColumnSource {
    let base: UnsafePointer<Float>
    let step: Int

    @inline(__always) subscript(column: Int) -> UnsafePointer<Float> { base + column &* step }
}

/// Columns that may lie outside the source.
struct BorderColumns: ColumnSource {
    let base: UnsafePointer<Float>
    let step: Int
    let offset: Int
    let low: Int
    let high: Int
    let zeros: UnsafePointer<Float>

    @inline(__always) subscript(column: Int) -> UnsafePointer<Float> {
        column >= low && column < high ? base + (offset &+ column &* step) : zeros
    }
}

/// A vector for each tap of a run: of the filter, or of its gradient.
protocol TapVectors {
    associatedtype Vector: Columns
    static var count: Int { get }
    /// Vectors that are `pitch` floats apart.
    static func load(_ pointer: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, tail: Int)
    /// sum += Σ_k source[column + k] · self[k]
    func addProducts<Source: ColumnSource>(to sum: inout Vector, _ source: Source, _ column: Int, tail: Int)
    /// self[k] += source[column + k] · vector, for every k
    mutating func addProducts<Source: ColumnSource>(
        of vector: Vector, _ source: Source, _ column: Int, tail: Int)
}

struct OneTap<Vector: Columns>: TapVectors {
    var vector: Vector

    @inline(__always) static var count: Int { 1 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self {
        OneTap(vector: .load(pointer, tail: tail))
    }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, tail: Int) {
        vector.store(pointer, tail: tail)
    }

    @inline(__always)
    func addProducts<Source: ColumnSource>(to sum: inout Vector, _ source: Source, _ column: Int, tail: Int) {
        sum.addElements(.load(source[column], tail: tail), times: vector)
    }

    @inline(__always)
    mutating func addProducts<Source: ColumnSource>(
        of vector: Vector, _ source: Source, _ column: Int, tail: Int
    ) {
        self.vector.addElements(.load(source[column], tail: tail), times: vector)
    }
}

/// One run after the other.
struct Joined<Left: TapVectors, Right: TapVectors>: TapVectors where Left.Vector == Right.Vector {
    var left: Left
    var right: Right

    @inline(__always) static var count: Int { Left.count + Right.count }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self {
        Joined(
            left: .load(pointer, pitch: pitch, tail: tail),
            right: .load(pointer + Left.count &* pitch, pitch: pitch, tail: tail))
    }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, tail: Int) {
        left.store(pointer, pitch: pitch, tail: tail)
        right.store(pointer + Left.count &* pitch, pitch: pitch, tail: tail)
    }

    @inline(__always)
    func addProducts<Source: ColumnSource>(
        to sum: inout Left.Vector, _ source: Source, _ column: Int, tail: Int
    ) {
        left.addProducts(to: &sum, source, column, tail: tail)
        right.addProducts(to: &sum, source, column + Left.count, tail: tail)
    }

    @inline(__always)
    mutating func addProducts<Source: ColumnSource>(
        of vector: Left.Vector, _ source: Source, _ column: Int, tail: Int
    ) {
        left.addProducts(of: vector, source, column, tail: tail)
        right.addProducts(of: vector, source, column + Left.count, tail: tail)
    }
}

typealias TwoTaps<Vector: Columns> = Joined<OneTap<Vector>, OneTap<Vector>>
typealias ThreeTaps<Vector: Columns> = Joined<TwoTaps<Vector>, OneTap<Vector>>
typealias FiveTaps<Vector: Columns> = Joined<ThreeTaps<Vector>, TwoTaps<Vector>>
