import AdjointGraphs

extension LinearGraph {
    /// The transposed map (reverse mode; Wan's reciprocal network): outputs become inputs, every arrow is reversed, sums
    /// become branches and branches sums, gains stay.
    ///
    ///     ⟨J·t, u⟩ = ⟨t, Jᵀ·u⟩
    ///
    /// - Throws: only where the graph is not linear in its arguments.
    /// - Complexity: one pass over the nodes, backwards.
    public func transposed() throws(ArgumentError) -> LinearGraph {
        let builder = GraphBuilder()
        var cotangents = [Value?](repeating: nil, count: graph.nodes.count)
        func add(_ cotangent: Value, to node: Int) {
            cotangents[node] = cotangents[node].map { $0 + cotangent } ?? cotangent
        }
        let isMoving = moving
        // Nodes that do not depend on an argument are coefficients: the transposed graph computes them as this one does.
        var coefficients: [Value?] = []
        for (index, node) in graph.nodes.enumerated() {
            builder.origin = graph.origins[index]
            if isMoving[index] {
                coefficients.append(nil)
            } else if case .input(let name) = node.primitive {
                coefficients.append(builder.input(name, node.shape, node.type))
            } else {
                coefficients.append(builder.apply(node.primitive, to: node.operands.compactMap { coefficients[$0] }))
            }
        }
        for output in graph.outputs {
            let node = graph.nodes[output.node]
            let cotangent = builder.input(output.name, node.shape, node.type)
            if isMoving[output.node] { add(cotangent, to: output.node) }
        }
        for (index, node) in graph.nodes.enumerated().reversed() {
            guard isMoving[index], let cotangent = cotangents[index], !node.operands.isEmpty else { continue }
            builder.origin = graph.origins[index]?.transposed
            let operands = node.operands.map { operand in
                Operand(signature: graph.nodes[operand].signature, coefficient: coefficients[operand])
            }
            let results = try node.primitive.transposed(cotangent, operands)
            for (operand, result) in zip(node.operands, results) {
                if let result, isMoving[operand] { add(result, to: operand) }
            }
        }
        let outputs = arguments.compactMap { name -> (String, Value)? in
            guard let input = graph.input(named: name) else { return nil }
            return (name, cotangents[input.node] ?? builder.constant(0, input.shape, input.type))
        }
        return LinearGraph(
            graph: try builder.graph(outputs: outputs).simplified(), arguments: graph.outputs.map { $0.name })
    }

    /// For each node, whether it depends on an argument.
    package var moving: [Bool] {
        var moving: [Bool] = []
        for node in graph.nodes {
            if case .input(let name) = node.primitive {
                moving.append(arguments.contains(name))
            } else {
                moving.append(node.operands.contains { moving[$0] })
            }
        }
        return moving
    }
}

/// An operand of a node that is to be transposed.
struct Operand {
    let signature: Signature
    /// Its value in the transposed graph, where it is a coefficient; nil where it depends on an argument.
    let coefficient: Value?

    var shape: Shape { signature.shape }
}

extension Primitive {
    /// The cotangent of each operand that depends on an argument, for a cotangent of the result.
    ///
    /// - Throws: where the primitive is not linear in those operands.
    func transposed(_ cotangent: Value, _ operands: [Operand]) throws(ArgumentError) -> [Value?] {
        switch self {
        case .convert:
            return [cotangent.converted(to: operands[0].signature.type)]
        case .pointwise(let operation):
            return try operation.transposed(cotangent, operands)
        case .reduction(let reduction):
            return [reduction.transposed(cotangent, operands[0])]
        case .movement(let movement):
            return movement.transposed(cotangent, operands)
        case .contraction(let contraction):
            return try contraction.transposed(cotangent, operands)
        case .convolution(let convolution):
            return try convolution.transposed(cotangent, operands)
        case .pooling(let pooling):
            return try pooling.transposed(cotangent, operands)
        case .input, .constant, .random, .stop:
            throw notLinear()
        }
    }

    func notLinear() -> ArgumentError {
        ArgumentError("transpose", "node", expected: "a primitive that is linear in what moves", given: name)
    }
}
