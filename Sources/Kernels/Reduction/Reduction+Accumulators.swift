/// Adds b to a, and the rounding error to `lost` (Knuth, The Art of Computer Programming 2, 4.2.2): the error of such a sum
/// does not grow with the number of its terms.
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

/// Both parts of a compensated sum; the second part of an infinite sum has no meaning.
@inline(__always)
func compensated(_ sum: Float, _ lost: Float) -> Float { lost == lost ? sum + lost : sum }

/// The accumulators of a piece: fresh sums of a few terms, and compensated sums of those.
struct Accumulators {
    let count: Int
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

    /// Adds the values of whole vectors to accumulators 0, 1, … and from the last again to 0: memory is read in one long run.
    func add(_ values: UnsafePointer<Float>, _ whole: Int) {
        var row = 0
        while row < whole {
            let end = min(count, whole - row)
            var j = 0
            while j < end {
                Lanes.load(values + (row + j)).add(to: fresh + j, tail: lanes)
                j += lanes
            }
            row += count
        }
    }

    /// Adds the last few values, which come after `offset` others.
    func addRest(_ values: UnsafePointer<Float>, _ restCount: Int, at offset: Int) {
        Lanes().store(rest)
        for i in 0..<restCount { rest[i] = values[i] }
        let place = fresh + offset % count
        (Lanes.load(place) + Lanes.load(rest)).store(place)
    }

    /// Adds the fresh sums to the compensated ones.
    func settle() {
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
    }

    /// For a vector of columns, the sums of the accumulators that belong to each. Lanes beyond the last column have no meaning.
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
