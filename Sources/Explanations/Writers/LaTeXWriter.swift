import AdjointGraphs

extension Explanation {
    /// A fragment for a document that uses amsmath.
    public func latex() -> String { LaTeXWriter().fragment(self) }

    /// A document of its own.
    public func latexDocument() -> String { LaTeXWriter().document(self) }
}

extension Equation {
    /// `\frac{\partial E}{\partial W_{1}} = …`, in one line.
    public var latex: String { left.latex + " = " + right.latex + (omitted > 0 ? " + \\cdots" : "") }

    /// The rows of an `align` environment: right sides, one below the other, `W &= a + b`; long sums continue in lines of their
    /// own.
    package func latexLines(_ sides: [Expression]) -> [String] {
        sides.enumerated().map { position, side in
            let rows = LaTeXNotation().rows(of: side, width: Equation.width).map { row in
                String(repeating: "\\quad ", count: row.depth) + row.text
            }
            return (position == 0 ? left.latex + " " : "") + "&= " + joined(rows, by: " \\\\\n&\\quad {}")
                + (isCut(side) ? " + \\cdots" : "")
        }
    }
}

/// Explanations as LaTeX.
struct LaTeXWriter {
    func document(_ explanation: Explanation) -> String {
        """
        \\documentclass{article}
        \\usepackage[T1]{fontenc}
        \\usepackage[margin=25mm]{geometry}
        \\usepackage{amsmath,amssymb}
        \\allowdisplaybreaks
        \\setlength{\\parindent}{0pt}
        \\setlength{\\emergencystretch}{8em}
        \\begin{document}
        \\title{\(prose(explanation.title))}
        \\author{}
        \\date{}
        \\maketitle

        \(fragment(explanation))

        \\end{document}
        """
    }

    func fragment(_ explanation: Explanation) -> String {
        joined(
            explanation.sections.map {
                joined(["\\section*{\(prose($0.title))}"] + $0.blocks.map { written($0) }, by: "\n\n")
            }, by: "\n\n")
    }

    private func written(_ block: Explanation.Block) -> String {
        switch block {
        case .equations(let equations):
            if equations.isEmpty { return "" }
            return "\\begin{align*}\n" + joined(equations.flatMap { $0.latexLines($0.sides) }, by: " \\\\\n")
                + "\n\\end{align*}"
        case .line(let line):
            return prose(line) + "\\par"
        case .table(let table):
            let columns = joined(table.alignment.map { $0 == .right ? "r" : "l" }, by: "")
            let texts = [table.head] + table.rows
            let rows = texts.map { joined($0.map { prose($0) }, by: " & ") + " \\\\" }
            let width = table.head.indices.reduce(0) { width, column in
                width + 2 + texts.reduce(0) { max($0, $1[column].count) }
            }
            return "{\(LaTeXWriter.size(width))\\begin{tabular}{\(columns)}\n" + rows[0] + " \\hline\n"
                + joined(Array(rows.dropFirst()), by: "\n") + "\n\\end{tabular}\\par}"
        case .picture(let picture):
            return "\\textbf{\(prose(picture.title))} \(prose(picture.description))\\par"
        case .fold(let summary, let opening):
            return "\\emph{\(prose(summary)); \(prose(opening))}\\par"
        }
    }

    /// The font size with which a row of this many characters fits the page.
    private static func size(_ width: Int) -> String {
        width <= 75 ? "" : width <= 90 ? "\\footnotesize" : width <= 115 ? "\\scriptsize" : "\\tiny"
    }
}
