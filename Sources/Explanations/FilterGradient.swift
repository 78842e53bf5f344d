import AdjointGradients
import AdjointGraphs

/// The node of a gradient graph that computes ∂E∕∂ of a filter, and the values that its sum is made of.
struct FilterGradient {
    /// Has role `filter`.
    let convolution: Primitive.Convolution
    let isTransposed: Bool
    /// Of the filter.
    let shape: Shape
    private let graph: Graph
    private let node: Int

    /// - Parameter parameter: an input of the graph that is the filter of one convolution.
    init(of parameter: String, in graph: Graph, output: String?) throws(GraphError) {
        let gradient = try graph.gradient(of: parameter, output: output)
        guard let input = graph.input(named: parameter), let result = gradient.outputs.first,
            case .convolution(let convolution) = gradient.nodes[result.node].primitive, convolution.role == .filter,
            let role = graph.role(ofConvolutionWith: input.node)
        else {
            throw GraphError(
                operation: "contributions", argument: "parameter", expected: "the filter of one convolution",
                given: "\"\(parameter)\"")
        }
        self.convolution = convolution
        self.graph = gradient
        isTransposed = role == .input
        shape = input.shape
        node = result.node
    }

    /// The gradient and the two operands of its node.
    func answer(
        _ bindings: [String: Tensor], _ evaluate: (Graph, [String: Tensor]) throws(GraphError) -> [String: Tensor]
    ) throws(GraphError) -> (gradient: Tensor, x: Tensor, y: Tensor) {
        let operands = graph.nodes[node].operands
        var outputs = [Graph.Output("gradient", node)]
        for (name, operand) in zip(["x", "y"], operands) where given(operand, bindings) == nil {
            outputs.append(Graph.Output(name, operand))
        }
        let question = Graph(nodes: graph.nodes, outputs: outputs).keeping(outputs.map { $0.name })
        let answers = try evaluate(question, bindings)
        func tensor(_ name: String, _ node: Int) throws(GraphError) -> Tensor {
            let shape = graph.nodes[node].shape
            guard let tensor = given(node, bindings) ?? answers[name], tensor.shape == shape else {
                throw GraphError(
                    operation: "contributions", argument: "evaluated \(name)", expected: "a tensor \(shape)",
                    given: answers[name].map { "\($0.shape)" } ?? "none")
            }
            return tensor
        }
        return (try tensor("gradient", node), try tensor("x", operands[0]), try tensor("y", operands[1]))
    }

    /// The value of a node that is an input.
    private func given(_ node: Int, _ bindings: [String: Tensor]) -> Tensor? {
        guard case .input(let name) = graph.nodes[node].primitive else { return nil }
        return bindings[name]?.converted(to: graph.nodes[node].type)
    }
}

extension Graph {
    /// The role of the first convolution that uses a node: `output` for a layer, `input` for a transposed one.
    fileprivate func role(ofConvolutionWith operand: Int) -> Primitive.Convolution.Role? {
        for node in nodes where node.operands.contains(operand) {
            if case .convolution(let convolution) = node.primitive { return convolution.role }
        }
        return nil
    }
}
