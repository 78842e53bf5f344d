extension Command {
    /// The text for `--help`, made of the declarations.
    ///
    /// - Parameter path: the names that lead to the command, its own the last.
    func help(_ path: [String]) -> String {
        var usage = path
        if !subcommands.isEmpty { usage.append("COMMAND") }
        usage += operands.map(\.name)
        if !options.isEmpty { usage.append("[options]") }

        let help = Flag("--help", "this text")
        let sections: [(String, [(String, String)])] = [
            ("commands", subcommands.map { ($0.name, $0.summary) }),
            ("operands", operands.map { ($0.name, $0.summary) }),
            (
                "options",
                (options + [help]).map { ($0.name + ($0.placeholder.map { " " + $0 } ?? ""), $0.summary) }
            ),
        ]
        let width = sections.flatMap { $0.1 }.map(\.0.count).max() ?? 0
        var text = "\(path.joined(separator: " ")): \(summary)\n\nusage: \(usage.joined(separator: " "))\n"
        for (title, lines) in sections where !lines.isEmpty {
            text += "\n\(title):\n"
            for (syntax, summary) in lines {
                text += "  " + syntax + String(repeating: " ", count: width - syntax.count + 2) + summary + "\n"
            }
        }
        if !subcommands.isEmpty {
            text += "\nMore on a command: \(path.joined(separator: " ")) COMMAND --help\n"
        }
        return text
    }
}
