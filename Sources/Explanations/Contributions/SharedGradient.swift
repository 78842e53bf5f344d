import AdjointGraphs

/// The gradient of one input of a graph as a sum of shares, one for each use: the layers that share a weight, or the two
/// paths around a block.
///
///     ∂E∕∂θ = Σ ∂E∕∂θ₁ + ∂E∕∂θ₂ + …,   where each use has a parameter of its own with equal values
public struct SharedGradient: Sendable {
    /// The shares in the order of the graph; one where all terms come from one use.
    public let shares: [ParameterGradient]
    /// ∂E∕∂ of the parameter, row-major.
    public let gradient: [Double]

    public var parameter: String { shares[0].parameter }
    public var error: Double { shares[0].error }
    public var shape: Shape { shares[0].shape }

    /// - Parameters: as in `ParameterGradient`.
    /// - Complexity: one gradient for each use.
    public init(
        of parameter: String, in graph: Graph, output: String, layers: [String] = [], bindings: [String: Tensor],
        evaluate: Graph.Evaluation = Graph.byDefinition
    ) throws(ArgumentError) {
        let uses = graph.uses(of: parameter, output: output)
        var shares: [ParameterGradient] = []
        if uses.count > 1 {
            for use in uses {
                let name = "\(parameter) at \(use)"
                var bindings = bindings
                bindings[name] = bindings[parameter]
                shares.append(
                    try ParameterGradient(
                        of: name, called: parameter, in: try graph.separating(use, of: parameter, as: name),
                        output: output, layers: layers, bindings: bindings, evaluate: evaluate))
            }
        } else {
            shares = [
                try ParameterGradient(
                    of: parameter, in: graph, output: output, layers: layers, bindings: bindings, evaluate: evaluate)
            ]
        }
        var sum = [Double](repeating: 0, count: shares[0].shape.count)
        for share in shares { for (place, number) in share.gradient.doubles.enumerated() { sum[place] += number } }
        (self.shares, gradient) = (shares, sum)
    }

    /// The elements with the largest gradients, largest first; equal ones in their order.
    public func largest(_ count: Int) -> [[Int]] { gradient.largest(count).map { shape.index(of: $0) } }

    /// The shares, those with the largest contribution to an element first.
    public func ranked(at element: [Int]) -> [ParameterGradient] {
        let place = shape.place(of: element) ?? 0
        return shares.map { $0.gradient.doubles[place] }.largest(shares.count).map { shares[$0] }
    }
}

extension Graph {
    /// The nodes that compute with an input, beyond moving its elements, and on which an output depends.
    fileprivate func uses(of input: String, output: String) -> [Int] {
        guard let start = self.input(named: input)?.node, let end = self.output(named: output)?.node else { return [] }
        var isOnWay = [Bool](repeating: false, count: nodes.count)
        isOnWay[end] = true
        for node in nodes.indices.reversed() where isOnWay[node] {
            for operand in nodes[node].operands where nodes[operand].passesErrors { isOnWay[operand] = true }
        }
        let moved = copies(of: start)
        return nodes.indices.filter { node in
            isOnWay[node] && !moved[node] && nodes[node].passesErrors && nodes[node].operands.contains { moved[$0] }
        }
    }

    /// Which nodes have elements of one input only, moved.
    func copies(of input: Int) -> [Bool] {
        var moved: [Bool] = []
        for (index, node) in nodes.enumerated() {
            var isMovement = false
            if case .movement = node.primitive { isMovement = node.operands.allSatisfy { moved[$0] } }
            moved.append(index == input || isMovement)
        }
        return moved
    }

    /// The same graph with an input of its own for one use of an input.
    fileprivate func separating(_ use: Int, of input: String, as name: String) throws(ArgumentError) -> Graph {
        let moved = copies(of: self.input(named: input)?.node ?? 0)
        return try Graph { g in
            var values: [Value] = []
            var own: [Int: Value] = [:]
            for (index, node) in nodes.enumerated() {
                g.origin = origins[index]
                if case .input(let given) = node.primitive {
                    values.append(g.input(given, node.shape, node.type))
                    if moved[index] { own[index] = g.input(name, node.shape, node.type) }
                    continue
                }
                if moved[index] { own[index] = g.apply(node.primitive, to: node.operands.compactMap { own[$0] }) }
                values.append(
                    g.apply(node.primitive, to: node.operands.map { index == use ? own[$0] ?? values[$0] : values[$0] })
                )
            }
            return outputs.map { ($0.name, values[$0.node]) }
        }
    }
}
