import AdjointGraphs
import AdjointGradients

/// The equations of a small graph and of its gradient, derived by evaluating the engine's own graphs with symbols.
///
/// The energy E is any function of the graph's output; its derivatives ∂E∕∂G stay names. Evaluate adds the terms of every
/// sum in row-major order, and terms that meet padding do not exist, so what is read here is what is computed.
public struct Equations: Sendable {
    public let graph: Graph
    public let naming: Naming
    public let energy: Name
    /// Every element of the output.
    public let forward: [Equation]

    private let output: (name: String, signature: Signature)
    private let symbols: [String: [Symbol]]
    private let cotangents: [Symbol]
    /// By input: ∂E∕∂ of each element.
    private let gradients: [String: [Symbol]]

    /// - Parameters:
    ///   - graph: inputs of any names, and one floating-point output.
    ///   - values: numbers for the inputs, and for `∂` and the output's name the numbers of ∂E∕∂ of its elements. What
    ///     is not given stays a symbol.
    ///   - naming: the shorter names where they suffice, unless given.
    /// - Throws: an error that names what does not fit, or says that nobody could read so many equations.
    /// - Complexity: a small multiple of Evaluate.
    public init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil
    ) throws(GraphError) {
        try self.init(of: graph, energy: energy, values: values, naming: naming, cotangents: nil)
    }

    /// - Parameter given: what ∂E∕∂ of the output's elements is, where they are no names.
    init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming?,
        cotangents given: [Symbol]?
    ) throws(GraphError) {
        let output = try Equations.output(of: graph)
        let naming = naming ?? Naming(for: graph.inputs.map { $0.shape } + [output.signature.shape])
        try Equations.check(values, of: graph, output)

        var symbols: [String: [Symbol]] = [:]
        for input in graph.inputs {
            symbols[input.name] = naming.names(input.name, input.shape).bound(to: values[input.name]) { .variable($0) }
        }
        let results = naming.names(output.name, output.signature.shape)
        let cotangents =
            given ?? results.bound(to: values[derivativeName(output.name)]) { .derivative(of: energy, by: $0) }
        let arguments = graph.inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
        var bindings = symbols
        bindings[derivativeName(output.name)] = cotangents
        let evaluated = try graph.vjp(of: arguments).evaluated(symbols: bindings)

        self.graph = graph
        self.naming = naming
        self.energy = energy
        self.output = output
        self.symbols = symbols
        self.cotangents = cotangents
        forward = zip(results, evaluated[output.name] ?? []).map { Equation(.forward, .variable($0), $1) }
        var gradients: [String: [Symbol]] = [:]
        for name in arguments { gradients[name] = evaluated[derivativeName(name)] }
        self.gradients = gradients
    }

    /// The one output of a graph that has equations.
    static func output(of graph: Graph) throws(GraphError) -> (name: String, signature: Signature) {
        guard graph.outputs.count == 1, graph.nodes[graph.outputs[0].node].type.isFloatingPoint else {
            throw GraphError(
                operation: "equations", argument: "graph", expected: "one floating-point output",
                given: joined(graph.outputs.map { "\($0.name) \(graph.nodes[$0.node].signature)" }))
        }
        return (graph.outputs[0].name, graph.nodes[graph.outputs[0].node].signature)
    }

    /// Whether values have the names and shapes of what they stand for.
    static func check(
        _ values: [String: Tensor], of graph: Graph, _ output: (name: String, signature: Signature)
    ) throws(GraphError) {
        var shapes = [derivativeName(output.name): output.signature.shape]
        for input in graph.inputs { shapes[input.name] = input.shape }
        for (name, tensor) in values where shapes[name] != tensor.shape {
            throw GraphError(
                operation: "equations", argument: "values of \"\(name)\"",
                expected: shapes[name].map { "shape \($0)" } ?? "one of " + joined(shapes.keys.sorted()),
                given: shapes[name] == nil ? "an unknown name" : "\(tensor.shape)")
        }
    }
}

extension Equations {
    /// ∂E∕∂ of every element of an input, the partials put in: `∂E/∂W1 = ∂E/∂G1·V1 + …`. Evaluates nothing anew.
    ///
    /// - Throws: an error that names an input that does not exist or has no derivative.
    public func gradient(of name: String) throws(GraphError) -> [Equation] {
        let input = try argument(name)
        return zip(naming.names(name, input.shape), gradients[name] ?? []).map {
            Equation(.gradient, .derivative(of: energy, by: $0), $1)
        }
    }

    /// How each element of the output moves with one element of an input, from a one-hot tangent through the linearized
    /// graph: `∂G1/∂W1 = V1`. Elements that do not move have none.
    ///
    /// - Parameter place: the element's row-major place.
    public func partials(by name: String, at place: Int) throws(GraphError) -> [Equation] {
        let by = try self.name(of: name, at: place)
        return zip(naming.names(output.name, output.signature.shape), try column(by: name, at: place)).compactMap {
            result, partial in
            partial.expression == .number(0)
                ? nil : Equation(.partial, .derivative(of: result, by: by), partial)
        }
    }

    /// ∂E∕∂ of one element of an input as the sum over all that it changes:
    /// `∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + ∂E/∂G2·∂G2/∂W1 + …`, the product of all ∂E∕∂G with one column of the Jacobian matrix
    /// whose elements are names.
    public func chainRule(for name: String, at place: Int) throws(GraphError) -> Equation {
        let by = try self.name(of: name, at: place)
        let named = zip(naming.names(output.name, output.signature.shape), try column(by: name, at: place)).map {
            result, partial in
            partial.expression == .number(0)
                ? partial : Symbol(.derivative(of: result, by: by), partial.value)
        }
        return Equation(.chainRule, .derivative(of: energy, by: by), try product(with: named))
    }

    /// The name of an element of an input.
    ///
    /// - Throws: an error that says which elements there are.
    public func name(of input: String, at place: Int) throws(GraphError) -> Name {
        let shape = try argument(input).shape
        guard place >= 0, place < shape.count else {
            throw GraphError(
                operation: "equations", argument: "element of \"\(input)\"",
                expected: "one of the \(shape.count) of \(shape)", given: "number \(place + 1)")
        }
        return naming.name(input, at: place, of: shape)
    }

    /// J·e for the unit tangent e of one element: a column of the Jacobian matrix.
    private func column(by name: String, at place: Int) throws(GraphError) -> [Symbol] {
        var bindings = symbols
        bindings[derivativeName(name)] = (0..<(try argument(name).shape.count)).map { Symbol($0 == place ? 1 : 0) }
        return try graph.jvp(of: [name]).evaluated(symbols: bindings)[derivativeName(output.name)] ?? []
    }

    /// Σ ∂E∕∂G·t over the elements of the output.
    private func product(with tangents: [Symbol]) throws(GraphError) -> Symbol {
        let (shape, type) = (output.signature.shape, output.signature.type)
        let product = try Graph { g in (g.input("cotangent", shape, type) * g.input("tangent", shape, type)).sum() }
        return try product.evaluated(symbols: ["cotangent": cotangents, "tangent": tangents])["output"]?.first
            ?? Symbol(0)
    }

    private func argument(_ name: String) throws(GraphError) -> Graph.Input {
        guard let input = graph.input(named: name), input.type.isFloatingPoint else {
            throw GraphError(
                operation: "equations", argument: "input",
                expected: "one of " + joined(gradients.keys.sorted()), given: "\"\(name)\"")
        }
        return input
    }
}

extension Naming {
    /// The names of all elements of a tensor.
    fileprivate func names(_ letter: String, _ shape: Shape) -> [Name] {
        (0..<shape.count).map { name(letter, at: $0, of: shape) }
    }
}

extension [Name] {
    /// Symbols of these names, with the numbers of a tensor where there is one.
    fileprivate func bound(to tensor: Tensor?, _ expression: (Name) -> Expression) -> [Symbol] {
        let numbers = tensor?.doubles
        return enumerated().map { place, name in Symbol(expression(name), numbers?[place]) }
    }
}
