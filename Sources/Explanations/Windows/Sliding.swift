import AdjointGraphs

/// The arrangement of a layer's windows on the plane over which they slide.
///
/// The form has three letters: i for positions of the plane, r for taps and p for windows. A layer slides over its input V
/// and has a window for each element of its output G; a transposed layer slides over G and has a window for each of V.
package struct Sliding: Sendable {
    let words: Words
    package let layer: LayerGeometry
    package let graph: Graph
    package let window: Window
    /// The convolution of the layer's graph, and its operands' sizes; nil for a pool.
    let convolution: Primitive.Convolution?
    let extents: Primitive.Convolution.Extents?
    /// The sizes along the spatial axes.
    let inputs: [Int]
    package let taps: [Int]
    let outputs: [Int]
    /// The full shapes of V, W (where there is one), B and G.
    package let shapes: [String: Shape]
    package let naming: Naming
    /// The padding at the end of each axis of a layer that is not transposed; below 0 where it crops.
    let after: [Int]

    package init(of layer: LayerGeometry, _ words: Words = .english) throws(ArgumentError) {
        let graph = try layer.graph()
        let shapes = graph.namedShapes
        var found: (window: Window, convolution: Primitive.Convolution?) = (Window([]), nil)
        var extents: Primitive.Convolution.Extents?
        for node in graph.nodes {
            switch node.primitive {
            case .convolution(let convolution):
                found = (convolution.window, convolution)
                extents = convolution.extents(graph.nodes[node.operands[0]].shape, graph.nodes[node.operands[1]].shape)
            case .pooling(.windowSum(let window, _, _, _)), .pooling(.choice(let window, _, _)): found.window = window
            default: continue
            }
        }
        (self.words, self.layer, self.graph, self.shapes, self.extents) = (words, layer, graph, shapes, extents)
        (window, convolution) = found
        let (field, result) = layer.isTransposed ? ("G", "V") : ("V", "G")
        inputs = shapes[field]?.spatial ?? []
        outputs = shapes[result]?.spatial ?? []
        taps = layer.kernel
        naming = Naming(for: Array(shapes.values))
        let amounts = try layer.padding.amounts(
            input: layer.input, kernel: layer.kernel, stride: window.axes.map { $0.stride },
            dilation: window.axes.map { $0.dilation }, operation: "layer")
        after = amounts.after.map { layer.isTransposed ? 0 : $0 }
    }

    package var isTransposed: Bool { layer.isTransposed }

    /// The tensor over which the windows slide, and the one with an element for each window.
    var field: String { isTransposed ? "G" : "V" }
    var result: String { isTransposed ? "V" : "G" }

    /// The number of windows on one plane.
    package var windowCount: Int { Shape(outputs).count }

    /// The number of weights of a filter on one plane.
    package var tapCount: Int { Shape(taps).count }

    /// The index of an element; throws where the layer has none such.
    func index(of selection: Selection) throws(ArgumentError) -> [Int] {
        guard let shape = shapes[selection.name], selection.place >= 0, selection.place < shape.count else {
            throw ArgumentError(
                "selection", "element",
                expected: "one of " + joined(shapes.keys.sorted().map { "\($0) \(shapes[$0] ?? [])" }),
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
        let last = along.span(outputs: outputs[axis], taps: taps[axis]) - 1 - along.padding
        return min(0, -along.padding)...max(inputs[axis] - 1, last)
    }

    /// The number of windows with a tap on each position of an axis.
    package func coverage(_ axis: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: inputs[axis])
        let along = window.axes[axis].meetings(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis])
        for meeting in along { counts[meeting.input] += 1 }
        return counts
    }

    /// The positions after the last window at the end of an axis with its padding, because another stride would go beyond the
    /// end. 0 for a transposed layer.
    func remainder(_ axis: Int) -> Int {
        let along = window.axes[axis]
        let room = inputs[axis] + along.padding + after[axis] - along.reach(taps: taps[axis])
        return isTransposed ? 0 : room % along.stride
    }

    /// The number of positions that two consecutive windows have in common along an axis.
    func overlap(_ axis: Int) -> Int {
        func positions(_ output: Int) -> Set<Int> {
            Set((0..<taps[axis]).compactMap { window.axes[axis].input(output: output, tap: $0) })
        }
        return outputs[axis] < 2 ? 0 : positions(0).intersection(positions(1)).count
    }
}
