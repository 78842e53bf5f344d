// The elementary functions, a vector at a time. Errors are in units in the last place (ulp) of the exact value, over
// all floats, with FMA; without it they are a little larger. Coefficients are minimax fits (least squares, reweighted
// until the error levels out), rounded to Float one by one, the remaining ones fitted again after each. Range reduction
// is that of Cody and Waite, Software Manual for the Elementary Functions, 1980.
enum Elementary {}

extension Elementary {
    @inline(always)
    static func step(_ sum: Lanes, _ x: Lanes, _ coefficient: Float) -> Lanes {
        accumulate(Lanes(repeating: coefficient), sum, x)
    }

    /// x = n·ln 2 + r with |r| <= ln 2 / 2: returns n and expm1(r) = r + r²·P(r).
    ///
    /// ln 2 is taken in two parts; the first has 15 bits after the point, so that n times it is exact. P is of degree
    /// 5; its error, relative to expm1(r), is 4.4e-10.
    @inline(always)
    static func reduceExponent(_ x: Lanes) -> (n: IntegerLanes, rest: Lanes) {
        let unit = Lanes(repeating: 0x1.8p23)
        let shifted = accumulate(unit, x, Lanes(repeating: 0x1.715476p+0))
        let n = shifted - unit
        let high = accumulate(x, n, Lanes(repeating: -0x1.62e4p-1))
        let r = accumulate(high, n, Lanes(repeating: -0x1.7f7d1cp-20))
        var p = Lanes(repeating: 0x1.9e7804p-13)
        p = step(p, r, 0x1.6d3a5cp-10)
        p = step(p, r, 0x1.1112d6p-7)
        p = step(p, r, 0x1.5554f8p-5)
        p = step(p, r, 0x1.555554p-3)
        p = step(p, r, 0.5)
        return (shifted.bits &- unit.bits, accumulate(r, r * r, p))
    }

    /// eˣ = 2ⁿ·(1 + expm1(r)). 2ⁿ is applied in two factors, so that results below 2⁻¹²⁶ are rounded once and n = 128
    /// overflows only where eˣ does. 1 ulp.
    @inline(always)
    static func exp(_ x: Lanes) -> Lanes {
        let (n, rest) = reduceExponent(x.clamped(-104, 89))
        let half = n &>> 1
        return (1 + rest) * Lanes.powerOfTwo(half) * Lanes.powerOfTwo(n &- half)
    }

    /// eˣ − 1 = 2·(s·expm1(r) + (s − ½)) with s = 2ⁿ⁻¹, which does not overflow at n = 128. 1.5 ulp.
    @inline(always)
    static func expm1(_ x: Lanes) -> Lanes {
        let (n, rest) = reduceExponent(x.clamped(-30, 88.9))
        let scale = Lanes.powerOfTwo(n &- 1)
        let half = accumulate(scale - 0.5, scale, rest)
        return Lanes.choose(x.absolute .< 0x1p-25, x, half + half)
    }

    /// The logistic function 1 / (1 + e⁻ˣ), from e^−|x|, which cannot overflow. 2.5 ulp.
    @inline(always)
    static func logistic(_ x: Lanes) -> Lanes {
        let decay = exp(-x.absolute)
        return Lanes.choose(x .< 0, decay, Lanes(repeating: 1)) / (1 + decay)
    }

    /// tanh |x| = −t / (2 + t) with t = expm1(−2|x|). 2.5 ulp.
    @inline(always)
    static func tanh(_ x: Lanes) -> Lanes {
        let t = expm1(-2 * x.absolute)
        return (t / (2 + t)).signed(like: x)
    }

    /// x = 2ᵉ·m with √½ <= m < √2, for positive x of full precision.
    @inline(always)
    static func split(_ x: Lanes) -> (exponent: IntegerLanes, significand: Lanes) {
        let root = Lanes(repeating: 0x1.6a09e6p-1).bits
        let above = x.bits &- root
        return (above &>> 23, Lanes(bits: (above & 0x7f_ffff) &+ root))
    }

    /// e·ln 2 + log(1 + f) for √½ <= 1 + f < √2, where log(1 + f) = f − f²/2 + f³·Q(f).
    ///
    /// Q is of degree 8; its error, relative to log(1 + f), is 7.7e-10. Small terms are added first.
    @inline(always)
    static func logarithm(_ e: Lanes, _ f: Lanes) -> Lanes {
        var q = Lanes(repeating: 0x1.14734p-4)
        q = step(q, f, -0x1.de01e2p-4)
        q = step(q, f, 0x1.e6c00cp-4)
        q = step(q, f, -0x1.fc28cap-4)
        q = step(q, f, 0x1.233ba2p-3)
        q = step(q, f, -0x1.555c44p-3)
        q = step(q, f, 0x1.99a476p-3)
        q = step(q, f, -0x1.000006p-2)
        q = step(q, f, 0x1.555548p-2)
        let square = f * f
        var small = accumulate(e * 0x1.7f7d1cp-20, f * square, q)
        small = accumulate(small, square, Lanes(repeating: -0.5))
        return accumulate(f + small, e, Lanes(repeating: 0x1.62e4p-1))
    }

    /// log 0 = −∞; NaN below. 1.5 ulp.
    @inline(always)
    static func log(_ x: Lanes) -> Lanes {
        let isSmall = x .< 0x1p-126
        let (n, m) = split(Lanes.choose(isSmall, x * 0x1p25, x))
        let e = Lanes(small: n) - Lanes.choose(isSmall, 25, Lanes())
        return withLimits(logarithm(e, m - 1), x: x, distance: x)
    }

    /// log(1 + x) = log u + c/u, where u is 1 + x rounded and c what the rounding took away (Dekker's sum, the larger
    /// term first): with u = 2ᵉ·m, f = (m − 1) + c·(m/u). At e = 0 that is x itself, so no digits are lost near 0.
    /// 1.5 ulp.
    @inline(always)
    static func log1p(_ x: Lanes) -> Lanes {
        let u = 1 + x
        let isLarge = x.absolute .> 1
        let large = Lanes.choose(isLarge, x, Lanes(repeating: 1))
        let small = Lanes.choose(isLarge, 1, x)
        let lost = small - (u - large)
        let (n, m) = split(u)
        let f = accumulate(m - 1, lost, m / u)
        let value = withLimits(logarithm(Lanes(small: n), f), x: x, distance: u)
        return Lanes.choose(x.absolute .< 0x1p-25, x, value)
    }

    /// The logarithm, with its limits where `distance`, its argument, is not a positive number.
    @inline(always)
    private static func withLimits(_ value: Lanes, x: Lanes, distance: Lanes) -> Lanes {
        let positive = Lanes.choose(distance .== .infinity, .infinity, value)
        let other = Lanes.choose(distance .== 0, -.infinity, Lanes(repeating: .nan))
        return Lanes.choose(distance .> 0, positive, other)
    }

    /// erf, odd. Below 0.921875 it is x + x·S(x²), with S of degree 6 and error 8.9e-10; above it is 1 − e^L(x), where
    /// L, of degree 6, fits log erfc on [0.92, 4] with error 1.6e-9 in erf. From 4 on it rounds to 1. 1.5 ulp.
    @inline(always)
    static func erf(_ x: Lanes) -> Lanes {
        let size = x.absolute.clamped(0, 4)
        let square = size * size
        var s = Lanes(repeating: 0x1.4f3dfep-14)
        s = step(s, square, -0x1.a60230p-11)
        s = step(s, square, 0x1.5449a2p-8)
        s = step(s, square, -0x1.b80116p-6)
        s = step(s, square, 0x1.ce2d64p-4)
        s = step(s, square, -0x1.812740p-2)
        s = step(s, square, 0x1.06eba8p-3)
        let near = accumulate(size, size, s)
        var l = Lanes(repeating: 0x1.9a7690p-13)
        l = step(l, size, -0x1.8e9ad0p-9)
        l = step(l, size, 0x1.6c071cp-6)
        l = step(l, size, -0x1.a9a1cap-4)
        l = step(l, size, -0x1.463f60p-1)
        l = step(l, size, -0x1.20ae92p+0)
        l = step(l, size, -0x1.a0663ep-13)
        return Lanes.choose(size .< 0.921875, near, 1 - exp(l)).signed(like: x)
    }
}
