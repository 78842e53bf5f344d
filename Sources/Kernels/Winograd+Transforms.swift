// The transforms of a line. A square is transformed line by line, first along y, then along x.
//
// They are Toom's and Cook's multiplication of polynomials: a line of outputs and a filter are polynomials, multiplied as
// their values at some points p and their highest coefficients ("at ∞"). With y and g as coefficients
//
//     (A y)(p) = Σ_i pⁱ·y_i          (G g)(p) = Σ_i pⁱ·g_i ∕ Π_(q ≠ p) (p − q)          (A y)(∞), (G g)(∞) = the last
//
// and the row p of Bᵀ holds the coefficients of Π_(q ≠ p) (x − q), the row ∞ those of the product over all q. The even
// and the odd powers serve p as well as −p.

/// A linear map of lines.
protocol LineTransform: SendableMetatype {
    /// The length of a line before and after.
    static var before: Int { get }
    static var after: Int { get }
    /// Transforms column `x` of a square.
    static func column(_ x: Int, _ from: some Square, _ to: some Square)
}

extension LineTransform {
    /// Transforms the columns of a square, and then the rows of what that gives; `between` holds it meanwhile.
    @inline(__always)
    static func square(_ from: some Square, _ to: some Square, between: UnsafeMutablePointer<Float>) {
        let middle = StridedSquare(between, row: before &* lanes, step: lanes)
        for x in 0..<before { column(x, from, middle) }
        for y in 0..<after { column(y, Transposed(middle), Transposed(to)) }
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
    /// Inputs that a line of outputs meets.
    @inline(__always) static var side: Int { Input.before }
    /// Products of a tile.
    @inline(__always) static var products: Int { side * side }
}

/// c + k·x
@inline(__always)
private func add(_ c: Lanes, _ k: Float, _ x: Lanes) -> Lanes { accumulate(c, Lanes(repeating: k), x) }

/// Points 0, ±a, ±b, ∞ with a = 5∕8 and b = 3∕2. Their squares' sum and product are exact, and a result is off by a third
/// of what the customary points 0, ±1, ±2, ∞ give.
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
        static func column(_ x: Int, _ d: some Square, _ to: some Square) {
            let (d1, d2, d3, d4) = (d[1, x], d[2, x], d[3, x], d[4, x])
            to.store(add(add(d4, -(aa + bb), d2), aa * bb, d[0, x]), 0, x)
            let (even, odd) = (add(d4, -bb, d2), add(d3, -bb, d1))
            to.store(add(even, a, odd), 1, x)
            to.store(add(even, -a, odd), 2, x)
            let (evenB, oddB) = (add(d4, -aa, d2), add(d3, -aa, d1))
            to.store(add(evenB, b, oddB), 3, x)
            to.store(add(evenB, -b, oddB), 4, x)
            to.store(add(add(d[5, x], -(aa + bb), d3), aa * bb, d1), 5, x)
        }
    }

    enum Filter: LineTransform {
        @inline(__always) static var before: Int { 3 }
        @inline(__always) static var after: Int { 6 }

        @inline(__always)
        static func column(_ x: Int, _ g: some Square, _ to: some Square) {
            let (g0, g1, g2) = (g[0, x], g[1, x], g[2, x])
            to.store(atZero * g0, 0, x)
            let (even, odd) = (add(atA * g0, atA * aa, g2), atA * a * g1)
            to.store(even + odd, 1, x)
            to.store(even - odd, 2, x)
            let (evenB, oddB) = (add(atB * g0, atB * bb, g2), atB * b * g1)
            to.store(evenB + oddB, 3, x)
            to.store(evenB - oddB, 4, x)
            to.store(g2, 5, x)
        }
    }

    enum Output: LineTransform {
        @inline(__always) static var before: Int { 6 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func column(_ x: Int, _ z: some Square, _ to: some Square) {
            let (z1, z2, z3, z4) = (z[1, x], z[2, x], z[3, x], z[4, x])
            let (even, odd, evenB, oddB) = (z1 + z2, z1 - z2, z3 + z4, z3 - z4)
            to.store(z[0, x] + even + evenB, 0, x)
            to.store(add(a * odd, b, oddB), 1, x)
            to.store(add(aa * even, bb, evenB), 2, x)
            to.store(add(add(z[5, x], aaa, odd), bbb, oddB), 3, x)
        }
    }

    enum Cotangent: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 6 }

        @inline(__always)
        static func column(_ x: Int, _ y: some Square, _ to: some Square) {
            let (y0, y1, y2, y3) = (y[0, x], y[1, x], y[2, x], y[3, x])
            to.store(y0, 0, x)
            let (even, odd) = (add(y0, aa, y2), add(y1, aa, y3))
            to.store(add(even, a, odd), 1, x)
            to.store(add(even, -a, odd), 2, x)
            let (evenB, oddB) = (add(y0, bb, y2), add(y1, bb, y3))
            to.store(add(evenB, b, oddB), 3, x)
            to.store(add(evenB, -b, oddB), 4, x)
            to.store(y3, 5, x)
        }
    }

    enum Gradient: LineTransform {
        @inline(__always) static var before: Int { 6 }
        @inline(__always) static var after: Int { 3 }

        @inline(__always)
        static func column(_ x: Int, _ z: some Square, _ to: some Square) {
            let (z1, z2, z3, z4) = (z[1, x], z[2, x], z[3, x], z[4, x])
            let (even, odd, evenB, oddB) = (z1 + z2, z1 - z2, z3 + z4, z3 - z4)
            to.store(add(add(atZero * z[0, x], atA, even), atB, evenB), 0, x)
            to.store(add(atA * a * odd, atB * b, oddB), 1, x)
            to.store(add(add(z[5, x], atA * aa, even), atB * bb, evenB), 2, x)
        }
    }
}

/// Points 0, ±1, ∞; the row of 0 changes its sign in both G and Bᵀ.
enum TwoByTwo: WinogradTile {

    enum Input: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func column(_ x: Int, _ d: some Square, _ to: some Square) {
            let (d1, d2) = (d[1, x], d[2, x])
            to.store(d[0, x] - d2, 0, x)
            to.store(d2 + d1, 1, x)
            to.store(d2 - d1, 2, x)
            to.store(d[3, x] - d1, 3, x)
        }
    }

    enum Filter: LineTransform {
        @inline(__always) static var before: Int { 3 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func column(_ x: Int, _ g: some Square, _ to: some Square) {
            let (g0, g1, g2) = (g[0, x], g[1, x], g[2, x])
            to.store(g0, 0, x)
            let (even, odd) = (0.5 * (g0 + g2), 0.5 * g1)
            to.store(even + odd, 1, x)
            to.store(even - odd, 2, x)
            to.store(g2, 3, x)
        }
    }

    enum Output: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 2 }

        @inline(__always)
        static func column(_ x: Int, _ z: some Square, _ to: some Square) {
            let (z1, z2) = (z[1, x], z[2, x])
            to.store(z[0, x] + z1 + z2, 0, x)
            to.store(z[3, x] + z1 - z2, 1, x)
        }
    }

    enum Cotangent: LineTransform {
        @inline(__always) static var before: Int { 2 }
        @inline(__always) static var after: Int { 4 }

        @inline(__always)
        static func column(_ x: Int, _ y: some Square, _ to: some Square) {
            let (y0, y1) = (y[0, x], y[1, x])
            to.store(y0, 0, x)
            to.store(y0 + y1, 1, x)
            to.store(y0 - y1, 2, x)
            to.store(y1, 3, x)
        }
    }

    enum Gradient: LineTransform {
        @inline(__always) static var before: Int { 4 }
        @inline(__always) static var after: Int { 3 }

        @inline(__always)
        static func column(_ x: Int, _ z: some Square, _ to: some Square) {
            let (z1, z2) = (z[1, x], z[2, x])
            let (even, odd) = (0.5 * (z1 + z2), 0.5 * (z1 - z2))
            to.store(z[0, x] + even, 0, x)
            to.store(odd, 1, x)
            to.store(z[3, x] + even, 2, x)
        }
    }
}
