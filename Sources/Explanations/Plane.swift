import AdjointGraphs

/// Cells of a tensor's spatial axes in a drawing: one axis as a row, two as a grid, three as grids side by side.
///
/// Positions may begin below 0, where there is padding.
struct Plane {
    /// The positions drawn on each axis.
    let ranges: [ClosedRange<Int>]
    let origin: Picture.Point
    let side: Double

    struct Cell {
        var label = ""
        /// A second, smaller line.
        var note = ""
        var fill = Picture.Color.none
        var stroke = Picture.Color.faint
        var hatch: Int?
        var isFaint = false
    }

    init(_ ranges: [ClosedRange<Int>], at origin: Picture.Point, side: Double) {
        self.ranges = ranges
        self.origin = origin
        self.side = side
    }

    private var slices: Int { ranges.count == 3 ? ranges[0].count : 1 }
    private var rows: Int { ranges.count >= 2 ? ranges[ranges.count - 2].count : 1 }
    private var columns: Int { ranges.last?.count ?? 1 }
    /// Between slices.
    private var gap: Double { max(6, side * 0.5) }

    var width: Double { Double(slices * columns) * side + Double(slices - 1) * gap }
    var height: Double { Double(rows) * side }
    var count: Int { slices * rows * columns }

    /// How large the side of a cell may be for a plane to fit.
    static func side(_ ranges: [ClosedRange<Int>], width: Double, height: Double, largest: Double) -> Double {
        let plane = Plane(ranges, at: Picture.Point(0, 0), side: 1)
        let across = Double(plane.slices * plane.columns) + 0.5 * Double(plane.slices - 1)
        return min(largest, min(width / across, height / Double(plane.rows)))
    }

    /// Pixels of an image are whole, so that all are equally wide.
    static func whole(_ side: Double) -> Double { side < 1 ? side : side.rounded() }

    /// The upper left corner of a cell.
    func corner(_ position: [Int]) -> Picture.Point {
        let steps = zip(position, ranges).map { Double($0 - $1.lowerBound) }
        let column = steps.last ?? 0
        let row = steps.count >= 2 ? steps[steps.count - 2] : 0
        let slice = steps.count == 3 ? steps[0] : 0
        return Picture.Point(
            origin.x + column * side + slice * (Double(columns) * side + gap), origin.y + row * side)
    }

    func center(_ position: [Int]) -> Picture.Point {
        let corner = corner(position)
        return Picture.Point(corner.x + side / 2, corner.y + side / 2)
    }

    /// Every position in row-major order.
    var positions: [[Int]] {
        ranges.reduce([[]]) { starts, range in starts.flatMap { start in range.map { start + [$0] } } }
    }

    /// All cells, each by its position: those with heavier outlines last, so that none is covered. Letters are equally
    /// large in all of them.
    func drawn(_ cell: ([Int]) -> Cell) -> [Picture.Element] {
        let places = positions
        let cells = places.map { cell($0) }
        let size = min(14, side * 0.42)
        let label = fitting(cells.map { $0.label }, size)
        let note = fitting(cells.map { $0.note }, size * 0.8)
        var (plain, marked, texts): ([Picture.Element], [Picture.Element], [Picture.Element]) = ([], [], [])
        for (position, cell) in zip(places, cells) {
            let outline = Picture.Element.rectangle(
                corner(position), width: side, height: side, corner: 0, fill: cell.fill, stroke: cell.stroke,
                hatch: cell.hatch)
            if cell.stroke == .faint || cell.stroke == .none { plain.append(outline) } else { marked.append(outline) }
            let center = center(position)
            func write(_ text: String, _ y: Double, _ size: Double) {
                if text.isEmpty || size < Plane.readableSize { return }
                texts.append(
                    .text(
                        Picture.Point(center.x, center.y + y), text, size: size, anchor: .middle,
                        cell.isFaint ? .faint : .ink, isBold: false))
            }
            write(cell.label, cell.note.isEmpty ? 0 : -side * 0.17, label)
            write(cell.note, side * 0.24, note)
        }
        return plain + marked + texts
    }

    /// How large letters may be for every text to fit.
    private func fitting(_ texts: [String], _ size: Double) -> Double {
        let widest = texts.reduce(1) { max($0, Picture.width(of: $1, size: size)) }
        return min(size, size * 0.82 * side / widest)
    }

    /// All cells as one image, for planes whose cells nobody could read.
    func image(_ color: ([Int]) -> Picture.Color) -> [Picture.Element] {
        var elements: [Picture.Element] = []
        let slicePositions = positions
        let each = rows * columns
        for slice in 0..<slices {
            let part = slicePositions[slice * each..<(slice + 1) * each]
            let start = corner(part.first ?? [])
            let (w, h) = (Double(columns) * side, Double(rows) * side)
            elements.append(.image(start, width: w, height: h, columns: columns, part.map { color($0) }))
            elements.append(
                .rectangle(start, width: w, height: h, corner: 0, fill: .none, stroke: .faint, hatch: nil))
        }
        return elements
    }

    /// An outline around all positions of a box.
    func outline(_ box: [ClosedRange<Int>], _ color: Picture.Color) -> [Picture.Element] {
        let leading = box.count == 3 ? Array(box[0]) : [0]
        return leading.map { slice in
            let low = corner((box.count == 3 ? [slice] : []) + box.suffix(2).map { $0.lowerBound })
            let high = corner((box.count == 3 ? [slice] : []) + box.suffix(2).map { $0.upperBound })
            return .rectangle(
                low, width: high.x - low.x + side, height: high.y - low.y + side, corner: 0, fill: .none, stroke: color,
                hatch: nil)
        }
    }

    /// More cells than anybody reads become an image.
    static let readableCells = 400
    /// Smaller letters are left out.
    static let readableSize = 6.5
}
