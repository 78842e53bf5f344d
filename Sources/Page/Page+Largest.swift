import AdjointExplanations
import AdjointGraphs

/// What large layers need: all gradients of the filter at once, the strongest of them, and the map of one weight's terms.
extension Page {
    func largestHTML() -> String {
        guard let dw = layer.numbers[.dw], let shape = layer.shapes[.w] else { return hint(strings.poolHasNoFilter) }
        let atlas = Atlas(layer.tensor(.dw)).picture(title: "∂E/∂W " + list(shape.sizes), strings.words)
        return """
            <div class="readings"><section class="view"><h3>\(markup(strings.rankTitle))</h3>\(ranking(dw))</section>\
            <section class="view"><h3>\(markup(strings.atlasTitle))</h3><figure>\(atlas.svg(name: "atlas"))</figure>\
            </section></div>\(contributionMap())
            """
    }

    /// The weights by the size of their gradient.
    private func ranking(_ dw: [Double]) -> String {
        let all = dw.reduce(0.0) { $0 + $1.magnitude }
        var share = 0.0
        let rows = each(dw.largest(10).enumerated()) { rank, place in
            share += all == 0 ? 0 : dw[place].magnitude / all
            return """
                <tr><td>\(rank + 1)</td><td>\
                \(button("link", id: "rank-\(rank)", does: "pin W \(place)", layer.name(.w, place)))</td>\
                <td class="number">\(written(dw[place]))</td>\
                <td class="number">\(written(100 * share, digits: 3)) %</td></tr>
                """
        }
        return """
            <table><thead><tr><th></th><th>\(markup(strings.rankWeight))</th><th class="number">\(title(.dw))</th>\
            <th class="number">\(markup(strings.rankShare))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    /// What each window adds to the pinned weight's gradient, as it lies on the output.
    private func contributionMap() -> String {
        guard let selection = layer.valid(state.selection), selection.name == "W", let g = layer.shapes[.g] else {
            return hint(strings.mapHint)
        }
        let sum = layer.sum(of: selection)
        let name = layer.name(.w, selection.place)
        let area = g[2] * g[3]
        var values = [Double](repeating: 0, count: area)
        for term in sum.terms { values[term.link.g % area] += term.value }
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        let cell = max(2, min(36, (380 / Double(max(g[2], g[3]))).rounded(.down)))
        let map = HeatMap(columns: g[3], values.map { Optional($0) }, .gradient, largest: largest)
        let title = filled(strings.mapTitle, [name])
        let picture = Picture(
            title, description: filled(strings.mapText, [name, written(sum.total)]),
            width: cell * Double(g[3]) + 2, height: cell * Double(g[2]) + 2,
            elements: [map.image(at: .init(1, 1), side: cell), map.frame(at: .init(1, 1), side: cell)])
        let key = filled(
            strings.mapKey, [written(largest), written(sum.plus), written(sum.minus), written(sum.total)])
        return """
            <section class="view"><h3>\(markup(title))</h3><div class="mapped"><figure class="map" data-pixels="map" \
            tabindex="0" id="px-map">\(picture.svg(name: "map"))<figcaption>\(markup(key))</figcaption></figure>\
            \(lens(sum))</div></section>
            """
    }

    /// One window in full: the index arithmetic, and what lies under each tap.
    private func lens(_ sum: LayerSum) -> String {
        guard let number = state.step ?? sum.strongest(1).first, number < sum.terms.count, let v = layer.shapes[.v],
            let g = layer.shapes[.g]
        else { return "" }
        let (link, sliding) = (sum.terms[number].link, layer.sliding)
        let places = (v: v.index(of: link.v), g: g.index(of: link.g))
        let (i, p) = sliding.isTransposed ? (places.g, places.v) : (places.v, places.g)
        let tap = Shape(sliding.taps).index(of: link.tap)
        let axes = each([strings.rows, strings.columns].enumerated()) { axis, name in
            let along = sliding.window.axes[axis]
            let formula = mathML(
                "\(along.stride) · \(p[axis + 2]) + \(along.dilation) · \(tap[axis]) − \(along.padding) = \(i[axis + 2])"
            )
            return "<span class=\"size\">\(markup(name))</span> <math><mrow>\(formula)</mrow></math>  "
        }
        let title = filled(strings.lensTitle, ["\(number + 1)", written(sum.terms[number].value)])
        let (dg, value) = (written(layer.value(.dg, link.g)), written(layer.value(.v, link.v)))
        return """
            <div class="lens"><h4>\(markup(title))</h4><p>\(axes)</p>\(hint(strings.lensHint))\
            <p class="size">\(layer.name(.dg, link.g)) · \(layer.name(.v, link.v)) = \(dg) · \(value)</p>\
            \(patch(around: link, v[2] * v[3]))</div>
            """
    }

    /// What lies under each tap of a link's window, in the link's own channel.
    private func patch(around link: Link, _ area: Int) -> String {
        let sliding = layer.sliding
        let window = sliding.isTransposed ? Selection("V", at: link.v) : Selection("G", at: link.g)
        let tensor = sliding.isTransposed ? Tensors.dg : .v
        var texts = [String](repeating: "·", count: sliding.tapCount)
        for other in sliding.links(of: window) where sliding.isTransposed || other.v / area == link.v / area {
            texts[other.tap] = written(layer.value(tensor, other.place(in: tensor)), digits: 2)
        }
        let rows = each(0..<sliding.taps[0]) { row in
            let start = row * sliding.taps[1]
            let cells = each(start..<start + sliding.taps[1]) { tap in
                "<td class=\"\(tap == link.tap ? "own" : "")\">\(texts[tap])</td>"
            }
            return "<tr>\(cells)</tr>"
        }
        return "<table class=\"patch\">\(rows)</table>"
    }

    /// The term whose window lies at these shares of the map's sides.
    func mappedTerm(_ id: String) -> Int? {
        guard let sum, sum.tensor == .dw, let g = layer.shapes[.g],
            let place = Page.pixel(id, rows: g[2], columns: g[3])
        else { return nil }
        return sum.terms.firstIndex { $0.link.g % (g[2] * g[3]) == place }
    }
}
