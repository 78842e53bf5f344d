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
        operatorsOf layer: LayerGeometry, channel: Int = 0, values: [String: Tensor] = [:]
    ) throws(GraphError) {
        let line = try TappedLine(layer, channel: channel, values: values)
        var sketch = FlowSketch()
        line.draw(into: &sketch)
        var graph = sketch.graph("a tapped line of shifts")
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
        let everywhere = sketch.add(.operation(.repeated(over: line.output)), at: place?.moved(by: 0, 70))
        sketch.connect(entry, to: everywhere)
        sketch.connect(everywhere, to: sum)
        sketch.connect(sum, to: exit)
        return sketch.graph(title)
    }
}

/// A convolution's padded planes, shifts, taps and sums.
private struct TappedLine {
    private let convolution: Primitive.Convolution
    private let extents: Primitive.Convolution.Extents
    private let isTransposed: Bool
    private let naming: Naming
    private let weights: (shape: Shape, numbers: [Double]?)
    private let channel: Int
    /// The spatial sizes of the layer's output.
    let output: [Int]

    /// More taps than anybody sees apart.
    private static let limit = 1 << 10

    init(_ layer: LayerGeometry, channel: Int, values: [String: Tensor]) throws(GraphError) {
        let graph = try layer.graph()
        var found: (Primitive.Convolution, Graph.Node)?
        for node in graph.nodes {
            if case .convolution(let convolution) = node.primitive { found = (convolution, node) }
        }
        guard let (convolution, node) = found else {
            throw GraphError(operation: "flow graph", argument: "layer", expected: "a convolution", given: "none")
        }
        let shapes = node.operands.map { graph.nodes[$0].shape }
        self.convolution = convolution
        extents = convolution.extents(shapes[0], shapes[1])
        isTransposed = layer.isTransposed
        naming = Naming(for: graph.inputs.map { $0.shape } + [node.shape])
        let filter = graph.input(named: "W")?.shape ?? []
        weights = (filter, values["W"]?.doubles)
        self.channel = channel
        output = Array(node.shape.sizes.dropFirst(2))
        guard channel >= 0, channel < node.shape[1] else {
            throw GraphError(
                operation: "flow graph", argument: "channel", expected: "from 0 to \(node.shape[1] - 1)",
                given: "\(channel)")
        }
        let taps = Shape(extents.taps + [isTransposed ? extents.filters : extents.channels]).count
        guard taps <= TappedLine.limit else {
            throw GraphError(
                operation: "flow graph", argument: "layer", expected: "at most \(TappedLine.limit) taps",
                given: "\(taps)")
        }
    }

    func bias(_ channel: Int) -> Name { naming.name("B", at: channel, of: [channel + 1]) }

    func named(_ letter: String, _ name: Name) -> (signal: Expression, delta: Expression) {
        (.variable(name), .derivative(of: "E", by: name))
    }

    /// A plane's name: `V`, or of several channels `V[2]`.
    private func plane(_ letter: String, _ channel: Int) -> Name {
        naming == .numbered ? Name(letter) : Name(letter, .axes([channel]))
    }

    func draw(into sketch: inout FlowSketch) {
        // In the form's own terms x leads to y; of a transposed layer these are output and input, and graph and transpose
        // are exchanged afterwards.
        let (first, last) = isTransposed ? ("G", "V") : ("V", "G")
        let group = isTransposed ? channel / extents.channels : channel / extents.filters
        let channels = isTransposed ? [channel] : (0..<extents.channels).map { group * extents.channels + $0 }
        let filters = isTransposed ? (0..<extents.filters).map { group * extents.filters + $0 } : [channel]
        let count = Shape(extents.taps).count
        let isPlaced = channels.count == 1 && filters.count == 1
        let middle = Self.rowHeight * Double(count - 1) / 2
        func at(_ x: Double) -> Picture.Point? { isPlaced ? Picture.Point(x, middle) : nil }
        let lines = channels.map { drawLine(named(first, plane(first, $0)), isPlaced: isPlaced, into: &sketch) }
        for filter in filters {
            let sum = sketch.add(.sum, at: at(430))
            for (line, channel) in zip(lines, channels) {
                for (tap, node) in line.enumerated() {
                    let inside = channel - group * extents.channels
                    let place = (filter * extents.channels + inside) * line.count + tap
                    sketch.connect(node, to: sum, gain: weight(place))
                }
            }
            let name = named(last, plane(last, filter))
            let taking = FlowGraph.Operation.taking(convolution, from: padded, outputs: extents.output)
            let take = sketch.add(.operation(taking), at: at(530))
            let exit = sketch.add(.output, name.signal, delta: name.delta, at: at(620))
            sketch.connect(sum, to: take)
            sketch.connect(take, to: exit)
        }
    }

    private static let rowHeight = 56.0

    /// The nodes at which the taps are picked off, in row-major order. They are drawn one below the other, with the shifts
    /// along the last axis between them and those along the others beside them.
    private func drawLine(
        _ name: (signal: Expression, delta: Expression), isPlaced: Bool, into sketch: inout FlowSketch
    ) -> [Int] {
        func at(_ x: Double, _ row: Double) -> Picture.Point? {
            isPlaced ? Picture.Point(x, row * Self.rowHeight) : nil
        }
        let taps = Shape(extents.taps)
        let entry = sketch.add(.input, name.signal, delta: name.delta, at: at(-40 * Double(taps.rank), 0))
        let padding = FlowGraph.Operation.padding(convolution, inputs: extents.input, to: padded)
        let pad = sketch.add(.operation(padding), at: at(60 - 40 * Double(taps.rank), 0))
        sketch.connect(entry, to: pad)
        var picked: [Int] = []
        for place in 0..<taps.count {
            let row = Double(place)
            let tap = sketch.add(.point, at: at(140, row))
            picked.append(tap)
            // The tap before on the last axis that has moved: a row begins one shift below the row above.
            let index = taps.index(of: place)
            guard let axis = index.lastIndex(where: { $0 > 0 }) else {
                sketch.connect(pad, to: tap)
                continue
            }
            let outside = Double(taps.rank - 1 - axis)
            let before = row - Double(taps.strides[axis])
            let operation = FlowGraph.Operation.shift(axis, by: convolution.window.axes[axis].dilation, taps.rank)
            let shift = sketch.add(
                .operation(operation), at: at(140 - 76 * outside, (before + row) / 2))
            sketch.connect(picked[place - taps.strides[axis]], to: shift)
            sketch.connect(shift, to: tap)
        }
        return picked
    }

    private func weight(_ place: Int) -> Symbol {
        Symbol(.variable(naming.name("W", at: place, of: weights.shape)), weights.numbers?[place])
    }

    /// As long as the last window reaches, or the input with what is put before it.
    private var padded: [Int] {
        convolution.window.axes.indices.map { axis in
            let along = convolution.window.axes[axis]
            let reach = along.stride * (extents.output[axis] - 1) + along.dilation * (extents.taps[axis] - 1) + 1
            return max(reach, extents.input[axis] + along.padding)
        }
    }
}

extension FlowGraph.Operation {
    /// Zeros around a plane; back, what was added is cut off.
    fileprivate static func padding(_ convolution: Primitive.Convolution, inputs: [Int], to padded: [Int]) -> Self {
        let low = convolution.window.axes.map { $0.padding }
        let high = inputs.indices.map { padded[$0] - inputs[$0] - low[$0] }
        return pair(
            "pad", .pad(low: low, high: high, interior: low.map { _ in 0 }),
            "crop", .pad(low: low.map { -$0 }, high: high.map { -$0 }, interior: low.map { _ in 0 }))
    }

    /// q: the plane moves by `distance` along one axis, zeros come in behind it; back, it moves the other way.
    fileprivate static func shift(_ axis: Int, by distance: Int, _ rank: Int) -> Self {
        let steps = (0..<rank).map { $0 == axis ? distance : 0 }
        let (back, none) = (steps.map { -$0 }, steps.map { _ in 0 })
        let letter = "q" + ["z", "y", "x"][axis + 3 - rank]
        return pair(
            letter + superscript(distance), .pad(low: back, high: steps, interior: none),
            letter + superscript(-distance), .pad(low: steps, high: back, interior: none))
    }

    /// Every s-th place; back, zeros are put between.
    fileprivate static func taking(
        _ convolution: Primitive.Convolution, from padded: [Int], outputs: [Int]
    ) -> Self {
        let strides = convolution.window.axes.map { $0.stride }
        let limit = outputs.indices.map { outputs[$0] == 0 ? 0 : (outputs[$0] - 1) * strides[$0] + 1 }
        let isPlain = strides.allSatisfy { $0 == 1 }
        let number = joined(strides.allSatisfy { $0 == strides[0] } ? ["\(strides[0])"] : strides.map { "\($0)" }, by: "×")
        return pair(
            isPlain ? "take valid" : "take every " + number,
            .slice(start: limit.map { _ in 0 }, limit: limit, stride: strides),
            isPlain ? "widen" : "spread by " + number,
            .pad(
                low: limit.map { _ in 0 }, high: limit.indices.map { padded[$0] - limit[$0] },
                interior: strides.map { $0 - 1 }))
    }

    /// One number at every place; back, all places are added.
    fileprivate static func repeated(over plane: [Int]) -> Self {
        let axes = Array(plane.indices)
        return Self(
            label: "everywhere", primitive: .movement(.broadcast(axes: axes, sizes: plane)),
            transposedLabel: "Σ", transposedPrimitive: .reduction(.sum(axes: axes)))
    }

    private static func pair(_ label: String, _ there: Movement, _ backLabel: String, _ back: Movement) -> Self {
        Self(
            label: label, primitive: .movement(there), transposedLabel: backLabel, transposedPrimitive: .movement(back))
    }
}

/// A number as an exponent; 1 is left out.
private func superscript(_ number: Int) -> String {
    if number == 1 { return "" }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    var text = ""
    for byte in String(number).utf8 { text += byte == UInt8(ascii: "-") ? "⁻" : digits[Int(byte) - 48] }
    return text
}
