import AdjointExplanations
import AdjointGraphs

/// Both gradients read as convolutions: the window slides over cells, which react as those of the layer do.
extension Page {
    func convolutionHTML() -> String {
        guard let grids = readings else {
            return hint(layer.settings.isPool ? strings.poolHasNoFilter : strings.noView)
        }
        let relation = grids.readings.relation
        let views = each(grids.readings.steps.enumerated()) { number, steps in
            view(
                steps.title, id: "view-r\(number + 1)",
                "<p>\(markup(steps.sentence))</p>" + readingHTML(number, of: grids))
        }
        return """
            <p class="lead">\(markup(strings.convolutionLead))</p><div class="readings wide">\(views)</div>\
            <details><summary>\(markup(relation.title))</summary>\(blocks(relation, "r0"))</details>
            """
    }

    private func readingHTML(_ reading: Int, of grids: ReadingGrids) -> String {
        let stages = grids.stages[reading]
        if stages.isEmpty {
            return Explanation.Block.picture(grids.readings.steps[reading].picture()).html("r\(reading + 1)-1")
        }
        let side = readingSide(stages)
        let chain = each(stages) { stage in
            let isFirst = stage.plane.name.utf8.last == UInt8(ascii: "0")
            let sign = isFirst && stage.part == .filter ? "⋆" : isFirst && stage.part == .plane ? "" : "→"
            let step = stage.step.step.isEmpty ? "" : "<span>\(markup(stage.step.step))</span>"
            let html = stageHTML(stage, reading, side)
            if sign.isEmpty { return html }
            // The sign stands before what it leads to, on the same line where both have room.
            let way = "<p class=\"step\">\(step)<b aria-hidden=\"true\">\(sign)</b></p>"
            return element("div", ["class": "with"], way + html)
        }
        return """
            <div class="slides" style="--cell:\(shortest(side))px;--tall:\(stages.reduce(0) { $0 + $1.plane.rows })">\(chain)</div>\
            <div id="slide-\(reading + 1)">\(slideBar(reading))</div>\
            <div class="met" id="met-\(reading + 1)">\(metHTML(reading))</div>
            """
    }

    /// The side of a cell in which name, badge and number fit beside each other.
    private static let roomy = 60.0
    /// The width of a filter beside planes of pixels.
    private static let beside = 170.0

    /// The side of cells with which the widest stage fits on a phone.
    private func readingSide(_ stages: [ReadingGrids.Stage]) -> Double {
        let widest = stages.reduce(1) { max($0, $1.plane.columns, $1.plane.isPainted ? $1.plane.rows : 0) }
        let side = min(440, width - 4) / Double(widest)
        return widest > Grid.side ? side : max(8, min(Page.roomy, side.rounded(.down)))
    }

    // MARK: cells

    private func stageHTML(_ stage: ReadingGrids.Stage, _ reading: Int, _ side: Double) -> String {
        let plane = stage.plane
        if plane.isPainted {
            return stopHTML(stage, reading, canvases(plane, "painted", "width:calc(var(--s)*\(plane.columns))"))
        }
        // Beside planes of pixels the few cells of a filter are as large as can be read.
        let isBeside = readings?.stages[reading].contains { $0.plane.isPainted } == true
        let side = isBeside ? max(8, min(Page.roomy, (Page.beside / Double(plane.columns)).rounded(.down))) : side
        let look = CellLook(readingTexts(stage, side), state.look)
        // A name of four letters leaves no room for a number below it.
        let longest = plane.elements.reduce(0) { longest, element in
            max(longest, element.map { shortName(plane.tensor, $0).unicodeScalars.count } ?? 0)
        }
        let hasNames = side >= Page.roomy && layer.sliding.naming == .numbered && look.hasNumbers && longest < 4
        let largest = look.isToned ? sizes[plane.tensor] ?? 0 : nil
        let rows = cellPlane(rows: plane.rows, columns: plane.columns) { place in
            guard let element = plane.elements[place] else { return zero(stage, place, look.text(place)) }
            return cell(
                plane.tensor, element, id: plane.id(place), isFirst: place == 0, look.text(place), hasName: hasNames,
                largest: largest)
        }
        let cells = """
            <div role="grid" class="\(look.classes)\(hasNames ? "" : " small")" aria-labelledby="h-\(plane.name)" \
            style="--a:1;\(look.letters)">\(rows)</div>
            """
        return stopHTML(stage, reading, side: isBeside ? side : nil, cells)
    }

    /// A step with its name above, and the window that slides over it.
    ///
    /// - Parameter side: the side of a cell, where it differs from that of the other steps.
    private func stopHTML(_ stage: ReadingGrids.Stage, _ reading: Int, side: Double? = nil, _ cells: String) -> String {
        let name = stage.step.name
        let frame =
            stage.part == .plane && stage.isLast
            ? element("i", ["id": "frame-\(reading + 1)", "style": frameStyle(reading), "aria-hidden": "true"], "") : ""
        return """
            <div class="stop"\(side.map { " style=\"--s:\(shortest($0))px\"" } ?? "")><p id="h-\(stage.plane.name)">\
            <span class="name">\(markup(name))</span> <span class="size">\(times(stage.step.sizes))</span></p>\
            <div class="slid">\(cells)\(frame)</div></div>
            """
    }

    private func readingTexts(_ stage: ReadingGrids.Stage, _ side: Double) -> [String?] {
        if side < Page.lettered { return [] }
        return stage.step.elements.map { element in
            element.map { text(stage.plane.tensor, $0, side) } ?? (stage.part == .result ? "" : "0")
        }
    }

    /// A cell without an element: an inserted zero, or one that is cut off.
    private func zero(_ stage: ReadingGrids.Stage, _ place: Int, _ text: String?) -> String {
        let isCut = stage.part == .result
        return cellElement(
            isCut ? "c cut" : "c zero", id: stage.plane.id(place), isFirst: place == 0,
            label: isCut ? strings.leftOutCell : strings.addedZero, text.map { "<b>\($0)</b>" } ?? "")
    }

    /// The place of the window that gives the current element.
    private func frameStyle(_ reading: Int) -> String {
        guard isResult(of: reading), let place = selection?.place,
            let window = readings?.window(reading, over: place)
        else { return "opacity:0" }
        return "--y:\(window.y);--x:\(window.x);--h:\(window.height);--w:\(window.width)"
    }

    // MARK: what follows the pointer

    /// Moves the windows, and writes the equation of the current element.
    mutating func updateReadings(_ updates: inout Updates) {
        guard state.strip == .convolution, !isAsked, document.shown["strips"] != nil, let readings else { return }
        for reading in readings.stages.indices where !readings.stages[reading].isEmpty {
            updates.attribute("frame-\(reading + 1)", "style", frameStyle(reading))
            fill("slide-\(reading + 1)", &updates, slideBar(reading))
            fill("met-\(reading + 1)", &updates, metHTML(reading))
        }
    }

    private func slideBar(_ reading: Int) -> String {
        let places = readings?.results[reading] ?? []
        if places.count < 2 { return "" }
        let here = isResult(of: reading) ? places.firstIndex(of: selection?.place ?? 0) : nil
        return stepper(
            id: "slide-\(reading + 1)", does: "slide \(reading + 1) ",
            (strings.slideLabel, strings.slideBefore, strings.slideAfter), isPlaying: running == .window(reading),
            stepOf(here, places.count))
    }

    private func metHTML(_ reading: Int) -> String {
        reading == readingLookedAt ? sum.map { meetingHTML($0) } ?? "" : ""
    }

    /// The products that meet in the current element, or the largest of them.
    func meetingHTML(_ sum: LayerSum) -> String {
        if sum.terms.isEmpty || sum.tensor == .a { return "" }
        let shown = sum.terms.count <= Page.met ? Array(sum.terms.indices) : sum.strongest(Page.met)
        let more = sum.terms.count - shown.count
        func side(_ notation: PageState.Notation) -> String {
            let addends = Expression.sum(shown.map { addend($0, of: sum, notation) }).mathMLAddends
            let terms = each(zip(shown, addends)) { number, addend in
                term(number, addend, color(of: number, in: sum))
            }
            let rest = more > 0 ? "<span>\(markup(filled(strings.unfold, [grouped(more)])))</span>" : ""
            return "<div class=\"right\">\(terms)\(rest)</div>"
        }
        return equation(of: sum, [side(.symbols), side(.numbers)])
    }

    /// The most terms that are written out here.
    private static let met = 9
}
