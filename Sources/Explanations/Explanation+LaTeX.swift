import AdjointGraphs

extension Explanation {
    /// A fragment for a document that uses amsmath.
    public func latex() -> String {
        joined(
            sections.map { joined(["\\section*{\(prose($0.title))}"] + $0.blocks.map { $0.latex }, by: "\n\n") },
            by: "\n\n")
    }

    /// A document of its own.
    public func latexDocument() -> String {
        """
        \\documentclass{article}
        \\usepackage[T1]{fontenc}
        \\usepackage[margin=25mm]{geometry}
        \\usepackage{amsmath,amssymb}
        \\allowdisplaybreaks
        \\setlength{\\parindent}{0pt}
        \\begin{document}
        \\title{\(prose(title))}
        \\author{}
        \\date{}
        \\maketitle

        \(latex())

        \\end{document}
        """
    }
}

extension Explanation.Block {
    fileprivate var latex: String {
        switch self {
        case .equations(let equations):
            if equations.isEmpty { return "" }
            let lines = joined(equations.map { $0.lines }, by: " \\\\\n")
            return "\\begin{align*}\n" + lines + "\n\\end{align*}"
        case .line(let line):
            return prose(line) + "\\par"
        case .table(let table):
            let columns = joined(table.alignment.map { $0 == .right ? "r" : "l" }, by: "")
            let rows = ([table.head] + table.rows).map { row in joined(row.map { prose($0) }, by: " & ") + " \\\\" }
            return "\\begin{tabular}{\(columns)}\n" + rows[0] + " \\hline\n"
                + joined(Array(rows.dropFirst()), by: "\n") + "\n\\end{tabular}\\par"
        case .picture(let picture):
            return "\\textbf{\(prose(picture.title))} \(prose(picture.description))\\par"
        case .fold(let fold):
            return "\\emph{\(prose(fold.summary)); \(prose(fold.opening))}\\par"
        }
    }
}

extension Equation {
    /// `W &= a + b`, and below it numbers and value; long sums go on in lines of their own.
    fileprivate var lines: String {
        var lines = [left.latex + " &= " + broken(right)]
        if let numbers, numbers != right { lines.append("&= " + broken(numbers)) }
        if let value, right.constant == nil { lines.append("&= " + Expression.number(value).latex) }
        return joined(lines, by: " \\\\\n")
    }

    private func broken(_ expression: Expression) -> String {
        let rest = omitted > 0 ? " + \\cdots" : ""
        return joined(LaTeXNotation().rows(of: expression, width: Equation.width), by: " \\\\\n&\\quad {}") + rest
    }

    /// Characters of the text of what stands in one line.
    static let width = 64

    /// `\frac{\partial E}{\partial W_{1}} = …`, in one line.
    public var latex: String { left.latex + " = " + right.latex + (omitted > 0 ? " + \\cdots" : "") }
}

/// Text for a paragraph: every character that pdfLaTeX would not take as it is.
private func prose(_ text: String) -> String {
    replacing(text) { scalar in
        switch scalar {
        case "\\": "\\textbackslash{}"
        case "&", "%", "$", "#", "_", "{", "}": "\\" + String(scalar)
        case "~": "\\textasciitilde{}"
        case "^": "\\textasciicircum{}"
        case "<", ">", "|": "$\(scalar)$"
        case "∂": "$\\partial$"
        case "·": "$\\cdot$"
        case "×": "$\\times$"
        case "−": "$-$"
        case "Σ": "$\\sum$"
        case "Δ": "$\\Delta$"
        case "δ": "$\\delta$"
        case "⟨": "$\\langle$"
        case "⟩": "$\\rangle$"
        case "⌊": "$\\lfloor$"
        case "⌋": "$\\rfloor$"
        case "⌈": "$\\lceil$"
        case "⌉": "$\\rceil$"
        case "≤": "$\\le$"
        case "≥": "$\\ge$"
        case "≠": "$\\ne$"
        case "→": "$\\to$"
        case "←": "$\\leftarrow$"
        case "↔": "$\\leftrightarrow$"
        case "∕": "/"
        case "ᵀ": "$^{T}$"
        case "²": "$^{2}$"
        case "¹": "$^{1}$"
        case "⁻": "$^{-}$"
        case "½": "$\\tfrac12$"
        case "⊕": "$\\oplus$"
        case "●": "$\\bullet$"
        case "…": "\\dots{}"
        case "–": "--"
        case "’": "'"
        default: scalar.isASCII ? nil : "?"
        }
    }
}
