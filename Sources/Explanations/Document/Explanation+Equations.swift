import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// A layer's equations, and for each selected element its chain rule, the partials in it and the gradient of the
    /// whole input that it belongs to: derived from the layer's graph, its linearization and its transpose.
    static func equations(
        of layer: LayerGeometry, selecting selections: [Selection], values: [String: Tensor], detail: Detail,
        words: Words
    ) throws(ArgumentError) -> [Section] {
        let equations = try Equations(of: try layer.graph(), values: values)
        var readable = ReadableEquations(equations: equations, detail: detail, layer: layer, words: words)
        let tooLong = selections.compactMap { selection in
            readable.tooLong(selection.name).map { Section(filled(words.gradient, [selection.name]), [$0]) }
        }
        return try readable.sections(
            words.layerEquations, selections.filter { readable.tooLong($0.name) == nil }) + tooLong
    }

    /// The nodes that compute ∂E∕∂ of an input from ∂E∕∂ of the output, one line each.
    static func nodes(of graph: Graph, gradientOf name: String, _ words: Words) throws(ArgumentError) -> [Block] {
        let gradient = try graph.vjp(of: [name]).keeping([derivativeName(name)])
        func label(_ node: Int) -> String {
            if case .input(let name) = gradient.nodes[node].primitive { return name }
            return gradient.outputs.first { $0.node == node }?.name ?? "%\(node)"
        }
        var lines: [Block] = []
        var roles: [Primitive.Convolution.Role] = []
        for (index, node) in gradient.nodes.enumerated() {
            if case .input = node.primitive { continue }
            if case .convolution(let convolution) = node.primitive { roles.append(convolution.role) }
            lines.append(.line(label(index) + " = " + node.primitive.text(joined(node.operands.map { label($0) }))))
        }
        if roles.count == 1, lines.count == 1 {
            lines.append(.line(filled(words.oneConvolution, [name, roles[0].rawValue])))
        }
        return lines
    }
}

extension Graph {
    /// The equations of the graph and of the gradient of one of its inputs, with the chain rule for one element of it, as a
    /// document that has several writers: `text()`, `markdown()`, `latex()`, `html()`, `svg()`, `json()`.
    ///
    /// Layers have more views: `Explanation(of: LayerGeometry(…))`.
    ///
    /// - Parameters:
    ///   - selection: an input by its name, and the row-major place of the element that is explained in detail.
    ///   - values: numbers for the inputs; those of ∂E∕∂ of the output have the name `∂` and the output's.
    /// - Throws: an error that names what does not fit.
    public func explained(
        selecting selection: Selection, values: [String: Tensor] = [:], detail: Explanation.Detail = .readable,
        words: Words = .english
    ) throws(ArgumentError) -> Explanation {
        let equations = try Equations(of: self, values: values)
        var readable = ReadableEquations(equations: equations, detail: detail, words: words)
        return Explanation(
            filled(words.gradient, [selection.name]), selection: selection,
            sections: try readable.sections(words.graphEquations, [selection]))
    }
}
