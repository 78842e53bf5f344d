import AdjointExplanations
import AdjointGraphs

/// What large layers need: all gradients of the filter at once, the strongest of them, and the map of one weight's terms.
extension Page {
    func largestHTML() -> String {
        guard let dw = layer.numbers[.dw], let shape = layer.shapes[.w] else {
            return "<p class=\"hint\">\(markup(strings.poolHasNoFilter))</p>"
        }
        var html = "<div class=\"readings\"><section class=\"view\"><h3>\(markup(strings.rankTitle))</h3>"
        html += ranking(dw) + "</section><section class=\"view\"><h3>\(markup(strings.atlasTitle))</h3>"
        let atlas = Atlas(Tensor(known: shape, .float64(dw))).picture(
            title: "∂E/∂W " + list(shape.sizes), strings.words)
        html += "<figure>\(atlas.svg(name: "atlas"))</figure></section></div>"
        return html + contributionMap()
    }

    /// The weights by the size of their gradient.
    private func ranking(_ dw: [Double]) -> String {
        let all = dw.reduce(0.0) { $0 + $1.magnitude }
        var strongest: [Int] = []
        for place in dw.indices {
            if strongest.count == 10, let last = strongest.last, dw[last].magnitude >= dw[place].magnitude { continue }
            let spot = strongest.firstIndex { dw[$0].magnitude < dw[place].magnitude } ?? strongest.count
            strongest.insert(place, at: spot)
            if strongest.count > 10 { strongest.removeLast() }
        }
        var html =
            "<table><thead><tr><th></th><th>\(markup(strings.rankWeight))</th><th class=\"number\">\(title(.dw))</th>"
            + "<th class=\"number\">\(markup(strings.rankShare))</th></tr></thead><tbody>"
        var share = 0.0
        for (rank, place) in strongest.enumerated() {
            share += all == 0 ? 0 : dw[place].magnitude / all
            html +=
                "<tr><td>\(rank + 1)</td><td><button class=\"link\" id=\"rank-\(rank)\" data-do=\"pin W \(place)\">\(layer.name(.w, place))</button></td>"
                + "<td class=\"number\">\(written(dw[place]))</td><td class=\"number\">\(written(100 * share, digits: 3)) %</td></tr>"
        }
        return html + "</tbody></table>"
    }

    /// What each window adds to the pinned weight's gradient, as it lies on the output.
    private func contributionMap() -> String {
        guard let selection = layer.valid(state.selection), selection.name == "W", let g = layer.shapes[.g] else {
            return "<p class=\"hint\">\(markup(strings.mapHint))</p>"
        }
        let sum = layer.sum(of: selection)
        let name = layer.name(.w, selection.place)
        var html = "<section class=\"view\"><h3>\(markup(filled(strings.mapTitle, [name])))</h3><div class=\"mapped\">"
        let area = g[2] * g[3]
        var values = [Double](repeating: 0, count: area)
        for term in sum.terms { values[term.link.g % area] += term.value }
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        let cell = max(2, min(36, (380 / Double(max(g[2], g[3]))).rounded(.down)))
        let map = HeatMap(columns: g[3], values, .gradient, largest: largest)
        let picture = Picture(
            filled(strings.mapTitle, [name]), description: filled(strings.mapText, [name, written(sum.total)]),
            width: cell * Double(g[3]) + 2, height: cell * Double(g[2]) + 2,
            elements: [map.image(at: .init(1, 1), side: cell), map.frame(at: .init(1, 1), side: cell)])
        html +=
            "<figure class=\"map\" data-pixels=\"map\" tabindex=\"0\" id=\"px-map\">\(picture.svg(name: "map"))<figcaption>"
            + markup(
                filled(strings.mapKey, [written(largest), written(sum.plus), written(sum.minus), written(sum.total)]))
            + "</figcaption></figure>"
        return html + lens(sum) + "</div></section>"
    }

    /// One window in full: the index arithmetic, and what lies under each tap.
    private func lens(_ sum: LayerSum) -> String {
        guard let number = state.step ?? sum.strongest(1).first, number < sum.terms.count, let v = layer.shapes[.v],
            let g = layer.shapes[.g]
        else { return "" }
        let link = sum.terms[number].link
        let (i, p) = (v.index(of: link.v), g.index(of: link.g))
        let tap = Shape(layer.sliding.taps).index(of: link.tap)
        var html =
            "<div class=\"lens\"><h4>\(markup(filled(strings.lensTitle, ["\(number + 1)", written(sum.terms[number].value)])))</h4><p>"
        for axis in 0..<2 {
            let along = layer.sliding.window.axes[axis]
            let (from, to) = layer.sliding.isTransposed ? (i[axis + 2], p[axis + 2]) : (p[axis + 2], i[axis + 2])
            html +=
                "<span class=\"size\">\(markup(axis == 0 ? strings.rows : strings.columns))</span> <math><mrow><mn>\(along.stride)</mn><mo>·</mo><mn>\(from)</mn><mo>+</mo><mn>\(along.dilation)</mn><mo>·</mo><mn>\(tap[axis])</mn>"
                + "<mo>−</mo><mn>\(along.padding)</mn><mo>=</mo><mn>\(to)</mn></mrow></math>  "
        }
        html +=
            "</p><p class=\"hint\">\(markup(strings.lensHint))</p><p class=\"size\">" + layer.name(.dg, link.g) + " · "
            + layer.name(.v, link.v) + " = " + written(layer.value(.dg, link.g)) + " · "
            + written(layer.value(.v, link.v)) + "</p><table class=\"patch\">"
        var cells: [Int: Int] = [:]
        for other in layer.sliding.links(
            of: layer.sliding.isTransposed ? Selection("V", at: link.v) : Selection("G", at: link.g))
        where layer.sliding.isTransposed || other.v / (v[2] * v[3]) == link.v / (v[2] * v[3]) {
            cells[other.tap] = layer.sliding.isTransposed ? other.g : other.v
        }
        for row in 0..<layer.sliding.taps[0] {
            html += "<tr>"
            for column in 0..<layer.sliding.taps[1] {
                let tap = row * layer.sliding.taps[1] + column
                let tensor: Tensors = layer.sliding.isTransposed ? .dg : .v
                let text = cells[tap].map { written(layer.value(tensor, $0), digits: 2) } ?? "·"
                html += "<td class=\"\(tap == link.tap ? "own" : "")\">\(text)</td>"
            }
            html += "</tr>"
        }
        return html + "</table></div>"
    }

    /// The term whose window lies at these shares of the map's sides.
    func mappedTerm(_ id: String) -> Int? {
        guard let sum, sum.tensor == .dw, let g = layer.shapes[.g],
            let place = Page.pixel(id, rows: g[2], columns: g[3])
        else { return nil }
        return sum.terms.firstIndex { $0.link.g % (g[2] * g[3]) == place }
    }
}
