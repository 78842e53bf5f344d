import AdjointGraphs

extension FlowGraph {
    /// The flow graph of a convolution whose signals are planes: for each channel the padded plane runs through a line of
    /// shifts with a tap at every place of the filter, the taps are weighted and added, and every s-th place is taken.
    ///
    ///     y = take_s( Σ w[c, r]·q^(d·r) pad_a x[c] ) + b
    ///
    /// where q moves a plane by one place. A transposed layer is the transpose of this graph, read forwards.
    ///
    /// - Parameters:
    ///   - layer: a layer of any geometry.
    ///   - channel: the filter whose output plane is computed (for a transposed layer, the channel of its output).
    ///   - values: numbers for W and B.
    /// - Throws: an error that names what does not fit, or says that the filter has too many taps.
    public init(
        operatorsOf layer: LayerGeometry, channel: Int = 0, values: [String: Tensor] = [:], words: Words = .english
    ) throws(ArgumentError) {
        let line = try TappedLine(layer, channel: channel, values: values, words)
        guard line.count <= 1 << 10 else {
            throw ArgumentError("flow graph", "layer", expected: "at most 1024 taps", given: "\(line.count)")
        }
        self.init(line, line.allTaps.graph(words.allTapsGraph))
    }

    /// The path of one tap in full, and all others as a box: for layers with many taps or channels.
    ///
    /// - Parameter weight: the row-major place of the weight in the filter.
    public init(
        operatorsOf layer: LayerGeometry, around weight: Int, values: [String: Tensor] = [:], words: Words = .english
    ) throws(ArgumentError) {
        let shape = try TappedLine(layer, channel: 0, values: values, words).weights
        guard weight >= 0, weight < shape.count else {
            throw ArgumentError(
                "flow graph", "weight", expected: "one of the \(shape.count) of W \(shape)",
                given: "number \(weight + 1)")
        }
        let index = shape.index(of: weight)
        // The output plane of the weight; in a transposed layer its second axis counts within the group.
        let channel =
            layer.isTransposed ? index[0] / (layer.channels / layer.groups) * shape[1] + index[1] : index[0]
        let line = try TappedLine(layer, channel: channel, values: values, words)
        self.init(line, line.oneTap(weight).graph(words.oneTapGraph))
    }

    /// All taps where they are few and have one plane, else only one.
    package init(
        operatorsOf layer: LayerGeometry, drawing weight: Int, values: [String: Tensor] = [:], words: Words = .english
    ) throws(ArgumentError) {
        if layer.channels == 1, layer.filters == 1, Shape(layer.kernel).count <= 9 {
            try self.init(operatorsOf: layer, values: values, words: words)
        } else {
            try self.init(operatorsOf: layer, around: weight, values: values, words: words)
        }
    }

    /// A line in the direction of the layer, with its bias.
    private init(_ line: TappedLine, _ graph: FlowGraph) {
        let graph = line.isTransposed ? graph.reversed() : graph
        self = line.bias.map { graph.addingBias($0, line.everywhere) } ?? graph
    }

    /// The same graph with its transpose exchanged: the transpose becomes the graph.
    private func reversed() -> FlowGraph {
        let there = transposed()
        let nodes = there.nodes.map {
            Node(kind: $0.kind, signal: $0.signal, delta: $0.delta, place: $0.place.map { Picture.Point(-$0.x, $0.y) })
        }
        return FlowGraph(title: title, nodes: nodes, edges: there.edges, isTransposed: false)
    }

    private func addingBias(_ bias: Name, _ everywhere: Operation) -> FlowGraph {
        var sketch = FlowSketch()
        let exit = nodes.firstIndex { $0.kind == .output } ?? 0
        for (number, node) in nodes.enumerated() {
            let place = number == exit ? node.place?.moved(by: 90, 0) : node.place
            _ = sketch.add(node.kind, node.signal, delta: node.delta, at: place)
        }
        let place = nodes[exit].place?.moved(by: 20, 0)
        let sum = sketch.add(.sum, at: place)
        for edge in edges { sketch.connect(edge.from, to: edge.to == exit ? sum : edge.to, gain: edge.gain) }
        let entry = sketch.add(.input, named: bias, at: place?.moved(by: 0, 130))
        let repeated = sketch.add(.operation(everywhere), at: place?.moved(by: 0, 70))
        sketch.connect([entry, repeated, sum, exit])
        return sketch.graph(title)
    }
}
