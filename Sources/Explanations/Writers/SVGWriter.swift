import AdjointGraphs

extension Explanation {
    /// Everything as one picture: the drawings one below the other, or the text where there are none.
    public func svg() -> String { SVGWriter().written(self) }
}

/// Explanations as one picture.
struct SVGWriter {
    func written(_ explanation: Explanation) -> String {
        let drawings = explanation.sections.flatMap { section in
            section.blocks.compactMap { if case .picture(let picture) = $0 { picture } else { nil } }
        }
        let parts = drawings.isEmpty ? explanation.sections.map { lettering(of: $0) } : drawings
        var height = 0.0
        let groups = parts.map { part -> Picture.Element in
            defer { height += part.height + 16 }
            return .group(part.title, part.elements, down: height)
        }
        return Picture(
            explanation.title, description: joined(parts.map { $0.description }, by: "\n"),
            width: parts.reduce(0) { max($0, $1.width) }, height: height, elements: groups
        ).svg()
    }

    /// A section's text, arranged as in a terminal.
    private func lettering(of section: Explanation.Section) -> Picture {
        var setting = Lettering()
        setting.set(section.title, isBold: true)
        for block in section.blocks {
            if case .table(let table) = block {
                setting.set(table)
                continue
            }
            for line in TextWriter(width: 100).lines(of: block) {
                setting.newLine()
                let indentation = Double(line.prefix { $0 == " " }.count) * Lettering.size * 0.6
                setting.set(String(line.drop { $0 == " " }), at: 12 + indentation)
            }
        }
        let text = [section.title] + section.blocks.flatMap { TextWriter().lines(of: $0) }
        return Picture(
            section.title, description: joined(text, by: "\n"), width: setting.width + 12,
            height: setting.y + Lettering.size, elements: setting.elements)
    }
}

/// Lines of text one below the other.
private struct Lettering {
    static let size = 14.0
    var (width, y) = (0.0, 24.0)
    var elements: [Picture.Element] = []

    mutating func newLine() { y += 1.5 * Lettering.size }

    mutating func set(_ text: String, at x: Double = 12, _ anchor: Picture.Anchor = .start, isBold: Bool = false) {
        elements.append(.text(.init(x, y), text, size: Lettering.size, anchor: anchor, isBold: isBold))
        width = max(width, x + (anchor == .end ? 0 : Lettering.width(text)))
    }

    mutating func set(_ table: Explanation.Table) {
        let rows = [table.head] + table.rows
        let widths = table.head.indices.map { column in rows.reduce(0) { max($0, Lettering.width($1[column])) } }
        for row in rows {
            newLine()
            var x = 28.0
            for (column, text) in row.enumerated() {
                let isRight = table.alignment[column] == .right
                set(text, at: x + (isRight ? widths[column] : 0), isRight ? .end : .start)
                x += widths[column] + 1.5 * Lettering.size
            }
        }
    }

    private static func width(_ text: String) -> Double { 1.25 * Picture.width(of: text, size: size) }
}
