/// The text with some characters replaced, as its form needs.

package func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        if let other = replacement(scalar) { result += other } else { result.unicodeScalars.append(scalar) }
    }
    return result
}

/// The text for the inside of elements and attributes in HTML and XML; characters that XML forbids become spaces.
package func markup(_ text: String) -> String {
    // Most texts need no replacement; 0xEF begins the forbidden characters at the end of the first 65,536 scalars.
    guard text.utf8.contains(where: { $0 < 32 || $0 == 0xEF || "&<>\"".utf8.contains($0) }) else { return text }
    return replacing(text) { scalar in
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "\n", "\t": nil
        default: scalar.value < 32 || scalar.value > 0xFFFD && scalar.value < 0x10000 ? " " : nil
        }
    }
}

/// The text for Markdown: characters that would begin markup have a backslash before them.
func markdown(_ text: String) -> String {
    replacing(text) { "\\`*_[]<>|#".unicodeScalars.contains($0) ? "\\" + String($0) : nil }
}

/// A string of Graphviz's DOT language: only quotes and backslashes have a meaning in it, and a line break is `\n`.
func quotedForGraphviz(_ text: String) -> String {
    "\"" + replacing(text) { $0 == "\n" ? "\\n" : $0 == "\"" || $0 == "\\" ? "\\" + String($0) : nil } + "\""
}

/// A string of Mermaid's, whose only escapes are HTML entities written with `#`.
func quotedForMermaid(_ text: String) -> String {
    "\"" + replacing(text) { "\"#<>&;`\\\n".unicodeScalars.contains($0) ? "#\($0.value);" : nil } + "\""
}

/// The text for a paragraph of LaTeX: every character that pdfLaTeX does not accept is replaced.
func prose(_ text: String) -> String {
    replacing(text) { scalar in
        switch scalar {
        case "&", "%", "$", "#", "_", "{", "}": "\\" + String(scalar)
        case "<", ">", "|": "$\(scalar)$"
        default: laTeXCommands[scalar] ?? (scalar.isASCII ? nil : "?")
        }
    }
}

private let laTeXCommands: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "…": "\\dots{}", "–": "--",
    "’": "'", "∕": "/", "∂": "$\\partial$", "Σ": "$\\sum$", "Δ": "$\\Delta$", "δ": "$\\delta$",
    "·": "$\\cdot$", "×": "$\\times$", "−": "$-$", "⊕": "$\\oplus$", "●": "$\\bullet$", "½": "$\\tfrac12$",
    "⟨": "$\\langle$", "⟩": "$\\rangle$", "⌊": "$\\lfloor$", "⌋": "$\\rfloor$", "⌈": "$\\lceil$", "⌉": "$\\rceil$",
    "≤": "$\\le$", "≥": "$\\ge$", "≠": "$\\ne$", "→": "$\\to$", "←": "$\\leftarrow$", "↔": "$\\leftrightarrow$",
    "ᵀ": "$^{T}$", "⁻": "$^{-}$", "⁰": "$^{0}$", "¹": "$^{1}$", "²": "$^{2}$", "³": "$^{3}$", "⁴": "$^{4}$",
    "⁵": "$^{5}$", "⁶": "$^{6}$", "⁷": "$^{7}$", "⁸": "$^{8}$", "⁹": "$^{9}$", "′": "$'$", "⋆": "$\\star$",
    "ä": "\\\"a", "ö": "\\\"o", "ü": "\\\"u", "Ä": "\\\"A", "Ö": "\\\"O", "Ü": "\\\"U", "ß": "\\ss{}",
]
