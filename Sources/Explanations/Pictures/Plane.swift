import AdjointGraphs

/// Cells of a tensor's spatial axes in a drawing: one axis as a row, two as a grid, three as grids side by side.
///
/// Positions may begin below 0, where there is padding.
package struct Plane {
    /// The positions drawn on each axis.
    let ranges: [ClosedRange<Int>]
    /// The side of a cell.
    private(set) var side: Double
    private(set) var origin: Picture.Point

    package struct Cell {
        var label = ""
        /// The text of a second, smaller line.
        var note = ""
        /// The texts in the upper corners.
        package var corners = (left: "", right: "")
        var fill = Picture.Color.none
        var stroke = Picture.Color.faint
        var hatch: Int?
        var isFaint = false
        var isBold = false
    }

    init(_ ranges: [ClosedRange<Int>], side: Double = 1, at origin: Picture.Point = .init(0, 0)) {
        (self.ranges, self.side, self.origin) = (ranges, side, origin)
    }

    package init(sizes: [Int], side: Double = 1, at origin: Picture.Point = .init(0, 0)) {
        self.init(sizes.map { 0...$0 - 1 }, side: side, at: origin)
    }

    private var count: Int { slices * rows * columns }
    private var slices: Int { ranges.count == 3 ? ranges[0].count : 1 }
    private var rows: Int { ranges.count >= 2 ? ranges[ranges.count - 2].count : 1 }
    private var columns: Int { ranges.last?.count ?? 1 }
    /// The gap between slices.
    private var gap: Double { max(6, side * 0.5) }

    var width: Double { Double(slices * columns) * side + Double(slices - 1) * gap }
    var height: Double { Double(rows) * side }

    /// Whether cells have texts; a plane with too many cells is drawn as an image.
    var isReadable: Bool { count <= Plane.readableCells }

    static let readableCells = 400
    /// The smallest size of letters; smaller ones are left out.
    private static let readableSize = 9.0
}

extension Plane.Cell {
    package init(label: String, fill: Picture.Color, stroke: Picture.Color, isBold: Bool) {
        (self.label, self.fill, self.stroke, self.isBold) = (label, fill, stroke, isBold)
    }

    /// The texts in the corners; the left one is left out where there is no room for both.
    fileprivate func corners(at corner: Picture.Point, side: Double) -> [Picture.Element] {
        let (left, right) = (corner.moved(by: 4, 8), corner.moved(by: side - 4, 8))
        // Digits are wider in some fonts and in bold.
        let isWide = 1.25 * Picture.width(of: corners.left + corners.right, size: 9) > side - 12
        return (corners.left.isEmpty || isWide ? [] : [.text(left, corners.left, size: 9)])
            + (corners.right.isEmpty ? [] : [.text(right, corners.right, size: 9, anchor: .end, isBold: true)])
    }
}

// MARK: - size and place

extension Plane {
    /// The same plane with cells as large as fit.
    func fitted(width: Double, height: Double, largest: Double) -> Plane {
        let across = Double(slices * columns) + 0.5 * Double(slices - 1)
        return Plane(ranges, side: min(largest, min(width / across, height / Double(rows))), at: origin)
    }

    /// The same plane with cells in which these labels, with a note below, can be read, unless it would be too wide.
    func readable(_ labels: [String], hasNotes: Bool = false, within width: Double = 980) -> Plane {
        let size = Plane.readableSize
        let widest = labels.reduce(0) { max($0, Picture.width(of: $1, size: size)) }
        let side = max(side, widest / 0.8, size / (hasNotes ? 0.42 * 0.79 : 0.41))
        let plane = Plane(ranges, side: side, at: origin)
        return plane.width <= width ? plane : self
    }

    /// The same plane with cells of whole pixels where it is an image, so that all are equally wide.
    var whole: Plane { isReadable || side < 1 ? self : Plane(ranges, side: side.rounded(), at: origin) }

    func placed(at origin: Picture.Point) -> Plane { Plane(ranges, side: side, at: origin) }

    /// A value for every position, in row-major order.
    func map<Known>(_ known: ([Int]) -> Known) -> [Known] {
        var index = Odometer(Shape(ranges.map { $0.count }))
        return (0..<count).map { _ in
            defer { index.advance() }
            return known(ranges.indices.map { ranges[$0].lowerBound + index[$0] })
        }
    }

    var positions: [[Int]] { map { $0 } }

    /// The upper left corner of a cell.
    func corner(_ position: [Int]) -> Picture.Point {
        let steps = zip(position, ranges).map { Double($0 - $1.lowerBound) }
        let column = steps.last ?? 0
        let row = steps.count >= 2 ? steps[steps.count - 2] : 0
        let slice = steps.count == 3 ? steps[0] : 0
        return origin.moved(by: column * side + slice * (Double(columns) * side + gap), row * side)
    }
}

// MARK: - drawing

extension Plane {
    /// All cells, each by its position; those with heavier outlines last, so that none is covered. Letters have the same size
    /// in all of them.
    ///
    /// - Parameter smallest: the smallest size of labels, where they are known to fit.
    package func drawn(smallest: Double = 0, _ cell: ([Int]) -> Cell) -> [Picture.Element] {
        let places = positions
        let cells = places.map { cell($0) }
        let size = min(14, side * 0.42)
        let label = max(smallest, fitting(cells.map { $0.label }, size))
        let note = fitting(cells.map { $0.note }, size * 0.8)
        var (plain, marked, texts): ([Picture.Element], [Picture.Element], [Picture.Element]) = ([], [], [])
        for (position, cell) in zip(places, cells) {
            let corner = corner(position)
            let outline = Picture.Element.rectangle(
                corner, width: side, height: side, fill: cell.fill, stroke: cell.stroke, hatch: cell.hatch)
            if cell.stroke == .faint || cell.stroke == .none { plain.append(outline) } else { marked.append(outline) }
            func write(_ text: String, _ y: Double, _ size: Double) {
                if text.isEmpty || size < Plane.readableSize { return }
                let middle = corner.moved(by: side / 2, side / 2).moved(by: 0, y)
                let color: Picture.Color = cell.isFaint ? .faint : .ink
                texts.append(.text(middle, text, size: size, anchor: .middle, color, isBold: cell.isBold))
            }
            write(cell.label, cell.note.isEmpty ? 0 : -side * 0.17, label)
            write(cell.note, side * 0.24, note)
            texts += cell.corners(at: corner, side: side)
        }
        return plain + marked + texts
    }

    /// The size of letters with which every text fits.
    private func fitting(_ texts: [String], _ size: Double) -> Double {
        let widest = texts.reduce(1) { max($0, Picture.width(of: $1, size: size)) }
        return min(size, size * 0.82 * side / widest)
    }

    /// All cells as one image for each slice, for planes with too many cells to read.
    ///
    /// - Parameter colors: the colours of the cells, row-major.
    func image(_ colors: [Picture.Color]) -> [Picture.Element] {
        let area = rows * columns
        return (0..<slices).flatMap { slice -> [Picture.Element] in
            let map = HeatMap(columns: columns, Array(colors[slice * area..<(slice + 1) * area]))
            let corner = origin.moved(by: Double(slice) * (Double(columns) * side + gap), 0)
            return [map.image(at: corner, side: side), map.frame(at: corner, side: side)]
        }
    }

    /// An outline around all positions of a box.
    func outline(_ box: [ClosedRange<Int>], _ color: Picture.Color) -> [Picture.Element] {
        let leading = box.count == 3 ? box[0].map { [$0] } : [[]]
        return leading.map { slice in
            let low = corner(slice + box.suffix(2).map { $0.lowerBound })
            let high = corner(slice + box.suffix(2).map { $0.upperBound })
            return .rectangle(low, width: high.x - low.x + side, height: high.y - low.y + side, stroke: color)
        }
    }
}
