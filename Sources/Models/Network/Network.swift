import AdjointGraphs

/// A network as a value: a function with named inputs and outputs, and the names and shapes of its parameters. How it was
/// written down, as layers or as JSON, makes no difference.
///
/// The sizes of batch and space are those that it was written with; it can be used with all others that its operations take.
public struct Network: Hashable, Sendable {
    public let name: String
    public let inputs: [Input]
    /// The names of the values that the network gives.
    public let outputs: [String]
    /// The name of the scalar that training minimizes, where the network computes one.
    public let loss: String?
    /// Patterns of the names of parameters that are not trained; `*` stands for any text.
    public let frozen: [String]
    /// The share of each label that the loss of a classifier spreads over all classes.
    public let labelSmoothing: Double
    public let steps: [Step]
    /// The parameters in the order of their first use.
    public let parameters: [Parameter]
    /// The shape and the type of each step's output, for the inputs' own shapes.
    let results: [Signature]
    /// The names of the parameters of each step.
    let parameterNames: [[String]]

    /// A value that is given when the network is used.
    public struct Input: Hashable, Sendable {
        public let name: String
        /// The shape, with the batch where there is one.
        public let shape: Shape
        /// The element type; float32 stands for the floating-point type that the network is used with.
        public let type: ElementType
        /// Whether axis 0 is the batch; false for an input that the whole batch shares.
        public let isBatch: Bool
        /// Whether the derivative with respect to it is needed.
        public let isDifferentiated: Bool

        public init(
            _ name: String, shape: Shape, type: ElementType = .float32, isBatch: Bool = true,
            isDifferentiated: Bool = false
        ) {
            (self.name, self.shape, self.type) = (name, shape, type)
            (self.isBatch, self.isDifferentiated) = (isBatch, isDifferentiated)
        }

        /// An input with a batch, by the shape of one sample.
        public init(_ name: String, _ sample: Shape, _ type: ElementType = .float32) {
            self.init(name, shape: Shape([1] + sample.sizes), type: type)
        }
    }

    /// One operation, the values that it takes and the value that it makes.
    public struct Step: Hashable, Sendable {
        public let operation: Operation
        public let inputs: [String]
        public let output: String

        public init(_ operation: Operation, inputs: [String], output: String) {
            (self.operation, self.inputs, self.output) = (operation, inputs, output)
        }

        /// The name in errors and summaries: that of its parameters, where it has any.
        public var label: String { operation.parameterPrefix ?? output }

        /// The same with the name of the operation: `relu t2`.
        var fullLabel: String { operation.parameterPrefix ?? "\(operation.name) \(output)" }
    }

    /// A network of any inputs and outputs:
    ///
    ///     let network = try Network("siamese", inputs: [Network.Input("a", [1, 28, 28]), Network.Input("b", [1, 28, 28])],
    ///         outputs: ["distance"]) { network in
    ///         let encoder = Shared("encoder") { Convolution(8, kernel: 3); ReLU(); Flatten(); Linear(16) }
    ///         let codes = ["a", "b"].map { name in network.append(to: name) { encoder } }
    ///         network.append(Apply("mse"), to: codes, as: "distance")
    ///     }
    ///
    /// - Parameters:
    ///   - loss: the value that training minimizes; it need not be among the outputs.
    ///   - frozen: patterns of the names of parameters that are not trained.
    /// - Throws: an error that names the first layer that does not fit, an output that is no value, or a loss that is no scalar.
    public init(
        _ name: String, inputs: [Input], outputs: [String], loss: String? = nil, frozen: [String] = [],
        build: (NetworkBuilder) -> Void
    ) throws(ArgumentError) {
        let builder = NetworkBuilder(inputs)
        build(builder)
        try self.init(name, outputs: outputs, loss: loss, frozen: frozen, builder)
    }

    /// A classifier of the given steps; the last one's output is the logits.
    ///
    /// - Throws: an error that names the first step that does not fit, or the output's shape where it is not [classes].
    public init(
        _ name: String, input: Shape, classes: Int, labelSmoothing: Double = 0, inputName: String = "x", steps: [Step]
    ) throws(ArgumentError) {
        let builder = NetworkBuilder([Input(inputName, input)])
        for step in steps { builder.append(step.operation, to: step.inputs, as: step.output) }
        try self.init(name, classes: classes, labelSmoothing: labelSmoothing, builder)
    }

    /// A classifier of layers; shapes are inferred from the input.
    ///
    /// - Parameters:
    ///   - input: the shape of one sample, without the batch.
    ///   - layers: layers one after the other; the last one gives one number for each class.
    public init(
        _ name: String, input: Shape, classes: Int, labelSmoothing: Double = 0,
        @LayersBuilder layers: () -> [ErasedLayer]
    ) throws(ArgumentError) {
        let builder = NetworkBuilder([Input("x", input)], for: name)
        _ = builder.append(layers(), after: "x")
        try self.init(name, classes: classes, labelSmoothing: labelSmoothing, builder)
    }

    init(
        _ name: String, classes: Int, labelSmoothing: Double, _ builder: NetworkBuilder
    ) throws(ArgumentError) {
        guard classes >= 1 else { throw ArgumentError(name, "classes", expected: "1 or more", given: "\(classes)") }
        guard labelSmoothing >= 0, labelSmoothing <= 1 else {
            throw ArgumentError(name, "label smoothing", expected: "from 0 to 1", given: "\(labelSmoothing)")
        }
        if let error = builder.error { throw error }
        guard let last = builder.results.last, let output = builder.steps.last?.output else {
            throw ArgumentError(name, "operations", expected: "one or more", given: "none")
        }
        guard last.shape.sizes == [1, classes] else {
            throw ArgumentError(
                name, "output of one sample", expected: list([classes]),
                given: list(Array(last.shape.sizes.dropFirst())))
        }
        try self.init(name, outputs: [output], labelSmoothing: labelSmoothing, builder)
    }

    init(
        _ name: String, outputs: [String], loss: String? = nil, frozen: [String] = [], labelSmoothing: Double = 0,
        _ builder: NetworkBuilder
    ) throws(ArgumentError) {
        if let error = builder.error { throw error }
        for (position, output) in outputs.enumerated() {
            guard builder.signature(of: output) != nil else {
                throw ArgumentError(
                    name, "outputs", expected: "names of values", given: "\"\(output)\", which no operation makes")
            }
            guard !outputs[..<position].contains(output) else {
                throw ArgumentError(name, "outputs", expected: "different names", given: "\"\(output)\" twice")
            }
        }
        if let loss {
            guard let signature = builder.signature(of: loss), signature == Signature([], .float32),
                builder.steps.contains(where: { $0.output == loss })
            else {
                throw ArgumentError(
                    name, "loss", expected: "the name of an operation's output that is one number",
                    given: "\"\(loss)\""
                        + (builder.signature(of: loss).map { ", which is \($0)" } ?? ", which no operation makes"))
            }
        }
        self.name = name
        self.inputs = builder.inputs
        (self.outputs, self.loss, self.frozen, self.labelSmoothing) = (outputs, loss, frozen, labelSmoothing)
        self.steps = builder.steps
        self.parameters = builder.parameters
        self.results = builder.results
        self.parameterNames = builder.parameterNames
    }

    /// The names of the parameters that the optimizer changes.
    public var trained: [String] {
        parameters.filter { parameter in
            parameter.isTrained && !frozen.contains { parameter.name.matches(pattern: $0) }
        }.map { $0.name }
    }

    /// Whether training draws random numbers.
    public var isRandom: Bool { steps.contains { $0.operation.rule.isRandom } }
}

extension Network {
    /// Whether it has one input and one output with one number for each class, as `Training` and `Classifier` need.
    public var isClassifier: Bool {
        guard inputs.count == 1, outputs.count == 1, loss == nil, inputs[0].isBatch, inputs[0].type.isFloatingPoint,
            let last = results.last, steps.last?.output == outputs[0]
        else { return false }
        return last.shape.rank == 2 && last.type.isFloatingPoint
    }

    /// The shape of one sample of the first input, without the batch: [channels, spatial…].
    public var input: Shape { inputs.first.map { Shape(Array($0.shape.sizes.dropFirst())) } ?? [] }

    /// The name of the first input.
    public var inputName: String { inputs.first?.name ?? "x" }

    /// The number of classes of a classifier; 0 for other networks.
    public var classes: Int { isClassifier ? results.last?.shape[1] ?? 0 : 0 }

    /// The shape of each step's output, without the first axis, which is a classifier's batch.
    public var shapes: [Shape] { results.map { Shape(Array($0.shape.sizes.dropFirst())) } }
}

extension String {
    /// Whether a pattern matches the whole text; `*` stands for any characters, or none.
    package func matches(pattern: String) -> Bool {
        let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        var rest = Array(utf8)[...]
        for (number, part) in parts.enumerated() {
            if number == 0 {
                guard rest.starts(with: part) else { return false }
                rest = rest.dropFirst(part.count)
                if parts.count == 1 { return rest.isEmpty }
            } else if number == parts.count - 1 {
                return rest.count >= part.count && rest.suffix(part.count).elementsEqual(part)
            } else {
                while !rest.starts(with: part) {
                    if rest.isEmpty { return false }
                    rest = rest.dropFirst()
                }
                rest = rest.dropFirst(part.count)
            }
        }
        return true
    }
}

extension Network {
    /// The values that a network computes in a graph.
    public struct Application {
        /// The first output: the logits of a classifier.
        public let output: Value
        /// The value of every step.
        public let values: [Value]
        /// Every value by name, those of the inputs too.
        public let named: [String: Value]
        /// The new running statistics in training, by parameter.
        public let updates: [(name: String, value: Value)]
    }

    /// Writes the network into a graph.
    ///
    /// - Parameters:
    ///   - inputs: a value for each input.
    ///   - parameters: the value that stands for each parameter.
    ///   - random: int32 scalars, a key and a counter, that dropout draws from in training.
    public func apply(
        to inputs: [String: Value], in g: GraphBuilder, mode: Mode, random: (key: Value, counter: Value)? = nil,
        parameters: @escaping (String) -> Value
    ) -> Application {
        var named = inputs
        for input in self.inputs where named[input.name] == nil {
            named[input.name] = g.poison(
                ArgumentError(
                    name, "input \"\(input.name)\"", expected: "\(input.type.rawValue)\(input.shape)", given: "missing")
            )
        }
        for input in inputs.keys.sorted() where !self.inputs.contains(where: { $0.name == input }) {
            _ = g.poison(
                ArgumentError(
                    name, "inputs", expected: joined(self.inputs.map { $0.name }), given: "an unknown \"\(input)\""))
        }
        var values: [Value] = []
        var (updated, statistics): ([String], [String: Value]) = ([], [:])
        for step in steps {
            let operands = step.inputs.map { named[$0] ?? g.poison(nil) }
            // Running statistics that several operations share are updated by each in turn.
            let known = statistics
            let use = Use(step.operation.name, in: g, operands, mode: mode, random: random) { parameter in
                known[parameter.name] ?? parameters(parameter.name)
            }
            let value = g.named(step.fullLabel) { step.operation.rule.apply(use) }
            named[step.output] = value
            values.append(value)
            for (name, value) in use.updates {
                if statistics.updateValue(value, forKey: name) == nil { updated.append(name) }
            }
        }
        return Application(
            output: outputs.first.flatMap { named[$0] } ?? g.poison(nil), values: values, named: named,
            updates: updated.compactMap { name in statistics[name].map { (name, $0) } })
    }

    /// The same for a network of one input.
    public func apply(
        to x: Value, mode: Mode, random: (key: Value, counter: Value)? = nil, parameters: @escaping (String) -> Value
    ) -> Application {
        apply(to: [inputName: x], in: x.graph, mode: mode, random: random, parameters: parameters)
    }
}
