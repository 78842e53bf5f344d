import AdjointExplanations
import AdjointGraphs

extension Page {
    /// How something fell, from two points on.
    func curve(_ curve: TrainingCurve, _ id: String, _ title: String, value: String? = nil, width: Double = 520)
        -> String
    {
        let points = curve.points
        guard let last = points.last, points.count > 1 else { return "" }
        let text = filled(strings.curveText, [written(points[0].value, digits: 3), written(last.value, digits: 3)])
        return LineChart(points, value ?? strings.loss, strings.step, width: width).svg(id, title: title, text: text)
    }
}

/// How a number moved with the steps of a training: a line between two axes, with a number at the ends of each.
private struct LineChart {
    private let points: [TrainingCurve.Point]
    private let value, step: String
    private let width: Double

    private static let height = 132.0
    private static let (top, left, foot) = (16.0, 44.0, 22.0)

    /// - Parameters:
    ///   - value: what the upward axis is called.
    ///   - step: what the other is called.
    init(_ points: [TrainingCurve.Point], _ value: String, _ step: String, width: Double) {
        (self.points, self.value, self.step, self.width) = (points, value, step, width)
    }

    func svg(_ id: String, title: String, text: String) -> String {
        let last = max(1, points.last?.step ?? 1)
        let highest = points.reduce(0) { max($0, $1.value) }
        let bottom = LineChart.height - LineChart.foot
        func at(_ point: TrainingCurve.Point) -> Picture.Point {
            .init(
                LineChart.left + Double(point.step) / Double(last) * (width - LineChart.left - 10),
                bottom - (highest > 0 ? point.value / highest : 0) * (bottom - LineChart.top))
        }
        var shapes = SVGShapes()
        shapes.path(
            "M" + shapes.point(.init(LineChart.left, LineChart.top - 8)) + "V" + shapes.number(bottom) + "H"
                + shapes.number(width), " class=\"axis\"")
        shapes.text(.init(LineChart.left - 7, bottom + 4), "0", anchor: .end, " class=\"tick\"")
        shapes.text(
            .init(LineChart.left - 7, LineChart.top + 4), written(highest, digits: 3), anchor: .end, " class=\"tick\"")
        if !value.isEmpty {
            shapes.text(.init(LineChart.left + 7, LineChart.top), value, anchor: .start, " class=\"tick\"")
        }
        shapes.text(.init(LineChart.left, LineChart.height - 5), "0", anchor: .middle, " class=\"tick\"")
        shapes.text(
            .init(width - 2, LineChart.height - 5), step + " \(last)", anchor: .end, " class=\"tick\"")
        if let first = points.first {
            let line = points.dropFirst().map { "L" + shapes.point(at($0)) }
            shapes.path("M" + shapes.point(at(first)) + joined(line, by: ""), " class=\"running\"")
        }
        if points.count <= 24 { for point in points { shapes.circle(at(point), radius: 2.6, " class=\"dot\"") } }
        return drawing(
            "curve", viewBox: "0 0 \(shapes.number(width)) \(shapes.number(LineChart.height))",
            ids: (id + "-t", id + "-d"), title: title, text: text, shapes.text)
    }
}
