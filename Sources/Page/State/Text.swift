import AdjointExplanations
import AdjointGraphs

/// The error for something that does not fit: a sentence that is shown beside the field.
package struct PageError: Error, Hashable, Sendable {
    package let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

func replaced(_ text: String, _ old: Unicode.Scalar, by new: String) -> String {
    replacing(text) { $0 == old ? new : nil }
}

/// `3×3`
func times(_ sizes: [Int]) -> String { joined(sizes.map { "\($0)" }, by: "×") }

func trimmed(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    while let last = bytes.last, last <= 32 { bytes = bytes.dropLast() }
    return String(decoding: bytes.drop { $0 <= 32 }, as: UTF8.self)
}

/// A share of 1 in percent, for readers: `34.1`, and `< 0.01` for what is nearly 0.
func percents(_ share: Double) -> String {
    let hundredths = (10_000 * share).rounded()
    if share > 0, hundredths < 1 { return "< 0.01" }
    if share < 1 - 1e-9, hundredths >= 9_995 { return "> 99.9" }
    return written(hundredths / 100, digits: 3)
}

/// A text that was typed, short enough for a sentence.
func clipped(_ text: String) -> String {
    let scalars = text.unicodeScalars
    if scalars.count <= 16 { return text }
    var result = ""
    for scalar in scalars.prefix(15) { result.unicodeScalars.append(scalar) }
    return result + "…"
}

/// A number that was typed, with a comma or a point, and either minus sign: at most fifteen digits, of magnitude up to a
/// billion.
func decimal(_ text: String) -> Double? {
    var bytes = Array(replaced(trimmed(text), "−", by: "-").utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
    var (mantissa, digits, exponent, isBehindPoint) = (0.0, 0, 0, false)
    while let byte = bytes.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
        bytes = bytes.dropFirst()
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
            if isBehindPoint { return nil }
            isBehindPoint = true
            continue
        }
        guard (48...57).contains(byte) else { return nil }
        digits += 1
        // Fifteen digits are a whole number that Double holds exactly; more would not change it.
        if mantissa < 1e14 {
            mantissa = mantissa * 10 + Double(byte - 48)
            if isBehindPoint { exponent -= 1 }
        } else if !isBehindPoint {
            exponent += 1
        }
    }
    guard digits > 0 else { return nil }
    if !bytes.isEmpty {
        guard let written = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), (-30...30).contains(written) else {
            return nil
        }
        exponent += written
    }
    // Powers of ten up to 10^22 are exact, so one operation rounds once.
    while exponent > 0, mantissa < 1e12 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var power = 1.0
    for _ in 0..<min(22, exponent.magnitude) { power *= 10 }
    let number = exponent < 0 ? mantissa / power : mantissa * power
    return number <= 1e9 ? (isNegative ? -number : number) + 0 : nil
}
