/// A square of vectors with constant distances between its rows and columns in memory.
struct TileSquare {
    private let base: UnsafeMutablePointer<Float>
    /// The distances in floats from one row, and from one column, to the next.
    private let row: Int
    private let step: Int

    @inline(__always)
    init(_ base: UnsafeMutablePointer<Float>, row: Int, step: Int) {
        self.base = base
        self.row = row
        self.step = step
    }

    @inline(__always)
    private func place(_ y: Int, _ x: Int) -> UnsafeMutablePointer<Float> { base + (y &* row &+ x &* step) }

    @inline(__always) subscript(_ y: Int, _ x: Int) -> Lanes { .load(place(y, x)) }

    @inline(__always) func store(_ value: Lanes, _ y: Int, _ x: Int) { value.store(place(y, x)) }

    @inline(__always)
    func moved(by offset: Int) -> TileSquare { TileSquare(base + offset, row: row, step: step) }

    /// Copies `count` floats of each place in these rows and columns, and zeros to the rest of whole vectors.
    @inline(never)
    func copy(_ ys: Range<Int>, _ xs: Range<Int>, count: Int, side: Int, to copy: TileSquare) {
        for y in 0..<side {
            for x in 0..<side {
                let exists = y >= ys.lowerBound && y < ys.upperBound && x >= xs.lowerBound && x < xs.upperBound
                let (from, to) = (place(y, x), copy.place(y, x))
                var done = 0
                while done < count {
                    let left = exists ? count &- done : 0
                    let vector: Lanes =
                        left >= lanes ? .load(from + done) : .load(UnsafePointer(from + done), first: left)
                    vector.store(to + done)
                    done &+= lanes
                }
            }
        }
    }

    /// Copies in the other direction, without the zeros.
    @inline(never)
    func restore(_ ys: Range<Int>, _ xs: Range<Int>, count: Int, from copy: TileSquare) {
        for y in ys {
            for x in xs {
                let (from, to) = (copy.place(y, x), place(y, x))
                var done = 0
                while done < count {
                    Lanes.load(from + done).store(to + done, tail: min(lanes, count &- done))
                    done &+= lanes
                }
            }
        }
    }
}
