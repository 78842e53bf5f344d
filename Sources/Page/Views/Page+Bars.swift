import AdjointExplanations
import AdjointGraphs

/// The terms as bars from zero, and the running total as a line through them.
extension Page {
    func barsHTML(_ sum: LayerSum) -> String {
        guard sum.terms.count > 1 else { return "" }
        let isFolded = sum.terms.count > LayerSum.readable
        let chart = BarChart(sum, isFolded ? sum.strongest(24) : Array(sum.terms.indices))
        var shapes = SVGShapes()
        let (w, h) = (shapes.number(BarChart.width), shapes.number(BarChart.height))
        chart.addAxis(to: &shapes)
        for (place, number) in chart.shown.enumerated() {
            let isMinus = sum.terms[number].value < 0
            shapes.begin(
                " class=\"bar\(color(of: number, in: sum))\(isMinus ? " minus" : "")\(number == term ? " n" : "")\" data-term=\"\(number)\""
            )
            chart.addBar(place, to: &shapes)
            shapes.finish()
        }
        chart.addTotals(to: &shapes)
        let text = isFolded ? filled(strings.barsFolded, ["\(chart.shown.count)"]) : described(sum)
        let svg = drawing(
            viewBox: "0 0 \(w) \(h)", ids: ("bars-title", "bars-text"), title: strings.barsTitle, text: text,
            shapes.text)
        return "<figure class=\"bars\" id=\"bars\">\(svg)<figcaption>"
            + "<span class=\"key term-key\">\(markup(isFolded ? strings.barsKeyFolded : strings.barsKey))</span>"
            + "<span class=\"key total-key\">\(markup(strings.totalKey))</span></figcaption></figure>"
    }

    private func described(_ sum: LayerSum) -> String {
        var running = 0.0
        let texts = sum.terms.enumerated().map { number, term -> String in
            running += term.value
            return filled(strings.barText, ["\(number + 1)", written(term.value), written(running)])
        }
        return joined(texts, by: "; ")
    }
}

/// Bars of some terms side by side, and the places of their running totals.
private struct BarChart {
    let shown: [Int]
    private let values, totals: [Double]
    private let low, high: Double

    static let width = 520.0
    static let height = 168.0
    private static let (top, foot) = (14.0, 22.0)
    /// The size of letters on a phone, where the chart is narrow.
    private static let letters = 15.0
    /// The width of the numbers at the side.
    private let left: Double

    init(_ sum: LayerSum, _ shown: [Int]) {
        self.shown = shown
        let values = shown.map { sum.terms[$0].value }
        self.values = values
        totals = values.indices.map { values[...$0].reduce(0, +) }
        high = (values + totals).reduce(0) { max($0, $1) }
        low = (values + totals).reduce(0) { min($0, $1) }
        // Digits are wider in some fonts.
        left = [low, high].reduce(44) {
            max($0, 12 + 1.15 * Picture.width(of: BarChart.tick($1), size: BarChart.letters))
        }
    }

    private static func tick(_ value: Double) -> String { written(value, digits: 3) }

    /// The distance from one bar to the next.
    private var step: Double { (BarChart.width - left - 8) / Double(shown.count) }

    private func x(_ place: Int) -> Double { left + step * (Double(place) + 0.5) }

    private func y(_ value: Double) -> Double {
        let span = high == low ? 1 : high - low
        return BarChart.top + (high - value) / span * (BarChart.height - BarChart.top - BarChart.foot)
    }

    /// The line at zero, and the numbers at its side, if they are not too near to its own.
    func addAxis(to shapes: inout SVGShapes) {
        shapes.path(
            "M" + shapes.point(.init(left, y(0))) + "H" + shapes.number(BarChart.width), " class=\"axis\"")
        for value in [high, low].filter({ (y($0) - y(0)).magnitude > BarChart.letters }) + [0] {
            let place = Picture.Point(left - 7, y(value) + 4)
            shapes.text(place, BarChart.tick(value), anchor: .end, " class=\"tick\"")
        }
    }

    /// The area that reacts to the pointer, the bar, and the term's number where there is space for it.
    func addBar(_ place: Int, to shapes: inout SVGShapes) {
        let (x, width) = (x(place), min(40, step * 0.62))
        let (from, to) = (y(max(0, values[place])), y(min(0, values[place])))
        shapes.rectangle(.init(x - step / 2, 0), width: step, height: BarChart.height, " class=\"area\"")
        shapes.rectangle(.init(x - width / 2, from), width: width, height: max(1, to - from), " class=\"body\"")
        let digits = "\((shown.max() ?? 0) + 1)".utf8.count
        if step >= 7 * Double(digits) + 5 {
            let base = Picture.Point(x, BarChart.height - 5)
            shapes.text(base, "\(shown[place] + 1)", anchor: .middle, " class=\"number\"")
        }
    }

    /// The line of running totals, which is level until the next term changes it.
    func addTotals(to shapes: inout SVGShapes) {
        let steps = totals.indices.map { "H" + shapes.number(x($0)) + "V" + shapes.number(y(totals[$0])) }
        shapes.path(
            "M" + shapes.point(.init(left, y(0))) + joined(steps, by: "") + "H"
                + shapes.number(BarChart.width), " class=\"running\"")
        if shown.count > 24 { return }
        for place in totals.indices {
            shapes.circle(.init(x(place), y(totals[place])), radius: 2.6, " class=\"dot\"")
        }
    }
}
