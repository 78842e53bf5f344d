import AdjointGraphs

extension Graph {
    /// The gradient of a scalar output with respect to inputs, as a graph of its own with outputs `∂name`: the transpose of
    /// the linearization.
    ///
    /// Here and below, a name that the graph already uses for an input (or an output) gets further `∂`s: the gradient of
    /// something made of `∂x` with respect to `x` is `∂∂x`.
    ///
    /// - Parameters:
    ///   - names: the inputs with respect to which it is taken.
    ///   - output: the name of the output; needed where there are several.
    /// - Throws: an error that names an input without derivative, or an output that is no scalar.
    /// - Complexity: a small multiple of the graph's own, as always in reverse mode.
    public func gradient(of names: String..., output: String? = nil) throws(ArgumentError) -> Graph {
        try gradient(of: names, output: output)
    }

    public func gradient(of names: [String], output: String? = nil) throws(ArgumentError) -> Graph {
        let graph = try valueAndGradient(of: names, output: output)
        return graph.keeping(graph.outputs.suffix(names.count).map { $0.name })
    }

    /// All outputs of the graph and, with them, the gradient of one.
    public func valueAndGradient(of names: [String], output: String? = nil) throws(ArgumentError) -> Graph {
        let target = try scalarOutput(output)
        let pullback = try selecting(target, among: names)
        return try composed(pullback.linearization, pullback.transposed) { g in
            [derivativeName(target.name): g.constant(1, [], nodes[target.node].type)]
        }
    }

    /// All outputs, and for cotangents u given as further inputs `∂output`, the product Jᵀ·u as outputs `∂name`.
    public func vjp(of names: [String]) throws(ArgumentError) -> Graph {
        let linearization = try linearized(at: names)
        return try composed(linearization, linearization.tangent.transposed()) { _ in [:] }
    }

    /// All outputs, and for tangents t given as further inputs `∂name`, the product J·t as outputs `∂output`.
    public func jvp(of names: [String]) throws(ArgumentError) -> Graph {
        let linearization = try linearized(at: names)
        return try composed(linearization, linearization.tangent) { _ in [:] }
    }

    /// For directions d given as further inputs `∂name`, the product of the Hessian of a scalar output with d as outputs
    /// `∂∂name`: the derivative of the gradient along d.
    public func hvp(of names: [String], output: String? = nil) throws(ArgumentError) -> Graph {
        let gradient = try gradient(of: names, output: output)
        let product = try gradient.jvp(of: names)
        return product.keeping(product.outputs.suffix(names.count).map { $0.name })
    }

    /// The Jacobian of an output with respect to an input, as an output `∂output∕∂name` of the output's shape and then the
    /// input's: one transposed product for each element of the output, so for small outputs.
    public func jacobian(of name: String, output: String) throws(ArgumentError) -> Graph {
        guard let node = self.output(named: output).map({ nodes[$0.node] }), node.shape.count <= 4096 else {
            throw ArgumentError(
                "jacobian", "output", expected: "one of " + joined(outputs.map { $0.name }) + ", at most 4096 elements",
                given: "\"\(output)\"")
        }
        let pullback = try keeping([output]).vjp(of: [name])
        let count = node.shape.count
        return try Graph { g in
            let rows = (0..<count).map { place in
                var unit = [Double](repeating: 0, count: count)
                unit[place] = 1
                let cotangent = g.constant(Tensor(known: node.shape, .float64(unit)).converted(to: node.type))
                let seed = pullback.inputs.last { $0.name.hasSuffix(derivativeName(output)) }
                return g(pullback, [seed?.name ?? "": cotangent])[pullback.outputs[1].name]
            }
            let shape = Shape(node.shape.sizes + (input(named: name)?.shape.sizes ?? []))
            return [(derivativeName(output) + "∕" + derivativeName(name), Value.stacked(rows).reshaped(to: shape))]
        }.simplified()
    }

    /// The linearization of one output, and its transpose.
    private func selecting(
        _ output: Output, among names: [String]
    ) throws(ArgumentError) -> (linearization: Linearization, transposed: LinearGraph) {
        let linearization = try linearized(at: names)
        let tangent = LinearGraph(
            graph: linearization.tangent.graph.keeping([derivativeName(output.name)]),
            arguments: linearization.tangent.arguments)
        return (linearization, try tangent.transposed())
    }

    private func scalarOutput(_ name: String?) throws(ArgumentError) -> Output {
        let candidates = name.map { name in outputs.filter { $0.name == name } } ?? outputs
        guard candidates.count == 1 else {
            throw ArgumentError(
                "gradient", "output", expected: "one of " + joined(outputs.map { $0.name }),
                given: name.map { "\"\($0)\"" } ?? "none of \(outputs.count)")
        }
        let node = nodes[candidates[0].node]
        guard node.shape.rank == 0, node.type.isFloatingPoint else {
            throw ArgumentError(
                "gradient", "output \"\(candidates[0].name)\"", expected: "a floating-point scalar",
                given: "\(node.type.rawValue)\(node.shape)")
        }
        return candidates[0]
    }

    /// The primal graph followed by a linear map, whose residual inputs are the primal graph's residuals.
    private func composed(
        _ linearization: Linearization, _ map: LinearGraph, _ seeds: (GraphBuilder) -> [String: Value]
    ) throws(ArgumentError) -> Graph {
        let builder = GraphBuilder()
        let primal = builder.inline(linearization.primal)
        var bindings = seeds(builder)
        var names = linearization.primal.inputs.map { $0.name }
        for argument in map.arguments where bindings[argument] == nil {
            guard let input = map.graph.input(named: argument) else { continue }
            names.append(distinct(argument, from: names))
            bindings[argument] = builder.input(names[names.count - 1], input.shape, input.type)
        }
        for residual in linearization.primal.outputs.dropFirst(outputs.count) {
            bindings[residual.name] = primal[residual.node]
        }
        let linear = builder.inline(map.graph, bindings: bindings)
        var results = linearization.primal.outputs.prefix(outputs.count).map { ($0.name, primal[$0.node]) }
        for output in map.graph.outputs {
            results.append((distinct(output.name, from: results.map { $0.0 }), linear[output.node]))
        }
        return try builder.graph(outputs: results).simplified()
    }

    /// A derivative's name, with as many more `∂`s as tell it apart from other names.
    private func distinct(_ name: String, from others: [String]) -> String {
        others.contains(name) ? distinct(derivativeName(name), from: others) : name
    }
}
