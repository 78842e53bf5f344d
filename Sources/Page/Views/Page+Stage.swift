import AdjointExplanations
import AdjointGraphs

/// The drawing: V, W and G in a row, their derivatives directly below, cell for cell.
extension Page {
    private var columns: [Tensors] { [.v, .w, .g, .a, .t].filter { layer.shapes[$0] != nil } }

    /// The cells' widths beside each other.
    private var rooms: [Double] { columns.map { grids[$0]?.room ?? 0 } }

    /// How many cells' width a column has: beside large grids a small one leaves room for what is written above it.
    private func roomAcross(_ tensor: Tensors) -> Double {
        max(grids[tensor.primal]?.room ?? 0, rooms.reduce(0, +) / 4)
    }

    private var roomAcross: Double { columns.reduce(0) { $0 + roomAcross($1) } }

    /// What two columns take that stand below two others.
    private var pairedRoom: Double { 2 * rooms.reduce(1, max) }

    /// Whether narrow screens have two columns below two others.
    private var isPaired: Bool { rooms.reduce(0, +) > Page.narrowRoom }

    /// About how wide the cells of a grid are.
    private func side(_ grid: Grid) -> Double {
        let isNarrow = width < 560
        let gaps = isNarrow && isPaired ? 22 : Double(columns.count - 1) * (isNarrow ? 22 : 56)
        let across = isNarrow && isPaired ? pairedRoom : roomAcross
        return min(Page.largestCell, (width - gaps) / across) * grid.room / grid.width
    }

    static let largestCell = 72.0

    /// As many cells as stand beside each other on a phone.
    private static let narrowRoom = 8.0

    var stageHTML: String {
        """
        <div class="stage n\(columns.count)\(isPaired ? " paired" : "")" \
        style="--n:\(shortest(roomAcross));--m:\(shortest(pairedRoom))">\(row(isBack: false))\(row(isBack: true))</div>
        """
    }

    private func row(isBack: Bool) -> String {
        let heading = markup(isBack ? strings.backward : strings.forward)
        let figures = each(columns.enumerated()) { number, tensor in
            if isBack, tensor == .t { return errorFigure(number + 1) }
            let sign = tensor == .t ? "−" : isBack ? "←" : number == 1 && !layer.settings.isPool ? "∗" : "→"
            let between = "<span class=\"sign s\(number)\(isBack ? " back" : "")\" aria-hidden=\"true\">\(sign)</span>"
            return (number > 0 ? between : "") + figure(isBack ? tensor.derivative : tensor, number + 1)
        }
        return "<p class=\"way \(isBack ? "back" : "there")\"><span>\(heading)</span></p>\(figures)"
    }

    private func figure(_ tensor: Tensors, _ column: Int) -> String {
        guard let grid = grids[tensor] else { return "" }
        let name = tensor.name
        var cells = grid.isPainted ? painted(grid) : self.cells(grid)
        if tensor.primal == .w, let bias = grids[tensor == .w ? .b : .db] {
            cells += """
                <p class="sub" id="h-\(bias.tensor.name)">\(title(bias.tensor)) \
                <span class="size">\(markup(strings.bias))</span></p>\(self.cells(bias))
                """
        }
        return """
            <figure class="tensor k\(column)\(tensor.isDerivative ? " back" : "")\
            \(tensor == .v && pen != nil ? " pen" : "")" id="f-\(name)" data-size="\(grid.columns)x\(grid.rows)" \
            style="--l:\(shortest(roomAcross(tensor)));--u:\(shortest(grid.room));--w:\(shortest(grid.width));\
            --a:\(grid.across)"><figcaption id="h-\(name)"><span><span class="name">\(title(tensor))</span> \
            \(role(tensor))<span class="size">\(markup(sizeText(grid)))</span></span>\(sourceMenu(tensor))</figcaption>\
            \(grid.planes.count < grid.planeCount ? planeChooser(grid) : "")<div class="grids">\(cells)</div></figure>
            """
    }

    /// `V`, or ∂E∕∂V set small.
    func title(_ tensor: Tensors) -> String {
        tensor.isDerivative ? "∂E/∂<i>\(tensor.primal.name)</i>" : "<i>\(tensor.name)</i>"
    }

    /// What it is, in a word: an input picture, a filter.
    private func role(_ tensor: Tensors) -> String {
        if tensor.isDerivative { return "" }
        let text =
            switch tensor {
            case .v: strings.inputRole
            case .w: strings.filterRole
            case .a: filled(strings.activatedRole, [strings.activations[layer.settings.activation]])
            case .t: strings.targetRole
            default: strings.outputRole
            }
        return "<span class=\"role\">\(markup(text))</span> "
    }

    /// Rows and columns, before them how many planes there are.
    private func sizeText(_ grid: Grid) -> String {
        let sizes = grid.shape.sizes
        guard sizes.count == 4 else { return "\(grid.shape.count)" }
        let shown = sizes.prefix(2).reduce(1, *) == 1 ? sizes.suffix(2) : sizes[0] == 1 ? sizes.suffix(3) : sizes[...]
        return joined(shown.map { "\($0)" }, by: "×")
    }

    private func planeChooser(_ grid: Grid) -> String {
        let (name, primal, plane) = (grid.tensor.name, grid.tensor.primal.name, grid.planes.lowerBound)
        return pager(
            ["data-do": "plane \(primal) \(plane - 1)", "id": "pb-\(name)", "aria-label": strings.planeBefore],
            filled(strings.planeOf, ["\(plane + 1)", "\(grid.planeCount)"]),
            ["data-do": "plane \(primal) \(plane + 1)", "id": "pa-\(name)", "aria-label": strings.planeAfter])
    }

    /// Whether cells of a tensor can be typed over.
    func isEditable(_ tensor: Tensors) -> Bool {
        switch tensor {
        case .v, .w, .b, .t: true
        case .dg: layer.shapes[.a] == nil && layer.shapes[.t] == nil
        case .da: layer.shapes[.t] == nil
        default: false
        }
    }

    // MARK: cells

    private func cells(_ grid: Grid) -> String {
        let name = grid.tensor.name
        let side = side(grid)
        // Room for the longest name, and a term's number beside it.
        let longestName = shortName(grid.tensor, grid.places.upperBound - 1)
        let hasNames = side >= max(42, 24 + Picture.width(of: longestName, size: 10))
        let texts = side >= Page.lettered ? self.texts(grid, side) : nil
        let largest = (layer.numbers[grid.tensor] ?? []).reduce(0) { max($0, $1.magnitude) }
        let rows = each(grid.planes) { plane in
            let rows = each(0..<grid.rows) { row in
                let start = (plane * grid.rows + row) * grid.columns
                let cells = each(start..<start + grid.columns) { place in
                    cell(grid, place, texts?[place - grid.places.lowerBound], hasName: hasNames, largest)
                }
                return "<div role=\"row\">\(cells)</div>"
            }
            let name = planeName(grid, plane)
            let isNamed = !name.isEmpty && side * Double(grid.columns) >= Page.namedPlane
            return element(
                "div", ["class": "plane", "role": "rowgroup", "data-name": isNamed ? name : nil], rows)
        }
        return """
            <div role="grid" class="cells\(texts == nil ? " tones" : " digits")\(hasNames ? "" : " small")\
            \(isEditable(grid.tensor) ? " editable" : "")" aria-labelledby="h-\(name)" data-grid="\(name)" \
            style="--a:\(grid.across);--f:\(shortest(letters(texts ?? [])))">\(rows)</div>
            """
    }

    /// `filter 2, channel 1`, counted from 1; what there is only one of is left out.
    private func planeName(_ grid: Grid, _ plane: Int) -> String {
        let shape = grid.shape
        guard shape.rank == 4, grid.planeCount > 1 else { return "" }
        let words =
            switch grid.tensor.primal {
            case .v: [strings.exampleName, strings.channelName]
            case .w where layer.settings.kind == .transposed: [strings.channelName, strings.filterName]
            case .w: [strings.filterName, strings.channelName]
            default: [strings.exampleName, layer.settings.isPool ? strings.channelName : strings.filterName]
            }
        let places = [plane / shape[1], plane % shape[1]]
        return joined((0..<2).filter { shape[$0] > 1 }.map { filled(words[$0], ["\(places[$0] + 1)"]) }, by: ", ")
    }

    /// A narrower plane has no room for its name.
    private static let namedPlane = 56.0

    /// As much of a cell's width as its number takes.
    static let textShare = 0.8

    /// What stands in the cells of a grid: of each number as many digits as have room in letters that can be read; nil where
    /// one has no room for a single digit.
    private func texts(_ grid: Grid, _ side: Double) -> [String]? {
        var texts: [String] = []
        for place in grid.places {
            guard let text = text(grid.tensor, place, side) else { return nil }
            texts.append(text)
        }
        return texts
    }

    func text(_ tensor: Tensors, _ place: Int, _ side: Double) -> String? {
        let number = layer.value(tensor, place)
        return (1...(side < 56 ? 2 : 3)).reversed().lazy
            .map { isHidden(tensor, place) ? "?" : written(number, digits: $0) }
            .first { Picture.width(of: $0, size: Page.smallest) <= Page.textShare * side }
    }

    /// How large letters are, as a share of a cell's side: the longest number fits into its cell.
    func letters(_ texts: [String]) -> Double {
        let widest = texts.reduce(1) { max($0, Picture.width(of: $1, size: 1)) }
        return (min(0.34, Page.textShare / widest) * 100).rounded() / 100
    }

    /// A smaller cell has no room for a number.
    static let lettered = 27.0

    /// - Parameters:
    ///   - text: of the number; a tone says how large it is where there is no room for it.
    ///   - largest: of the grid's magnitudes.
    private func cell(_ grid: Grid, _ place: Int, _ text: String?, hasName: Bool, _ largest: Double) -> String {
        let mark = marks.cells[Marks.key(grid.tensor, place)]
        let badge = mark.map { $0.badge.isEmpty ? "" : " data-n=\"\($0.badge)\"" } ?? ""
        let isToned = text == nil && !isHidden(grid.tensor, place)
        let tone = isToned ? toneStyle(layer.value(grid.tensor, place), largest) : ""
        return """
            <div role="gridcell" class="\(mark?.classes ?? "c")" id="\(grid.id(place))" \
            tabindex="\(place == grid.places.lowerBound ? "0" : "-1")" \
            aria-label="\(markup(cellName(grid.tensor, place)))"\(badge)\(tone)>\
            \(hasName ? "<s>\(markup(shortName(grid.tensor, place)))</s>" : "")\(text.map { "<b>\($0)</b>" } ?? "")</div>
            """
    }

    /// How much of a colour a number has.
    func toneStyle(_ number: Double, _ largest: Double) -> String {
        guard largest > 0, number != 0 else { return "" }
        let share = Int((number.magnitude / largest * 100).rounded())
        return " style=\"--t:\(share)%\(number < 0 ? ";--z:var(--minus)" : "")\""
    }

    /// `V5`; nothing where names are long.
    func shortName(_ tensor: Tensors, _ place: Int) -> String {
        guard layer.sliding.naming == .numbered else { return "" }
        return (tensor.isDerivative ? "∂" : "") + layer.name(tensor.primal, place)
    }

    /// A canvas of pixels, and one over it.
    private func painted(_ grid: Grid) -> String {
        let name = grid.tensor.name
        return """
            <div class="painted" role="group" aria-roledescription="\(markup(strings.pixelGrid))" tabindex="0" \
            aria-labelledby="h-\(name)" data-pixels="\(name)" id="px-\(name)" \
            style="aspect-ratio:\(grid.columns)/\(grid.rows)"><canvas id="cv-\(name)"></canvas>\
            <canvas id="ov-\(name)" class="over"></canvas></div>
            """
    }
}
