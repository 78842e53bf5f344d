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

extension Picture.Element {
    /// The same element further down.
    fileprivate func moved(down y: Double) -> Picture.Element {
        func moved(_ point: Picture.Point) -> Picture.Point { Picture.Point(point.x, point.y + y) }
        switch self {
        case .rectangle(let point, let width, let height, let corner, let fill, let stroke, let hatch):
            return .rectangle(
                moved(point), width: width, height: height, corner: corner, fill: fill, stroke: stroke, hatch: hatch)
        case .circle(let point, let radius, let fill, let stroke):
            return .circle(moved(point), radius: radius, fill: fill, stroke: stroke)
        case .line(let start, let end, let color, let width, let isDashed, let arrow):
            return .line(moved(start), moved(end), color, width: width, isDashed: isDashed, arrow: arrow)
        case .curve(let start, let bends, let color, let width, let arrow):
            let bends = bends.map { Picture.Bend(moved($0.first), moved($0.second), to: moved($0.end)) }
            return .curve(moved(start), bends, color, width: width, arrow: arrow)
        case .text(let point, let text, let size, let anchor, let color, let isBold):
            return .text(moved(point), text, size: size, anchor: anchor, color, isBold: isBold)
        case .image(let point, let width, let height, let columns, let colors):
            return .image(moved(point), width: width, height: height, columns: columns, colors)
        case .group(let title, let elements):
            return .group(title, elements.map { $0.moved(down: y) })
        }
    }
}
