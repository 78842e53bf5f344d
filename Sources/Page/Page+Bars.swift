import AdjointExplanations
import AdjointGraphs

/// The terms as bars from zero, and the running total as a line through them.
extension Page {
    func barsHTML(_ sum: LayerSum) -> String {
        guard sum.terms.count > 1 else { return "" }
        let isFolded = sum.terms.count > LayerSum.readable
        let shown = isFolded ? sum.strongest(24) : Array(sum.terms.indices)
        var totals: [Double] = []
        var running = 0.0
        for number in shown {
            running += sum.terms[number].value
            totals.append(running)
        }
        let values = shown.map { sum.terms[$0].value }
        let high = max(0, (values + totals).reduce(0) { max($0, $1) })
        let low = min(0, (values + totals).reduce(0) { min($0, $1) })
        let (width, height, top, left, foot) = (520.0, 168.0, 14.0, 44.0, 22.0)
        let span = high - low == 0 ? 1 : high - low
        func y(_ value: Double) -> Double { top + (high - value) / span * (height - top - foot) }
        let step = (width - left - 8) / Double(shown.count)
        let bar = min(40, step * 0.62)
        func x(_ place: Int) -> Double { left + step * (Double(place) + 0.5) }
        func at(_ number: Double) -> String { shortest((number * 10).rounded() / 10) }

        var svg =
            "<svg viewBox=\"0 0 \(at(width)) \(at(height))\" role=\"img\" aria-labelledby=\"bars-title bars-text\">"
        svg +=
            "<title id=\"bars-title\">\(markup(strings.barsTitle))</title><desc id=\"bars-text\">"
            + markup(isFolded ? filled(strings.barsFolded, ["\(shown.count)"]) : described(sum)) + "</desc>"
        svg += "<path class=\"axis\" d=\"M\(at(left)) \(at(y(0)))H\(at(width))\"/>"
        for value in Set([high, low, 0]).sorted() {
            svg +=
                "<text class=\"tick\" x=\"\(at(left - 7))\" y=\"\(at(y(value) + 4))\" text-anchor=\"end\">\(written(value, digits: 3))</text>"
        }
        let digits = (shown.max().map { "\($0 + 1)".utf8.count } ?? 1)
        let hasLabels = step >= 7 * Double(digits) + 5
        for (place, number) in shown.enumerated() {
            let value = values[place]
            let (from, to) = (y(max(0, value)), y(min(0, value)))
            svg +=
                "<g class=\"bar\(color(of: number, in: sum))\(value < 0 ? " minus" : "")\(number == term ? " n" : "")\" data-term=\"\(number)\">"
                + "<rect class=\"area\" x=\"\(at(x(place) - step / 2))\" y=\"0\" width=\"\(at(step))\" height=\"\(at(height))\"/>"
                + "<rect class=\"body\" x=\"\(at(x(place) - bar / 2))\" y=\"\(at(from))\" width=\"\(at(bar))\" height=\"\(at(max(1, to - from)))\"/>"
            if hasLabels {
                svg +=
                    "<text class=\"number\" x=\"\(at(x(place)))\" y=\"\(at(height - 5))\" text-anchor=\"middle\">\(number + 1)</text>"
            }
            svg += "</g>"
        }
        // The running total stays until the next term changes it.
        var path = "M\(at(left)) \(at(y(0)))"
        for (place, total) in totals.enumerated() {
            path += "H\(at(x(place)))V\(at(y(total)))"
        }
        svg += "<path class=\"running\" d=\"\(path)H\(at(width))\"/>"
        if shown.count <= 24 {
            for (place, total) in totals.enumerated() {
                svg += "<circle class=\"dot\" cx=\"\(at(x(place)))\" cy=\"\(at(y(total)))\" r=\"2.6\"/>"
            }
        }
        return "<figure class=\"bars\" id=\"bars\">\(svg)</svg><figcaption>"
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
