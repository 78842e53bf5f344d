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
        let lines = [title] + blocks.flatMap { $0.lines(100) }
        let elements = lines.enumerated().map { position, line -> Picture.Element in
            let y = 24 + Double(position) * size * 1.5
            let indentation = Double(line.prefix { $0 == " " }.count) * size * 0.6
            return .text(
                Picture.Point(12 + indentation, y), String(line.drop { $0 == " " }), size: size, anchor: .start, .ink,
                isBold: position == 0)
        }
        return Picture(
            title, description: joined(lines, by: "\n"),
            width: 24 + lines.reduce(0) { max($0, Picture.width(of: $1, size: size)) } * 1.1,
            height: 24 + Double(lines.count) * size * 1.5, elements: elements)
    }
}
