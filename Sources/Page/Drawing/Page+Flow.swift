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

    func flowHTML() throws(ArgumentError) -> String {
        if layer.settings.isPool { return hint(strings.poolHasNoFilter) }
        let lead = "<p class=\"lead\">\(markup(strings.flowLead))</p>"
        guard isFlowSmall else {
            let selection = layer.valid(state.selection) ?? Selection("W", at: 0)
            let name = ["V", "W"].contains(selection.name) ? selection : Selection("W", at: 0)
            let section = try Explanation.flowOfOperators(
                of: layer.settings.geometry, selecting: name, words: strings.words)
            return lead + hint(strings.flowTooLarge) + sectionHTML(section, "f")
        }
        let drawing = flowDrawing.map {
            "<div id=\"flow\" class=\"\(flowClass)\" style=\"--u:\(shortest($0.size.width))\">" + drawn($0) + "</div>"
        }
        return lead + flowBar + (drawing ?? "") + "<p class=\"fact\">\(markup(flowFact))</p>"
    }

    var flowClass: String { state.isTransposed ? "flow back" : "flow" }

    /// Which tensor is the signal, and whether the graph is turned.
    private var flowBar: String {
        let signals = radioGroup(strings.flowSignal, id: "flow-", does: "signal", on: state.flow) {
            filled(strings.flowAs, [$0.rawValue])
        }
        let turn = element(
            "button",
            ["class": "act", "id": "flow-turn", "aria-pressed": "\(state.isTransposed)", "data-do": "transpose"],
            markup(strings.transpose))
        return "<div class=\"flowbar\">" + signals + turn + "</div>"
    }

    /// What the selected element is in the graph.
    private var flowFact: String {
        let fact = state.flow == .input ? strings.flowInput : strings.flowFilter
        guard let selection, let tensor = Tensors(named: selection.name), tensor == .v || tensor == .w else {
            return fact
        }
        let way = selection.name == state.flow.rawValue ? strings.flowBranch : strings.flowGain
        return fact + " " + filled(way, [layer.name(tensor, selection.place)])
    }
}

// MARK: - the drawing

extension Page {
    private func drawn(_ flow: FlowDrawing) -> String {
        var shapes = SVGShapes()
        let (w, h) = (shapes.number(flow.size.width), shapes.number(flow.size.height - 30))
        let looks = looks(of: flow.graph)
        for (number, look) in looks.enumerated() { flow.addEdge(number, look, to: &shapes) }
        for (number, look) in looks.enumerated() { flow.addGain(number, look, to: &shapes) }
        for number in flow.graph.nodes.indices { flow.addNode(number, to: &shapes) }
        return drawing(
            viewBox: "0 0 \(w) \(h)", ids: ("flow-t", "flow-d"),
            title: filled(strings.flowTitle, [state.flow.rawValue]),
            text: joined(Array(flow.graph.lines.prefix(40)), by: "; "), shapes.text)
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
