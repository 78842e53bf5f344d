import AdjointExplanations
import AdjointGraphs

/// The meaning of a grid's colours: the scale with its two ends, and the number of elements beyond them.
extension Page {
    func legend(_ grid: Grid) -> String {
        let colours = "<p class=\"legend\"><span id=\"rgb\">\(markup(colourText))</span></p>"
        return grid.isColoured ? colours : (grid.hasColours ? colours : "") + toneLegend(grid)
    }

    private func toneLegend(_ grid: Grid) -> String {
        let scale = scale(grid)
        let end = written(scale.end, digits: 3)
        let beyond =
            scale.beyond == 0
            ? ""
            : "<span class=\"beyond\">\(markup(filled(strings.beyond, [grouped(scale.beyond), written(scale.largest, digits: 3)])))</span>"
        return """
            <p class="legend\(beyond.isEmpty ? "" : " clipped")" role="group" aria-label="\(markup(strings.legend))">\
            <span>\(scale.end == 0 ? "0" : "−" + end)</span><i aria-hidden="true"></i><span>\(end)</span>\(beyond)</p>
            """
    }

    /// The magnitude that has the full colour, the largest one, and the number of elements beyond the former.
    func scale(_ grid: Grid) -> (end: Double, largest: Double, beyond: Int) {
        let numbers = layer.numbers[grid.tensor] ?? []
        guard grid.isPainted else {
            let largest = sizes[grid.tensor] ?? 0
            return (largest, largest, 0)
        }
        let range = grid.firstPlane
        return range.upperBound <= numbers.count ? Page.scale(of: Array(numbers[range])) : (0, 0, 0)
    }

    static func scale(of plane: [Double]) -> (end: Double, largest: Double, beyond: Int) {
        // One number far beyond all others would make these colourless.
        let squares = plane.reduce(0.0) { $0 + $1 * $1 } / Double(max(1, plane.count))
        let largest = plane.reduce(0.0) { max($0, $1.magnitude) }
        let end = min(largest, 3 * squares.squareRoot())
        return (end, largest, plane.count { $0.magnitude > end })
    }
}
