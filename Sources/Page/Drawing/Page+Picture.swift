import AdjointExplanations
import AdjointGraphs

/// The drawing as a picture, with the equation below, for export and print.
extension Page {
    private static let margin = 24.0
    /// The gap between tensors.
    private static let gap = 56.0
    /// The side of a cell, where a tensor has as much space as on the page.
    private static let unit = 44.0
    /// The smallest side of a cell with a number; smaller cells are pixels.
    private static let readable = 20.0
    /// The smallest size of letters.
    static let smallest = 9.0

    func picture() -> Picture {
        let there = row(isBack: false, at: Page.margin)
        let back = row(isBack: true, at: there.bottom + 28)
        let room = max(there.right, back.right, 420) - 2 * Page.margin
        let texts = equations(width: Int(room / Picture.width(of: "0", size: 13)))
        let places = Tiling(at: .init(Page.margin, back.bottom + 28), width: 0, height: 22, across: 1)
        let widths = texts.map { Page.margin * 2 + Picture.width(of: $0, size: 13) * 1.05 }
        let lines = texts.enumerated().map { Picture.Element.text(places.corner($0), $1, size: 13) }
        return Picture(
            strings.pictureTitle, description: joined(texts, by: "; "),
            width: max(there.right, back.right, widths.max() ?? 0),
            height: places.corner(texts.count).y + Page.margin - 10, elements: there.elements + back.elements + lines)
    }

    /// The equation of the selection in the notation that is chosen, in lines, and its number, unless that is to be predicted.
    ///
    /// - Parameter width: the characters in a line.
    private func equations(width: Int) -> [String] {
        guard let sum, !isHidden(sum.tensor, sum.selection.place) else { return [] }
        let start = layer.name(sum.tensor, sum.selection.place) + " = "
        let equation = sum.equation ?? cutEquation(of: sum)
        let lines = sides(of: sum, equation.right).flatMap { equation.lines(of: $0, after: start, width: width) }
        return lines.map { line in
            // Pictures leave out spaces at the beginning.
            let words = line.drop { $0 == " " }
            return String(repeating: "\u{A0}", count: line.count - words.count) + words
        } + [start + written(sum.total, digits: 6)]
    }

    /// V, W and G, or their derivatives below them, with signs for the steps between them.
    private func row(isBack: Bool, at y: Double) -> (elements: [Picture.Element], right: Double, bottom: Double) {
        var elements: [Picture.Element] = []
        var (corner, bottom) = (Picture.Point(Page.margin, y + 26), y)
        let columns = [Tensors.v, .w, .g, .a].filter { layer.shapes[$0] != nil }
        for (number, primal) in columns.enumerated() {
            guard let grid = grids[isBack ? primal.derivative : primal] else { continue }
            if number > 0 {
                let sign = isBack ? "←" : number == 1 && !layer.settings.isPool ? "∗" : "→"
                elements.append(
                    .text(.init(corner.x - Page.gap / 2, corner.y + Page.unit), sign, size: 20, anchor: .middle, .faint)
                )
            }
            let title = (isBack ? "∂E/∂" : "") + primal.name
            elements.append(.text(.init(corner.x, y + 8), title, size: 15, isBold: true))
            let side = Page.unit * grid.room / grid.width
            elements += grid.planes.flatMap { drawn($0, of: grid, at: corner, side: side) }
            corner.x += max(grid.width * side, 64) + Page.gap
            bottom = max(bottom, corner.y + grid.height * side)
        }
        return (elements, corner.x - Page.gap + Page.margin, bottom)
    }

    /// One plane of a grid: cells with their numbers, or pixels.
    private func drawn(_ plane: Int, of grid: Grid, at corner: Picture.Point, side: Double) -> [Picture.Element] {
        let (numbers, area) = (layer.numbers[grid.tensor] ?? [], grid.rows * grid.columns)
        let range = plane * area..<(plane + 1) * area
        guard range.upperBound <= numbers.count else { return [] }
        let places = Tiling(
            at: corner, width: (Double(grid.columns) + 0.5) * side, height: (Double(grid.rows) + 0.5) * side,
            across: grid.across)
        let start = places.corner(plane - grid.planes.lowerBound)
        if side >= Page.readable {
            let digits = digits(of: numbers[range], side: side)
            return Plane(sizes: [grid.rows, grid.columns], side: side, at: start).drawn(smallest: Page.smallest) {
                let place = range.lowerBound + $0[0] * grid.columns + $0[1]
                return cell(grid.tensor, place, digits.map { written(numbers[place], digits: $0) } ?? "", side)
            }
        }
        let scale: Picture.Scale = grid.tensor.isDerivative ? .gradient : grid.tensor == .w ? .weight : .activation
        let largest = numbers.reduce(0) { max($0, $1.magnitude) }
        let map = HeatMap(columns: grid.columns, Array(numbers[range]), scale, largest: largest)
        return [map.image(at: start, side: side), map.frame(at: start, side: side)]
    }

    /// The digits of each number: three, or as many as fit into a cell in readable letters; nil where not even one does.
    private func digits(of numbers: ArraySlice<Double>, side: Double) -> Int? {
        (1...3).reversed().first { digits in
            numbers.allSatisfy {
                Picture.width(of: written($0, digits: digits), size: Page.smallest) <= Page.textShare * side
            }
        }
    }

    private func cell(_ tensor: Tensors, _ place: Int, _ label: String, _ side: Double) -> Plane.Cell {
        let mark = marks.cells[Marks.key(tensor, place)]
        let color = mark.flatMap { fill(of: $0) }
        var cell = Plane.Cell(
            label: isHidden(tensor, place) ? "?" : label, fill: color ?? Picture.Color.none, stroke: color ?? .faint,
            isBold: color != nil && mark?.badge == "")
        if side > 40, layer.sliding.naming == .numbered { cell.corners.left = shortName(tensor, place) }
        if side > 30 { cell.corners.right = mark?.badge ?? "" }
        return cell
    }

    /// The fill of a marked cell; nil where it only belongs to a window.
    private func fill(of mark: Marks.Mark) -> Picture.Color? {
        let words = mark.classes.split(separator: " ").map { String($0) }
        guard words.contains("p") || words.contains("s") else { return nil }
        let group = (0..<8).first { words.contains("g\($0)") }
        return group.map { .group($0) } ?? .accent
    }
}
