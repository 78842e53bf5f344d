extension Picture.Element {
    /// The same element further down.
    func moved(down distance: Double) -> Picture.Element {
        func moved(_ point: Picture.Point) -> Picture.Point { Picture.Point(point.x, point.y + distance) }
        switch self {
        case .rectangle(let corner, let width, let height, let radius, let fill, let stroke, let hatch):
            return .rectangle(
                moved(corner), width: width, height: height, corner: radius, fill: fill, stroke: stroke, hatch: hatch)
        case .circle(let center, let radius, let fill, let stroke):
            return .circle(moved(center), radius: radius, fill: fill, stroke: stroke)
        case .line(let start, let end, let color, let width, let isDashed, let arrow):
            return .line(moved(start), moved(end), color, width: width, isDashed: isDashed, arrow: arrow)
        case .curve(let start, let bends, let color, let width, let arrow):
            return .curve(
                moved(start), bends.map { Picture.Bend(moved($0.first), moved($0.second), to: moved($0.end)) }, color,
                width: width, arrow: arrow)
        case .text(let place, let text, let size, let anchor, let color, let isBold):
            return .text(moved(place), text, size: size, anchor: anchor, color, isBold: isBold)
        case .image(let corner, let width, let height, let columns, let colors):
            return .image(moved(corner), width: width, height: height, columns: columns, colors)
        case .group(let title, let elements):
            return .group(title, elements.map { $0.moved(down: distance) })
        }
    }
}
