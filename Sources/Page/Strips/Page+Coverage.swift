import AdjointExplanations
import AdjointGraphs

/// How many windows lie over each position, in cells that answer as those of the layer do: the windows over the element that
/// is looked at are frames.
extension Page {
    /// The plane that windows slide over, where cells can show it.
    private struct Covered {
        let tensor: Tensors
        let rows, columns: Int
        /// The row-major place of its first element.
        let start: Int

        var places: Range<Int> { start..<start + rows * columns }
    }

    private var covered: Covered? {
        let tensor: Tensors = layer.sliding.isTransposed ? .g : .v
        guard state.strip == .coverage, let shape = layer.shapes[tensor], shape.rank == 4,
            max(shape[2], shape[3]) <= Grid.side
        else { return nil }
        let pinned = layer.valid(state.selection).flatMap { $0.name == tensor.name ? $0.place : nil } ?? 0
        let area = shape[2] * shape[3]
        return Covered(tensor: tensor, rows: shape[2], columns: shape[3], start: pinned / area * area)
    }

    /// The first place of the plane that is shown.
    var coveredPlane: Int? { covered?.start }

    func selected(inCoverage name: String, _ place: Int) -> Selection? {
        guard name == "k", let covered, covered.places.contains(covered.start + place) else { return nil }
        return Selection(covered.tensor.name, at: covered.start + place)
    }

    /// The cells of the wider views in which an element stands.
    func copies(_ key: Int) -> [String] {
        let (tensor, place) = Marks.cell(key)
        if let covered, covered.tensor == tensor, covered.places.contains(place) {
            return ["k-\(place - covered.start)"]
        }
        return readings?.cells(key) ?? []
    }

    func coverageHTML() throws(ArgumentError) -> String {
        let section = try Explanation.coverage(of: layer.settings.geometry, strings.words)
        let blocks = section.blocks.enumerated().map { number, block in
            if case .picture = block, let covered { return cells(of: covered) }
            return block.html("c0-\(number)")
        }
        return
            "<section class=\"view\" id=\"view-c0\"><h3>\(markup(section.title))</h3>\(joined(blocks, by: ""))</section>"
    }

    private func cells(of covered: Covered) -> String {
        let side = max(9, min(44, (min(520, width - 60) / Double(covered.columns)).rounded(.down)))
        let counts = [layer.sliding.coverage(0), layer.sliding.coverage(1)]
        let largest = max(1, counts.reduce(1) { $0 * ($1.max() ?? 0) })
        let rows = each(0..<covered.rows) { row in
            let cells = each(0..<covered.columns) { column in
                let (place, count) = (row * covered.columns + column, counts[0][row] * counts[1][column])
                return cell(covered, place, count, share: 100 * count / largest, hasText: side >= Page.lettered)
            }
            return "<div role=\"row\">\(cells)</div>"
        }
        let padding = [0, 1].map { max(0, layer.sliding.window.axes[$0].padding) }
        return """
            <div class="slides" style="--cell:\(shortest(side))px;--tall:\(covered.rows)"><div class="slid" \
            style="margin:calc(var(--s)*\(padding[0])) calc(var(--s)*\(padding[1]))"><div role="grid" \
            class="cells digits counts small" aria-label="\(markup(strings.strips[.coverage]))" style="--a:1">\
            <div class="plane" role="rowgroup">\(rows)</div></div>\
            <div id="over" aria-hidden="true">\(windowFrames)</div></div></div>\
            <div class="met" id="met-1">\(sum.map { meetingHTML($0) } ?? "")</div>
            """
    }

    private func cell(_ covered: Covered, _ place: Int, _ count: Int, share: Int, hasText: Bool) -> String {
        let name = layer.name(covered.tensor, covered.start + place)
        let mark = marks.cells[Marks.key(covered.tensor, covered.start + place)]
        return element(
            "div",
            [
                "class": mark?.classes ?? "c", "role": "gridcell", "id": "k-\(place)",
                "tabindex": place == 0 ? "0" : "-1",
                "aria-label": filled(strings.coverageCell, [name, "\(count)"]), "style": "--t:\(share)%",
            ], hasText ? "<b>\(count)</b>" : "")
    }

    /// More windows are not drawn.
    private static let frames = 64

    /// The windows over the element that is looked at, or the one that it is.
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

    /// Draws the windows, and writes the equation of what is looked at.
    mutating func updateCoverage(_ updates: inout Updates) {
        guard !isAsked, document.shown["strips"] != nil, covered != nil else { return }
        for (id, html) in [("over", windowFrames), ("met-1", sum.map { meetingHTML($0) } ?? "")] {
            if document.shown[id] == nil { document.shown[id] = "" }
            _ = fill(id, &updates) { _ in html }
        }
    }

    /// Walks through the cells.
    mutating func press(inCoverage place: Int, _ key: String, _ updates: inout Updates) throws(PageError) {
        guard let covered else { return }
        if key == "Enter" || key == " ", let selection = selected(inCoverage: "k", place) { return try pin(selection) }
        let plane = Grid(covered.tensor, [covered.rows, covered.columns], plane: 0)
        guard let next = plane.moved(place, key) else { return }
        updates.attribute("k-\(place)", "tabindex", "-1")
        updates.attribute("k-\(next)", "tabindex", "0")
        updates.focus("k-\(next)")
        hover(selected(inCoverage: "k", next).map { .cell($0) })
    }
}
