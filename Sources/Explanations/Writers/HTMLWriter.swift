import AdjointGraphs

extension Explanation {
    /// One page without other files: formulas as MathML, pictures as SVG, light or dark as its reader's screen is.
    public func html(words: Words = .english) -> String { HTMLWriter().page(self, words) }
}

extension Explanation.Block {
    /// - Parameter name: the beginning of the ids inside.
    package func html(_ name: String) -> String { HTMLWriter().written(self, name) }
}

/// Explanations as HTML.
struct HTMLWriter {
    func page(_ explanation: Explanation, _ words: Words) -> String {
        let sections = explanation.sections.enumerated()
        let links = sections.map { "<li><a href=\"#s\($0 + 1)\">\(markup($1.title))</a></li>" }
        let parts = sections.map { position, section in
            "<section id=\"s\(position + 1)\">\n<h2>\(markup(section.title))</h2>\n"
                + joined(section.blocks.enumerated().map { written($1, "p\(position + 1)-\($0 + 1)") }, by: "\n")
                + "\n</section>"
        }
        return """
            <!DOCTYPE html>
            <html lang="\(words.language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(markup(explanation.title))</title>
            <style>
            \(HTMLWriter.style)
            </style>
            </head>
            <body>
            <h1>\(markup(explanation.title))</h1>
            <nav aria-label="\(markup(words.sections))"><ol>
            \(joined(links, by: "\n"))
            </ol></nav>
            <main>
            \(joined(parts, by: "\n"))
            </main>
            </body>
            </html>
            """
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #ffffff; --faint: #5d5d5d; --rule: #cfcfcf; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --ink: #e8e8e8; --paper: #16181b; --faint: #a8a8a8; --rule: #42464c; }
        }
        body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
          font: 1rem/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid var(--rule);
          padding-top: 1rem; }
        nav ol { columns: 22rem; column-gap: 3rem; font-size: .9rem; } a { color: inherit; }
        .wide { overflow: auto hidden; padding-block: .3rem; }
        math { font-size: 1.1rem; width: max-content; margin: 0 0 0 1rem; }
        mtd { padding: .25em .3em; text-align: left; } mtd:first-child { text-align: right; }
        .next mtd { padding-top: .9em; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .2rem .7rem; border-bottom: 1px solid var(--rule); text-align: left; }
        .number { text-align: right; } .fold { color: var(--faint); font-style: italic; }
        figure { margin: 1.5rem 0; overflow: auto hidden; } svg { max-width: none; }
        figcaption { color: var(--faint); font-size: .9rem; }
        @media print { nav { display: none; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
        """

    /// A block as HTML; blocks that may be wider than the page can be scrolled by keyboard.
    ///
    /// - Parameter name: the beginning of the ids inside.
    func written(_ block: Explanation.Block, _ name: String) -> String {
        switch block {
        case .equations(let equations):
            equations.isEmpty ? "" : "<div class=\"wide\" tabindex=\"0\">\(equations.mathML)</div>"
        case .line(let line):
            "<p>\(markup(line))</p>"
        case .table(let table):
            "<div class=\"wide\" tabindex=\"0\"><table><thead>\(row(table.head, "th", table.alignment))</thead><tbody>\n"
                + joined(table.rows.map { row($0, "td", table.alignment) }, by: "\n") + "\n</tbody></table></div>"
        case .picture(let picture):
            "<figure tabindex=\"0\">\(picture.svg(name: name))<figcaption>\(markup(picture.title))</figcaption></figure>"
        case .fold(let summary, let opening):
            "<p class=\"fold\">\(markup(summary)); \(markup(opening))</p>"
        }
    }

    private func row(
        _ cells: [String], _ element: String, _ alignment: [Explanation.Table.Alignment]
    ) -> String {
        let texts = zip(cells, alignment).map { cell, side in
            "<\(element)\(side == .right ? " class=\"number\"" : "")>\(markup(cell))</\(element)>"
        }
        return "<tr>" + joined(texts, by: "") + "</tr>"
    }
}
