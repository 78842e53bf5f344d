import AdjointExplanations
import AdjointGraphs

/// The values of a number over the steps of a training: a line between two axes, with a number at the ends of each.
struct LineChart {
    private let points: [TrainingCurve.Point]
    private let value, step: String
    private let width: Double

    private static let height = 132.0
    private static let (top, left, foot) = (16.0, 44.0, 22.0)

    /// - Parameters:
    ///   - value: the name of the upward axis.
    ///   - step: the name of the other axis.
    init(_ points: [TrainingCurve.Point], _ value: String, _ step: String, width: Double = 520) {
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
