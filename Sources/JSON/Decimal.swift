/// A decimal number as it is written in JSON, -12.5e-3, and the Double that is nearest to it. Where Swift runs without a C
/// library, as in a web page, there is no `Double(text)`.
package struct Decimal {
    private var isNegative = false
    /// The digits without leading zeros; the number is digits · 10^exponent.
    private var digits: [UInt8] = []
    private var exponent = 0

    /// More digits than any point halfway between two Doubles has; of the digits after them only matters whether all are 0.
    private static let mostDigits = 800

    /// - Parameter text: digits, with a sign, a point and an exponent where there are some.
    package init(_ text: some Sequence<UInt8>) {
        var (isBehindPoint, isExponent, isNegativeExponent, written, hasMore) = (false, false, false, 0, false)
        for byte in text {
            switch byte {
            case UInt8(ascii: "-"): if isExponent { isNegativeExponent = true } else { isNegative = true }
            case UInt8(ascii: "."): isBehindPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte - UInt8(ascii: "0")
                if isExponent {
                    written = min(written * 10 + Int(digit), 1 << 24)
                } else if digits.count < Decimal.mostDigits {
                    if digit > 0 || !digits.isEmpty { digits.append(digit) }
                    if isBehindPoint { exponent -= 1 }
                } else {
                    hasMore = hasMore || digit > 0
                    if !isBehindPoint { exponent += 1 }
                }
            default: break
            }
        }
        if hasMore {
            digits.append(1)
            exponent -= 1
        }
        exponent += isNegativeExponent ? -written : written
    }

    /// The nearest Double, of two equally near the one with an even last bit: one rounding of an exact quotient.
    package var double: Double {
        let sign: FloatingPointSign = isNegative ? .minus : .plus
        if digits.isEmpty || digits.count + exponent < -330 { return isNegative ? -0.0 : 0 }
        if digits.count + exponent > 310 { return isNegative ? -.infinity : .infinity }
        if digits.count <= 15, -22...22 ~= exponent {
            // Both are whole numbers that a Double holds exactly, so that there is only one rounding.
            let whole = Double(digits.reduce(0) { $0 * 10 + Int64($1) })
            let power = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
            let magnitude = exponent < 0 ? whole / power : whole * power
            return isNegative ? -magnitude : magnitude
        }
        var (numerator, denominator) = (Natural(digits), Natural([1]))
        if exponent > 0 { numerator.multiply(byTenTo: exponent) } else { denominator.multiply(byTenTo: -exponent) }
        // The quotient · 2^shift has 55 or 56 bits, or fewer where the last place is that of the smallest number.
        let shift = min(55 - numerator.bitWidth + denominator.bitWidth, 1076)
        if shift > 0 { numerator.shiftLeft(shift) } else { denominator.shiftLeft(-shift) }
        let (quotient, isExact) = numerator.divided(by: denominator, bits: 56)
        var bits = quotient << 1 | (isExact ? 0 : 1)
        let unit = -shift - 1
        let dropped = max(64 - bits.leadingZeroBitCount - 53, -1074 - unit)
        if dropped > 0 {
            let (rest, half) = (bits & ((1 << UInt64(dropped)) - 1), UInt64(1) << UInt64(dropped - 1))
            bits >>= UInt64(dropped)
            if rest > half || rest == half && bits % 2 == 1 { bits += 1 }
        }
        return Double(sign: sign, exponent: unit + max(0, dropped), significand: Double(bits))
    }
}

/// A natural number of any size, its least significant 32 bits first.
private struct Natural {
    private var words: [UInt32]

    init(_ digits: [UInt8]) {
        words = []
        for digit in digits { multiply(by: 10, adding: UInt32(digit)) }
    }

    var bitWidth: Int { words.isEmpty ? 0 : 32 * words.count - words[words.count - 1].leadingZeroBitCount }

    mutating func multiply(by factor: UInt32, adding addend: UInt32 = 0) {
        var carry = UInt64(addend)
        for place in words.indices {
            carry += UInt64(words[place]) * UInt64(factor)
            words[place] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        if carry > 0 { words.append(UInt32(carry)) }
    }

    mutating func multiply(byTenTo power: Int) {
        for _ in 0..<power / 9 { multiply(by: 1_000_000_000) }
        for _ in 0..<power % 9 { multiply(by: 10) }
    }

    mutating func shiftLeft(_ bits: Int) {
        if bits % 32 > 0 { multiply(by: 1 << UInt32(bits % 32)) }
        words = [UInt32](repeating: 0, count: bits / 32) + words
    }

    private mutating func halve() {
        var carry: UInt32 = 0
        for place in words.indices.reversed() {
            (words[place], carry) = (words[place] >> 1 | carry << 31, words[place] & 1)
        }
        while words.last == 0 { words.removeLast() }
    }

    private func isLess(than other: Natural) -> Bool {
        if words.count != other.words.count { return words.count < other.words.count }
        let place = words.indices.last { words[$0] != other.words[$0] }
        return place.map { words[$0] < other.words[$0] } ?? false
    }

    private mutating func subtract(_ other: Natural) {
        var borrow: Int64 = 0
        for place in words.indices {
            borrow += Int64(words[place]) - (place < other.words.count ? Int64(other.words[place]) : 0)
            words[place] = UInt32(truncatingIfNeeded: borrow)
            borrow >>= 32
        }
        while words.last == 0 { words.removeLast() }
    }

    /// The quotient, which has at most `bits` bits, and whether the remainder is 0.
    func divided(by divisor: Natural, bits: Int) -> (quotient: UInt64, isExact: Bool) {
        var (rest, part, quotient) = (self, divisor, UInt64(0))
        part.shiftLeft(bits)
        for _ in 0..<bits {
            part.halve()
            quotient <<= 1
            if rest.isLess(than: part) { continue }
            rest.subtract(part)
            quotient |= 1
        }
        return (quotient, rest.words.isEmpty)
    }
}
