import AdjointExplanations
import AdjointGraphs

/// The drawing: V, W and G in a row, their derivatives directly below, cell for cell.
extension Page {
    private var columns: [Tensors] { [.v, .w, .g, .a, .t].filter { layer.shapes[$0] != nil } }

    /// The widths of all columns, in cells.
    private var rooms: [Double] { columns.map { grids[$0]?.room ?? 0 } }

    /// The width of a column in cells: beside large grids a small one is wider, for the text above it.
    private func roomAcross(_ tensor: Tensors) -> Double {
        max(grids[tensor.primal]?.room ?? 0, rooms.reduce(0, +) / 4)
    }

    private var roomAcross: Double { columns.reduce(0) { $0 + roomAcross($1) } }

    /// The height of the highest tensor and its derivative, in cells.
    private var roomDown: Double {
        let heights = columns.compactMap { grids[$0].map { $0.height * $0.room / $0.width } }
        return max(1, (heights.reduce(0) { max($0, $1) } * 200).rounded() / 100)
    }

    /// The width of two columns that are below two others.
    private var pairedRoom: Double { 2 * rooms.reduce(1, max) }

    /// Whether narrow screens have two columns below two others.
    private var isPaired: Bool { rooms.reduce(0, +) > Page.narrowRoom }

    /// Whether the screen is so narrow that a tensor is beside its derivative.
    private var isInPairs: Bool { width < 560 && isPaired }

    /// The width of the gaps between the columns.
    private var gaps: Double {
        isInPairs ? 22.4 : Double(columns.count - 1) * min(57.6, max(25.6, 0.06 * width))
    }

    private var across: Double { isInPairs ? pairedRoom : roomAcross }

    /// About how wide the cells of a grid are.
    private func side(_ grid: Grid) -> Double { (unit * grid.room - 2 * Double(grid.across)) / grid.width }

    /// The approximate side of a cell of normal size.
    private var unit: Double {
        max(leastUnit, min(Page.largestCell, (width - gaps) / across)) * zoomFactor
    }

    private var zoomFactor: Double {
        (0..<state.zoom.magnitude).reduce(1) { factor, _ in factor * (state.zoom < 0 ? 0.8 : 1.25) }
    }

    /// The least side of cells with which every number is shown, where some screen is wide enough for that; narrower screens
    /// scroll, so that none shows fewer numbers than a smaller one.
    private var leastUnit: Double {
        guard width >= 560, state.look != .colours, !grids.values.contains(where: { $0.isPainted }) else { return 0 }
        func fits(_ unit: Double) -> Bool { unit * roomAcross + gaps <= Page.widestStage }
        var least = 0.0
        for tensor in columns.flatMap({ [$0, $0.derivative] }) + [.b, .db] {
            guard let grid = grids[tensor], !grid.isPainted else { continue }
            func unit(_ side: Double) -> Double { (side * grid.width + 2 * Double(grid.across)) / grid.room }
            guard fits(unit(Page.lettered)) else { return 0 }
            let widest = grid.places.reduce(0) { widest, place in
                let widths = texts(tensor, place, digits: 1).map { Picture.width(of: $0, size: Page.smallest) }
                return max(widest, widths.reduce(widths[0]) { min($0, $1) })
            }
            least = max(least, unit(max(Page.lettered, widest / Page.textShare + 0.1)))
        }
        return fits(least) ? least : 0
    }

    static let largestCell = 72.0
    /// The greatest width of a drawing with all its numbers, unless it is enlarged.
    private static let widestStage = 1000.0

    /// The number of cells that fit beside each other on a phone.
    private static let narrowRoom = 8.0

    var stageHTML: String {
        let (least, zoom) = (leastUnit, zoomFactor)
        let isWide = unit * across + gaps > width + 1
        let sizes =
            "--n:\(shortest(roomAcross));--m:\(shortest(pairedRoom));--tall:\(shortest(roomDown))"
            + (least > 0 ? ";--least:\(shortest((least * 100).rounded() / 100))px" : "")
            + (zoom == 1 ? "" : ";--zoom:\(shortest((zoom * 1000).rounded() / 1000))")
        let stage = element(
            "div", ["class": "stage n\(columns.count)\(isPaired ? " paired" : "")", "style": sizes],
            row(isBack: false) + row(isBack: true))
        return cellBar
            + element(
                "div",
                [
                    "class": "pan" + (isWide ? " wide" : ""), "id": "pan", "tabindex": isWide ? "0" : nil,
                    "role": isWide ? "group" : nil, "aria-label": isWide ? strings.stageLabel : nil,
                ], stage)
    }

    /// The buttons for the content of the cells, and for their size.
    private var cellBar: String {
        if state.hidden.contains(.controls) { return "" }
        func zoom(_ step: Int, _ sign: String, _ label: String) -> String {
            signButton(
                id: step < 0 ? "zoom-out" : "zoom-in", does: "zoom \(step)", sign, label,
                isEnabled: PageState.zooms.contains(state.zoom + step))
        }
        let look = radioGroup(strings.cellsLabel, id: "cells-", does: "cells", on: state.look) { strings.looks[$0] }
        return "<div class=\"cellbar\">\(look)<div class=\"switch\">\(zoom(-1, "−", strings.smaller))"
            + "\(zoom(1, "+", strings.larger))</div></div>"
    }

    private func row(isBack: Bool) -> String {
        let heading =
            isBack
            ? markup(strings.backward) + "<span class=\"meaning\">\(markup(strings.backwardMeaning))</span>"
            : markup(strings.forward)
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

    /// The title of a tensor: `V`, or ∂E∕∂V in small letters.
    func title(_ tensor: Tensors) -> String {
        tensor.isDerivative ? "∂E/∂<i>\(tensor.primal.name)</i>" : "<i>\(tensor.name)</i>"
    }

    /// The role of a tensor in a word: an input picture, a filter.
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

    /// The sizes along the axes, and before them the number of planes or volumes.
    private func sizeText(_ grid: Grid) -> String {
        let sizes = grid.shape.sizes
        guard sizes.count > 2 else { return "\(grid.shape.count)" }
        let shown = sizes.dropFirst(sizes.prefix(2).reduce(1, *) == 1 ? 2 : sizes[0] == 1 ? 1 : 0)
        return times(Array(shown))
    }

    private func planeChooser(_ grid: Grid) -> String {
        let (name, primal, plane) = (grid.tensor.name, grid.tensor.primal.name, grid.planes.lowerBound)
        let (before, after) = grid.isColoured ? (grid.planeCount - 1, 0) : (plane - 1, plane + 1)
        return pager(
            Way(id: "pb-\(name)", action: "plane \(primal) \(before)", label: strings.planeBefore),
            grid.isColoured
                ? strings.inColours : filled(strings.planeOf, ["\(plane + 1)", "\(grid.planeCount)"]),
            Way(id: "pa-\(name)", action: "plane \(primal) \(after)", label: strings.planeAfter))
    }

    /// Whether cells of a tensor can be edited.
    func isEditable(_ tensor: Tensors) -> Bool {
        // While pixels are picked, cells are not edited.
        if isPicking { return false }
        return switch tensor {
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
        // Space for the longest name, and a term's number beside it.
        let longestName = shortName(grid.tensor, grid.places.upperBound - 1)
        let hasNames = side >= max(42, 24 + Picture.width(of: longestName, size: 10))
        // Where numbers are not shown, a screen without colours of its own has those that fit.
        let look = CellLook(side >= Page.lettered ? grid.places.map { text(grid.tensor, $0, side) } : [], state.look)
        let largest = look.isToned ? sizes[grid.tensor] ?? 0 : nil
        let isNamed = side * Double(grid.columns) >= Page.namedPlane
        let planes = each(grid.planes) { plane in
            let (first, name) = (plane * grid.rows * grid.columns, planeName(grid, plane))
            return cellPlane(
                rows: grid.rows, columns: grid.columns, from: first, name: isNamed && !name.isEmpty ? name : nil
            ) { place in
                cell(
                    grid.tensor, place, id: grid.id(place), isFirst: place == grid.places.lowerBound,
                    look.text(place - grid.places.lowerBound), hasName: hasNames && look.hasNumbers, largest: largest)
            }
        }
        let colours =
            grid.hasColours
            ? canvases(
                grid.pixels, "plane painted", "--w:\(grid.columns)", name: isNamed ? strings.inColours : nil) : ""
        return """
            <div role="grid" class="\(look.classes)\(hasNames ? "" : " small")\
            \(isEditable(grid.tensor) ? " editable" : "")" aria-labelledby="h-\(name)" data-grid="\(name)" \
            style="--a:\(grid.across);\(look.letters)">\(colours)\(planes)</div>\(look.isToned || grid.hasColours ? legend(grid) : "")
            """
    }

    /// `filter 2, channel 1, slice 3`, counted from 1, without those of which there is only one.
    private func planeName(_ grid: Grid, _ plane: Int) -> String {
        let shape = grid.shape
        guard shape.rank > 2, grid.planeCount > 1 else { return "" }
        let sizes = Array(shape.sizes.dropLast(min(2, shape.rank - 2)))
        let words = axisNames(grid.tensor)
        let places = Shape(sizes).index(of: plane)
        return joined(
            sizes.indices.filter { sizes[$0] > 1 }.map { filled(words[$0], ["\(places[$0] + 1)"]) }, by: ", ")
    }

    /// `filter {0}`, `channel {0}`, `row {0}`, `column {0}`: what a place along each axis of a tensor is called.
    func axisNames(_ tensor: Tensors) -> [String] {
        if tensor.primal == .b { return [strings.filterName] }
        let outputs = layer.settings.isPool ? strings.channelName : strings.filterName
        let planes =
            switch tensor.primal {
            case .v: [strings.exampleName, strings.channelName]
            case .w where layer.settings.kind == .transposed: [strings.channelName, strings.filterName]
            case .w: [strings.filterName, strings.channelName]
            default: [strings.exampleName, outputs]
            }
        return planes + strings.axisNames(layer.settings.rank)
    }

    /// The least width of a plane with a name.
    private static let namedPlane = 56.0

    /// The share of a cell's width for its number.
    static let textShare = 0.8

    /// The text in a cell: the longest form of its number that fits in readable letters; nil where none does.
    func text(_ tensor: Tensors, _ place: Int, _ side: Double) -> String? {
        texts(tensor, place, digits: side < 56 ? 2 : 3).first {
            Picture.width(of: $0, size: Page.smallest) <= Page.textShare * side
        }
    }

    /// A number in shorter and shorter forms: with fewer digits, without the 0 before a point, and `≈0` where it is nearly 0
    /// beside the others.
    private func texts(_ tensor: Tensors, _ place: Int, digits: Int) -> [String] {
        if isHidden(tensor, place) { return ["?"] }
        let number = layer.value(tensor, place)
        var texts = (1...digits).reversed().map { written(number, digits: $0) }
        let shortest = texts[digits - 1]
        if shortest.hasPrefix("0.") { texts.append(String(shortest.dropFirst())) }
        if shortest.hasPrefix("−0.") { texts.append("−" + shortest.dropFirst(2)) }
        if number.magnitude < 0.01 * (sizes[tensor] ?? 0) { texts.append("≈0") }
        return texts
    }

    /// A smaller cell has no room for a number.
    static let lettered = 20.0

    /// - Parameters:
    ///   - text: the number, where there is space for it.
    ///   - largest: the largest of the grid's magnitudes, where a colour shows how large the number is.
    func cell(
        _ tensor: Tensors, _ place: Int, id: String, isFirst: Bool, _ text: String?, hasName: Bool, largest: Double?
    ) -> String {
        let mark = marks.cells[Marks.key(tensor, place)]
        let tone = largest.flatMap { isHidden(tensor, place) ? nil : toneStyle(layer.value(tensor, place), $0) }
        let name = hasName ? "<s>\(markup(shortName(tensor, place)))</s>" : ""
        return cellElement(
            mark?.classes ?? "c", id: id, isFirst: isFirst, label: cellName(tensor, place),
            badge: mark.flatMap { $0.badge.isEmpty ? nil : $0.badge }, style: tone,
            name + (text.map { "<b>\($0)</b>" } ?? ""))
    }

    /// How much of a colour a number has.
    private func toneStyle(_ number: Double, _ largest: Double) -> String? {
        guard largest > 0, number != 0 else { return nil }
        let share = Int((number.magnitude / largest * 100).rounded())
        return "--t:\(share)%" + (number < 0 ? ";--z:var(--minus)" : "")
    }

    /// The name of an element, `V5`; empty where names are long.
    func shortName(_ tensor: Tensors, _ place: Int) -> String {
        guard layer.sliding.naming == .numbered else { return "" }
        return (tensor.isDerivative ? "∂" : "") + layer.name(tensor.primal, place)
    }

    /// A plane of pixels. One that is very long is drawn thicker, so that it can be seen and pointed at; a high one is no wider
    /// than its height allows.
    private func painted(_ grid: Grid) -> String {
        let ratio = Double(grid.columns) / Double(max(1, grid.rows))
        let shown = max(0.125, min(ratio, 24))
        var style = shown == ratio ? "" : "aspect-ratio:\(shortest(shown));"
        if shown < 0.5 { style += "max-width:\(shortest(36 * shown))rem" }
        return canvases(grid.pixels, "painted", style) + legend(grid)
    }

    /// A canvas of pixels, and another one over it.
    ///
    /// - Parameter name: what stands above.
    func canvases(_ plane: ElementPlane?, _ classes: String = "painted", _ style: String = "", name: String? = nil)
        -> String
    {
        guard let plane else { return "" }
        let canvases =
            "<canvas id=\"cv-\(plane.name)\"></canvas><canvas id=\"ov-\(plane.name)\" class=\"over\"></canvas>"
        return element(
            "div",
            [
                "class": classes, "role": "group", "aria-roledescription": strings.pixelGrid, "tabindex": "0",
                "aria-labelledby": "h-" + plane.name, "data-pixels": plane.name, "id": "px-" + plane.name,
                "data-name": name, "style": "aspect-ratio:\(plane.columns)/\(plane.rows);" + style,
            ], canvases)
    }
}

/// What stands in the cells of a grid: numbers where all have room, else tones, or both.
struct CellLook {
    /// By place; none where no cell is large enough.
    private let texts: [String?]
    private let look: PageState.Look

    init(_ texts: [String?], _ look: PageState.Look) { (self.texts, self.look) = (texts, look) }

    var hasNumbers: Bool { look != .colours && !texts.isEmpty && !texts.contains(nil) }
    var isToned: Bool { !hasNumbers || look == .both }

    func text(_ place: Int) -> String? { texts.isEmpty ? nil : texts[place] }

    var classes: String { "cells" + (hasNumbers ? " digits" : " tones") + (look == .both ? " both" : "") }

    /// How large letters are, as a share of a cell's side: the longest number fits into its cell.
    var letters: String {
        let widest = texts.reduce(1) { widest, text in
            text.map { max(widest, Picture.width(of: $0, size: 1)) } ?? widest
        }
        return "--f:" + shortest((min(0.34, Page.textShare / widest) * 100).rounded() / 100)
    }
}
