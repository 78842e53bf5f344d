import AdjointKernelTables

// A strip is a few positions below each other, a run a few taps below each other. The elements of the source that they meet
// are below each other too, in lines:
//
//     lines        0     1     2     3     4     5         stride 1, three taps
//     positions       0     1     2     3                  position i meets line stride·i + k with tap k
//
// A line is loaded once for all of them. Lines beyond the source's border are zeros. A strip then moves along x, through
// all channels at each position: so every row of the source is read in the order of memory.

/// The taps of a window in runs of some that are below each other.
struct TapRuns {
    let taps: UnsafePointer<Tap>
    /// The number of taps in a run: one where they are not below each other.
    let length: Int
    let count: Int
    /// The number of runs side by side, which is the distance in the list from one tap of a run to the next.
    let pitch: Int
    /// The number of lines between neighbouring positions of a strip.
    let stride: Int
    /// The number of source rows from one line to the next.
    let spacing: Int

    init(_ taps: UnsafePointer<Tap>, _ tapCount: Int, channels: Int, stride: Int) {
        var width = 0
        while width < tapCount, taps[width].offset.z == taps[0].offset.z, taps[width].offset.y == taps[0].offset.y {
            width += 1
        }
        func areRuns(_ length: Int) -> Bool {
            guard channels >= lanes, stride <= 2, tapCount % max(1, length * width) == 0 else { return false }
            for tap in 0..<tapCount where tap / width % length > 0 {
                let (above, this) = (taps[tap - width].offset, taps[tap].offset)
                guard this == Axes(above.z, above.y + 1, above.x) else { return false }
            }
            return true
        }
        self.taps = taps
        length = areRuns(5) ? 5 : areRuns(3) ? 3 : areRuns(2) && stride == 1 ? 2 : 1
        pitch = width
        count = tapCount / length
        self.stride = length > 1 ? stride : 1
        spacing = length > 1 ? 1 : stride
    }

    /// The first tap of a run.
    func first(_ run: Int) -> Int { run / max(pitch, 1) * pitch * length + run % max(pitch, 1) }
}

/// A run that meets the source, for a strip at x = 0.
struct Meet {
    /// The first tap of the run.
    var tap: Int
    /// The place of line 0 in the source, in floats.
    var offset: Int
    /// The source position on the last axis.
    var x: Int
    /// The range of lines that are inside the source.
    var low: Int
    var high: Int
}

/// The runs that meet the source in the rows of a strip.
struct Meets {
    let runs: TapRuns
    let size: Axes
    /// The number of channels of the source.
    let channels: Int
    let stride: Axes
    private let list: UnsafeMutablePointer<Meet>
    private(set) var count = 0
    /// Whether all lines of all runs are inside the source.
    private(set) var areInside = true
    let zeros: UnsafePointer<Float>

    static func bytes(_ tapCount: Int) -> Int {
        Scratch.bytes(tapCount, of: Meet.self) + Scratch.bytes(lanes, of: Float.self)
    }

    init(_ scratch: inout Scratch, _ layer: WindowLayer) {
        list = scratch.take(layer.tapCount, of: Meet.self)
        let zeros = scratch.take(lanes, of: Float.self)
        zeros.update(repeating: 0, count: lanes)
        self.zeros = UnsafePointer(zeros)
        runs = TapRuns(layer.taps, layer.tapCount, channels: layer.groups, stride: layer.stride.y)
        (size, channels, stride) = (layer.sourceSize, layer.groups, layer.stride)
    }

    @inline(__always) subscript(index: Int) -> Meet { list[index] }

    /// The distance in floats from one line to the next.
    var step: Int { runs.spacing * size.x * channels }

    /// Finds the runs that meet the source, for a strip of `positions` whose first one is at this place of an image.
    mutating func find(_ image: Int, _ z: Int, _ y: Int, positions: Int) {
        let lines = runs.stride * (positions - 1) + runs.length
        count = 0
        areInside = true
        for run in 0..<runs.count {
            let tap = runs.first(run)
            let offset = runs.taps[tap].offset
            let (iz, iy) = (stride.z * z + offset.z, stride.y * y + offset.y)
            guard iz >= 0, iz < size.z, iy < size.y else { continue }
            let low = iy >= 0 ? 0 : (runs.spacing - 1 - iy) / runs.spacing
            let high = (size.y - 1 - iy) / runs.spacing + 1
            guard low < high, low < lines else { continue }
            areInside = areInside && low == 0 && high >= lines
            let row = ((image * size.z + iz) * size.y + iy) * size.x
            list[count] = Meet(tap: tap, offset: (row + offset.x) * channels, x: offset.x, low: low, high: high)
            count += 1
        }
    }
}

/// The number of lines between neighbouring positions of a strip, as a type.
protocol LineStride {
    static var stride: Int { get }
}

enum EveryLine: LineStride {
    @inline(__always) static var stride: Int { 1 }
}

enum EveryOtherLine: LineStride {
    @inline(__always) static var stride: Int { 2 }
}

/// The lines that a run meets, one vector of channels at a time.
protocol Lines {
    /// The number of lines between neighbouring positions of a strip.
    static var stride: Int { get }
    subscript(line: Int) -> UnsafePointer<Float> { get }
}

/// Lines that are all inside the source.
struct InnerLines<Stride: LineStride>: Lines {
    let base: UnsafePointer<Float>
    let step: Int

    @inline(__always) static var stride: Int { Stride.stride }
    @inline(__always) subscript(line: Int) -> UnsafePointer<Float> { base + line &* step }
}

/// Lines that may be outside the source.
struct BorderLines<Stride: LineStride>: Lines {
    let base: UnsafePointer<Float>
    let step: Int
    let offset: Int
    let low: Int
    let high: Int
    let zeros: UnsafePointer<Float>

    @inline(__always) static var stride: Int { Stride.stride }
    @inline(__always) subscript(line: Int) -> UnsafePointer<Float> {
        line >= low && line < high ? base + (offset &+ line &* step) : zeros
    }
}

/// One vector for each tap of a run: of the filter, or of its gradient.
protocol TapVectors {
    associatedtype Vector: OneVector
    static var count: Int { get }
    /// Vectors that are `pitch` floats apart.
    static func load(_ pointer: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, tail: Int)
    /// sum += Σ_k source[line + k] · self[k]
    func addProducts<Source: Lines>(to sum: inout Vector, _ source: Source, _ line: Int, tail: Int)
    /// self[k] += source[line + k] · vector, for every k
    mutating func addProducts<Source: Lines>(
        of vector: Vector, _ source: Source, _ line: Int, tail: Int)
}

struct OneTap<Vector: OneVector>: TapVectors {
    var vector: Vector

    @inline(__always) static var count: Int { 1 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self {
        OneTap(vector: .load(pointer, tail: tail))
    }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, pitch: Int, tail: Int) {
        vector.store(pointer, tail: tail)
    }

    @inline(__always)
    func addProducts<Source: Lines>(to sum: inout Vector, _ source: Source, _ line: Int, tail: Int) {
        sum.addElements(.load(source[line], tail: tail), times: vector)
    }

    @inline(__always)
    mutating func addProducts<Source: Lines>(
        of vector: Vector, _ source: Source, _ line: Int, tail: Int
    ) {
        self.vector.addElements(.load(source[line], tail: tail), times: vector)
    }
}

/// One run after another.
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
    func addProducts<Source: Lines>(
        to sum: inout Left.Vector, _ source: Source, _ line: Int, tail: Int
    ) {
        left.addProducts(to: &sum, source, line, tail: tail)
        right.addProducts(to: &sum, source, line + Left.count, tail: tail)
    }

    @inline(__always)
    mutating func addProducts<Source: Lines>(
        of vector: Left.Vector, _ source: Source, _ line: Int, tail: Int
    ) {
        left.addProducts(of: vector, source, line, tail: tail)
        right.addProducts(of: vector, source, line + Left.count, tail: tail)
    }
}

typealias TwoTaps<Vector: OneVector> = Joined<OneTap<Vector>, OneTap<Vector>>
typealias ThreeTaps<Vector: OneVector> = Joined<TwoTaps<Vector>, OneTap<Vector>>
typealias FiveTaps<Vector: OneVector> = Joined<ThreeTaps<Vector>, TwoTaps<Vector>>

/// A loop over strips side by side that is written once for runs of every length.
protocol StripSweep {
    var meets: Meets { get }
    /// A strip at `x`, in the vector of channels that begins at `column`, or ends with the last channel.
    ///
    /// - Parameters:
    ///   - row: where the strips' first row begins in the destination, or in the cotangent.
    ///   - count: positions of the strip.
    func sweepTile<Tile: Rows, Filter: TapVectors, Stride: LineStride>(
        _: Tile.Type, _: Filter.Type, _: Stride.Type, row: Int, count: Int, x: Int, column: Int
    ) where Tile.Part == Filter.Vector
}

extension StripSweep {
    /// In tiles of `Tile`, or of `TailTile` where there are fewer channels than lanes.
    @inline(__always)
    func sweep<Tile: Rows, TailTile: Rows>(
        _: Tile.Type, _: TailTile.Type, row: Int, count: Int, _ x: Range<Int>
    ) where Tile.Part == Lanes, TailTile.Part == Tail {
        switch (meets.runs.length, meets.runs.stride) {
        case (5, 1): sweep(Tile.self, FiveTaps<Lanes>.self, EveryLine.self, row, count, x)
        case (5, _): sweep(Tile.self, FiveTaps<Lanes>.self, EveryOtherLine.self, row, count, x)
        case (3, 1): sweep(Tile.self, ThreeTaps<Lanes>.self, EveryLine.self, row, count, x)
        case (3, _): sweep(Tile.self, ThreeTaps<Lanes>.self, EveryOtherLine.self, row, count, x)
        case (2, _): sweep(Tile.self, TwoTaps<Lanes>.self, EveryLine.self, row, count, x)
        default:
            if meets.channels >= lanes {
                sweep(Tile.self, OneTap<Lanes>.self, EveryLine.self, row, count, x)
            } else {
                sweep(TailTile.self, OneTap<Tail>.self, EveryLine.self, row, count, x)
            }
        }
    }

    @inline(__always)
    private func sweep<Tile: Rows, Filter: TapVectors, Stride: LineStride>(
        _: Tile.Type, _: Filter.Type, _: Stride.Type, _ row: Int, _ count: Int, _ positions: Range<Int>
    ) where Tile.Part == Filter.Vector {
        let channels = meets.channels
        let block = (128 / lanes) * lanes
        for first in stride(from: 0, to: channels, by: block) {
            for x in positions {
                var column = first
                while column < min(channels, first + block) {
                    sweepTile(Tile.self, Filter.self, Stride.self, row: row, count: count, x: x, column: column)
                    column += lanes
                }
            }
        }
    }
}
