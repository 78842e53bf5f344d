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
        if layer.settings.isPool { return hint(strings.poolHasNoFilter) }
        let lead = "<p class=\"lead\">\(markup(strings.flowLead))</p>"
        guard isFlowSmall else {
            let selection = layer.valid(state.selection) ?? Selection("W", at: 0)
            let name = ["V", "W"].contains(selection.name) ? selection : Selection("W", at: 0)
            let section = try Explanation.flowOfOperators(
                of: layer.settings.geometry, selecting: name, words: strings.words)
            return lead + hint(strings.flowTooLarge) + sectionHTML(section, "f")
        }
        let drawing = flowDrawing.map { "<div id=\"flow\" class=\"\(flowClass)\">\(drawn($0))</div>" }
        return "\(lead)\(flowBar)\(drawing ?? "")<p class=\"fact\">\(markup(flowFact))</p>"
    }

    var flowClass: String { state.isTransposed ? "flow back" : "flow" }

    /// Which tensor is the signal, and whether the graph is turned.
    private var flowBar: String {
        let signals = radioGroup(strings.flowSignal, id: "flow-", does: "signal", on: state.flow) {
            filled(strings.flowAs, [$0.rawValue])
        }
        return """
            <div class="flowbar">\(signals)<button class="act" id="flow-turn" aria-pressed="\(state.isTransposed)" \
            data-do="transpose">\(markup(strings.transpose))</button></div>
            """
    }

    /// What the selected element is in the graph.
    private var flowFact: String {
        let fact = state.flow == .input ? strings.flowInput : strings.flowFilter
        guard let selection, let tensor = Tensors(rawValue: selection.name), tensor == .v || tensor == .w else {
            return fact
        }
        let way = selection.name == state.flow.rawValue ? strings.flowBranch : strings.flowGain
        return fact + " " + filled(way, [layer.name(tensor, selection.place)])
    }
}

// MARK: - the drawing

extension Page {
    private func drawn(_ drawing: FlowDrawing) -> String {
        var shapes = SVGShapes()
        let (w, h) = (shapes.number(drawing.size.width), shapes.number(drawing.size.height - 30))
        let looks = looks(of: drawing.graph)
        for (number, look) in looks.enumerated() { drawing.addEdge(number, look, to: &shapes) }
        for (number, look) in looks.enumerated() { drawing.addGain(number, look, to: &shapes) }
        for number in drawing.graph.nodes.indices { drawing.addNode(number, to: &shapes) }
        return AdjointPage.drawing(
            viewBox: "0 0 \(w) \(h)", ids: ("flow-t", "flow-d"),
            title: filled(strings.flowTitle, [state.flow.rawValue]),
            text: joined(Array(drawing.graph.lines.prefix(40)), by: "; "), shapes.text)
    }

    /// Each edge's classes and data: the colour of its weight, and the selected sum's term that runs along it.
    private func looks(of graph: FlowGraph) -> [(classes: String, data: String)] {
        let terms = termsByEdge
        return graph.edges.map { edge in
            guard let gain = edge.gain?.expression.text, let from = graph.signal(through: edge.from),
                let to = graph.signal(through: edge.to)
            else { return ("edge", "") }
            let color = color(ofWeight: state.flow == .input ? gain : from)
            guard let term = terms[joined([from, gain, to].sorted(), by: "|")] else { return ("edge" + color, "") }
            return ("edge" + color + (term == self.term ? " p n" : " p"), " data-term=\"\(term)\"")
        }
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

    private func color(ofWeight name: String) -> String {
        guard layer.sliding.tapCount <= 8, let w = layer.shapes[.w] else { return " gx" }
        let place = (0..<w.count).first { layer.name(.w, $0) == name }
        return place.map { " g\($0 % layer.sliding.tapCount)" } ?? " gx"
    }
}

extension FlowGraph {
    /// The signal that passes a node, by its name.
    fileprivate func signal(through node: Int) -> String? {
        if let signal = nodes[node].signal { return signal.text }
        // A branch has the signal of what leads to it, a sum that of the output that it leads to.
        for edge in edges where edge.gain == nil {
            if edge.to == node, let signal = nodes[edge.from].signal { return signal.text }
            if edge.from == node, let signal = nodes[edge.to].signal { return signal.text }
        }
        return nil
    }
}

/// Both ways in one drawing, of which a style sheet shows one.
extension FlowDrawing {
    private func point(_ node: Int) -> Picture.Point { place(layout.points[node]) }

    /// The titles of the two panels of a picture are not there.
    private func place(_ point: Picture.Point) -> Picture.Point {
        .init(point.x + margin.left, point.y + margin.top - 30)
    }

    private static func way(isBack: Bool) -> String { isBack ? "in-back" : "in-there" }

    /// A line with an arrow at either end.
    fileprivate func addEdge(_ number: Int, _ look: (classes: String, data: String), to shapes: inout SVGShapes) {
        let edge = graph.edges[number]
        let (a, b) = (point(edge.from), point(edge.to))
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let (start, end) = (graph.nodes[edge.from].kind.reach, length - graph.nodes[edge.to].kind.reach)
        func on(_ distance: Double) -> Picture.Point {
            .init(a.x + dx * distance / length, a.y + dy * distance / length)
        }
        shapes.begin(" class=\"\(look.classes)\"\(look.data)")
        shapes.path("M" + shapes.point(on(start)) + "L" + shapes.point(on(end)), "")
        for (isBack, node, distance, way) in [(false, edge.to, end, -1.0), (true, edge.from, start, 1)]
        where graph.nodes[node].kind != .point {
            let (ux, uy, tip) = (dx / length * way, dy / length * way, on(distance))
            let (left, right) = (
                Picture.Point(tip.x + 9 * ux - 3.6 * uy, tip.y + 9 * uy + 3.6 * ux),
                Picture.Point(tip.x + 9 * ux + 3.6 * uy, tip.y + 9 * uy - 3.6 * ux)
            )
            shapes.path(
                "M" + joined([tip, left, right].map { shapes.point($0) }, by: "L") + "Z",
                " class=\"tip \(FlowDrawing.way(isBack: isBack))\"")
        }
        shapes.finish()
    }

    fileprivate func addGain(_ number: Int, _ look: (classes: String, data: String), to shapes: inout SVGShapes) {
        guard let gain = graph.edges[number].gain?.expression.text, let label = labels[number].map({ place($0) }) else {
            return
        }
        let width = 8 * Double(gain.unicodeScalars.count) + 6
        shapes.begin(" class=\"gain \(look.classes)\"\(look.data)")
        shapes.rectangle(.init(label.x - width / 2, label.y - 9), width: width, height: 18, radius: 3, "")
        shapes.text(.init(label.x, label.y + 4.5), gain, anchor: .middle, "")
        shapes.finish()
    }

    fileprivate func addNode(_ number: Int, to shapes: inout SVGShapes) {
        let (node, center) = (graph.nodes[number], point(number))
        shapes.begin(" class=\"node\"")
        for (isBack, kind) in [(false, node.kind), (true, node.kind.transposed)] {
            shapes.begin(" class=\"\(FlowDrawing.way(isBack: isBack))\"")
            addSign(kind, at: center, to: &shapes)
            shapes.finish()
        }
        if node.kind == .input || node.kind == .output {
            let anchor = outside(number).anchor
            let shift = anchor == .end ? -7.0 : anchor == .start ? 7 : 0
            for (isBack, name) in [(false, node.signal), (true, node.delta)] {
                guard let name else { continue }
                let base = Picture.Point(center.x + shift, center.y + 4.5)
                shapes.text(base, name.text, anchor: anchor, " class=\"\(FlowDrawing.way(isBack: isBack))\"")
            }
        }
        shapes.finish()
    }

    private func addSign(_ kind: FlowGraph.Kind, at center: Picture.Point, to shapes: inout SVGShapes) {
        switch kind {
        case .branch: shapes.circle(center, radius: 4.5, " class=\"dot\"")
        case .point: shapes.circle(center, radius: 2, " class=\"dot\"")
        case .sum:
            shapes.circle(center, radius: 9, " class=\"plus\"")
            shapes.path("M\(shapes.point(center))m-5 0h10m-5-5v10", " class=\"cross\"")
        default: break
        }
    }
}

extension FlowGraph.Kind {
    /// How far from a node its lines end.
    fileprivate var reach: Double {
        switch self {
        case .sum, .branch: 11
        case .point: 0
        default: 2
        }
    }
}
