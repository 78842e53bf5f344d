import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// A convolution layer, its chain rule for one element of an input, the partials, and the gradient of that whole
    /// input: as equations, and as the nodes of the gradient graph.
    ///
    /// - Parameters:
    ///   - name: `W`, `V` or `B`.
    ///   - place: the row-major place of the element whose chain rule is written out.
    ///   - values: numbers for V, W, B and ∂G, where there are some.
    /// - Throws: an error that names what does not fit.
    public init(
        layer: LayerGeometry, of name: String = "W", at place: Int = 0, values: [String: Tensor] = [:]
    ) throws(GraphError) {
        let graph = try layer.graph()
        let equations = try Equations(of: graph, values: values)
        let element = try equations.name(of: name, at: place).text
        self.init(
            "The gradient of \(name)",
            sections: [
                Section("The layer", [.equations(equations.forward)]),
                Section(
                    "The chain rule for \(element)", [.equations([try equations.chainRule(for: name, at: place)])]),
                Section(
                    "How the output moves with \(element)",
                    [.equations(try equations.partials(by: name, at: place))]),
                Section("The gradient of \(name)", [.equations(try equations.gradient(of: name))]),
                Section(
                    "The same as a graph, where ∂\(name) stands for ∂E/∂\(name)",
                    try Explanation.nodes(of: graph, gradientOf: name)),
            ])
    }

    /// The nodes that compute ∂E∕∂ of an input from ∂E∕∂ of the output, one line each.
    private static func nodes(of graph: Graph, gradientOf name: String) throws(GraphError) -> [Block] {
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
            lines.append(.line("The gradient of \(name) is one convolution with role \(roles[0].rawValue)."))
        }
        return lines
    }
}
