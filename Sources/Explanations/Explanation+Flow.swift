import AdjointGraphs

extension Explanation {
    /// A layer as a signal-flow graph, beside its transpose, which is its backward pass.
    ///
    /// Small layers are drawn scalar by scalar, with the input's elements as signals and the weights as gains, and the other
    /// way round; layers of any size by their operators on planes.
    ///
    /// - Parameters:
    ///   - selection: an element of V, W, B or G.
    ///   - values: numbers for V, W, B and ∂G, where there are some.
    /// - Throws: an error that names what does not fit.
    static func flow(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:]
    ) throws(GraphError) -> [Section] {
        let graph = try layer.graph()
        let reader = try FlowReader(graph, selection, values)
        var sections: [Section] = []
        for (signal, gain) in [("V", "W"), ("W", "V")] where graph.input(named: signal) != nil {
            sections.append(try reader.scalars(signal, gain: gain))
        }
        if graph.input(named: "W") != nil { sections.append(try reader.operators(of: layer)) }
        return sections
    }

    /// The last of them alone: a layer's operators on planes.
    package static func flowOfOperators(
        of layer: LayerGeometry, selecting selection: Selection, words: Words
    ) throws(GraphError) -> Section {
        try FlowReader(try layer.graph(), selection, [:], words).operators(of: layer)
    }
}

/// What is said about the flow graphs of one layer.
private struct FlowReader {
    private let words: Words
    private let graph: Graph
    private let values: [String: Tensor]
    private let naming: Naming
    private let selection: Selection
    private let selected: Name
    private let numbers: [Expression: Double]
    /// Whether scalars are few enough to be drawn.
    let isDrawn: Bool

    /// As many as can be told apart in a picture.
    private static let drawnScalars = 40

    init(
        _ graph: Graph, _ selection: Selection, _ values: [String: Tensor], _ words: Words = .english
    ) throws(GraphError) {
        self.words = words
        var shapes: [String: Shape] = [:]
        for input in graph.inputs { shapes[input.name] = input.shape }
        for output in graph.outputs { shapes[output.name] = graph.nodes[output.node].shape }
        guard let shape = shapes[selection.name], selection.place >= 0, selection.place < shape.count else {
            throw GraphError(
                operation: "flow graph", argument: "selection",
                expected: "an element of " + joined(shapes.keys.sorted()),
                given: "\(selection.name) number \(selection.place + 1)")
        }
        self.graph = graph
        self.values = values
        self.selection = selection
        let naming = Naming(for: graph.inputs.map { $0.shape } + graph.outputs.map { graph.nodes[$0.node].shape })
        selected = naming.name(selection.name, at: selection.place, of: shape)
        isDrawn = shapes.values.allSatisfy { $0.count <= FlowReader.drawnScalars }
        var numbers: [Expression: Double] = [:]
        for (name, tensor) in values where isDrawn {
            let isCotangent = shapes[name] == nil
            let letter = isCotangent ? String(name.dropFirst()) : name
            guard let shape = shapes[letter] else { continue }
            for (place, number) in tensor.doubles.enumerated() {
                let element = naming.name(letter, at: place, of: shape)
                numbers[isCotangent ? .derivative(of: "E", by: element) : .variable(element)] = number
            }
        }
        self.naming = naming
        self.numbers = numbers
    }

    // MARK: scalar by scalar

    func scalars(_ signal: String, gain: String) throws(GraphError) -> Explanation.Section {
        let hasGains = graph.input(named: gain) != nil
        let title = "\(signal) as signal" + (hasGains ? ", \(gain) as gain" : "")
        guard isDrawn else {
            let count = graph.inputs.map { $0.shape.count }.reduce(0, +)
            return Explanation.Section(
                "Signal flow: " + title, view: .flow,
                [
                    .fold(
                        Explanation.Fold(
                            "\(grouped(count)) numbers: too many to draw one by one",
                            opening: "the same for a smaller layer, or the operators below"))
                ])
        }
        let there = try FlowGraph(
            of: graph, signals: [signal] + (graph.input(named: "B") == nil ? [] : ["B"]), values: values)
        let titles = ("N: " + title, "Nᵀ: ∂E/∂G enters, ∂E/∂\(signal) leaves")
        let drawing = FlowDrawing(there, selected: .variable(selected))
        var blocks: [Explanation.Block] = [
            .picture(
                drawing.picture(
                    "The signal-flow graph of the layer and its transpose, \(title)", titles,
                    description: described(there)))
        ]
        blocks += try read(there)
        blocks.append(.line(words.places))
        blocks.append(.table(rules(there)))
        return Explanation.Section("Signal flow: " + title, view: .flow, blocks)
    }

    /// The selected element's derivative: by the weight rule where it is a gain, and where it is a signal read off at its
    /// own end of the transpose.
    private func read(_ there: FlowGraph) throws(GraphError) -> [Explanation.Block] {
        let derivative = Expression.derivative(of: "E", by: selected)
        let terms = try there.terms(of: selected, numbers: numbers)
        if !terms.isEmpty {
            let sum = terms.map { $0.product }.reduce(Symbol(0), +)
            return [
                .line(
                    "The weight rule: the signal that enters an edge with gain \(selected.text) in N, times the one that "
                        + "enters it in Nᵀ, summed over its edges."),
                .table(
                    Explanation.Table(
                        ["edge", "enters in N", "enters in Nᵀ", "product"],
                        rows: terms.enumerated().map { number, term in
                            [
                                "\(number + 1)", cell(term.signal), cell(term.delta), cell(term.product),
                            ]
                        }, alignment: [.right, .left, .left, .left])),
                .equations([Equation(.gradient, derivative, sum)]),
            ]
        }
        let back = there.transposed()
        guard
            let end = back.nodes.indices.first(where: {
                back.nodes[$0].kind == .output && back.name(of: $0) == derivative
            })
        else { return [] }
        return [
            .line("What arrives at \(derivative.text) in Nᵀ is its whole gradient:"),
            .equations([Equation(.gradient, derivative, try back.symbols(numbers)[end])]),
        ]
    }

    private func cell(_ symbol: Symbol) -> String {
        symbol.expression.text + (symbol.value.map { " = " + shortest($0) } ?? "")
    }

    private func rules(_ there: FlowGraph) -> Explanation.Table {
        Explanation.Table(
            words.rules, rows: there.rules(words).map { [$0.there, $0.back, "\($0.count)"] },
            alignment: [.left, .left, .right])
    }

    /// The graph in words.
    private func described(_ there: FlowGraph) -> String {
        filled(words.graph, [joined(Array(there.lines.prefix(40)), by: "; ")]) + words.graphBack
    }

    // MARK: operators

    func operators(of layer: LayerGeometry) throws(GraphError) -> Explanation.Section {
        let weight = selection.name == "W" ? selection.place : 0
        let name = naming.name("W", at: weight, of: graph.input(named: "W")?.shape ?? [])
        let there = try FlowGraph(operatorsOf: layer, drawing: weight, values: values, words: words)
        let drawing = FlowDrawing(there, selected: .variable(selection.name == "B" ? selected : name), words)
        var blocks: [Explanation.Block] = [
            .picture(
                drawing.picture(
                    words.operatorsMap, (words.network, words.transpose), description: described(there)))
        ]
        blocks.append(
            .line(words.shifts))
        blocks.append(.line(words.places))
        blocks.append(.table(rules(there)))
        return Explanation.Section(words.operators, view: .flow, blocks)
    }
}
