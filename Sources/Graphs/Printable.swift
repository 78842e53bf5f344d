/// A text that may come from a file, on one line: characters that control a terminal or are invisible become escapes.
package func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        // Control characters; soft hyphens; spaces of no width and marks of direction; separators of lines; tags.
        case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            result += scalar.escaped(asASCII: true)
        // Bytes of paths that are not valid UTF-8.
        case 0x10FF80...0x10FFFF: result += "\\x" + String(scalar.value & 0xFF, radix: 16, uppercase: true)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// The same, with only the beginning and the end of a long text.
package func shortened(_ text: String, to limit: Int = 240) -> String {
    let scalars = Array(printable(text).unicodeScalars)
    guard scalars.count > limit else { return printable(text) }
    var result = ""
    for scalar in scalars[..<(limit * 2 / 3)] { result.unicodeScalars.append(scalar) }
    result += " … "
    for scalar in scalars[(scalars.count - limit / 3)...] { result.unicodeScalars.append(scalar) }
    return result
}
