/// Adds b to a, and what rounding took away to `lost` (Knuth, The Art of Computer Programming 2, 4.2.2): the error of
/// such a sum does not grow with the number of its terms.
@inline(__always)
func addCompensated(_ b: Lanes, to a: inout Lanes, lost: inout Lanes) {
    let sum = a + b
    let moved = sum - a
    lost += (a - (sum - moved)) + (b - moved)
    a = sum
}

@inline(__always)
func addCompensated(_ b: Float, to a: inout Float, lost: inout Float) {
    let sum = a + b
    let moved = sum - a
    lost += (a - (sum - moved)) + (b - moved)
    a = sum
}

/// Both parts of a compensated sum; an infinite sum has lost nothing that could be told.
@inline(__always)
func compensated(_ sum: Float, _ lost: Float) -> Float { lost == lost ? sum + lost : sum }

/// The accumulators of a piece: fresh sums of a few terms, and compensated sums of those.
struct Accumulators {
    let count: Int
    private(set) var additions = 0
    let fresh: UnsafeMutablePointer<Float>
    private let settled: UnsafeMutablePointer<Float>
    private let lost: UnsafeMutablePointer<Float>
    private let rest: UnsafeMutablePointer<Float>

    /// `memory` holds three times `count` floats, and a vector.
    init(count: Int, memory: UnsafeMutablePointer<Float>) {
        self.count = count
        fresh = memory
        settled = memory + count
        lost = memory + 2 * count
        rest = memory + 3 * count
        fillRow(memory, 0, 3 * count)
    }

    /// Adds the values of whole vectors, the first to accumulator 0, and around again.
    mutating func add(_ values: UnsafePointer<Float>, _ whole: Int) {
        let rounds = whole / count
        let end = rounds * count
        var j = 0
        // Four vectors side by side, so that memory is read in longer runs.
        while j + 4 * lanes <= count {
            let place = fresh + j
            var a = Lanes.load(place)
            var b = Lanes.load(place + lanes)
            var c = Lanes.load(place + 2 * lanes)
            var d = Lanes.load(place + 3 * lanes)
            var i = j
            while i < end {
                let row = values + i
                a += Lanes.load(row)
                b += Lanes.load(row + lanes)
                c += Lanes.load(row + 2 * lanes)
                d += Lanes.load(row + 3 * lanes)
                i += count
            }
            a.store(place)
            b.store(place + lanes)
            c.store(place + 2 * lanes)
            d.store(place + 3 * lanes)
            j += 4 * lanes
        }
        while j < count {
            var sum = Lanes.load(fresh + j)
            var i = j
            while i < end {
                sum += Lanes.load(values + i)
                i += count
            }
            sum.store(fresh + j)
            j += lanes
        }
        j = 0
        while end + j < whole {
            (Lanes.load(fresh + j) + Lanes.load(values + end + j)).store(fresh + j)
            j += lanes
        }
        count(whole)
    }

    /// Counts so many values that were added to `fresh`.
    mutating func count(_ values: Int) { additions += values / count + 1 }

    /// Adds the few values that follow `offset` others.
    mutating func addRest(_ values: UnsafePointer<Float>, _ restCount: Int, at offset: Int) {
        Lanes().store(rest)
        for i in 0..<restCount { rest[i] = values[i] }
        let place = fresh + offset % count
        (Lanes.load(place) + Lanes.load(rest)).store(place)
        additions += 1
    }

    mutating func settle() {
        if additions >= 16 { finish() }
    }

    mutating func finish() {
        var j = 0
        while j < count {
            var sum = Lanes.load(settled + j)
            var error = Lanes.load(lost + j)
            addCompensated(Lanes.load(fresh + j), to: &sum, lost: &error)
            sum.store(settled + j)
            error.store(lost + j)
            Lanes().store(fresh + j)
            j += lanes
        }
        additions = 0
    }

    /// For a vector of columns, the sums of the accumulators that belong to each. What stands beyond the last column means
    /// nothing.
    func totals(_ column: Int, of columns: Int) -> Lanes {
        var sum = Lanes()
        var error = Lanes()
        for round in 0..<max(1, count / columns) {
            let place = column + round * columns
            addCompensated(.load(settled + place), to: &sum, lost: &error)
            error += .load(lost + place)
        }
        return Lanes.choose(error .== error, sum + error, sum)
    }
}
