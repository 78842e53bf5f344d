import AdjointGradients
import AdjointGraphs

/// The equations of a graph and of its gradient, element by element, derived from the engine's own graphs with symbols in
/// place of numbers: only what an element depends on is computed, so one weight has its equation however large the graph is.
///
/// The energy E is any function of the graph's output; its derivatives ∂E∕∂G stay names. The terms of every sum are those of
/// Graphs, in their order, and terms that meet padding do not exist, so what is read here is what Evaluate computes.
public struct Equations {
    public let graph: Graph
    private let elements: NamedElements
    private var pullback: ElementEvaluation

    public var naming: Naming { elements.naming }
    public var energy: Name { elements.energy }
    /// The shapes of the inputs and of the output, by name.
    public var shapes: [String: Shape] { elements.shapes }
    var output: String { elements.output }

    /// - Parameters:
    ///   - graph: inputs of any names, and one floating-point output.
    ///   - values: numbers for the inputs; those of ∂E∕∂ of the output have the name `∂` and the output's. Without a
    ///     number, an element is a symbol.
    ///   - naming: by default the shorter names where they suffice.
    /// - Throws: an error that names what does not fit.
    public init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil
    ) throws(ArgumentError) {
        try self.init(of: graph, energy: energy, values: values, naming: naming, cotangents: nil)
    }

    /// - Parameter cotangents: what ∂E∕∂ of the output's elements is, where it is no name.
    init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming?, cotangents: [Equation]?
    ) throws(ArgumentError) {
        let elements = try NamedElements(of: graph, energy: energy, values: values, naming: naming)
        let arguments = graph.inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
        (self.graph, self.elements) = (graph, elements)
        pullback = ElementEvaluation(try graph.vjp(of: arguments)) { name, place in
            if let cotangents, name == derivativeName(elements.output) { return Symbol(cotangents[place].right) }
            return elements.symbol(name, place)
        }
    }
}

extension Equations {
    /// `G1 = V1·W1 + …`
    public mutating func forward(at place: Int) throws(ArgumentError) -> Equation {
        Equation(.forward, .variable(try name(of: output, at: place)), try element(output, place))
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public mutating func gradient(of input: String, at place: Int) throws(ArgumentError) -> Equation {
        let by = try name(of: input, at: place)
        return Equation(.gradient, .derivative(of: energy, by: by), try element(derivativeName(input), place))
    }

    /// The partial derivatives of elements of the output by one element of an input, from a one-hot tangent through the
    /// linearized graph: `∂G1/∂W1 = V1`. Elements that do not depend on it have none.
    ///
    /// - Parameter gradient: the element's gradient, or some of its terms: only partials of their names are computed. By
    ///   default the whole gradient.
    public mutating func partials(
        by input: String, at place: Int, in gradient: Equation? = nil
    ) throws(ArgumentError) -> [Equation] {
        let by = try name(of: input, at: place)
        let asked = if let gradient { gradient } else { try self.gradient(of: input, at: place) }
        let elements = elements
        var pushforward = ElementEvaluation(try graph.jvp(of: [input])) { name, other in
            name == derivativeName(input) ? Symbol(other == place ? 1 : 0) : elements.symbol(name, other)
        }
        guard let node = pushforward.graph.output(named: derivativeName(output))?.node else { return [] }
        let shape = shapes[output] ?? []
        let rows = asked.right.names(ofDerivativesOf: energy).compactMap { naming.place(of: $0, in: shape) }
        var partials: [Equation] = []
        for row in Set(rows).sorted() {
            let partial = try pushforward.symbol(Element(node, row))
            if partial.expression == .number(0) { continue }
            let result = naming.name(output, at: row, of: shape)
            partials.append(Equation(.partial, .derivative(of: result, by: by), partial))
        }
        return partials
    }

    /// `∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + …` over these partials.
    public func chainRule(over partials: [Equation], of input: String, at place: Int) throws(ArgumentError) -> Equation
    {
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
    public func name(of tensor: String, at place: Int) throws(ArgumentError) -> Name {
        try elements.name(of: tensor, at: place)
    }

    /// The number of an element, or of ∂E∕∂ of an element of the output, where it is known.
    public func number(of expression: Expression) -> Double? { elements.number(of: expression) }

    private mutating func element(_ name: String, _ place: Int) throws(ArgumentError) -> Symbol {
        guard let node = pullback.graph.output(named: name)?.node else { return Symbol(0) }
        return try pullback.symbol(Element(node, place))
    }
}

/// All elements of a tensor, in row-major order.
extension Equations {
    public mutating func forward() throws(ArgumentError) -> [Equation] {
        try (0..<(shapes[output]?.count ?? 0)).map { (place) throws(ArgumentError) in try forward(at: place) }
    }

    public mutating func gradient(of input: String) throws(ArgumentError) -> [Equation] {
        try (0..<shape(of: input).count).map { (place) throws(ArgumentError) in try gradient(of: input, at: place) }
    }

    /// For each element, the partials of the output by it and the chain rule over them.
    mutating func chainRules(for input: String) throws(ArgumentError) -> (rules: [Equation], partials: [Equation]) {
        var (rules, partials): ([Equation], [Equation]) = ([], [])
        for place in 0..<(try shape(of: input).count) {
            let own = try self.partials(by: input, at: place)
            rules.append(try chainRule(over: own, of: input, at: place))
            partials += own
        }
        return (rules, partials)
    }

    private func shape(of input: String) throws(ArgumentError) -> Shape {
        guard let shape = shapes[input], pullback.graph.output(named: derivativeName(input)) != nil else {
            let inputs = graph.inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
            throw ArgumentError(
                "equations", "input", expected: "one of " + joined(inputs.sorted()), given: "\"\(input)\"")
        }
        return shape
    }
}
