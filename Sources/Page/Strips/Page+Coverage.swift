import AdjointExplanations
import AdjointGraphs

/// The number of windows over each position, in cells that react as those of the layer do: the windows over the current
/// element are frames.
extension Page {
    /// The plane over which windows slide, where cells can show it.
    private struct Covered {
        let tensor: Tensors
        let rows, columns: Int
        /// The row-major place of its first element.
        let start: Int

        var places: Range<Int> { start..<start + rows * columns }
        var isPainted: Bool { max(rows, columns) > Grid.side }
    }

    /// The most positions; larger planes are a still picture.
    private static let mostCovered = 1 << 19

    /// The same as pixels, where it has too many positions on a side for cells.
    var coveredPixels: PixelPlane? {
        guard let covered, covered.isPainted else { return nil }
        return PixelPlane(
            name: "k", tensor: covered.tensor, rows: covered.rows, columns: covered.columns, start: covered.start)
    }

    private func windowCount(_ place: Int, _ covered: Covered) -> Int {
        layer.sliding.coverage(0)[place / covered.columns] * layer.sliding.coverage(1)[place % covered.columns]
    }

    /// The number of windows over each position, as a share of the largest; nil for another plane.
    func coveredShares(_ plane: PixelPlane) -> [Double]? {
        guard plane.name == "k" else { return nil }
        let counts = [0, 1].map { layer.sliding.coverage($0).map { Double($0) } }
        let largest = counts.reduce(1) { $0 * max(1, $1.max() ?? 1) }
        return counts[0].flatMap { row in counts[1].map { row * $0 / largest * 0.6 } }
    }

    /// The number of windows over the current element, in words.
    private var coveredText: String {
        guard let covered, covered.isPainted, let selection, selection.name == covered.tensor.name,
            covered.places.contains(selection.place)
        else { return "" }
        let count = windowCount(selection.place - covered.start, covered)
        return "<p class=\"fact\">"
            + markup(filled(strings.coverageCell, [layer.name(covered.tensor, selection.place), "\(count)"])) + "</p>"
    }

    private var covered: Covered? {
        let tensor: Tensors = layer.sliding.isTransposed ? .g : .v
        guard state.strip == .coverage, let shape = layer.shapes[tensor], shape.rank == 4,
            shape[2] * shape[3] <= Page.mostCovered
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

    /// The cells of the wider views that show an element.
    func copies(_ key: Int) -> [String] {
        let (tensor, place) = Marks.cell(key)
        if let covered, !covered.isPainted, covered.tensor == tensor, covered.places.contains(place) {
            return ["k-\(place - covered.start)"]
        }
        return readings?.cells(key) ?? []
    }

    func coverageHTML() throws(ArgumentError) -> String {
        let section = try Explanation.coverage(of: layer.settings.geometry, strings.words)
        let blocks = section.blocks.enumerated().map { number, block in
            if case .picture = block, let covered { return plane(of: covered) }
            return block.html("c0-\(number)")
        }
        return
            "<section class=\"view\" id=\"view-c0\"><h3>\(markup(section.title))</h3>\(joined(blocks, by: ""))</section>"
    }

    private func plane(of covered: Covered) -> String {
        let wide =
            min(520, width - 60) / Double(covered.isPainted ? max(covered.rows, covered.columns) : covered.columns)
        let side = covered.isPainted ? wide : max(9, min(44, wide.rounded(.down)))
        let padding = [0, 1].map { max(0, layer.sliding.window.axes[$0].padding) }
        return """
            <div class="slides" style="--cell:\(shortest(side))px;--tall:\(covered.rows)"><div class="slid" \
            style="margin:calc(var(--s)*\(padding[0])) calc(var(--s)*\(padding[1]))">\
            \(covered.isPainted ? canvases(coveredPixels, "painted", "width:calc(var(--s)*\(covered.columns))") : cells(of: covered, side))\
            <div id="over" aria-hidden="true">\(windowFrames)</div></div></div>\
            <div class="met" id="met-1">\(metCoverage)</div>
            """
    }

    private var metCoverage: String { coveredText + (sum.map { meetingHTML($0) } ?? "") }

    private func cells(of covered: Covered, _ side: Double) -> String {
        let largest = max(1, (0..<covered.rows * covered.columns).reduce(1) { max($0, windowCount($1, covered)) })
        let rows = each(0..<covered.rows) { row in
            let cells = each(row * covered.columns..<(row + 1) * covered.columns) { place in
                let count = windowCount(place, covered)
                return cell(covered, place, count, share: 100 * count / largest, hasText: side >= Page.lettered)
            }
            return "<div role=\"row\">\(cells)</div>"
        }
        return """
            <div role="grid" class="cells digits counts small" aria-label="\(markup(strings.strips[.coverage]))" \
            style="--a:1"><div class="plane" role="rowgroup">\(rows)</div></div>
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

    /// The most windows that are drawn.
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
        for (id, html) in [("over", windowFrames), ("met-1", metCoverage)] {
            if document.shown[id] == nil { document.shown[id] = "" }
            _ = fill(id, &updates) { _ in html }
        }
    }

    /// The arrangement of a wider view's cells: of a step of a reading, or of the plane under the windows.
    func stripGrid(_ name: String) -> Grid? {
        if let stage = readings?.stage(name) { return Grid(stage.tensor, [stage.rows, stage.columns], plane: 0) }
        return name == "k" ? covered.map { Grid($0.tensor, [$0.rows, $0.columns], plane: 0) } : nil
    }

    /// Moves through such cells by keys.
    mutating func press(inStrip name: String, _ grid: Grid, _ place: Int, _ key: String, _ updates: inout Updates)
        throws(PageError)
    {
        func element(_ place: Int) -> Selection? {
            selected(inReading: name, place) ?? selected(inCoverage: name, place)
        }
        if key == "Enter" || key == " ", let selection = element(place) { return try pin(selection) }
        guard let next = grid.moved(place, key) else { return }
        updates.attribute("\(name)-\(place)", "tabindex", "-1")
        updates.attribute("\(name)-\(next)", "tabindex", "0")
        updates.focus("\(name)-\(next)")
        hover(element(next).map { .cell($0) })
    }
}
