import AdjointExplanations
import AdjointGraphs

/// The layer as a signal-flow graph that turns into its transpose in the same place: arrows turn round, dots and circled
/// plus signs change places.
extension Page {
    /// As many numbers as can be told apart in a drawing.
    private static let drawnNumbers = 40

    var isFlowSmall: Bool {
        !layer.settings.isPool && layer.shapes.values.allSatisfy { $0.count <= Page.drawnNumbers }
            && layer.settings.products <= 96
    }

    func flowHTML() throws(GraphError) -> String {
        if layer.settings.isPool { return "<p class=\"hint\">\(markup(strings.poolHasNoFilter))</p>" }
        var html = "<p class=\"lead\">\(markup(strings.flowLead))</p>"
        guard isFlowSmall else {
            let selection = layer.valid(state.selection) ?? Selection("W", at: 0)
            let name = ["V", "W"].contains(selection.name) ? selection : Selection("W", at: 0)
            let section = try Explanation.flowOfOperators(
                of: layer.settings.geometry, selecting: name, words: strings.words)
            return html + "<p class=\"hint\">\(markup(strings.flowTooLarge))</p>" + sectionHTML(section, "f")
        }
        html +=
            "<div class=\"flowbar\"><div class=\"switch\" role=\"radiogroup\" aria-label=\"\(markup(strings.flowSignal))\">"
        for flow in PageState.Flow.allCases {
            let isOn = flow == state.flow
            html +=
                "<button role=\"radio\" id=\"flow-\(flow.rawValue)\" aria-checked=\"\(isOn)\" tabindex=\"\(isOn ? 0 : -1)\" "
                + "data-do=\"signal \(flow.rawValue)\">\(markup(filled(strings.flowAs, [flow.rawValue])))</button>"
        }
        html +=
            "</div><button class=\"act\" id=\"flow-turn\" aria-pressed=\"\(state.isTransposed)\" data-do=\"transpose\">\(markup(strings.transpose))</button></div>"
        let signal = state.flow.rawValue
        if let flowDrawing {
            html += "<div id=\"flow\" class=\"\(flowClass)\">" + drawn(flowDrawing, letter: signal) + "</div>"
        }
        var fact = state.flow == .input ? strings.flowInput : strings.flowFilter
        if let selection, let tensor = Tensors(rawValue: selection.name), tensor == .v || tensor == .w {
            let way = selection.name == signal ? strings.flowBranch : strings.flowGain
            fact += " " + filled(way, [layer.name(tensor, selection.place)])
        }
        return html + "<p class=\"fact\">\(markup(fact))</p>"
    }

    var flowClass: String { state.isTransposed ? "flow back" : "flow" }

    private func drawn(_ drawing: FlowDrawing, letter: String) -> String {
        let graph = drawing.graph
        let (points, corner) = (drawing.layout.points, drawing.margin)
        func at(_ number: Double) -> String { shortest((number * 10).rounded() / 10) }
        func x(_ point: Picture.Point) -> Double { point.x + corner.left }
        func y(_ point: Picture.Point) -> Double { point.y + corner.top - 30 }
        let terms = termsByEdge
        var svg =
            "<svg viewBox=\"0 0 \(at(drawing.size.width)) \(at(drawing.size.height - 30))\" role=\"img\" aria-labelledby=\"flow-t flow-d\">"
            + "<title id=\"flow-t\">\(markup(filled(strings.flowTitle, [letter])))</title><desc id=\"flow-d\">"
            + markup(joined(Array(graph.lines.prefix(40)), by: "; ")) + "</desc>"
        var labels = ""
        for (number, edge) in graph.edges.enumerated() {
            let (a, b) = (points[edge.from], points[edge.to])
            let (dx, dy) = (x(b) - x(a), y(b) - y(a))
            let length = max(1, (dx * dx + dy * dy).squareRoot())
            func on(_ distance: Double) -> String {
                at(x(a) + dx * distance / length) + " " + at(y(a) + dy * distance / length)
            }
            var (classes, data) = ("edge", "")
            if let gain = edge.gain, let from = name(graph, edge.from), let to = name(graph, edge.to) {
                let key = joined([from, gain.expression.text, to].sorted(), by: "|")
                classes += color(ofGain: letter == "V" ? gain.expression.text : from)
                if let term = terms[key] {
                    classes += term == self.term ? " p n" : " p"
                    data = " data-term=\"\(term)\""
                }
                if let label = drawing.labels[number] {
                    let width = 8 * Double(gain.expression.text.unicodeScalars.count) + 6
                    labels +=
                        "<g class=\"gain \(classes)\"\(data)><rect x=\"\(at(x(label) - width / 2))\" y=\"\(at(y(label) - 9))\" width=\"\(at(width))\" height=\"18\" rx=\"3\"/>"
                        + "<text x=\"\(at(x(label)))\" y=\"\(at(y(label) + 4.5))\" text-anchor=\"middle\">\(markup(gain.expression.text))</text></g>"
                }
            }
            svg +=
                "<g class=\"\(classes)\"\(data)><path d=\"M\(on(reach(graph, edge.from)))L\(on(length - reach(graph, edge.to)))\"/>"
            // An arrow at either end, of which one is seen.
            for (isBack, tip, way) in [
                (false, length - reach(graph, edge.to), -1.0), (true, reach(graph, edge.from), 1.0),
            ] {
                if graph.nodes[isBack ? edge.from : edge.to].kind == .point { continue }
                let (ux, uy) = (dx / length * way, dy / length * way)
                let (tx, ty) = (x(a) + dx * tip / length, y(a) + dy * tip / length)
                svg +=
                    "<path class=\"tip \(isBack ? "in-back" : "in-there")\" d=\"M\(at(tx)) \(at(ty))L\(at(tx + 9 * ux - 3.6 * uy)) \(at(ty + 9 * uy + 3.6 * ux))"
                    + "L\(at(tx + 9 * ux + 3.6 * uy)) \(at(ty + 9 * uy - 3.6 * ux))Z\"/>"
            }
            svg += "</g>"
        }
        svg += labels
        let (left, right) = (
            points.reduce(Double.infinity) { min($0, $1.x) }, points.reduce(-Double.infinity) { max($0, $1.x) }
        )
        for (node, point) in zip(graph.nodes, points) {
            svg += "<g class=\"node\">"
            for (isBack, kind) in [(false, node.kind), (true, node.kind.transposed)] {
                svg +=
                    "<g class=\"\(isBack ? "in-back" : "in-there")\">"
                    + glyph(kind, at(x(point)), at(y(point)), x(point), y(point)) + "</g>"
            }
            if node.kind == .input || node.kind == .output {
                let anchor = point.x == left ? "end" : point.x == right ? "start" : "middle"
                let shift = anchor == "end" ? -7.0 : anchor == "start" ? 7 : 0
                for (isBack, name) in [(false, node.signal), (true, node.delta)] {
                    guard let name else { continue }
                    svg +=
                        "<text class=\"\(isBack ? "in-back" : "in-there")\" x=\"\(at(x(point) + shift))\" y=\"\(at(y(point) + 4.5))\" text-anchor=\"\(anchor)\">\(markup(name.text))</text>"
                }
            }
            svg += "</g>"
        }
        return svg + "</svg>"
    }

    private func glyph(_ kind: FlowGraph.Kind, _ x: String, _ y: String, _ px: Double, _ py: Double) -> String {
        switch kind {
        case .branch: return "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"4.5\"/>"
        case .sum:
            return
                "<circle class=\"plus\" cx=\"\(x)\" cy=\"\(y)\" r=\"9\"/><path class=\"cross\" d=\"M\(x) \(y)m-5 0h10m-5-5v10\"/>"
        case .point: return "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"2\"/>"
        default: return ""
        }
    }

    private func reach(_ graph: FlowGraph, _ node: Int) -> Double {
        switch graph.nodes[node].kind {
        case .sum, .branch: 11
        case .point: 0
        default: 2
        }
    }

    /// The signal that passes a node, by its name.
    private func name(_ graph: FlowGraph, _ node: Int) -> String? {
        if let signal = graph.nodes[node].signal { return signal.text }
        // A branch has the signal of what leads to it, a sum that of the output that it leads to.
        for edge in graph.edges where edge.gain == nil {
            if edge.to == node, let signal = graph.nodes[edge.from].signal { return signal.text }
            if edge.from == node, let signal = graph.nodes[edge.to].signal { return signal.text }
        }
        return nil
    }

    /// The term that runs along an edge, by the names that meet there.
    private var termsByEdge: [String: Int] {
        guard let sum, sum.tensor != .db, sum.tensor != .a else { return [:] }
        var terms: [String: Int] = [:]
        for (number, term) in sum.terms.enumerated() where term.link.w >= 0 {
            let names = [layer.name(.v, term.link.v), layer.name(.w, term.link.w), layer.name(.g, term.link.g)]
            terms[joined(names.sorted(), by: "|")] = number
        }
        return terms
    }

    private func color(ofGain name: String) -> String {
        guard layer.sliding.tapCount <= 8, let w = layer.shapes[.w] else { return " gx" }
        for place in 0..<w.count where layer.name(.w, place) == name { return " g\(place % layer.sliding.tapCount)" }
        return " gx"
    }
}
