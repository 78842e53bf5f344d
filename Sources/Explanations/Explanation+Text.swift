import AdjointGraphs

extension Explanation {
    /// For a terminal: a title, and under it one equation a line; numbers stand behind the equations that have one.
    public var text: String {
        joined(sections.map { $0.text }, by: "\n\n")
    }
}

extension Explanation.Section {
    fileprivate var text: String {
        var lines = [title]
        for block in blocks {
            switch block {
            case .line(let line): lines.append("  " + line)
            case .equations(let equations):
                for equation in equations {
                    lines.append("  " + equation.text + (equation.value.map { " = " + shortest($0) } ?? ""))
                }
            case .table(let table):
                for row in [table.head] + table.rows { lines.append("  " + joined(row, by: "  ")) }
            case .picture(let picture): lines.append("  " + picture.description)
            case .fold(let fold): lines.append("  (" + fold.summary + "; " + fold.opening + ")")
            }
        }
        return joined(lines, by: "\n")
    }
}
