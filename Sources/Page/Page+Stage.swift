import AdjointExplanations
import AdjointGraphs

/// The drawing: V, W and G in a row, their derivatives directly below, cell for cell.
extension Page {
    private var columns: [Tensors] { [.v, .w, .g, .a].filter { layer.shapes[$0] != nil } }

    /// All cells' widths beside each other.
    private var roomAcross: Double { columns.reduce(0) { $0 + (grids[$1]?.room ?? 0) } }

    /// How many cells' width a column has: beside large grids a small one leaves room for what is written above it.
    private func roomAcross(_ tensor: Tensors) -> Double { max(grids[tensor.primal]?.room ?? 0, roomAcross / 4) }

    /// About how wide the cells of a grid are.
    private func side(_ grid: Grid) -> Double {
        let gaps = Double(columns.count - 1) * (width < 560 ? 22 : 56)
        let isPaired = width < 560 && roomAcross > Page.narrowRoom
        let across =
            isPaired
            ? 2 * columns.reduce(1) { max($0, grids[$1]?.room ?? 0) } : columns.reduce(0) { $0 + roomAcross($1) }
        return min(Page.largestCell, (width - (isPaired ? 22 : gaps)) / across) * grid.room / grid.width
    }

    static let largestCell = 72.0

    /// As many cells as stand beside each other on a phone.
    private static let narrowRoom = 8.0

    var stageHTML: String {
        let columns = columns
        let widest = columns.reduce(1) { max($0, grids[$1]?.room ?? 0) }
        var html =
            "<div class=\"stage n\(columns.count)\(roomAcross > Page.narrowRoom ? " paired" : "")\" "
            + "style=\"--n:\(shortest(columns.reduce(0) { $0 + roomAcross($1) }));--m:\(shortest(2 * widest))\">"
        let signs = signs
        for (isBack, heading) in [(false, strings.forward), (true, strings.backward)] {
            html += "<p class=\"way \(isBack ? "back" : "there")\"><span>\(markup(heading))</span></p>"
            for (number, tensor) in columns.enumerated() {
                if number > 0 {
                    html +=
                        "<span class=\"sign s\(number)\(isBack ? " back" : "")\" aria-hidden=\"true\">\(isBack ? "←" : signs[number - 1])</span>"
                }
                html += figure(isBack ? tensor.derivative : tensor, number + 1)
            }
        }
        return html + "</div>"
    }

    private var signs: [String] {
        let first = layer.settings.isPool ? "→" : "∗"
        return columns.count == 4 ? [first, "→", "→"] : layer.settings.isPool ? ["→", "→"] : [first, "→"]
    }

    private func figure(_ tensor: Tensors, _ column: Int) -> String {
        guard let grid = grids[tensor] else { return "" }
        var html =
            "<figure class=\"tensor k\(column)\(tensor.isDerivative ? " back" : "")\(tensor == .v && pen != nil ? " pen" : "")\" id=\"f-\(tensor.rawValue)\" data-size=\"\(grid.columns)x\(grid.rows)\" "
            + "style=\"--l:\(shortest(roomAcross(tensor)));--u:\(shortest(grid.room));--w:\(shortest(grid.width));--a:\(grid.across)\">"
        html +=
            "<figcaption id=\"h-\(tensor.rawValue)\"><span><span class=\"name\">\(title(tensor))</span> "
            + "<span class=\"size\">\(markup(sizeText(grid)))</span></span>"
        if let menu = sourceMenu(tensor) { html += menu }
        html += "</figcaption>"
        if grid.planes.count < grid.planeCount { html += planeChooser(grid) }
        html += "<div class=\"grids\">" + (grid.isPainted ? painted(grid) : cells(grid))
        if tensor.primal == .w, layer.shapes[.b] != nil {
            let bias: Tensors = tensor == .w ? .b : .db
            if let grid = grids[bias] {
                html +=
                    "<p class=\"sub\" id=\"h-\(bias.rawValue)\">\(title(bias)) <span class=\"size\">\(markup(strings.bias))</span></p>"
                    + cells(grid)
            }
        }
        return html + "</div></figure>"
    }

    /// `V`, or ∂E∕∂V set small.
    func title(_ tensor: Tensors) -> String {
        tensor.isDerivative ? "∂E/∂<i>\(tensor.primal.rawValue)</i>" : "<i>\(tensor.rawValue)</i>"
    }

    private func sizeText(_ grid: Grid) -> String {
        let sizes = grid.shape.sizes
        guard sizes.count == 4 else { return "\(grid.shape.count)" }
        let plane = "\(grid.rows)×\(grid.columns)"
        if sizes[0] * sizes[1] == 1 { return plane }
        return sizes[0] == 1 ? "\(sizes[1])×" + plane : "\(sizes[0])×\(sizes[1])×" + plane
    }

    private func planeChooser(_ grid: Grid) -> String {
        let primal = grid.tensor.primal.rawValue
        let name = grid.tensor.rawValue
        return
            "<p class=\"planes\"><button data-do=\"plane \(primal) \(grid.planes.lowerBound - 1)\" id=\"pb-\(name)\" aria-label=\"\(markup(strings.planeBefore))\">‹</button>"
            + "<span>\(markup(filled(strings.planeOf, ["\(grid.planes.lowerBound + 1)", "\(grid.planeCount)"])))</span>"
            + "<button data-do=\"plane \(primal) \(grid.planes.lowerBound + 1)\" id=\"pa-\(name)\" aria-label=\"\(markup(strings.planeAfter))\">›</button></p>"
    }

    /// Whether cells of a tensor can be typed over.
    func isEditable(_ tensor: Tensors) -> Bool {
        switch tensor {
        case .v, .w, .b: true
        case .dg: layer.shapes[.a] == nil
        case .da: true
        default: false
        }
    }

    private func cells(_ grid: Grid) -> String {
        let tensor = grid.tensor
        let numbers = layer.numbers[tensor] ?? []
        let side = side(grid)
        let hasDigits = side >= 27
        let hasNames = side >= 42
        let area = grid.rows * grid.columns
        let digits = side < 56 ? 2 : 3
        var texts: [String] = []
        if hasDigits {
            texts = grid.places.map {
                let number = layer.value(tensor, $0)
                // Small cells have no room for zeros behind the point and two digits.
                let digits = side < 34 && number.magnitude < 0.1 ? 1 : digits
                return isHidden(tensor, $0) ? "?" : written(number, digits: digits)
            }
        }
        let longest = texts.reduce(1) { max($0, $1.unicodeScalars.count) }
        // The longest number fits into its cell.
        let size = min(0.34, 1.45 / Double(longest))
        let largest = numbers.reduce(0) { max($0, $1.magnitude) }
        let current = grid.planes.lowerBound * area
        var html =
            "<div role=\"grid\" class=\"cells\(hasDigits ? " digits" : " tones")\(hasNames ? "" : " small")\(isEditable(tensor) ? " editable" : "")\" "
            + "aria-labelledby=\"h-\(tensor.rawValue)\" data-grid=\"\(tensor.rawValue)\" style=\"--a:\(grid.across);--f:\(shortest((size * 100).rounded() / 100))\">"
        for plane in grid.planes {
            html += "<div class=\"plane\" role=\"rowgroup\">"
            for row in 0..<grid.rows {
                html += "<div role=\"row\">"
                for column in 0..<grid.columns {
                    let place = plane * area + row * grid.columns + column
                    let number = place < numbers.count ? numbers[place] : 0
                    let mark = marks.cells[Marks.key(tensor, place)]
                    html +=
                        "<div role=\"gridcell\" class=\"\(mark?.classes ?? "c")\" id=\"\(grid.id(place))\" "
                        + "tabindex=\"\(place == current ? "0" : "-1")\" aria-label=\"\(markup(cellName(tensor, place)))\""
                    if let mark, !mark.badge.isEmpty { html += " data-n=\"\(mark.badge)\"" }
                    if !hasDigits, largest > 0, number != 0 {
                        let share = Int((number.magnitude / largest * 100).rounded())
                        html += " style=\"--t:\(share)%\(number < 0 ? ";--z:var(--minus)" : "")\""
                    }
                    html += ">"
                    if hasNames { html += "<s>\(markup(shortName(tensor, place)))</s>" }
                    if hasDigits {
                        html += "<b>\(texts[place - grid.planes.lowerBound * area])</b>"
                    }
                    html += "</div>"
                }
                html += "</div>"
            }
            html += "</div>"
        }
        return html + "</div>"
    }

    /// `V5`; the place in its plane where names are long.
    func shortName(_ tensor: Tensors, _ place: Int) -> String {
        guard layer.naming == .numbered else { return "" }
        return (tensor.isDerivative ? "∂" : "") + layer.name(tensor.primal, place)
    }

    private func painted(_ grid: Grid) -> String {
        let name = grid.tensor.rawValue
        return
            "<div class=\"painted\" role=\"group\" aria-roledescription=\"\(markup(strings.pixelGrid))\" tabindex=\"0\" "
            + "aria-labelledby=\"h-\(name)\" data-pixels=\"\(name)\" id=\"px-\(name)\" style=\"aspect-ratio:\(grid.columns)/\(grid.rows)\">"
            + "<canvas id=\"cv-\(name)\"></canvas><canvas id=\"ov-\(name)\" class=\"over\"></canvas></div>"
    }
}
