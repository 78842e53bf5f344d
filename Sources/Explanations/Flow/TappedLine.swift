import AdjointGraphs

/// A convolution's padded planes, shifts, taps and sums.
struct TappedLine {
    let words: Words
    let convolution: Primitive.Convolution
    let extents: Primitive.Convolution.Extents
    let isTransposed: Bool
    let naming: Naming
    let weights: (shape: Shape, numbers: [Double]?)
    let channel: Int
    /// The spatial sizes of the layer's output.
    let output: [Int]

    init(
        _ layer: LayerGeometry, channel: Int, values: [String: Tensor], _ words: Words
    ) throws(GraphError) {
        self.words = words
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
    }

    /// How many taps lead to one plane.
    var count: Int { Shape(extents.taps + [isTransposed ? extents.filters : extents.channels]).count }

    func bias(_ channel: Int) -> Name { naming.name("B", at: channel, of: [channel + 1]) }

    func named(_ letter: String, _ name: Name) -> (signal: Expression, delta: Expression) {
        (.variable(name), .derivative(of: "E", by: name))
    }

    /// A plane's name: `V`, or of several channels `V[2]`.
    func plane(_ letter: String, _ channel: Int) -> Name {
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
            let sum = sketch.add(.sum, at: at(290))
            for (line, channel) in zip(lines, channels) {
                for (tap, node) in line.enumerated() {
                    let inside = channel - group * extents.channels
                    let place = (filter * extents.channels + inside) * line.count + tap
                    sketch.connect(node, to: sum, gain: weight(place))
                }
            }
            let name = named(last, plane(last, filter))
            let taking = FlowGraph.Operation.taking(convolution, from: padded, outputs: extents.output, words)
            let take = sketch.add(.operation(taking), at: at(390))
            let exit = sketch.add(.output, name.signal, delta: name.delta, at: at(480))
            sketch.connect(sum, to: take)
            sketch.connect(take, to: exit)
        }
    }

    private static let rowHeight = 72.0

    /// The nodes at which the taps are picked off, in row-major order. They are drawn one below the other, those that begin
    /// a row further to the left.
    private func drawLine(
        _ name: (signal: Expression, delta: Expression), isPlaced: Bool, into sketch: inout FlowSketch
    ) -> [Int] {
        let taps = Shape(extents.taps)
        func at(_ x: Double, _ row: Double) -> Picture.Point? {
            isPlaced ? Picture.Point(x, row * Self.rowHeight) : nil
        }
        func lane(_ axis: Int) -> Double { 90 * Double(axis + 1 - taps.rank) }
        let entry = sketch.add(.input, name.signal, delta: name.delta, at: at(lane(0) - 165, 0))
        let padding = FlowGraph.Operation.padding(convolution, inputs: extents.input, to: padded, words)
        let pad = sketch.add(.operation(padding), at: at(lane(0) - 80, 0))
        sketch.connect(entry, to: pad)
        var picked: [Int] = []
        for place in 0..<taps.count {
            // The tap before on the last axis that has moved: a row begins one shift below the row above.
            let index = taps.index(of: place)
            guard let axis = index.lastIndex(where: { $0 > 0 }) else {
                picked.append(sketch.add(.point, at: at(lane(0), 0)))
                sketch.connect(pad, to: picked[0])
                continue
            }
            let distance = convolution.window.axes[axis].dilation
            let operation = FlowGraph.Operation.shift(
                by: (0..<taps.rank).map { $0 == axis ? distance : 0 }, words)
            let shift = sketch.add(.operation(operation), at: at(lane(axis), Double(place) - 0.5))
            let tap = sketch.add(.point, at: at(lane(axis), Double(place)))
            sketch.connect(picked[place - taps.strides[axis]], to: shift)
            sketch.connect(shift, to: tap)
            picked.append(tap)
        }
        return picked
    }

    func weight(_ place: Int) -> Symbol {
        Symbol(.variable(naming.name("W", at: place, of: weights.shape)), weights.numbers?[place])
    }

    /// As long as the last window reaches, or the input with what is put before it.
    var padded: [Int] {
        convolution.window.axes.indices.map { axis in
            let along = convolution.window.axes[axis]
            let span = along.span(outputs: extents.output[axis], taps: extents.taps[axis])
            return max(span, extents.input[axis] + along.padding)
        }
    }
}
