// Elementary functions of our own, so that Evaluate gives the same bits on every machine and needs no system library.
// Each is within eight units in the last place of a Double (but for large powers).

/// Sums c[0] + c[1]·x + c[2]·x² + … from the highest power down.
private func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
}

/// 1/0!, 1/1!, 1/2!, …
private let inverseFactorials: [Double] = {
    var terms = [1.0]
    for n in 1...19 { terms.append(terms[n - 1] / Double(n)) }
    return terms
}()

/// 1, 1/3, 1/5, …: atanh(s) = s·Σ s²ⁿ∕(2n+1)
private let inverseOdds = (0..<14).map { 1 / Double(2 * $0 + 1) }

// ln 2 in two parts: the first ends with enough zero bits that k·ln2High is exact for every exponent k.
private let ln2High = 0x1.62e42feep-1
private let ln2Low = 0x1.a39ef35793c76p-33

enum Elementary {
    /// x = k·ln 2 + r with |r| ≤ ½·ln 2, so eˣ = 2ᵏ·eʳ, and Taylor's series of eʳ needs 14 terms.
    static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.79 { return .infinity }
        if x < -745.2 { return 0 }
        let k = (x / (ln2High + ln2Low)).rounded()
        let r = (x - k * ln2High) - k * ln2Low
        return scaled(polynomial(r, inverseFactorials), by: Int(k))
    }

    /// y·2ᵏ in two steps, since 2ᵏ alone may not be a Double where the product is.
    private static func scaled(_ y: Double, by k: Int) -> Double {
        let half = k / 2
        return y * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: k - half, significand: 1)
    }

    /// eˣ − 1 by its own series where subtraction would cancel.
    static func expm1(_ x: Double) -> Double {
        x.magnitude < 0.5 ? x * polynomial(x, Array(inverseFactorials.dropFirst())) : exp(x) - 1
    }

    /// x = m·2ᵏ with ½√2 ≤ m < √2; ln m = 2·atanh((m − 1)∕(m + 1)).
    static func log(_ x: Double) -> Double {
        if x.isNaN || x < 0 { return .nan }
        if x == 0 { return -.infinity }
        if x == .infinity { return x }
        var k = x.exponent
        var m = x.significand
        if m > 0x1.6a09e667f3bcdp0 {
            m /= 2
            k += 1
        }
        let s = (m - 1) / (m + 1)
        return Double(k) * ln2High + (2 * s * polynomial(s * s, inverseOdds) + Double(k) * ln2Low)
    }

    /// ln(1 + x): near zero 2·atanh(x∕(2 + x)).
    static func log1p(_ x: Double) -> Double {
        guard x.magnitude < 0.4 else { return log(1 + x) }
        let s = x / (2 + x)
        return 2 * s * polynomial(s * s, inverseOdds)
    }

    /// (e²ˣ − 1)∕(e²ˣ + 1)
    static func tanh(_ x: Double) -> Double {
        if x.magnitude > 22 { return x.isNaN ? x : (x < 0 ? -1 : 1) }
        let e = expm1(2 * x)
        return e / (e + 2)
    }

    /// 1∕(1 + e⁻ˣ), through the exponential that does not overflow.
    static func logistic(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + exp(-x)) }
        let e = exp(x)
        return e / (1 + e)
    }

    /// 2∕√π·e^(−x²)·Σ 2ⁿ·x²ⁿ⁺¹∕(1·3·…·(2n+1)), all of one sign; beyond 2 the continued fraction of the complement,
    /// erfc x = e^(−x²)∕√π · 1∕(x + ½∕(x + 1∕(x + 3⁄2∕(x + …)))) (Abramowitz & Stegun 7.1.6, 7.1.14).
    static func erf(_ x: Double) -> Double {
        let z = x.magnitude
        if x.isNaN { return x }
        if z > 6 { return x < 0 ? -1 : 1 }
        let rootOfPi = 1.772453850905516
        if z > 2 {
            var fraction = z
            for n in stride(from: 60, to: 0, by: -1) { fraction = z + Double(n) / 2 / fraction }
            let complement = exp(-z * z) / (rootOfPi * fraction)
            return x < 0 ? complement - 1 : 1 - complement
        }
        var term = x
        var sum = x
        var n = 0
        while term.magnitude > sum.magnitude * 0x1p-54 {
            n += 1
            term *= 2 * x * x / Double(2 * n + 1)
            sum += term
        }
        return 2 / rootOfPi * exp(-x * x) * sum
    }

    /// xʸ; small whole exponents by repeated squaring, others as e^(y·ln x), whose error is that of ln x times y.
    static func power(_ x: Double, _ y: Double) -> Double {
        if y == 0 || x == 1 { return 1 }
        if y == 0.5, x > 0 { return x.squareRoot() }
        guard y == y.rounded(), y.magnitude <= 1024 else {
            let isWhole = y == y.rounded()
            if x < 0, x.isFinite, !isWhole { return .nan }
            let magnitude = x == -1 ? 1 : exp(y * log(x.magnitude))
            return x < 0 && isWhole && y.truncatingRemainder(dividingBy: 2).magnitude == 1 ? -magnitude : magnitude
        }
        var result = 1.0
        var square = x
        var remaining = Int(y.magnitude)
        while remaining > 0 {
            if remaining % 2 == 1 { result *= square }
            square *= square
            remaining /= 2
        }
        return y < 0 ? 1 / result : result
    }
}
