import AdjointExplanations
import AdjointGraphs

/// The drawing as a picture of its own, with the equation below: what is exported and printed.
extension Page {
    func picture() -> Picture {
        let columns = [Tensors.v, .w, .g, .a].filter { layer.shapes[$0] != nil }
        var elements: [Picture.Element] = []
        let (margin, gap, unit) = (24.0, 56.0, 44.0)
        var (y, width) = (margin, 0.0)
        for isBack in [false, true] {
            var (x, bottom) = (margin, y)
            for (number, primal) in columns.enumerated() {
                let tensor = isBack ? primal.derivative : primal
                guard let grid = grids[tensor] else { continue }
                if number > 0 {
                    elements.append(
                        .text(
                            .init(x - gap / 2, y + 26 + unit),
                            isBack ? "←" : number == 1 && !layer.settings.isPool ? "∗" : "→", size: 20,
                            anchor: .middle, .faint, isBold: false))
                }
                let title = (tensor.isDerivative ? "∂E/∂" : "") + primal.rawValue
                elements.append(.text(.init(x, y + 8), title, size: 15, anchor: .start, .ink, isBold: true))
                let size = draw(grid, at: .init(x, y + 26), room: unit * grid.room, &elements)
                x += max(size.width, 64) + gap
                bottom = max(bottom, y + 26 + size.height)
            }
            width = max(width, x - gap + margin)
            y = bottom + 28
        }
        var texts: [String] = []
        if let sum {
            if let chain = sum.chain { texts.append(chain.text) }
            if let equation = sum.equation { texts.append(equation.text) }
            texts.append(layer.name(sum.tensor, sum.selection.place) + " = " + written(sum.total, digits: 6))
        }
        for text in texts {
            elements.append(.text(.init(margin, y), text, size: 13, anchor: .start, .ink, isBold: false))
            width = max(width, margin * 2 + Picture.width(of: text, size: 13) * 1.05)
            y += 22
        }
        return Picture(
            strings.pictureTitle, description: joined(texts, by: "; "), width: width, height: y + margin - 10,
            elements: elements)
    }

    private func draw(
        _ grid: Grid, at corner: Picture.Point, room: Double, _ elements: inout [Picture.Element]
    ) -> (width: Double, height: Double) {
        let side = room / grid.width
        let numbers = layer.numbers[grid.tensor] ?? []
        let area = grid.rows * grid.columns
        let largest = numbers.reduce(0) { max($0, $1.magnitude) }
        func color(_ number: Double) -> Picture.Color {
            let share = largest == 0 ? 0 : number / largest
            return grid.tensor.isDerivative ? .gradient(share) : grid.tensor == .w ? .weight(share) : .activation(share)
        }
        var (right, bottom) = (0.0, 0.0)
        for plane in grid.planes {
            let number = plane - grid.planes.lowerBound
            let (left, top) = (
                Double(number % grid.across) * (Double(grid.columns) + 0.5) * side,
                Double(number / grid.across) * (Double(grid.rows) + 0.5) * side
            )
            (right, bottom) = (
                max(right, left + side * Double(grid.columns)), max(bottom, top + side * Double(grid.rows))
            )
            let range = plane * area..<(plane + 1) * area
            guard range.upperBound <= numbers.count else { continue }
            let start = Picture.Point(corner.x + left, corner.y + top)
            if side < 20 {
                elements.append(
                    .image(
                        start, width: side * Double(grid.columns), height: side * Double(grid.rows),
                        columns: grid.columns,
                        numbers[range].map { color($0) }))
                elements.append(
                    .rectangle(
                        start, width: side * Double(grid.columns), height: side * Double(grid.rows), corner: 0,
                        fill: .none,
                        stroke: .faint, hatch: nil))
                continue
            }
            var marked: [Picture.Element] = []
            for place in range {
                let (row, column) = (
                    (place - range.lowerBound) / grid.columns, (place - range.lowerBound) % grid.columns
                )
                let spot = Picture.Point(start.x + Double(column) * side, start.y + Double(row) * side)
                let (fill, isMarked) = self.fill(grid.tensor, place)
                let cell = Picture.Element.rectangle(
                    spot, width: side, height: side, corner: 0, fill: fill, stroke: isMarked ? fill : .faint, hatch: nil
                )
                if isMarked { marked.append(cell) } else { elements.append(cell) }
                marked.append(
                    .text(
                        .init(spot.x + side / 2, spot.y + side / 2), written(numbers[place], digits: 3),
                        size: min(15, side * 0.36),
                        anchor: .middle, .ink,
                        isBold: isMarked && marks.cells[Marks.key(grid.tensor, place)]?.badge == ""))
                if side > 40, layer.sliding.naming == .numbered {
                    let name = shortName(grid.tensor, place)
                    marked.append(
                        .text(.init(spot.x + 4, spot.y + 8), name, size: 9, anchor: .start, .ink, isBold: false))
                }
                if let badge = marks.cells[Marks.key(grid.tensor, place)]?.badge, !badge.isEmpty, side > 30 {
                    marked.append(
                        .text(.init(spot.x + side - 4, spot.y + 8), badge, size: 9, anchor: .end, .ink, isBold: true))
                }
            }
            elements += marked
        }
        return (right, bottom)
    }

    /// The colour of a marked cell.
    private func fill(_ tensor: Tensors, _ place: Int) -> (Picture.Color, Bool) {
        guard let mark = marks.cells[Marks.key(tensor, place)] else { return (.none, false) }
        let words = mark.classes.split(separator: " ").map { String($0) }
        guard words.contains("p") || words.contains("s") else { return (.none, false) }
        for group in 0..<8 where words.contains("g\(group)") { return (.group(group), true) }
        return (.accent, true)
    }
}
