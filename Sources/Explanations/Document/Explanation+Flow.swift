import AdjointGraphs

extension Explanation {
    /// A layer as a signal-flow graph, beside its transpose, which is its backward pass.
    ///
    /// Small layers are drawn scalar by scalar, with the input's elements as signals and the weights as gains, and the other
    /// way round; layers of any size by their operators on planes.
    ///
    /// - Parameters:
    ///   - selection: an element of V, W, B or G.
    ///   - values: numbers for V, W, B and ∂G, where they are known.
    /// - Throws: an error that names what does not fit.
    static func flow(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:],
        words: Words = .english
    ) throws(ArgumentError) -> [Section] {
        let reader = try FlowReader(layer, selection, values, words)
        guard reader.hasFilter else { return [try reader.scalars("V", gain: "W")] }
        return [try reader.scalars("V", gain: "W"), try reader.scalars("W", gain: "V"), try reader.operators]
    }

    /// Only a layer's operators on planes.
    package static func flowOfOperators(
        of layer: LayerGeometry, selecting selection: Selection, words: Words
    ) throws(ArgumentError) -> Section {
        try FlowReader(layer, selection, [:], words).operators
    }
}

/// The texts and pictures of the flow graphs of one layer.
private struct FlowReader {
    private let layer: LayerGeometry
    private let graph: Graph
    private let values: [String: Tensor]
    private let elements: NamedElements
    private let selection: Selection
    private let selected: Name
    private let words: Words

    /// The most scalars that can be told apart in a picture.
    private static let drawnScalars = 40

    init(
        _ layer: LayerGeometry, _ selection: Selection, _ values: [String: Tensor], _ words: Words
    ) throws(ArgumentError) {
        graph = try layer.graph()
        elements = try NamedElements(of: graph, values: values)
        selected = try elements.name(of: selection.name, at: selection.place)
        (self.layer, self.selection, self.values, self.words) = (layer, selection, values, words)
    }

    var hasFilter: Bool { graph.input(named: "W") != nil }

    func scalars(_ signal: String, gain: String) throws(ArgumentError) -> Explanation.Section {
        let title = filled(words.asSignal, [signal]) + (hasFilter ? ", " + filled(words.asGain, [gain]) : "")
        let heading = filled(words.signalFlow, [title])
        guard elements.shapes.values.allSatisfy({ $0.count <= FlowReader.drawnScalars }) else {
            let count = grouped(graph.inputs.map { $0.shape.count }.reduce(0, +))
            let fold = Explanation.Block.fold(filled(words.tooManyScalars, [count]), opening: words.fewerScalars)
            return Explanation.Section(heading, view: .flow, [fold])
        }
        let there = try FlowGraph(of: graph, signals: [signal, "B"], values: values, words: words)
        let picture = FlowDrawing(there, selected: .variable(selected), words).picture(
            filled(words.signalFlowMap, [title]), ("N: " + title, filled(words.scalarTranspose, [signal])),
            description: description(of: there))
        return section(heading, there, picture, try reading(of: there))
    }

    var operators: Explanation.Section {
        get throws(ArgumentError) {
            let weight = selection.name == "W" ? selection.place : 0
            let shown = selection.name == "B" ? selected : try elements.name(of: "W", at: weight)
            let there = try FlowGraph(operatorsOf: layer, drawing: weight, values: values, words: words)
            let picture = FlowDrawing(there, selected: .variable(shown), words).picture(
                words.operatorsMap, (words.network, words.transpose), description: description(of: there))
            return section(words.operators, there, picture, [.line(words.shifts)])
        }
    }

    /// The picture, its description, and the rules that lead from the graph to its transpose.
    private func section(
        _ title: String, _ there: FlowGraph, _ picture: Picture, _ said: [Explanation.Block]
    ) -> Explanation.Section {
        let rules = Explanation.Table(
            words.rules, rows: there.rules(words).map { [$0.there, $0.back, "\($0.count)"] },
            alignment: [.left, .left, .right])
        return Explanation.Section(
            title, view: .flow, [.picture(picture)] + said + [.line(words.places), .table(rules)])
    }

    /// The graph in words.
    private func description(of there: FlowGraph) -> String {
        filled(words.graph, [joined(Array(there.lines.prefix(40)), by: "; ")]) + words.graphBack
    }

    /// The selected element's derivative: for a gain by the weight rule; for a signal it is read at its own end of the
    /// transpose.
    private func reading(of there: FlowGraph) throws(ArgumentError) -> [Explanation.Block] {
        let derivative = Expression.derivative(of: "E", by: selected)
        let terms = try there.terms(of: selected) { elements.number(of: $0) }
        if !terms.isEmpty {
            let rows = terms.enumerated().map { number, term in
                ["\(number + 1)"] + [term.signal, term.delta, term.product].map { cell($0) }
            }
            return [
                .line(filled(words.weightRule, [selected.text])),
                .table(Explanation.Table(words.edgeColumns, rows: rows, alignment: [.right, .left, .left, .left])),
                .equations([Equation(.gradient, derivative, terms.map { $0.product }.reduce(Symbol(0), +))]),
            ]
        }
        let back = there.transposed()
        let end = back.nodes.indices.first { back.nodes[$0].kind == .output && back.name(of: $0) == derivative }
        guard let end else { return [] }
        return [
            .line(filled(words.arrival, [derivative.text])),
            .equations([Equation(.gradient, derivative, try back.symbols { elements.number(of: $0) }[end])]),
        ]
    }

    private func cell(_ symbol: Symbol) -> String {
        symbol.expression.text + (symbol.value.map { " = " + shortest($0) } ?? "")
    }
}
