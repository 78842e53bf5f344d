import AdjointGradients
import AdjointGraphs

/// A graph with a gradient and the cotangents of some values between.
struct MarkedGradient {
    let graph: Graph
    /// The input that stands for ∂E, and is 1.
    let seed: Graph.Input
    /// The node that computes E.
    let error: Int
    /// The node that computes ∂E∕∂ of the parameter.
    let gradient: Int
    /// For each marked value, the node that computes its cotangent.
    let cotangents: [Int]
}

extension MarkedGradient {
    /// The values of some nodes, all computed together; those of inputs and constants are given.
    func tensors(
        of nodes: [Int], _ bindings: [String: Tensor], _ evaluate: Graph.Evaluation
    ) throws(ArgumentError) -> [Int: Tensor] {
        var bindings = bindings
        bindings[seed.name] = Tensor(scalar: 1, as: seed.type)
        let nodes = Set(nodes).sorted()
        var tensors: [Int: Tensor] = [:]
        for node in nodes { tensors[node] = graph.nodes[node].given(bindings) }
        let asked = nodes.filter { tensors[$0] == nil }.map { Graph.Output("value \($0)", $0) }
        let question = Graph(nodes: graph.nodes, outputs: asked, origins: graph.origins)
        let answers = try evaluate(question.keeping(asked.map { $0.name }), bindings)
        for output in asked {
            let (shape, tensor) = (graph.nodes[output.node].shape, answers[output.name])
            guard let tensor, tensor.shape == shape else {
                throw ArgumentError(
                    "contributions", "evaluated \(output.name)", expected: "a tensor \(shape)",
                    given: tensor.map { "\($0.shape)" } ?? "none")
            }
            tensors[output.node] = tensor
        }
        return tensors
    }
}

extension Graph.Node {
    /// Whether the result can change with a small step of an operand: not for comparisons, choices, signs and `stop`.
    var passesErrors: Bool {
        switch primitive {
        case .stop, .pointwise(.sign), .pointwise(.floor): false
        default: type.isFloatingPoint
        }
    }

    /// The value of an input or a constant.
    fileprivate func given(_ bindings: [String: Tensor]) -> Tensor? {
        switch primitive {
        case .input(let name): bindings[name]?.converted(to: type)
        case .constant(let tensor): tensor
        default: nil
        }
    }
}

extension Graph {
    /// The gradient of a scalar output, with the cotangents of some values between.
    ///
    /// A mark is a zero that is added to a value y. The error depends on it as on the value, so ∂E∕∂mark is the value's
    /// cotangent ∂E∕∂y; once the gradient is written down, the marks become constant zeros, and are simplified away.
    ///
    /// - Parameter marked: floating-point nodes.
    func gradient(of parameter: String, output: String, marked: [Int]) throws(ArgumentError) -> MarkedGradient {
        let marks = marked.map { "mark \($0)" }
        let graph = try Graph { (g: GraphBuilder) -> [(String, Value)] in
            let values = g.inline(self) { node, value in
                marked.firstIndex(of: node).map { value + g.input(marks[$0], value.shape, value.type) } ?? value
            }
            return outputs.map { ($0.name, values[$0.node]) }
        }
        // ∂E stays an input, to be given as 1: a constant 1 would be simplified away, and with it the factors.
        let derivative = try graph.keeping([output]).vjp(of: [parameter] + marks)
        guard let seed = derivative.inputs.first(where: { graph.input(named: $0.name) == nil }) else {
            throw ArgumentError(
                "contributions", "output \"\(output)\"", expected: "one that depends on \"\(parameter)\"",
                given: "another")
        }
        let unmarked = try Graph { (g: GraphBuilder) -> [(String, Value)] in
            var zeros: [String: Value] = [:]
            for (mark, node) in zip(marks, marked) { zeros[mark] = g.constant(0, nodes[node].shape, nodes[node].type) }
            let values = g.inline(derivative, bindings: zeros)
            return derivative.outputs.map { ($0.name, values[$0.node]) }
        }.simplified()
        let results = unmarked.outputs.map { $0.node }
        return MarkedGradient(
            graph: unmarked, seed: seed, error: results[0], gradient: results[1],
            cotangents: Array(results.dropFirst(2)))
    }

    /// For each node, whether it depends on a given one by paths that avoid another; the given node itself does.
    func depending(on node: Int, avoiding other: Int? = nil) -> [Bool] {
        var depends = [Bool](repeating: false, count: nodes.count)
        depends[node] = true
        for index in nodes.indices.dropFirst(node + 1) where index != other && nodes[index].passesErrors {
            depends[index] = nodes[index].operands.contains { depends[$0] }
        }
        return depends
    }
}
