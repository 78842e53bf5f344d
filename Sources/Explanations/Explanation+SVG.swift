import AdjointGraphs

extension Explanation {
    /// Everything as one picture: the drawings one below the other, and what is no drawing as text above them.
    public func svg() -> String { picture.svg() }

    private var picture: Picture {
        var parts: [(picture: Picture, y: Double)] = []
        var (width, height) = (0.0, 0.0)
        func add(_ picture: Picture) {
            parts.append((picture, height))
            width = max(width, picture.width)
            height += picture.height + 16
        }
        let hasPictures = sections.contains { section in
            section.blocks.contains { if case .picture = $0 { true } else { false } }
        }
        for section in sections {
            // Beside pictures, only what belongs to them.
            for block in section.blocks {
                if case .picture(let picture) = block { add(picture) }
            }
            if !hasPictures { add(section.lettering) }
        }
        return Picture(
            title, description: joined(parts.map { $0.picture.description }, by: "\n"), width: width, height: height,
            elements: parts.map { part in
                .group(part.picture.title, part.picture.elements.map { $0.moved(down: part.y) })
            })
    }
}

extension Explanation.Section {
    /// The section's text, set as it stands in a terminal.
    fileprivate var lettering: Picture {
        let size = 14.0
        var (width, y) = (0.0, 24.0)
        var elements: [Picture.Element] = []
        func set(_ text: String, _ x: Double, _ anchor: Picture.Anchor = .start, isBold: Bool = false) {
            elements.append(.text(Picture.Point(x, y), text, size: size, anchor: anchor, .ink, isBold: isBold))
            width = max(width, x + (anchor == .end ? 0 : 1.1 * Picture.width(of: text, size: size)))
        }
        set(title, 12, isBold: true)
        for block in blocks {
            if case .table(let table) = block {
                for row in [table.head] + table.rows {
                    y += 1.5 * size
                    var x = 28.0
                    for (column, text) in row.enumerated() {
                        let widest = ([table.head] + table.rows).reduce(0) {
                            max($0, 1.1 * Picture.width(of: $1[column], size: size))
                        }
                        let isRight = table.alignment[column] == .right
                        set(text, x + (isRight ? widest : 0), isRight ? .end : .start)
                        x += widest + 1.5 * size
                    }
                }
                continue
            }
            for line in TextWriter(width: 100).lines(of: block) {
                y += 1.5 * size
                set(String(line.drop { $0 == " " }), 12 + Double(line.prefix { $0 == " " }.count) * size * 0.6)
            }
        }
        return Picture(
            title, description: joined([title] + blocks.flatMap { TextWriter().lines(of: $0) }, by: "\n"),
            width: width + 12,
            height: y + size, elements: elements)
    }
}
