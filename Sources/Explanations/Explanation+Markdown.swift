import AdjointGraphs

extension Explanation {
    /// Headings, pipe tables, and equations in fenced blocks, so that they read the same everywhere.
    public func markdown() -> String {
        var parts = ["# " + title]
        for section in sections { parts += ["## " + section.title] + section.blocks.map { $0.markdown } }
        return joined(parts, by: "\n\n")
    }
}

extension Explanation.Block {
    fileprivate var markdown: String {
        switch self {
        case .equations:
            let lines = lines(nil).map { String($0.dropFirst(2)) }
            return "```text\n" + joined(lines, by: "\n") + "\n```"
        case .line(let line):
            return escaped(line)
        case .table(let table):
            let rule = table.alignment.map { $0 == .right ? "---:" : ":---" }
            return joined(
                ([table.head, rule] + table.rows).map { row in
                    "| " + joined(row.map { $0 == ":---" || $0 == "---:" ? $0 : escaped($0) }, by: " | ") + " |"
                }, by: "\n")
        case .picture(let picture):
            return "**" + escaped(picture.title) + "** " + escaped(picture.description)
        case .fold(let fold):
            return "*" + escaped(fold.summary) + "; " + escaped(fold.opening) + "*"
        }
    }

    /// What would begin a mark of Markdown's own stands behind a backslash.
    private func escaped(_ text: String) -> String {
        replacing(text) { "\\`*_[]<>|#".unicodeScalars.contains($0) ? "\\" + String($0) : nil }
    }
}

/// The text with some characters replaced.
package func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        if let other = replacement(scalar) { result += other } else { result.unicodeScalars.append(scalar) }
    }
    return result
}
