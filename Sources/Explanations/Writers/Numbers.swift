import AdjointGraphs

/// A number with `digits` significant digits: `-0.01234`, `1.500`, `1.234e-7`; short whole numbers exactly: `12`.
package func rounded(_ number: Double, digits: Int = 4) -> String {
    guard number.isFinite else { return "\(number)" }
    // Ten digits are more than a 32-bit Int holds.
    var limit: Int64 = 1
    for _ in 0..<digits { limit *= 10 }
    if number == number.rounded(), number.magnitude < Double(limit) { return shortest(number) }
    let sign = number < 0 ? "-" : ""
    // number = 0.d₁d₂… · 10^exponent; a power of ten is divided away in steps that are Doubles themselves.
    var fraction = number.magnitude
    var exponent = 0
    while fraction >= 1 { (fraction, exponent) = (fraction / 10, exponent + 1) }
    while fraction < 0.1 { (fraction, exponent) = (fraction * 10, exponent - 1) }
    var integer = Int64((fraction * Double(limit)).rounded())
    if integer == limit { (integer, exponent) = (integer / 10, exponent + 1) }
    let text = String(integer)
    if exponent > digits + 2 || exponent < -3 {
        return sign + String(text.prefix(1)) + (digits > 1 ? "." + String(text.dropFirst()) : "") + "e\(exponent - 1)"
    }
    if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + text }
    if exponent >= digits { return sign + text + String(repeating: "0", count: exponent - digits) }
    return sign + String(text.prefix(exponent)) + "." + String(text.dropFirst(exponent))
}

/// A number with ten significant digits, so that the rounding of Doubles is not visible, and without zeros at its end.
package func shown(_ number: Double) -> String { trimmed(rounded(number, digits: 10)) }

/// A number for a cell or a sentence, with a true minus sign and without zeros at its end.
package func written(_ number: Double, digits: Int = 4) -> String {
    let text = trimmed(rounded(number, digits: digits))
    return text.utf8.first == UInt8(ascii: "-") ? "−" + String(text.dropFirst()) : text
}

/// 12544 as 12,544.
package func grouped(_ number: Int) -> String {
    var digits = Array(String(number).utf8)
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(UInt8(ascii: ","), at: place) }
    return String(decoding: digits, as: UTF8.self)
}

/// A number as a superscript exponent; 1 is left out.
func superscript(_ number: Int) -> String {
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return number == 1 ? "" : joined(String(number).utf8.map { $0 < 48 ? "⁻" : digits[Int($0) - 48] }, by: "")
}

/// A text with spaces before it, up to a width.
func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A number's text without zeros at the end of its decimals.
private func trimmed(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ".")), !text.utf8.contains(UInt8(ascii: "e")) else { return text }
    var text = text
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
    return text
}

extension Collection<Double> where Index == Int {
    /// The places of the largest magnitudes, largest first; equal ones in their order.
    ///
    /// - Complexity: linear for a small count; that of sorting for a large one.
    package func largest(_ count: Int) -> [Int] {
        guard count < 64 else {
            let order = indices.sorted {
                let (a, b) = (self[$0].magnitude, self[$1].magnitude)
                return a == b ? $0 < $1 : a > b
            }
            return Array(order.prefix(count))
        }
        // Most numbers are smaller than those found so far.
        var found: [Int] = []
        for (place, number) in enumerated() where count > 0 {
            if found.count == count, let last = found.last, self[last].magnitude >= number.magnitude { continue }
            let spot = found.firstIndex { self[$0].magnitude < number.magnitude } ?? found.count
            found.insert(place, at: spot)
            if found.count > count { found.removeLast() }
        }
        return found
    }
}

extension Collection<Double?> {
    /// All the numbers; nil where one is not known.
    var allKnown: [Double]? {
        let known = compactMap { $0 }
        return known.count == count ? known : nil
    }
}
