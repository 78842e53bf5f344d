import AdjointGraphs

/// A network as a value: the operations that lead from a picture to one number for each class, and the names and
/// shapes of its parameters. How it was written down, as layers or as JSON, makes no difference.
public struct Network: Hashable, Sendable {
    public let name: String
    /// The shape of one sample, without the batch: [channels, spatial…].
    public let input: Shape
    public let classes: Int
    /// The share of a label that the loss spreads over all classes.
    public let labelSmoothing: Double
    public let steps: [Step]
    /// The name of the value that the first step reads.
    public let inputName: String
    /// In the order of their first use.
    public let parameters: [Parameter]
    /// The shape of each step's output, without the batch.
    public let shapes: [Shape]

    /// One operation, the values that it takes and the value that it makes.
    public struct Step: Hashable, Sendable {
        public let operation: Operation
        public let inputs: [String]
        public let output: String

        public init(_ operation: Operation, inputs: [String], output: String) {
            self.operation = operation
            self.inputs = inputs
            self.output = output
        }

        /// How errors and summaries call it: by its parameters, where it has any.
        public var label: String { operation.parameterPrefix ?? output }

        /// The same, and what it is: `relu t2`.
        var fullLabel: String { operation.parameterPrefix ?? "\(operation.name) \(output)" }
    }

    /// A network of the given steps; the last one's output is the logits.
    ///
    /// - Throws: an error that names the first step that does not fit, or the output's shape where it is not [classes].
    public init(
        _ name: String, input: Shape, classes: Int, labelSmoothing: Double = 0, inputName: String = "x", steps: [Step]
    ) throws(ArgumentError) {
        let builder = NetworkBuilder(input: input, name: inputName)
        for step in steps { builder.append(step.operation, to: step.inputs, as: step.output) }
        try self.init(name, classes: classes, labelSmoothing: labelSmoothing, builder)
    }

    /// A network of layers; shapes are inferred from the input.
    ///
    /// - Parameters:
    ///   - input: of one sample, without the batch.
    ///   - layers: one after the other; the last one gives one number for each class.
    public init(
        _ name: String, input: Shape, classes: Int, labelSmoothing: Double = 0,
        @LayersBuilder layers: () -> [ErasedLayer]
    ) throws(ArgumentError) {
        let builder = NetworkBuilder(input: input, name: "x")
        _ = builder.append(layers(), after: "x")
        try self.init(name, classes: classes, labelSmoothing: labelSmoothing, builder)
    }

    private init(
        _ name: String, classes: Int, labelSmoothing: Double, _ builder: NetworkBuilder
    ) throws(ArgumentError) {
        guard classes >= 1 else { throw ArgumentError(name, "classes", expected: "1 or more", given: "\(classes)") }
        guard labelSmoothing >= 0, labelSmoothing <= 1 else {
            throw ArgumentError(name, "label smoothing", expected: "from 0 to 1", given: "\(labelSmoothing)")
        }
        if let error = builder.error { throw error }
        guard let last = builder.shapes.last else {
            throw ArgumentError(name, "operations", expected: "one or more", given: "none")
        }
        guard last.sizes == [classes] else {
            throw ArgumentError(name, "output of one sample", expected: list([classes]), given: "\(last)")
        }
        self.name = name
        self.input = builder.input
        self.inputName = builder.inputName
        self.classes = classes
        self.labelSmoothing = labelSmoothing
        self.steps = builder.steps
        self.parameters = builder.parameters
        self.shapes = builder.shapes
    }

    /// The names of the parameters that the optimizer changes.
    public var trained: [String] { parameters.filter { $0.isTrained }.map { $0.name } }

    /// Whether training draws random numbers.
    public var isRandom: Bool {
        steps.contains { step in
            if case .dropout(let rate) = step.operation { rate > 0 } else { false }
        }
    }
}

extension Network {
    /// What a network computes in a graph.
    public struct Application {
        /// The last step's value: the logits, [N, classes].
        public let output: Value
        /// The value of every step.
        public let values: [Value]
        /// In training: what the running statistics become, by parameter.
        public let updates: [(name: String, value: Value)]
    }

    /// Writes the network into a graph.
    ///
    /// - Parameters:
    ///   - x: [N, channels, spatial…]
    ///   - parameters: the value that stands for each parameter.
    ///   - random: int32 scalars, a key and a counter, that dropout draws from in training.
    public func apply(
        to x: Value, mode: Mode, random: (key: Value, counter: Value)? = nil, parameters: @escaping (String) -> Value
    ) -> Application {
        var setting = Operation.Setting(parameters: parameters, mode: mode, random: random)
        var named = [inputName: x]
        var values: [Value] = []
        for step in steps {
            let inputs = step.inputs.compactMap { named[$0] }
            let value = x.graph.within(step.fullLabel) { step.operation.apply(to: inputs, &setting) }
            named[step.output] = value
            values.append(value)
        }
        return Application(output: values[values.count - 1], values: values, updates: setting.updates)
    }
}
