import AdjointExplanations
import AdjointGraphs

/// Views for large layers: all gradients of the filter at once, the strongest of them, and the map of one weight's terms.
extension Page {
    func largestHTML() -> String {
        guard let dw = layer.numbers[.dw], let shape = layer.shapes[.w] else { return hint(strings.poolHasNoFilter) }
        let atlas = Atlas(Tensor(known: shape, .float64(dw))).picture(
            title: "∂E/∂W " + list(shape.sizes), strings.words)
        return "<div class=\"readings\">" + view(strings.rankTitle, ranking(dw))
            + view(strings.atlasTitle, "<figure tabindex=\"0\">\(atlas.svg(name: "atlas"))</figure>") + "</div>"
            + contributionMap()
    }

    /// The weights by the size of their gradient.
    private func ranking(_ dw: [Double]) -> String {
        let all = dw.reduce(0.0) { $0 + $1.magnitude }
        var share = 0.0
        let rows = each(dw.largest(10).enumerated()) { rank, place in
            share += all == 0 ? 0 : dw[place].magnitude / all
            let name = button("link", id: "rank-\(rank)", does: "pin W \(place)", layer.name(.w, place))
            return "<tr><td>\(rank + 1)</td><td>\(name)</td><td class=\"number\">\(written(dw[place]))</td>"
                + "<td class=\"number\">\(markup(percents(share))) %</td></tr>"
        }
        return
            "<table><thead><tr><td></td><th>\(markup(strings.rankWeight))</th><th class=\"number\">\(title(.dw))</th>"
            + "<th class=\"number\">\(markup(strings.rankShare))</th></tr></thead><tbody>\(rows)</tbody></table>"
    }

    /// The contribution of each window to the pinned weight's gradient, arranged as the output.
    private func contributionMap() -> String {
        guard let selection = layer.valid(state.selection), selection.name == "W", let g = layer.shapes[.g] else {
            return hint(strings.mapHint)
        }
        let sum = layer.sum(of: selection)
        let name = layer.name(.w, selection.place)
        let title = filled(strings.mapTitle, [name])
        let (rows, columns) = mapSize(g)
        var values = [Double](repeating: 0, count: rows * columns)
        for term in sum.terms { values[term.link.g % values.count] += term.value }
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        let side = max(2, min(36, (380 / Double(max(rows, columns))).rounded(.down)))
        let map = HeatMap(columns: columns, values, .gradient, largest: largest)
        let picture = Picture(
            title, description: filled(strings.mapText, [name, written(sum.total)]), width: side * Double(columns) + 2,
            height: side * Double(rows) + 2,
            elements: [map.image(at: .init(1, 1), side: side), map.frame(at: .init(1, 1), side: side)])
        let key = filled(
            strings.mapKey, [written(largest), written(sum.plus), written(sum.minus), written(sum.total)])
        return view(
            title,
            "<div class=\"mapped\"><figure class=\"map\" data-pixels=\"map\" tabindex=\"0\" id=\"px-map\">"
                + picture.svg(name: "map") + "<figcaption>\(markup(key))</figcaption></figure>" + lens(sum) + "</div>")
    }

    /// The rows and columns of a plane; the slices of a volume are one below the other.
    private func mapSize(_ g: Shape) -> (rows: Int, columns: Int) {
        let columns = g.sizes.last ?? 1
        return (g.count / max(1, g[0] * g[1] * columns), columns)
    }

    /// One window in full: the index arithmetic, and the elements under each tap.
    private func lens(_ sum: LayerSum) -> String {
        guard let number = state.step ?? sum.strongest(1).first, number < sum.terms.count else { return "" }
        let link = sum.terms[number].link
        let title = filled(strings.lensTitle, ["\(number + 1)", written(sum.terms[number].value)])
        return "<div class=\"lens\"><h4>\(markup(title))</h4><p>" + positions(of: link) + "</p>"
            + hint(strings.lensHint)
            + "<p class=\"size\">\(layer.name(.dg, link.g)) · \(layer.name(.v, link.v)) = "
            + "\(written(layer.value(.dg, link.g))) · \(written(layer.value(.v, link.v)))</p>" + patch(around: link)
            + "</div>"
    }

    /// s·p + d·r − a = i on each axis.
    private func positions(of link: Link) -> String {
        let sliding = layer.sliding
        let (i, p) = ((layer.shapes[.v] ?? []).index(of: link.v), (layer.shapes[.g] ?? []).index(of: link.g))
        let tap = Shape(sliding.taps).index(of: link.tap)
        let names = strings.axes(tap.count)
        return each(tap.indices) { axis in
            let along = sliding.window.axes[axis]
            let (from, to) = sliding.isTransposed ? (i[axis + 2], p[axis + 2]) : (p[axis + 2], i[axis + 2])
            let equation = mathML(
                "\(along.stride) · \(from) + \(along.dilation) · \(tap[axis]) − \(along.padding) = \(to)")
            return "<span class=\"size\">\(markup(names[axis]))</span> "
                + "<math><mrow>\(equation)</mrow></math>  "
        }
    }

    /// The elements under the taps of a link's window, in the link's own plane.
    private func patch(around link: Link) -> String {
        let sliding = layer.sliding
        let (tensor, window): (Tensors, Selection) =
            sliding.isTransposed ? (.dg, Selection("V", at: link.v)) : (.v, Selection("G", at: link.g))
        let area = layer.shapes[.v].map { $0.count / ($0[0] * $0[1]) } ?? 1
        var numbers = [String](repeating: "·", count: Shape(sliding.taps).count)
        for other in sliding.links(of: window)
        where other.w >= 0 && (sliding.isTransposed || other.v / area == link.v / area) {
            numbers[other.tap] = written(layer.value(tensor, sliding.isTransposed ? other.g : other.v), digits: 2)
        }
        let across = sliding.taps.last ?? 1
        let rows = each(0..<numbers.count / across) { row in
            let taps = row * across..<(row + 1) * across
            return "<tr>" + each(taps) { "<td class=\"\($0 == link.tap ? "own" : "")\">\(numbers[$0])</td>" } + "</tr>"
        }
        return "<table class=\"patch\">\(rows)</table>"
    }

    /// The term whose window is at these shares of the map's sides.
    func mappedTerm(_ id: String) -> Int? {
        guard let sum, sum.tensor == .dw, let g = layer.shapes[.g],
            let place = Page.pixel(id, rows: mapSize(g).rows, columns: mapSize(g).columns)
        else { return nil }
        return sum.terms.firstIndex { $0.link.g % (mapSize(g).rows * mapSize(g).columns) == place }
    }
}
