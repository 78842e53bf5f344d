import AdjointGraphs

extension Network {
    /// What one step of a network computes. The names inside are those of its parameters.
    public enum Operation: Hashable, Sendable {
        case convolution(Filtering)
        /// The transposed layer; `outputPadding` lengthens the result at its end.
        case transposedConvolution(Filtering, outputPadding: [Int])
        /// y[n, k] = Σ x[n, c] · weight[k, c] + bias[k]
        case linear(weight: String, bias: String?, features: Int)
        /// Parameters `name.weight`, `.bias`, `.running_mean`, `.running_var`, one number for every channel. In training
        /// the batch's mean and biased variance; the running ones move by `momentum` towards them (and the unbiased one).
        case batchNorm(name: String, epsilon: Double, momentum: Double)
        /// Without a name it has no weight and no bias; so have the next two.
        case groupNorm(name: String?, groups: Int, epsilon: Double)
        /// Over all axes but the batch; weight and bias have the shape of one sample.
        case layerNorm(name: String?, epsilon: Double)
        case instanceNorm(name: String?, epsilon: Double)
        case activation(Activation)
        case maxPool(Pooling, dilation: [Int])
        case averagePool(Pooling, countsPadding: Bool)
        /// [N, C, spatial…] to [N, C, 1…]
        case globalAveragePool
        case globalMaxPool
        case flatten
        case add
        case multiply
        /// Along the channels.
        case concatenate
        case dropout(rate: Double)
        case custom(Custom)
    }

    /// A filter that slides over one to three spatial axes.
    public struct Filtering: Hashable, Sendable {
        public var weight: String
        public var bias: String?
        /// Channels of the result.
        public var filters: Int
        public var kernel: [Int]
        public var stride: [Int]
        /// The padding before and after each axis; negative crops.
        public var before: [Int]
        public var after: [Int]
        public var dilation: [Int]
        public var groups: Int
    }

    /// The windows of a pooling layer.
    public struct Pooling: Hashable, Sendable {
        public var kernel: [Int]
        public var stride: [Int]
        public var before: [Int]
        public var after: [Int]
        /// Whether a last window may reach past the end.
        public var roundsUp: Bool
    }

    /// A function of graph values that is the user's own. JSON cannot hold it.
    public struct Custom: Hashable, Sendable {
        public let name: String
        public let parameters: [Parameter]
        let function: @Sendable (_ inputs: [Value], _ parameters: [Value]) -> Value

        public init(
            _ name: String, parameters: [Parameter] = [],
            function: @escaping @Sendable (_ inputs: [Value], _ parameters: [Value]) -> Value
        ) {
            self.name = name
            self.parameters = parameters
            self.function = function
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
    /// The name in JSON, summaries and errors.
    public var name: String {
        switch self {
        case .convolution(let filtering): "conv\(filtering.kernel.count)d"
        case .transposedConvolution(let filtering, _): "conv_transpose\(filtering.kernel.count)d"
        case .linear: "linear"
        case .batchNorm: "batch_norm"
        case .groupNorm: "group_norm"
        case .layerNorm: "layer_norm"
        case .instanceNorm: "instance_norm"
        case .activation(let activation): activation.name
        case .maxPool: "max_pool"
        case .averagePool: "avg_pool"
        case .globalAveragePool: "global_avg_pool"
        case .globalMaxPool: "global_max_pool"
        case .flatten: "flatten"
        case .add: "add"
        case .multiply: "multiply"
        case .concatenate: "concat"
        case .dropout: "dropout"
        case .custom(let custom): custom.name
        }
    }

    /// The names of all that JSON can hold.
    static let names: [String] =
        ["conv", "conv_transpose"].flatMap { kind in (1...3).map { "\(kind)\($0)d" } }
        + Activation.plain.map { $0.name } + [
            "leaky_relu", "elu", "linear", "batch_norm", "group_norm", "layer_norm", "instance_norm", "max_pool",
            "avg_pool",
            "global_avg_pool", "global_max_pool", "flatten", "add", "multiply", "concat", "dropout",
        ]

    /// How many values it takes; nil for two or more.
    var arity: Int? {
        switch self {
        case .add, .multiply: 2
        case .concatenate: nil
        case .custom: nil
        default: 1
        }
    }

    /// What its parameters' names begin with: `layer1.0.conv1`.
    public var parameterPrefix: String? {
        switch self {
        case .convolution(let filtering), .transposedConvolution(let filtering, _): prefix(of: filtering.weight)
        case .linear(let weight, _, _): prefix(of: weight)
        case .batchNorm(let name, _, _): name
        case .groupNorm(let name, _, _), .layerNorm(let name, _), .instanceNorm(let name, _): name
        default: nil
        }
    }

    private func prefix(of weight: String) -> String {
        let suffix = ".weight"
        return weight.hasSuffix(suffix) ? String(weight.dropLast(suffix.count)) : weight
    }
}
