extension Elementary {
    /// aᵇ, in Double, so that b·log |a| keeps the digits that the exponential magnifies; within 1 ulp. Branch-free:
    /// the compiler makes vectors of it.
    ///
    /// log |a| = e·ln 2 + 2·artanh s with s = f / (2 + f), 1 + f = m in [√½, √2): s² < 0.0295, so its series to s¹⁵
    /// is good to 1e-13. e^r with |r| <= ln 2 / 2 is its Taylor series to r⁹, good to 8e-12.
    ///
    /// x⁰ = 1 and 1ʸ = 1, even for a NaN. A negative base has a power where the exponent is an integer; odd exponents keep
    /// the sign; infinities and zeros are as in IEEE 754.
    @inline(__always)
    static func power(_ a: Float, _ b: Float) -> Float {
        let x = Double(Float(bitPattern: a.bitPattern & 0x7fff_ffff))
        let y = Double(b)
        let root: Int64 = 0x3fe6_a09e_667f_3bcd
        let above = Int64(bitPattern: x.bitPattern) &- root
        let m = Double(bitPattern: UInt64(bitPattern: (above & 0xf_ffff_ffff_ffff) &+ root))
        let e = small(above &>> 52)

        let f = m - 1
        let s = f / (2 + f)
        let z = s * s
        var series = z * (1.0 / 15) + 1.0 / 13
        series = series * z + 1.0 / 11
        series = series * z + 1.0 / 9
        series = series * z + 1.0 / 7
        series = series * z + 1.0 / 5
        series = series * z + 1.0 / 3
        let logarithm = e * 0.6931471805599453 + 2 * (s + s * z * series)
        let finite = x == .infinity ? Double.infinity : logarithm
        let product = y * (x == 0 ? -Double.infinity : finite)
        // ∞ · log 1
        var t = product == product ? product : 0
        t = t < -110 ? -110 : t
        t = t > 95 ? 95 : t

        let unit = 0x1.8p52
        let shifted = t * 1.4426950408889634 + unit
        let r = t - (shifted - unit) * 0.6931471805599453
        var p = r * (1.0 / 362880) + 1.0 / 40320
        p = p * r + 1.0 / 5040
        p = p * r + 1.0 / 720
        p = p * r + 1.0 / 120
        p = p * r + 1.0 / 24
        p = p * r + 1.0 / 6
        p = p * r + 0.5
        p = p * r + 1
        p = p * r + 1
        let n = Int64(bitPattern: shifted.bitPattern) &- Int64(bitPattern: unit.bitPattern)
        let scale = Double(bitPattern: UInt64(bitPattern: (n &+ 1023) &<< 52))
        let size = Float(p * scale)

        let magnitude = y.magnitude
        let isHuge = magnitude >= 0x1p24
        let nearest = (magnitude + 0x1p52) - 0x1p52
        let halved = magnitude * 0.5
        let nearestHalf = (halved + 0x1p52) - 0x1p52
        let isInteger = isHuge || nearest == magnitude
        let isOdd = !isHuge && nearest == magnitude && nearestHalf != halved
        let signed = isOdd && a.sign == .minus ? -size : size
        let isReal = a >= 0 || isInteger || x == .infinity || x == 0
        let real = isReal ? signed : .nan
        let isNumber = a == a && b == b
        let number = isNumber ? real : .nan
        return b == 0 || a == 1 ? 1 : number
    }

    /// An integer below 2⁵¹ in magnitude as a floating-point number.
    @inline(__always)
    private static func small(_ n: Int64) -> Double {
        let unit = 0x1.8p52
        return Double(bitPattern: UInt64(bitPattern: Int64(bitPattern: unit.bitPattern) &+ n)) - unit
    }
}
