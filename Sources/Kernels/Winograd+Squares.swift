/// Vectors that stand in rows and columns.
protocol Square {
    subscript(_ y: Int, _ x: Int) -> Lanes { get }
    func store(_ value: Lanes, _ y: Int, _ x: Int)
}

/// Rows and columns that are columns and rows.
struct Transposed<Part: Square>: Square {
    private let part: Part

    @inline(__always) init(_ part: Part) { self.part = part }

    @inline(__always) subscript(_ y: Int, _ x: Int) -> Lanes { part[x, y] }

    @inline(__always) func store(_ value: Lanes, _ y: Int, _ x: Int) { part.store(value, x, y) }
}

/// A square whose rows and columns lie evenly in memory.
struct StridedSquare: Square {
    private let base: UnsafeMutablePointer<Float>
    /// Floats from one row, and from one column, to the next.
    private let row: Int
    private let step: Int

    @inline(__always)
    init(_ base: UnsafeMutablePointer<Float>, row: Int, step: Int) {
        self.base = base
        self.row = row
        self.step = step
    }

    @inline(__always)
    init(_ base: UnsafePointer<Float>, row: Int, step: Int) {
        self.init(UnsafeMutablePointer(mutating: base), row: row, step: step)
    }

    @inline(__always)
    private func place(_ y: Int, _ x: Int) -> UnsafeMutablePointer<Float> { base + (y &* row &+ x &* step) }

    @inline(__always) subscript(_ y: Int, _ x: Int) -> Lanes { .load(place(y, x)) }

    @inline(__always) func store(_ value: Lanes, _ y: Int, _ x: Int) { value.store(place(y, x)) }

    /// The part that exists.
    @inline(__always)
    func clipped(_ ys: Range<Int>, _ xs: Range<Int>, tail: Int) -> ClippedSquare {
        ClippedSquare(base: base, row: row, step: step, ys: ys, xs: xs, tail: tail)
    }
}

/// A square of which some rows and columns, and the first floats of each vector, exist in memory: the others are zero,
/// and are not stored.
struct ClippedSquare: Square {
    fileprivate let base: UnsafeMutablePointer<Float>
    fileprivate let row: Int
    fileprivate let step: Int
    fileprivate let ys: Range<Int>
    fileprivate let xs: Range<Int>
    fileprivate let tail: Int

    @inline(__always)
    private func exists(_ y: Int, _ x: Int) -> Bool {
        y >= ys.lowerBound && y < ys.upperBound && x >= xs.lowerBound && x < xs.upperBound
    }

    @inline(__always) subscript(_ y: Int, _ x: Int) -> Lanes {
        guard exists(y, x) else { return .zero }
        let place = base + (y &* row &+ x &* step)
        return tail == lanes ? .load(place) : .load(UnsafePointer(place), first: tail)
    }

    @inline(__always) func store(_ value: Lanes, _ y: Int, _ x: Int) {
        if exists(y, x) { value.store(base + (y &* row &+ x &* step), tail: tail) }
    }
}
