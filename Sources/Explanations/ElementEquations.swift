import AdjointGradients
import AdjointGraphs

/// The equations of single elements of a graph's output and of its gradient, letter by letter those of `Equations`, for
/// graphs of any size: only what an element depends on is computed.
public struct ElementEquations {
    public let graph: Graph
    public let naming: Naming
    public let energy: Name
    /// The shapes of the inputs and of the output, by name.
    public let shapes: [String: Shape]
    private let output: String
    private let numbers: [String: [Double]]
    private let arguments: [String]
    private var pullback: ElementEvaluation

    /// - Parameters: as those of `Equations`.
    /// - Throws: an error that names what does not fit.
    public init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil
    ) throws(GraphError) {
        let output = try Equations.output(of: graph)
        var shapes = [output.name: output.signature.shape]
        for input in graph.inputs { shapes[input.name] = input.shape }
        try Equations.check(values, of: graph, output)
        self.graph = graph
        self.naming = naming ?? Naming(for: graph.inputs.map { $0.shape } + [output.signature.shape])
        self.energy = energy
        self.shapes = shapes
        self.output = output.name
        numbers = values.mapValues { $0.doubles }
        arguments = graph.inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
        let symbols = ElementEquations.symbols(self.naming, energy, shapes, output.name, numbers)
        pullback = ElementEvaluation(try graph.vjp(of: arguments), input: symbols)
    }

    /// The symbol at a place of an input; ∂E∕∂ of the output's elements are names of their own.
    private static func symbols(
        _ naming: Naming, _ energy: Name, _ shapes: [String: Shape], _ output: String, _ numbers: [String: [Double]]
    ) -> (String, Int) -> Symbol {
        { name, place in
            let value = numbers[name]?[place]
            if let shape = shapes[name] { return Symbol(.variable(naming.name(name, at: place, of: shape)), value) }
            let by = naming.name(output, at: place, of: shapes[output] ?? [])
            return Symbol(.derivative(of: energy, by: by), value)
        }
    }
}

extension ElementEquations {
    /// `G1 = V1·W1 + …`
    public mutating func forward(at place: Int) throws(GraphError) -> Equation {
        let name = try self.name(of: output, at: place)
        return Equation(.forward, .variable(name), try element(output, place))
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public mutating func gradient(of input: String, at place: Int) throws(GraphError) -> Equation {
        let name = try self.name(of: input, at: place)
        return Equation(
            .gradient, .derivative(of: energy, by: name), try element(derivativeName(input), place))
    }

    /// How elements of the output move with one element of an input, from a one-hot tangent through the linearized
    /// graph: `∂G1/∂W1 = V1`.
    ///
    /// - Parameter gradient: the element's gradient, or some of its terms: only what they name is asked.
    public mutating func partials(
        by input: String, at place: Int, in gradient: Equation
    ) throws(GraphError) -> [Equation] {
        let by = try name(of: input, at: place)
        let shape = shapes[output] ?? []
        let (symbols, hot) = (pullback.input, place)
        var pushforward = ElementEvaluation(try graph.jvp(of: [input])) { name, place in
            name == derivativeName(input) ? Symbol(place == hot ? 1 : 0) : symbols(name, place)
        }
        guard let node = pushforward.graph.output(named: derivativeName(output))?.node else { return [] }
        var partials: [Equation] = []
        let rows = gradient.right.names(ofDerivativesOf: energy).compactMap { naming.place(of: $0, in: shape) }
        for row in Set(rows).sorted() {
            let result = naming.name(output, at: row, of: shape)
            let partial = try pushforward.element(node, row)
            if partial.expression != .number(0) {
                partials.append(Equation(.partial, .derivative(of: result, by: by), partial))
            }
        }
        return partials
    }

    /// `∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + …` over these partials.
    public func chainRule(over partials: [Equation], of input: String, at place: Int) throws(GraphError) -> Equation {
        let by = try name(of: input, at: place)
        let terms = partials.map { partial -> Symbol in
            guard case .derivative(let result, _) = partial.left else { return Symbol(0) }
            let cotangent = Expression.derivative(of: energy, by: result)
            return Symbol(cotangent, number(of: cotangent)) * Symbol(partial.left, partial.value)
        }
        return Equation(.chainRule, .derivative(of: energy, by: by), Symbol.sum(terms))
    }

    /// The name of an element of an input or of the output.
    ///
    /// - Throws: an error that says which elements there are.
    public func name(of tensor: String, at place: Int) throws(GraphError) -> Name {
        guard let shape = shapes[tensor], place >= 0, place < shape.count else {
            throw GraphError(
                operation: "equations", argument: "element of \"\(tensor)\"",
                expected: shapes[tensor].map { "one of the \($0.count) of \($0)" } ?? joined(shapes.keys.sorted()),
                given: "number \(place + 1)")
        }
        return naming.name(tensor, at: place, of: shape)
    }

    /// The number of an element or of ∂E∕∂ of an element of the output, where it was given.
    public func number(of expression: Expression) -> Double? {
        switch expression {
        case .variable(let name):
            guard let shape = shapes[name.letter] else { return nil }
            return naming.place(of: name, in: shape).flatMap { numbers[name.letter]?[$0] }
        case .derivative(energy, let name):
            guard name.letter == output, let shape = shapes[output] else { return nil }
            return naming.place(of: name, in: shape).flatMap { numbers[derivativeName(output)]?[$0] }
        default: return nil
        }
    }

    private mutating func element(_ name: String, _ place: Int) throws(GraphError) -> Symbol {
        guard let node = pullback.graph.output(named: name)?.node else { return Symbol(0) }
        return try pullback.element(node, place)
    }
}
