#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A line through measured times: t = a + b·x.
struct Fit {
    let points: [(x: Double, t: Double)]
    /// a, the constant part of the time.
    let intercept: Double
    /// b, the time for each unit of x.
    let slope: Double

    /// The fit with the least squares of the relative errors, so that short times count as much as long ones: the minimum over
    /// a and b of
    ///     Σ ((a + b·x − t)∕t)²
    ///
    /// With u = 1∕t and v = x∕t these are the normal equations of a·u + b·v = 1.
    init?(_ points: [(x: Double, t: Double)]) {
        guard points.count >= 2, points.allSatisfy({ $0.t > 0 }) else { return nil }
        var (uu, uv, vv, u1, v1) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (x, t) in points {
            let (u, v) = (1 / t, x / t)
            (uu, uv, vv, u1, v1) = (uu + u * u, uv + u * v, vv + v * v, u1 + u, v1 + v)
        }
        let determinant = uu * vv - uv * uv
        guard determinant > 1e-12 * uu * vv else { return nil }
        self.points = points
        intercept = (u1 * vv - v1 * uv) / determinant
        slope = (v1 * uu - u1 * uv) / determinant
    }

    func callAsFunction(_ x: Double) -> Double { intercept + slope * x }

    /// The share of the points' relative scatter around the best constant that the line explains.
    var determination: Double {
        let weights = points.map { 1 / ($0.t * $0.t) }
        let constant = points.reduce(0) { $0 + 1 / $1.t } / weights.reduce(0, +)
        func scatter(_ model: (Double) -> Double) -> Double {
            points.reduce(0) { sum, point in
                let error = (model(point.x) - point.t) / point.t
                return sum + error * error
            }
        }
        let whole = scatter { _ in constant }
        return whole > 0 ? 1 - scatter { self($0) } / whole : 1
    }

    /// The largest relative distance of a point from the line.
    var deviation: Double { points.map { abs(self($0.x) / $0.t - 1) }.max() ?? 0 }
}

extension Fit {
    /// The points (`o`) and the line (`·`) on logarithmic axes, as text.
    func picture(columns: Int = 56, rows: Int = 14) -> String {
        let xs = points.map { log($0.x) }
        let ts = points.map { log($0.t) }
        guard let left = xs.min(), let right = xs.max(), let low = ts.min(), let high = ts.max(), right > left,
            high > low
        else { return "" }
        var grid = [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
        func place(_ x: Double, _ t: Double, _ mark: Character) {
            let column = Int(((x - left) / (right - left) * Double(columns - 1)).rounded())
            let row = Int(((high - t) / (high - low) * Double(rows - 1)).rounded())
            if grid.indices.contains(row), grid[row].indices.contains(column) { grid[row][column] = mark }
        }
        for column in 0..<columns {
            let x = left + (right - left) * Double(column) / Double(columns - 1)
            let t = self(exp(x))
            if t > 0 { place(x, log(t), "·") }
        }
        for (x, t) in zip(xs, ts) { place(x, t, "o") }
        let labels = [0: time(exp(high)), rows - 1: time(exp(low))]
        let lines = grid.enumerated().map { row, characters in
            let label = labels[row] ?? ""
            return String(repeating: " ", count: max(0, 9 - label.count)) + label + " |" + String(characters)
        }
        let axis = String(repeating: " ", count: 10) + "+" + String(repeating: "-", count: columns)
        let (first, last) = (operations(exp(left)), operations(exp(right)))
        let gap = String(repeating: " ", count: max(1, columns - first.count - last.count))
        return (lines + [axis, String(repeating: " ", count: 11) + first + gap + last]).joined(separator: "\n")
    }

    private func operations(_ count: Double) -> String {
        count < 1e9 ? short(count / 1e6) + " MFLOP" : short(count / 1e9) + " GFLOP"
    }
}

/// A time, given in seconds, in a suitable unit.
func time(_ seconds: Double) -> String {
    let size = abs(seconds)
    return size < 1e-3 ? short(seconds * 1e6) + " µs" : size < 1 ? short(seconds * 1e3) + " ms" : short(seconds) + " s"
}

private func short(_ number: Double) -> String { fixed(number, abs(number) < 10 ? 2 : 0) }
