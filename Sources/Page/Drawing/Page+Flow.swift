import AdjointExplanations
import AdjointGraphs

/// The layer as a signal-flow graph that becomes its transpose in the same place: arrows are reversed, dots and circled plus
/// signs change places.
extension Page {
    /// The most numbers that can be told apart in a drawing.
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
            element(
                "div",
                [
                    "id": "flow", "class": flowClass, "style": "--u:\(shortest($0.size.width))", "tabindex": "0",
                    "role": "group", "aria-label": strings.strips[.flow],
                ], drawn($0))
        }
        return lead + flowBar + (drawing ?? "") + "<div class=\"met\">\(flowSum)</div>"
            + "<p class=\"fact\">\(markup(flowFact))</p>"
    }

    var flowClass: String { state.isTransposed ? "flow back" : "flow" }

    /// The buttons for the signal tensor, and for the graph or its transpose.
    private var flowBar: String {
        let signals = radioGroup(strings.flowSignal, id: "flow-", does: "signal", on: state.flow) {
            filled(strings.flowAs, [$0.rawValue])
        }
        let turn = element(
            "button",
            ["class": "act", "id": "flow-turn", "aria-pressed": "\(state.isTransposed)", "data-do": "transpose"],
            markup(strings.transpose))
        let player = stepper(
            id: "run", does: "run ", (strings.flowLabel, strings.flowBefore, strings.flowAfter),
            isPlaying: running == .flow, stepOf(place(in: flowSteps), flowSteps.count))
        return "<div class=\"flowbar\">" + signals + turn + player + "</div>"
    }

    // MARK: step by step

    /// What is computed on the way there, and then on the way back.
    var flowSteps: [Selection] {
        if state.strip != .flow || !isFlowSmall { return [] }
        let signals = [state.flow == .input ? Tensors.v : .w, .b]
        return ([.g] + signals).flatMap { tensor in
            (0..<(layer.shapes[tensor]?.count ?? 0)).map { Selection(tensor.name, at: $0) }
        }
    }

    /// The value and the gradient of what is looked at: one is given, the other one is a sum.
    private var flowSum: String {
        guard let sum, let tensor = Tensors(named: sum.selection.name), tensor != .a else { return "" }
        let other = tensor == .g ? Tensors.dg : tensor
        let text = layer.expression(other, sum.selection.place).mathML
        return meetingHTML(sum) + "<p class=\"given\"><math><mrow>\(text)<mo>=</mo>"
            + "\(number(layer.value(other, sum.selection.place)))</mrow></math></p>"
    }

    /// The role of the selected element in the graph.
    private var flowFact: String {
        let fact = state.flow == .input ? strings.flowInput : strings.flowFilter
        guard let selection, let tensor = Tensors(named: selection.name), tensor == .v || tensor == .w else {
            return fact
        }
        let isSignal = selection.name == state.flow.rawValue
        let way = filled(isSignal ? strings.flowBranch : strings.flowGain, [layer.name(tensor, selection.place)])
        return fact + " " + way + (isSignal ? "" : " " + strings.flowCircles)
    }
}

// MARK: - the drawing

extension Page {
    private func drawn(_ flow: FlowDrawing) -> String {
        var shapes = SVGShapes()
        let (w, h) = (shapes.number(flow.size.width), shapes.number(flow.size.height - 30))
        let looks = looks(of: flow.graph)
        for (number, look) in looks.enumerated() { flow.addEdge(number, look, to: &shapes) }
        var numbers = looks.map { edgeNumbers($0.term) }
        let carrying = numbers.indices.filter { numbers[$0] != nil }
        for edge in carrying {
            let from = carrying.filter { flow.graph.edges[$0].from == flow.graph.edges[edge].from }
            let to = carrying.filter { flow.graph.edges[$0].to == flow.graph.edges[edge].to }
            numbers[edge]?.crowds = (
                (from.firstIndex(of: edge) ?? 0, from.count), (to.firstIndex(of: edge) ?? 0, to.count)
            )
        }
        var labels: [Int: [FlowDrawing.Label]] = [:]
        for (number, look) in looks.enumerated() {
            let gain = flow.gain(number)
            if let gain, numbers[number] == nil { flow.add(gain, look, to: &shapes) }
            labels[number] = (gain.map { [$0] } ?? []) + (numbers[number].map { flow.ends(number, $0) } ?? [])
        }
        for (number, node) in flow.graph.nodes.enumerated() {
            let name = node.signal.flatMap { layer.element($0) }.map { $0.tensor.name + "-\($0.place)" }
            flow.addNode(number, data: name.map { " data-node=\"\($0)\"" } ?? "", to: &shapes)
        }
        for (number, look) in looks.enumerated() {
            guard let carried = numbers[number] else { continue }
            let ends = flow.ends(number, carried)
            if let short = flow.gain(number), let long = flow.gain(number, value: carried.gain) {
                // Its number is shown where there is space for it.
                let others = ends + labels.filter { $0.key != number }.values.flatMap { $0 }
                let gain = others.contains { $0.meets(long) } ? short : long
                labels[number] = [gain] + ends
                flow.add(gain, look, to: &shapes)
            }
            flow.add(ends, of: number, carried, look, to: &shapes)
        }
        return drawing(
            viewBox: "0 0 \(w) \(h)", ids: ("flow-t", "flow-d"),
            title: filled(strings.flowTitle, [state.flow.rawValue]),
            text: joined(Array(flow.graph.lines.prefix(40)), by: "; "), shapes.text)
    }

    /// Each edge's classes and data: the colour of its weight, and the term of the selected sum that it carries.
    private func looks(of graph: FlowGraph) -> [EdgeLook] {
        let terms = termsByEdge
        return graph.edges.map { edge in
            guard let gain = edge.gain?.expression.text, let from = graph.signal(through: edge.from),
                let to = graph.signal(through: edge.to)
            else { return EdgeLook(classes: "edge", data: "", term: nil) }
            let color = color(ofWeight: state.flow == .input ? gain : from)
            let term = terms[joined([from, gain, to].sorted(), by: "|")]
            return EdgeLook(
                classes: "edge " + color + (term == nil ? "" : term == self.term ? " p n" : " p"),
                data: term.map { " data-term=\"\($0)\"" } ?? "", term: term)
        }
    }

    /// The numbers on an edge for a term of the current sum: a signal and its gain, or the two numbers that meet there.
    private func edgeNumbers(_ term: Int?) -> EdgeNumbers? {
        guard let sum, let term else { return nil }
        let (own, link) = (sum.terms[term], sum.terms[term].link)
        let isInput = state.flow == .input
        let signal = isInput ? layer.value(.v, link.v) : layer.value(.w, link.w)
        let gain = isInput ? layer.value(.w, link.w) : layer.value(.v, link.v)
        let delta = layer.value(.dg, link.g)
        let (from, to, isBack): (Double, Double, Bool?) =
            switch sum.selection.name {
            case "G": (signal, own.value, false)
            case state.flow.rawValue: (own.value, delta, true)
            default: (signal, delta, nil)
            }
        return EdgeNumbers(
            from: written(from, digits: 3), to: written(to, digits: 3), gain: written(gain, digits: 3), isBack: isBack,
            runs: hasRun, name: "tok-\(sum.selection.name)\(sum.selection.place)")
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
        let place = (0..<(layer.shapes[.w]?.count ?? 0)).first { layer.name(.w, $0) == name }
        return place.map { layer.color(ofWeight: $0) } ?? "gx"
    }
}

extension FlowGraph {
    /// The name of the signal that passes a node.
    fileprivate func signal(through node: Int) -> String? {
        if let signal = nodes[node].signal { return signal.text }
        // A branch has the signal of the node before it, a sum that of the output after it.
        for edge in edges where edge.gain == nil {
            if edge.to == node, let signal = nodes[edge.from].signal { return signal.text }
            if edge.from == node, let signal = nodes[edge.to].signal { return signal.text }
        }
        return nil
    }
}
