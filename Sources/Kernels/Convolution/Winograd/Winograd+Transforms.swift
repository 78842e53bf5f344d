// The transforms of a line. A square is transformed column by column, and then the result row by row.
//
// They are Toom's and Cook's multiplication of polynomials: a line of outputs and a filter are polynomials, multiplied as
// their values at some points p and their highest coefficients ("at ∞"). With y and g as coefficients
//
//     (A y)(p) = Σ_i pⁱ·y_i          (G g)(p) = Σ_i pⁱ·g_i ∕ Π_(q ≠ p) (p − q)          (A y)(∞), (G g)(∞) = the last
//
// and the row p of Bᵀ holds the coefficients of Π_(q ≠ p) (x − q), the row ∞ those of the product over all q. The even
// and the odd powers serve p as well as −p.

/// A line of up to six vectors.
typealias Line = InlineArray<6, Lanes>

/// A linear map of lines.
protocol LineTransform: SendableMetatype {
    /// The lengths of a line before and after: 2, 3, 4 or 6.
    static var before: Int { get }
    static var after: Int { get }
    static func apply(_ line: Line) -> Line
}

extension LineTransform {
    /// Transforms the columns of a square, and then the rows of the result: those two rows at a time that share most terms, so
    /// that all intermediate values stay in registers, even where there are 16.
    @inline(__always)
    static func square(_ from: TileSquare, _ to: TileSquare) {
        switch after {
        case 6:
            rows(0, 5, from, to)
            rows(1, 2, from, to)
            rows(3, 4, from, to)
        case 4:
            rows(0, 2, from, to)
            rows(1, 3, from, to)
        case 3:
            rows(0, 2, from, to)
            rows(1, 1, from, to)
        default:
            rows(0, 1, from, to)
        }
    }

    @inline(__always)
    private static func rows(_ i: Int, _ j: Int, _ from: TileSquare, _ to: TileSquare) {
        let c0 = column(from, 0)
        let c1 = column(from, 1)
        let c2 = before > 2 ? column(from, 2) : c0
        let c3 = before > 3 ? column(from, 3) : c0
        let c4 = before > 4 ? column(from, 4) : c0
        let c5 = before > 5 ? column(from, 5) : c0
        store(apply([c0[i], c1[i], c2[i], c3[i], c4[i], c5[i]]), to, i)
        if i != j { store(apply([c0[j], c1[j], c2[j], c3[j], c4[j], c5[j]]), to, j) }
    }

    @inline(__always)
    private static func column(_ from: TileSquare, _ x: Int) -> Line {
        apply([
            from[0, x], from[1, x], before > 2 ? from[2, x] : .zero, before > 3 ? from[3, x] : .zero,
            before > 4 ? from[4, x] : .zero, before > 5 ? from[5, x] : .zero,
        ])
    }

    @inline(__always)
    private static func store(_ line: Line, _ to: TileSquare, _ y: Int) {
        to.store(line[0], y, 0)
        to.store(line[1], y, 1)
        if after > 2 { to.store(line[2], y, 2) }
        if after > 3 { to.store(line[3], y, 3) }
        if after > 4 { to.store(line[4], y, 4) }
        if after > 5 { to.store(line[5], y, 5) }
    }
}

/// A tile of m × m outputs and the transforms of its lines.
protocol WinogradTile: SendableMetatype {
    /// Bᵀ, from m + 2 inputs to m + 2 factors
    associatedtype Input: LineTransform
    /// G, from 3 taps to m + 2 factors
    associatedtype Filter: LineTransform
    /// Aᵀ, from m + 2 products to m outputs
    associatedtype Output: LineTransform
    /// A, from m cotangents to m + 2 factors
    associatedtype Cotangent: LineTransform
    /// Gᵀ, from m + 2 products to 3 taps
    associatedtype Gradient: LineTransform
}

extension WinogradTile {
    /// m
    @inline(__always) static var outputs: Int { Output.after }
    /// The number of inputs under a line of outputs.
    @inline(__always) static var side: Int { Input.before }
    /// Products of a tile.
    @inline(__always) static var products: Int { side * side }
}

/// c + k·x
@inline(__always)
private func add(_ c: Lanes, _ k: Float, _ x: Lanes) -> Lanes { accumulate(c, Lanes(repeating: k), x) }

/// Points 0, ±a, ±b, ∞ with a = 5∕8 and b = 3∕2. The sum and the product of their squares are exact, and the rounding error
/// of a result is a third of that with the customary points 0, ±1, ±2, ∞.
enum FourByFour: WinogradTile {
    @inline(__always) private static var a: Float { 0.625 }
    @inline(__always) private static var b: Float { 1.5 }
    /// a², b², a³, b³
    @inline(__always) private static var aa: Float { 0.390625 }
    @inline(__always) private static var bb: Float { 2.25 }
    @inline(__always) private static var aaa: Float { 0.244140625 }
    @inline(__always) private static var bbb: Float { 3.375 }
    /// 1∕(a²b²), 1∕(2a²(a² − b²)), 1∕(2b²(b² − a²))
    @inline(__always) private static var atZero: Float { 256 / 225 }
    @inline(__always) private static var atA: Float { -2048 / 2975 }
    @inline(__always) private static var atB: Float { 128 / 1071 }

    enum Input: LineTransform {
        @inline(__always) static var before: Int { 6 }
        @inline(__always) static var after: Int { 6 }

        @inline(__always)
        static func apply(_ d: Line) -> Line {
            let (even, odd) = (add(d[4], -bb, d[2]), a * add(d[3], -bb, d[1]))
            let (evenB, oddB) = (add(d[4], -aa, d[2]), b * add(d[3], -aa, d[1]))
            return [
                add(add(d[4], -(aa + bb), d[2]), aa * bb, d[0]), even + odd, even - odd, evenB + oddB, evenB - oddB,
                add(add(d[5], -(aa + bb), d[3]), aa * bb, d[1]),
            ]
        }
    }

    enum Filter: LineTransform {
        @inline(__always) static var before: Int { 3 }
        @inline(__always) static var after: Int { 6 }

        @inline(__always)
        static func apply(_ g: Line) -> Line {
            let (even, odd) = (add(atA * g[0], atA * aa, g[2]), atA * a * g[1])
            let (evenB, oddB) = (add(atB * g[0], atB * bb, g[2]), atB * b * g[1])
            return [atZero * g[0], even + odd, even - odd, evenB + oddB, evenB - oddB, g[2]]
        }
    }

    enum Output: LineTransform {
        @inline(__always) static var before: Int { 6 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func apply(_ z: Line) -> Line {
            let (even, odd, evenB, oddB) = (z[1] + z[2], z[1] - z[2], z[3] + z[4], z[3] - z[4])
            return [
                z[0] + even + evenB, add(a * odd, b, oddB), add(aa * even, bb, evenB),
                add(add(z[5], aaa, odd), bbb, oddB), .zero, .zero,
            ]
        }
    }

    enum Cotangent: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 6 }

        @inline(__always)
        static func apply(_ y: Line) -> Line {
            let (even, odd) = (add(y[0], aa, y[2]), a * add(y[1], aa, y[3]))
            let (evenB, oddB) = (add(y[0], bb, y[2]), b * add(y[1], bb, y[3]))
            return [y[0], even + odd, even - odd, evenB + oddB, evenB - oddB, y[3]]
        }
    }

    enum Gradient: LineTransform {
        @inline(__always) static var before: Int { 6 }
        @inline(__always) static var after: Int { 3 }

        @inline(__always)
        static func apply(_ z: Line) -> Line {
            let (even, odd, evenB, oddB) = (z[1] + z[2], z[1] - z[2], z[3] + z[4], z[3] - z[4])
            return [
                add(add(atZero * z[0], atA, even), atB, evenB), add(atA * a * odd, atB * b, oddB),
                add(add(z[5], atA * aa, even), atB * bb, evenB), .zero, .zero, .zero,
            ]
        }
    }
}

/// Points 0, ±1, ∞; the row of 0 has the other sign in both G and Bᵀ.
enum TwoByTwo: WinogradTile {
    enum Input: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func apply(_ d: Line) -> Line {
            [d[0] - d[2], d[2] + d[1], d[2] - d[1], d[3] - d[1], .zero, .zero]
        }
    }

    enum Filter: LineTransform {
        @inline(__always) static var before: Int { 3 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func apply(_ g: Line) -> Line {
            let (even, odd) = (0.5 * (g[0] + g[2]), 0.5 * g[1])
            return [g[0], even + odd, even - odd, g[2], .zero, .zero]
        }
    }

    enum Output: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 2 }

        @inline(__always)
        static func apply(_ z: Line) -> Line {
            [z[0] + z[1] + z[2], z[3] + z[1] - z[2], .zero, .zero, .zero, .zero]
        }
    }

    enum Cotangent: LineTransform {
        @inline(__always) static var before: Int { 2 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func apply(_ y: Line) -> Line { [y[0], y[0] + y[1], y[0] - y[1], y[1], .zero, .zero] }
    }

    enum Gradient: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 3 }

        @inline(__always)
        static func apply(_ z: Line) -> Line {
            let (even, odd) = (0.5 * (z[1] + z[2]), 0.5 * (z[1] - z[2]))
            return [z[0] + even, odd, z[3] + even, .zero, .zero, .zero]
        }
    }
}
