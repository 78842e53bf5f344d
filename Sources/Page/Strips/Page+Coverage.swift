import AdjointExplanations
import AdjointGraphs

/// The number of windows over each position, in cells that react as those of the layer do: the windows over the current
/// element are frames.
extension Page {
    /// More positions are a still picture.
    private static let mostCovered = 1 << 19

    private func windowCount(_ place: Int, _ covered: ElementPlane) -> Int {
        layer.sliding.coverage(0)[place / covered.columns] * layer.sliding.coverage(1)[place % covered.columns]
    }

    /// How many windows lie over each position, as shares of the most; nil for another plane.
    func coveredShares(_ plane: ElementPlane) -> [Double]? {
        guard plane.name == "k" else { return nil }
        let counts = [0, 1].map { layer.sliding.coverage($0).map { Double($0) } }
        let largest = counts.reduce(1) { $0 * max(1, $1.max() ?? 1) }
        return counts[0].flatMap { row in counts[1].map { row * $0 / largest * 0.6 } }
    }

    /// The number of windows over the current element, in words.
    private var coveredText: String {
        guard let covered, covered.isPainted, let selection, selection.name == covered.tensor.name,
            let place = covered.place(of: selection.place)
        else { return "" }
        let count = windowCount(place, covered)
        return "<p class=\"fact\">"
            + markup(filled(strings.coverageCell, [layer.name(covered.tensor, selection.place), "\(count)"])) + "</p>"
    }

    /// The plane that windows slide over.
    var covered: ElementPlane? {
        let tensor: Tensors = layer.sliding.isTransposed ? .g : .v
        guard state.strip == .coverage, let shape = layer.shapes[tensor], shape.rank == 4,
            shape[2] * shape[3] <= Page.mostCovered
        else { return nil }
        let pinned = layer.valid(state.selection).flatMap { $0.name == tensor.name ? $0.place : nil } ?? 0
        let area = shape[2] * shape[3]
        return ElementPlane(
            name: "k", tensor: tensor, rows: shape[2], columns: shape[3], start: pinned / area * area)
    }

    /// The cells of the wider views that show an element.
    func copies(_ key: Int) -> [String] {
        let (tensor, place) = Marks.cell(key)
        if let covered, !covered.isPainted, covered.tensor == tensor, let place = covered.place(of: place) {
            return [covered.id(place)]
        }
        return readings?.cells(key) ?? []
    }

    func coverageHTML() throws(ArgumentError) -> String {
        let section = try Explanation.coverage(of: layer.settings.geometry, strings.words)
        let blocks = section.blocks.enumerated().map { number, block in
            if case .picture = block, let covered { return plane(of: covered) }
            return block.html("c0-\(number)")
        }
        return view(section.title, id: "view-c0", joined(blocks, by: ""))
    }

    private func plane(of covered: ElementPlane) -> String {
        let wide =
            min(520, width - 60) / Double(covered.isPainted ? max(covered.rows, covered.columns) : covered.columns)
        let side = covered.isPainted ? wide : max(9, min(44, wide.rounded(.down)))
        let padding = [0, 1].map { max(0, layer.sliding.window.axes[$0].padding) }
        return """
            <div class="slides" style="--cell:\(shortest(side))px;--tall:\(covered.rows)"><div class="slid" \
            style="margin:calc(var(--s)*\(padding[0])) calc(var(--s)*\(padding[1]))">\
            \(covered.isPainted ? canvases(covered, "painted", "width:calc(var(--s)*\(covered.columns))") : cells(of: covered, side))\
            <div id="over" aria-hidden="true">\(windowFrames)</div></div></div>\
            <div class="met" id="met-1">\(metCoverage)</div>
            """
    }

    private var metCoverage: String { coveredText + (sum.map { meetingHTML($0) } ?? "") }

    private func cells(of covered: ElementPlane, _ side: Double) -> String {
        let largest = (0..<covered.rows * covered.columns).reduce(1) { max($0, windowCount($1, covered)) }
        let plane = cellPlane(rows: covered.rows, columns: covered.columns) { place in
            let (element, count) = (covered.start + place, windowCount(place, covered))
            return cellElement(
                marks.cells[Marks.key(covered.tensor, element)]?.classes ?? "c", id: covered.id(place),
                isFirst: place == 0,
                label: filled(strings.coverageCell, [layer.name(covered.tensor, element), "\(count)"]),
                style: "--t:\(100 * count / largest)%", side >= Page.lettered ? "<b>\(count)</b>" : "")
        }
        return """
            <div role="grid" class="cells digits counts small" aria-label="\(markup(strings.strips[.coverage]))" \
            style="--a:1">\(plane)</div>
            """
    }

    /// More windows are not drawn.
    private static let frames = 64

    /// The windows over the current element, or the window that belongs to it.
    private var windowFrames: String {
        let sliding = layer.sliding
        let window: Tensors = sliding.isTransposed ? .v : .g
        guard let sum, let selection, [Tensors.v.name, Tensors.g.name].contains(selection.name),
            let shape = layer.shapes[window], shape.rank == 4
        else { return "" }
        let area = shape[2] * shape[3]
        var places = selection.name == window.name ? [selection.place % area] : []
        // Filters and channels have their windows in the same places.
        for term in sum.terms where selection.name != window.name {
            let place = term.link.place(in: window) % area
            if place >= 0, !places.contains(place), places.count < Page.frames { places.append(place) }
        }
        return each(places.enumerated()) { number, place in
            let spans = zip([place / shape[3], place % shape[3]], [0, 1]).map { at, axis in
                let along = sliding.window.axes[axis]
                return (along.stride * at - along.padding, along.reach(taps: sliding.taps[axis]))
            }
            return
                "<i style=\"--y:\(spans[0].0);--x:\(spans[1].0);--h:\(spans[0].1);--w:\(spans[1].1);--k:\(number % 4)\"></i>"
        }
    }

    /// Draws the windows, and writes the equation of the current element.
    mutating func updateCoverage(_ updates: inout Updates) {
        guard !isAsked, document.shown["strips"] != nil, covered != nil else { return }
        fill("over", &updates, windowFrames)
        fill("met-1", &updates, metCoverage)
    }
}
