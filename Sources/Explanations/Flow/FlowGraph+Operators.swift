import AdjointGraphs

extension FlowGraph {
    /// The flow graph of a convolution whose signals are planes: for each channel the padded plane runs through a line of
    /// shifts with a tap at every place of the filter, the taps are weighted and added, and what the stride leaves is taken.
    ///
    ///     y = take_s( Σ w[c, r]·q^(d·r) pad_a x[c] ) + b
    ///
    /// where q moves a plane by one place. A transposed layer is the transpose of this graph, read forwards.
    ///
    /// - Parameters:
    ///   - layer: of any geometry.
    ///   - channel: the filter whose output plane is computed (of a transposed layer, the channel of its output).
    ///   - values: numbers for W and B.
    /// - Throws: an error that names what does not fit, or says that the filter has too many taps.
    public init(
        operatorsOf layer: LayerGeometry, channel: Int = 0, values: [String: Tensor] = [:], words: Words = .english
    ) throws(GraphError) {
        let line = try TappedLine(layer, channel: channel, values: values, words)
        guard line.count <= 1 << 10 else {
            throw GraphError(
                operation: "flow graph", argument: "layer", expected: "at most 1024 taps", given: "\(line.count)")
        }
        var sketch = FlowSketch()
        line.draw(into: &sketch)
        var graph = sketch.graph("operators on planes, all taps")
        if layer.isTransposed { graph = graph.reversed() }
        self = layer.hasBias ? graph.addingBias(channel, line) : graph
    }

    /// The way of one tap in full, all others as a box: for layers with many taps or channels.
    ///
    /// - Parameter weight: its row-major place in the filter.
    public init(
        operatorsOf layer: LayerGeometry, around weight: Int, values: [String: Tensor] = [:], words: Words = .english
    ) throws(GraphError) {
        let shapes = try layer.graph().input(named: "W")?.shape ?? []
        guard weight >= 0, weight < shapes.count else {
            throw GraphError(
                operation: "flow graph", argument: "weight", expected: "one of the \(shapes.count) of W \(shapes)",
                given: "number \(weight + 1)")
        }
        let index = shapes.index(of: weight)
        // The plane that the weight leads to; of a transposed layer its second axis counts within the group.
        let channel =
            layer.isTransposed ? index[0] / (layer.channels / layer.groups) * shapes[1] + index[1] : index[0]
        let line = try TappedLine(layer, channel: channel, values: values, words)
        var sketch = FlowSketch()
        line.draw(only: weight, into: &sketch)
        var graph = sketch.graph("operators on planes, one tap")
        if layer.isTransposed { graph = graph.reversed() }
        self = layer.hasBias ? graph.addingBias(channel, line) : graph
    }

    /// The same graph and its transpose with their parts exchanged: what was the way back is the way there.
    private func reversed() -> FlowGraph {
        let there = transposed()
        let nodes = there.nodes.map {
            Node(kind: $0.kind, signal: $0.signal, delta: $0.delta, place: $0.place.map { Picture.Point(-$0.x, $0.y) })
        }
        return FlowGraph(title: title, nodes: nodes, edges: there.edges, isTransposed: false)
    }

    private func addingBias(_ channel: Int, _ line: TappedLine) -> FlowGraph {
        var sketch = FlowSketch()
        let exit = nodes.firstIndex { $0.kind == .output } ?? 0
        var place = nodes[exit].place
        for (number, node) in nodes.enumerated() {
            let moved = number == exit ? place?.moved(by: 90, 0) : node.place
            _ = sketch.add(node.kind, node.signal, delta: node.delta, at: moved)
        }
        place = place?.moved(by: 20, 0)
        let sum = sketch.add(.sum, at: place)
        for edge in edges { sketch.connect(edge.from, to: edge.to == exit ? sum : edge.to, gain: edge.gain) }
        let bias = line.named("B", line.bias(channel))
        let entry = sketch.add(.input, bias.signal, delta: bias.delta, at: place?.moved(by: 0, 130))
        let everywhere = sketch.add(.operation(.repeated(over: line.output, line.words)), at: place?.moved(by: 0, 70))
        sketch.connect(entry, to: everywhere)
        sketch.connect(everywhere, to: sum)
        sketch.connect(sum, to: exit)
        return sketch.graph(title)
    }
}
