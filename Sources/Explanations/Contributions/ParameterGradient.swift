import AdjointGradients
import AdjointGraphs

/// The gradient of one input of a graph, with all that is needed to split each of its elements into terms.
public struct ParameterGradient: Sendable {
    public let parameter: String
    /// The error E.
    public let error: Double
    /// ∂E∕∂ of the parameter, in its shape.
    public let gradient: Tensor
    /// The layers between the parameter and the error, in the order of the backward pass: the last layer first.
    public let passages: [Passage]

    private let path: LinearPath
    private let cotangents: (shape: Shape, numbers: [Double])
    /// The values of the coefficients, by node.
    private let values: [[Double]?]

    public var shape: Shape { gradient.shape }

    /// - Parameters:
    ///   - parameter: a floating-point input of the graph.
    ///   - graph: computes a scalar.
    ///   - output: the name of that scalar; needed where there are several outputs.
    ///   - layers: names of outputs of the graph that are layers' outputs, in the order in which they are computed. The
    ///     terms of an element are taken at the first of them through which every path from the parameter leads; where
    ///     there is none, at the first such value.
    ///   - bindings: a tensor for every input of the graph.
    ///   - evaluate: computes the outputs of a graph, by Evaluate or a compiled plan; it is called once.
    /// - Throws: an error that names what does not fit, or what `evaluate` throws.
    /// - Complexity: one gradient.
    public init(
        of parameter: String, in graph: Graph, output: String? = nil, layers: [String] = [],
        bindings: [String: Tensor], evaluate: Graph.Evaluation = Graph.byDefinition
    ) throws(ArgumentError) {
        try self.init(
            of: parameter, called: parameter, in: graph, output: output, layers: layers, bindings: bindings,
            evaluate: evaluate)
    }

    /// - Parameter parameter: the input; its name in texts may be another.
    init(
        of input: String, called parameter: String, in graph: Graph, output: String?, layers: [String],
        bindings: [String: Tensor], evaluate: Graph.Evaluation
    ) throws(ArgumentError) {
        let passing = try graph.passing(from: input, to: output, layers)
        let derivative = try graph.gradient(of: input, output: passing.output, marked: passing.nodes)
        let (path, through) = try derivative.path(through: passing.first)
        let nodes = [derivative.error, derivative.gradient] + derivative.cotangents + path.coefficients
        let tensors = try derivative.tensors(of: nodes, bindings, evaluate)
        func tensor(_ node: Int) -> Tensor { tensors[node] ?? Tensor(scalar: 0) }
        (self.parameter, self.path) = (parameter, path)
        error = tensor(derivative.error).doubles[0]
        gradient = tensor(derivative.gradient)
        guard error.isFinite, gradient.doubles.allSatisfy({ $0.isFinite }) else {
            throw ArgumentError(
                "contributions", error.isFinite ? "gradient of \(parameter)" : "output \"\(passing.output)\"",
                expected: "finite numbers", given: error.isFinite ? "others among them" : "\(error)")
        }
        cotangents = (tensor(through).shape, tensor(through).doubles)
        var values = [[Double]?](repeating: nil, count: derivative.graph.nodes.count)
        for node in path.coefficients { values[node] = tensor(node).doubles }
        self.values = values
        passages = zip(passing.layers, derivative.cotangents).map { Passage($0, tensor($1)) }.reversed()
    }

    /// ∂E∕∂ of the first layer's output, row-major.
    package var cotangent: [Double] { cotangents.numbers }

    /// The contributions to the gradient of one element.
    ///
    /// - Parameter element: its index on every axis of the parameter.
    /// - Throws: an error for an index outside, or where the terms do not sum to the gradient.
    /// - Complexity: a few operations a term.
    public func contributions(to element: [Int]) throws(ArgumentError) -> Contributions {
        guard let place = shape.place(of: element) else {
            throw ArgumentError(
                "contributions", "element", expected: "an index inside \(parameter) \(shape)", given: list(element))
        }
        let terms = Terms(of: place, on: path, values: values, cotangents: cotangents)
        var field: Contributions.Field?
        if case .windows(let convolution, let isTransposed) = terms.summation,
            let node = isTransposed ? path.cotangent : terms.field
        {
            field = Contributions.Field(
                convolution: convolution, shape: path.graph.nodes[node].shape,
                numbers: isTransposed ? cotangents.numbers : values[node] ?? [])
        }
        return try Contributions(
            to: element, of: parameter, terms, gradient: gradient.doubles[place], gradient.elementType, field)
    }

    /// The elements with the largest gradients, largest first; equal ones in their order.
    public func largest(_ count: Int) -> [[Int]] { gradient.doubles.largest(count).map { shape.index(of: $0) } }
}

extension Graph {
    /// A function that computes the outputs of a graph by name: by Evaluate, or by a compiled plan.
    public typealias Evaluation = (Graph, [String: Tensor]) throws(ArgumentError) -> [String: Tensor]

    public static func byDefinition(
        _ graph: Graph, _ bindings: [String: Tensor]
    ) throws(ArgumentError) -> [String: Tensor] {
        try graph.evaluated(bindings)
    }
}
