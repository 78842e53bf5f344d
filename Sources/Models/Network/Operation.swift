import AdjointGraphs
import AdjointJSON

extension Network {
    /// The work of one step of a network: a kind of operation, and its attributes as JSON has them. Operations are equal
    /// where these are.
    public struct Operation: Hashable, Sendable {
        /// The name in JSON, summaries and errors.
        public let name: String
        package let attributes: JSON.Object
        let rule: Rule
        /// The error of the attributes; thrown when a network is made of the operation.
        let error: JSONError?
        let ruinous: ArgumentError?

        /// - Parameters:
        ///   - field: the operation's JSON, with or without `op`, `inputs` and `output`.
        ///   - shapeOf: the shapes of parameters, where they are known.
        init(_ kind: Kind, _ field: JSONField, shapeOf: @escaping (String) -> Shape? = { _ in nil }) {
            let attributes = Attributes(field, shapeOf: shapeOf)
            rule = kind.read(attributes)
            name = kind.name
            error = attributes.finish()
            ruinous = attributes.ruin(of: kind.name)
            self.attributes = attributes.members
        }

        init(_ kind: Kind, _ members: [(String, JSON)] = []) {
            self.init(kind, JSONField(.object(JSON.Object(members))))
        }

        /// An operation by its name; an unknown name is an error of the network.
        init(_ name: String, among kinds: [Kind], _ members: [(String, JSON)] = []) {
            let known = Kind.named(name, among: kinds)
            let attributes = Attributes(JSONField(.object(JSON.Object(members)))) { _ in nil }
            self.name = name
            rule = known?.read(attributes) ?? Rule { $0.x }
            error =
                known == nil
                ? JSONError(
                    .field("name"), expected: "one of " + joined(kinds.map { $0.name }), given: "\"\(name)\"")
                : attributes.finish()
            ruinous = attributes.ruin(of: name)
            self.attributes = attributes.members
        }

        /// A function of the program.
        public init(_ custom: Custom) {
            name = custom.name
            (error, ruinous) = (nil, nil)
            attributes = JSON.Object([("parameters", .array(custom.parameters.map { .string($0.name) }))])
            rule = Rule(arity: 0...Int.max, prefix: custom.prefix, custom: custom) { use in
                custom.function(use.inputs, custom.parameters.map { use.parameter($0) })
            }
        }

        /// The beginning of its parameters' names: `layer1.0.conv1`.
        public var parameterPrefix: String? { rule.prefix }

        /// The filter of a convolution, and the features of a linear layer as a filter without axes.
        package var filtering: Filtering? { rule.filtering }
        /// The window of a pool.
        package var pooling: Pooling? { rule.pooling }
        package var isActivation: Bool { rule.isActivation }

        public static func == (a: Operation, b: Operation) -> Bool {
            a.name == b.name && a.attributes == b.attributes && a.rule.custom == b.rule.custom
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(attributes)
        }
    }

    /// A function of graph values that the user brings. JSON holds only its name; to read it back, the function must be given.
    public struct Custom: Hashable, Sendable {
        public let name: String
        public let parameters: [Parameter]
        let function: @Sendable (_ inputs: [Value], _ parameters: [Value]) -> Value
        /// The name in summaries and errors.
        var prefix: String?

        public init(
            _ name: String, parameters: [Parameter] = [],
            function: @escaping @Sendable (_ inputs: [Value], _ parameters: [Value]) -> Value
        ) {
            (self.name, self.parameters, self.function) = (name, parameters, function)
        }

        /// Functions cannot be compared: equal names stand for equal functions.
        public static func == (a: Custom, b: Custom) -> Bool { a.name == b.name && a.parameters == b.parameters }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(parameters)
        }
    }
}

extension Network.Operation {
    /// A kind of operation: its name, and how its attributes determine its work. Nothing else describes it; to add one, write
    /// it into one of the lists that `all` is made of.
    struct Kind: Sendable {
        let name: String
        let read: @Sendable (Attributes) -> Rule

        init(_ name: String, read: @escaping @Sendable (Attributes) -> Rule) {
            (self.name, self.read) = (name, read)
        }

        /// A function of each element, or of a few along an axis.
        static func activation(_ name: String, _ function: @escaping @Sendable (Value) -> Value) -> Kind {
            activation(name) { _ in function }
        }

        static func activation(
            _ name: String, reading: @escaping @Sendable (Attributes) -> @Sendable (Value) -> Value
        ) -> Kind {
            Kind(name) { a in
                let function = reading(a)
                return Rule(isActivation: true) { function($0.x) }
            }
        }

        static let all: [Kind] =
            convolutions + normalizations + pools + activations + movements + arithmetic + lookups + losses

        /// The kind of a name; files of other programs say `mul` for `multiply`.
        static func named(_ name: String, among kinds: [Kind] = all) -> Kind? {
            kinds.first { $0.name == (name == "mul" ? "multiply" : name) }
        }
    }

    /// The work of an operation with given attributes.
    struct Rule: Sendable {
        /// The number of values that it takes.
        let arity: ClosedRange<Int>
        let prefix: String?
        let isActivation: Bool
        /// Whether it draws random numbers in training.
        let isRandom: Bool
        let filtering: Network.Filtering?
        let pooling: Network.Pooling?
        let custom: Network.Custom?
        let apply: @Sendable (Use) -> Value

        init(
            arity: ClosedRange<Int> = 1...1, prefix: String? = nil, isActivation: Bool = false, isRandom: Bool = false,
            filtering: Network.Filtering? = nil, pooling: Network.Pooling? = nil, custom: Network.Custom? = nil,
            apply: @escaping @Sendable (Use) -> Value
        ) {
            (self.arity, self.prefix, self.isActivation, self.isRandom) = (arity, prefix, isActivation, isRandom)
            (self.filtering, self.pooling, self.custom, self.apply) = (filtering, pooling, custom, apply)
        }
    }
}

/// Whether a network is in training or in use.
public enum Mode: Hashable, Sendable {
    case training, inference
}

/// One use of an operation: its inputs, and what it needs beside them.
final class Use {
    let operation: String
    let graph: GraphBuilder
    let inputs: [Value]
    let mode: Mode
    let random: (key: Value, counter: Value)?
    private let lookup: (Parameter) -> Value
    /// The new running statistics.
    private(set) var updates: [(name: String, value: Value)] = []

    init(
        _ operation: String, in graph: GraphBuilder, _ inputs: [Value], mode: Mode,
        random: (key: Value, counter: Value)?, parameter lookup: @escaping (Parameter) -> Value
    ) {
        (self.operation, self.graph, self.inputs, self.mode) = (operation, graph, inputs, mode)
        (self.random, self.lookup) = (random, lookup)
    }

    var x: Value { inputs[0] }

    /// The value of a parameter, which is declared where the network is made.
    func parameter(_ parameter: Parameter) -> Value { lookup(parameter) }

    func parameter(_ name: String, _ shape: Shape, _ initial: Parameter.Initial) -> Value {
        lookup(Parameter(name, shape, initial: initial))
    }

    func parameter(_ name: String?, _ shape: Shape, _ initial: Parameter.Initial) -> Value? {
        name.map { parameter($0, shape, initial) }
    }

    /// A running statistic.
    func statistic(_ name: String, _ shape: Shape, _ initial: Double) -> Value {
        lookup(Parameter(name, shape, initial: .constant(initial), isTrained: false))
    }

    func update(_ name: String, to value: Value) { updates.append((name, value)) }

    func poison(_ argument: String, expected: String, given: String) -> Value {
        graph.poison(ArgumentError(operation, argument, expected: expected, given: given))
    }
}
