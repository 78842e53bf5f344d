import AdjointGradients
import AdjointGraphs

/// What the error is like at a layer's output: ∂E∕∂y, as the gradient graph computes it.
public struct Passage: Hashable, Sendable {
    /// The name of the graph's output that the layer's output is.
    public let layer: String
    public let shape: Shape
    /// √Σ(∂E∕∂y)²
    public let norm: Double
    /// How many elements of ∂E∕∂y are not zero.
    public let nonZeroCount: Int

    init(_ layer: String, _ cotangent: Tensor) {
        self.layer = layer
        shape = cotangent.shape
        // Doubles: squares of what is small in Float are not zero.
        var (squares, count) = (0.0, 0)
        for number in cotangent.doubles {
            squares += number * number
            if number != 0 { count += 1 }
        }
        (norm, nonZeroCount) = (squares.squareRoot(), count)
    }
}

/// The gradient of one input of a graph, with what is needed to tell where each of its elements came from.
public struct ParameterGradient: Sendable {
    public let parameter: String
    /// E itself.
    public let error: Double
    /// ∂E∕∂ of the parameter, in its shape.
    public let gradient: Tensor
    /// The layers between the parameter and the error, as the error meets them: the last layer first.
    public let passages: [Passage]

    private let path: LinearPath
    private let cotangents: Shaped
    /// Of the coefficients, by node.
    private let values: [[Double]?]

    public var shape: Shape { gradient.shape }

    /// - Parameters:
    ///   - parameter: a floating-point input of the graph.
    ///   - graph: computes a scalar.
    ///   - output: which of its outputs that is; needed where there are several.
    ///   - layers: outputs of the graph that are layers' outputs, in the order in which they are computed. The terms of
    ///     an element are those at the first through which every path from the parameter leads; where there is none,
    ///     at the first such value.
    ///   - bindings: a tensor for every input of the graph.
    ///   - evaluate: gives the outputs of a graph: Evaluate, or a compiled plan. It is asked once.
    /// - Throws: an error that names what does not fit, or what `evaluate` throws.
    /// - Complexity: one gradient.
    public init(
        of parameter: String, in graph: Graph, output: String? = nil, layers: [String] = [],
        bindings: [String: Tensor],
        evaluate: (Graph, [String: Tensor]) throws(GraphError) -> [String: Tensor] = {
            (graph, bindings) throws(GraphError) in try graph.evaluated(bindings)
        }
    ) throws(GraphError) {
        let passing = try graph.passing(from: parameter, to: output, layers)
        let derivative = try graph.gradient(of: parameter, output: passing.output, marked: passing.nodes)
        let through = derivative.cotangents[passing.first]
        let path = try LinearPath(from: derivative.gradient, to: through, in: derivative.graph)

        var bindings = bindings
        bindings[derivative.seed.name] = Tensor(scalar: 1, as: derivative.seed.type)
        let wanted = Set([derivative.error, derivative.gradient] + derivative.cotangents + path.coefficients).sorted()
        let asked = wanted.filter { !derivative.graph.nodes[$0].isGiven }
        let question = Graph(
            nodes: derivative.graph.nodes, outputs: asked.map { Graph.Output("value \($0)", $0) },
            origins: derivative.graph.origins
        ).keeping(asked.map { "value \($0)" })
        let answers = try evaluate(question, bindings)
        var tensors: [Int: Tensor] = [:]
        for node in wanted {
            let shape = derivative.graph.nodes[node].shape
            let tensor = derivative.graph.nodes[node].given(bindings) ?? answers["value \(node)"]
            guard let tensor, tensor.shape == shape else {
                throw GraphError(
                    operation: "contributions", argument: "evaluated value \(node)", expected: "a tensor \(shape)",
                    given: tensor.map { "\($0.shape)" } ?? "none")
            }
            tensors[node] = tensor
        }
        func tensor(_ node: Int) -> Tensor { tensors[node] ?? Tensor(scalar: 0) }
        self.parameter = parameter
        self.path = path
        error = tensor(derivative.error).doubles[0]
        gradient = tensor(derivative.gradient)
        cotangents = Shaped(shape: tensor(through).shape, numbers: tensor(through).doubles)
        var values = [[Double]?](repeating: nil, count: derivative.graph.nodes.count)
        for node in path.coefficients { values[node] = tensor(node).doubles }
        self.values = values
        passages = passing.layers.map { Passage($0.name, tensor(derivative.cotangents[$0.mark])) }.reversed()
    }

    /// ∂E∕∂ of the first layer's output, row-major.
    package var cotangent: [Double] { cotangents.numbers }

    /// Where the gradient of one element came from.
    ///
    /// - Parameter element: its index on every axis of the parameter.
    /// - Throws: an error for an index outside, or where the terms do not sum to the gradient.
    /// - Complexity: a few operations a term.
    public func contributions(to element: [Int]) throws(GraphError) -> Contributions {
        guard let place = shape.place(of: element) else {
            throw GraphError(
                operation: "contributions", argument: "element", expected: "an index inside \(parameter) \(shape)",
                given: list(element))
        }
        let terms = Terms(of: place, on: path, values: values, cotangents: cotangents.numbers)
        let shapes = path.graph.nodes
        var field: Contributions.Field?
        if case .windows(let convolution, let isTransposed) = terms.summation {
            let node = isTransposed ? path.cotangent : terms.field
            if let node {
                let numbers = isTransposed ? cotangents.numbers : values[node]
                field = Contributions.Field(convolution, shapes[node].shape, numbers ?? [])
            }
        }
        return try Contributions(
            to: element, of: parameter, terms, cotangents, gradient: gradient.doubles[place],
            gradient.elementType, field)
    }

    /// The elements with the largest gradients, largest first; equal ones in their order.
    public func largest(_ count: Int) -> [[Int]] {
        let numbers = gradient.doubles
        let order = numbers.indices.sorted {
            let (a, b) = (numbers[$0].magnitude, numbers[$1].magnitude)
            return a == b ? $0 < $1 : a > b
        }
        return order.prefix(max(0, count)).map { shape.index(of: $0) }
    }
}

extension Graph.Node {
    /// Whether its value needs no evaluation.
    fileprivate var isGiven: Bool {
        switch primitive {
        case .input, .constant: true
        default: false
        }
    }

    fileprivate func given(_ bindings: [String: Tensor]) -> Tensor? {
        switch primitive {
        case .input(let name): bindings[name]?.converted(to: type)
        case .constant(let tensor): tensor
        default: nil
        }
    }
}

extension Graph {
    /// The values between a parameter and the error that are to be marked.
    fileprivate struct Passing {
        let output: String
        var nodes: [Int]
        /// Which of the nodes every path from the parameter leads through first.
        var first: Int
        /// The layers among them.
        var layers: [(name: String, mark: Int)]
    }

    fileprivate func passing(
        from parameter: String, to output: String?, _ layers: [String]
    ) throws(GraphError) -> Passing {
        let targets = output.map { name in outputs.filter { $0.name == name } } ?? outputs
        guard let start = input(named: parameter), start.type.isFloatingPoint else {
            throw GraphError(
                operation: "contributions", argument: "parameter",
                expected: "one of " + joined(inputs.filter { $0.type.isFloatingPoint }.map { $0.name }),
                given: "\"\(parameter)\"")
        }
        guard targets.count == 1 else {
            throw GraphError(
                operation: "contributions", argument: "output",
                expected: "one of " + joined(outputs.map { $0.name }), given: output.map { "\"\($0)\"" } ?? "none")
        }
        let end = targets[0].node
        guard nodes[end].shape.rank == 0, nodes[end].type.isFloatingPoint else {
            throw GraphError(
                operation: "contributions", argument: "output \"\(targets[0].name)\"",
                expected: "a floating-point scalar", given: "\(nodes[end].type.rawValue)\(nodes[end].shape)")
        }
        let moves = depending(on: start.node)
        let needed = Graph(nodes: nodes, outputs: targets, origins: origins).needed
        func isBetween(_ node: Int) -> Bool {
            node != start.node && moves[node] && needed[node] && nodes[node].type.isFloatingPoint
        }
        func isPassed(_ node: Int) -> Bool { self.isPassed(node, from: start.node, to: end) }

        var passing = Passing(output: targets[0].name, nodes: [], first: 0, layers: [])
        for name in layers {
            guard let node = self.output(named: name)?.node, isBetween(node), node != end,
                !passing.nodes.contains(node)
            else { continue }
            passing.layers.append((name, passing.nodes.count))
            passing.nodes.append(node)
        }
        if let first = passing.nodes.firstIndex(where: { isPassed($0) }) {
            passing.first = first
            return passing
        }
        let first = nodes.indices.first { node in
            if case .movement = nodes[node].primitive { return false }
            return isBetween(node) && isPassed(node)
        }
        guard let first else {
            throw GraphError(
                operation: "contributions", argument: "parameter", expected: "one that the output depends on",
                given: "\"\(parameter)\"")
        }
        passing.first = passing.nodes.count
        passing.nodes.append(first)
        return passing
    }

    /// Which nodes the outputs need.
    private var needed: [Bool] {
        var needed = [Bool](repeating: false, count: nodes.count)
        for output in outputs { needed[output.node] = true }
        for index in nodes.indices.reversed() where needed[index] {
            for operand in nodes[index].operands { needed[operand] = true }
        }
        return needed
    }
}
