import AdjointGraphs

/// A number with so many significant digits: `-0.01234`, `1.500`, `1.234e-7`; short whole numbers as they are: `12`.
package func rounded(_ number: Double, digits: Int = 4) -> String {
    guard number.isFinite else { return "\(number)" }
    var limit = 1
    for _ in 0..<digits { limit *= 10 }
    if number == number.rounded(), number.magnitude < Double(limit) { return shortest(number) }
    let sign = number < 0 ? "-" : ""
    // number = 0.d₁d₂… · 10^exponent; a power of ten is divided away in steps that are Doubles themselves.
    var fraction = number.magnitude
    var exponent = 0
    while fraction >= 1 {
        fraction /= 10
        exponent += 1
    }
    while fraction < 0.1 {
        fraction *= 10
        exponent -= 1
    }
    var integer = Int((fraction * Double(limit)).rounded())
    if integer == limit {
        integer /= 10
        exponent += 1
    }
    let text = String(integer)
    if exponent > digits + 2 || exponent < -3 {
        return sign + String(text.prefix(1)) + "." + String(text.dropFirst()) + "e\(exponent - 1)"
    }
    if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + text }
    if exponent >= digits { return sign + text + String(repeating: "0", count: exponent - digits) }
    return sign + String(text.prefix(exponent)) + "." + String(text.dropFirst(exponent))
}

/// A number with ten significant digits, so that the rounding of Doubles does not show, and no zeros at its end.
func shown(_ number: Double) -> String {
    var text = rounded(number, digits: 10)
    guard text.utf8.contains(UInt8(ascii: ".")), !text.utf8.contains(UInt8(ascii: "e")) else { return text }
    while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
    return text
}

/// Spaces before a text, up to a width.
func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
