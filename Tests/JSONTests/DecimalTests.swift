import AdjointJSON
import Testing

/// Compared with the C library's `strtod`, with which `Double(text)` reads.
@Suite struct DecimalTests {
    private func expectNearest(_ text: String) {
        let (found, expected) = (Decimal(text.utf8).double, Double(text) ?? .nan)
        #expect(found.bitPattern == expected.bitPattern, "\(text): \(found), expected \(expected)")
    }

    @Test(arguments: [
        "0", "-0", "0.000", "1", "-12.5e-3", "1e22", "1e23", "9007199254740993", "9007199254740992.5", "1e-5", "3e308",
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "4.9e-324", "2.4e-324",
        "2.5e-324", "2.2250738585072011e-308", "2.2250738585072014e-308", "1e400", "1e-400", "1e99999999999", "-1e400",
        "2.4703282292062327208e-324", "2.4703282292062328e-324", "0.1", "0.30000000000000004",
        "123456789012345678901234567890",
    ])
    func borders(_ text: String) { expectNearest(text) }

    /// The shortest digits of any number are read back as it; so are seventeen and twenty of them.
    @Test func anyNumberReadsBack() {
        var bits: UInt64 = 1
        for _ in 0..<20_000 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Double(bitPattern: bits)
            if number.isFinite { expectNearest("\(number)") }
        }
    }

    @Test func manyDigits() {
        var bits: UInt64 = 7
        func draw(_ count: UInt64) -> UInt64 {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (bits >> 33) % count
        }
        for _ in 0..<3000 {
            var text = draw(2) == 0 ? "-" : ""
            text += "\(1 + draw(9))"
            for _ in 0..<draw(4) { text += "\(draw(10))" }
            text += "."
            for _ in 0..<1 + draw(draw(20) == 0 ? 1200 : 40) { text += "\(draw(10))" }
            expectNearest("\(text)e\(Int(draw(660)) - 330)")
        }
    }

    /// Halfway between two numbers the even one is nearest, unless a digit far behind is not 0.
    @Test(arguments: [-1074, -1060, -1022, -500, -40, 0, 3])
    func halfway(exponent: Int) {
        for odd in [1, 3, 4_503_599_627_370_497, 9_007_199_254_740_991] {
            // (2·odd + 1) · 2^(exponent − 1), exactly: its digits are those of (2·odd + 1) · 5^(1 − exponent).
            var digits: [Int] = [1]
            func multiply(_ factor: Int) {
                var carry = 0
                for place in digits.indices {
                    carry += digits[place] * factor
                    digits[place] = carry % 10
                    carry /= 10
                }
                while carry > 0 {
                    digits.append(carry % 10)
                    carry /= 10
                }
            }
            let power = 1 - exponent
            multiply(2 * odd + 1)
            for _ in 0..<max(0, power) { multiply(5) }
            for _ in 0..<max(0, -power) { multiply(2) }
            let text = digits.reversed().map { "\($0)" }.joined()
            for tail in ["", "00", "01", "0000000000000000000000000000000000000001"] {
                expectNearest("\(text).\(tail.isEmpty ? "0" : tail)e\(-max(0, power))")
            }
        }
    }
}
