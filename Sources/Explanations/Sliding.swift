import AdjointGradients
import AdjointGraphs

/// How the windows of a layer lie on the plane that they slide over, read off the node of the layer's graph.
///
/// The form has three letters: i for positions of the plane, r for taps and p for windows. A layer slides over its input V
/// and has a window for each element of its output G; a transposed layer slides over G and has a window for each of V.
struct Sliding {
    let words: Words
    let graph: Graph
    let window: Window
    /// Nil for a pool.
    let convolution: Primitive.Convolution?
    /// Of the convolution.
    let extents: Primitive.Convolution.Extents?
    /// Sizes along the spatial axes.
    let inputs: [Int]
    let taps: [Int]
    let outputs: [Int]
    /// The full shapes of V, W (where there is one), B and G.
    let shapes: [String: Shape]
    let naming: Naming
    let isTransposed: Bool
    /// How much a layer that is not transposed pads at the end of each axis.
    let after: [Int]

    init(of layer: LayerGeometry, _ words: Words = .english) throws(GraphError) {
        self.words = words
        let graph = try layer.graph()
        var found: (window: Window, convolution: Primitive.Convolution?, i: [Int], r: [Int], p: [Int])?
        var extents: Primitive.Convolution.Extents?
        for node in graph.nodes where found == nil {
            let operands = node.operands.map { graph.nodes[$0].shape }
            switch node.primitive {
            case .convolution(let convolution):
                let of = convolution.extents(operands[0], operands[1])
                extents = of
                found = (convolution.window, convolution, of.input, of.taps, of.output)
            case .pooling(.windowSum(let window, let taps, let role, let size)):
                let planes = Pooling.planes(operands[0], role: role, size: size)
                found = (window, nil, planes.input, taps, planes.output)
            case .pooling(.choice(let window, let taps, let size)):
                found = (window, nil, Array(operands[0].sizes.dropFirst(2)), taps, size)
            default: break
            }
        }
        guard let found else {
            throw GraphError(
                operation: "windows", argument: "layer", expected: "one whose windows slide", given: "one without")
        }
        let shapes = graph.namedShapes
        self.graph = graph
        window = found.window
        convolution = found.convolution
        self.extents = extents
        (inputs, taps, outputs) = (found.i, found.r, found.p)
        self.shapes = shapes
        naming = Naming(for: graph.inputs.map { $0.shape } + graph.outputs.map { graph.nodes[$0.node].shape })
        let isTransposed = found.convolution?.role == .input
        self.isTransposed = isTransposed
        let amounts = try layer.padding.amounts(
            input: layer.input, kernel: layer.kernel,
            stride: found.window.axes.map { $0.stride }, dilation: found.window.axes.map { $0.dilation },
            operation: "layer"
        )
        // Cropping at the end is what leaves windows out, and needs no drawing.
        after = amounts.after.map { isTransposed ? 0 : max(0, $0) }
    }

    /// What the windows slide over, and what has an element for each window.
    var field: String { isTransposed ? "G" : "V" }
    var result: String { isTransposed ? "V" : "G" }

    /// The operand of the form that a tensor is; nil for a bias.
    func role(of name: String) -> Primitive.Convolution.Role? {
        switch name {
        case "W": .filter
        case field: .input
        case result: .output
        default: nil
        }
    }

    /// Throws what is not an element of the layer.
    func index(of selection: Selection) throws(GraphError) -> [Int] {
        guard let shape = shapes[selection.name], selection.place >= 0, selection.place < shape.count else {
            throw GraphError(
                operation: "selection", argument: "element",
                expected: "one of "
                    + joined(shapes.keys.sorted().map { "\($0) \(shapes[$0] ?? [])" }),
                given: "number \(selection.place + 1) of \(selection.name)")
        }
        return shape.index(of: selection.place)
    }
}

extension Sliding {
    /// The first position of the plane that a window touches on each axis (negative in the padding), and the last, or the
    /// plane's own ends where windows stay inside.
    func bounds(_ axis: Int) -> ClosedRange<Int> {
        let along = window.axes[axis]
        let last = along.stride * (outputs[axis] - 1) + along.dilation * (taps[axis] - 1) - along.padding
        return min(0, -along.padding)...max(inputs[axis] - 1, last)
    }

    /// How many windows have a tap on each position of an axis.
    func coverage(_ axis: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: inputs[axis])
        let along = window.axes[axis].meetings(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis])
        for meeting in along { counts[meeting.input] += 1 }
        return counts
    }

    /// Positions at the end of an axis that the last window leaves because the stride would step over the end.
    func remainder(_ axis: Int) -> Int { coverage(axis).reversed().prefix { $0 == 0 }.count }

    /// How many positions two windows that follow each other have in common along an axis.
    func overlap(_ axis: Int) -> Int {
        func positions(_ output: Int) -> Set<Int> {
            Set((0..<taps[axis]).compactMap { window.axes[axis].input(output: output, tap: $0) })
        }
        return outputs[axis] < 2 ? 0 : positions(0).intersection(positions(1)).count
    }
}
