import AdjointGraphs

extension Explanation {
    /// Headings, pipe tables, and equations in fenced blocks, so that they read the same everywhere.
    public func markdown() -> String { MarkdownWriter().written(self) }
}

/// Explanations as Markdown.
struct MarkdownWriter {
    func written(_ explanation: Explanation) -> String {
        let sections = explanation.sections.flatMap { ["## " + markdown($0.title)] + $0.blocks.map { written($0) } }
        return joined(["# " + markdown(explanation.title)] + sections, by: "\n\n")
    }

    private func written(_ block: Explanation.Block) -> String {
        switch block {
        case .equations:
            "```text\n" + joined(TextWriter().lines(of: block).map { String($0.dropFirst(2)) }, by: "\n") + "\n```"
        case .line(let line):
            markdown(line)
        case .table(let table):
            joined(
                [row(table.head.map(markdown)), row(table.alignment.map { $0 == .right ? "---:" : ":---" })]
                    + table.rows.map { row($0.map(markdown)) }, by: "\n")
        case .picture(let picture):
            "**" + markdown(picture.title) + "** " + markdown(picture.description)
        case .fold(let summary, let opening):
            "*" + markdown(summary) + "; " + markdown(opening) + "*"
        }
    }

    private func row(_ cells: [String]) -> String { "| " + joined(cells, by: " | ") + " |" }
}
