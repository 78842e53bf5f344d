import AdjointGraphs
import AdjointJSON

/// An activation function by its name in JSON: `Activation("mish")`.
public struct Activation: SimpleLayer {
    public let operation: Network.Operation

    /// An unknown name is an error of the network.
    public init(_ name: String) { operation = .init(name, among: Network.Operation.Kind.activations) }

    /// The names of the activations that act on each element alone.
    public static var names: [String] { Network.Operation.Kind.elementwise.map { $0.name } }

    public func callAsFunction(_ x: Value) -> Value {
        let use = Use(operation.name, in: x.graph, [x], mode: .inference, random: nil) { parameter in
            x.graph.input(parameter.name, parameter.shape, x.type)
        }
        return operation.error.map { x.graph.poison(ArgumentError($0, in: operation.name)) }
            ?? operation.rule.apply(use)
    }
}

/// max(x, 0)
public struct ReLU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.relu) }
}

/// min(max(x, 0), 6)
public struct ReLU6: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.relu6) }
}

/// The exponential unit that keeps mean 0 and variance 1.
public struct SELU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.selu) }
}

/// x·σ(x)
public struct SiLU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.silu) }
}

/// x·Φ(x)
public struct GELU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.gelu) }
}

/// x·min(max(x + 3, 0), 6)∕6
public struct HardSwish: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.hardSwish) }
}

/// min(max(x + 3, 0), 6)∕6
public struct HardSigmoid: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.hardSigmoid) }
}

/// tanh x
public struct Tanh: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.tanh) }
}

/// 1∕(1 + e⁻ˣ)
public struct Sigmoid: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.sigmoid) }
}

/// ln(1 + eˣ)
public struct Softplus: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.softplus) }
}

/// e^xᵢ ∕ Σⱼ e^xⱼ along an axis; by default the channels.
public struct Softmax: SimpleLayer {
    let axis: Int

    public init(axis: Int = 1) { self.axis = axis }
    public var operation: Network.Operation { .init(.softmax, [("axis", .integer(axis))]) }
}

/// xᵢ − ln Σⱼ e^xⱼ along an axis; by default the channels.
public struct LogSoftmax: SimpleLayer {
    let axis: Int

    public init(axis: Int = 1) { self.axis = axis }
    public var operation: Network.Operation { .init(.logSoftmax, [("axis", .integer(axis))]) }
}

/// x where x > 0, else slope·x
public struct LeakyReLU: SimpleLayer {
    let slope: Double

    public init(slope: Double = 0.01) { self.slope = slope }
    public var operation: Network.Operation { .init(.leakyReLU, [("slope", .number(slope))]) }
}

/// x where x > 0, else α·(eˣ − 1)
public struct ELU: SimpleLayer {
    let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }
    public var operation: Network.Operation { .init(.elu, [("alpha", .number(alpha))]) }
}

/// x where x > 0, else slope·x with a learned slope: one for all, or one for each of `count` channels. Parameter
/// `prelu1.weight` [count].
public struct PReLU: Layer {
    let count: Int
    let name: String?

    public init(_ count: Int = 1, name: String? = nil) { (self.count, self.name) = (count, name) }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let weight = network.parameterName(name, kind: "prelu") + ".weight"
        return network.append(
            .init(.prelu, [("weight", .string(weight)), ("count", .integer(count))]), to: [input])
    }
}

extension Network.Operation.Kind {
    static let activations: [Self] = elementwise + [softmax, logSoftmax, glu, prelu]

    /// The activations of each element, one on a line.
    static let elementwise: [Self] = [
        relu, relu6, leakyReLU, elu, selu, silu, gelu, hardSwish, hardSigmoid, tanh, sigmoid, softplus,
        activation("celu") { a in { [alpha = a.number("alpha", 1, .aboveZero)] in $0.celu(alpha: alpha) } },
        activation("mish") { $0.mish() },
        activation("softsign") { $0.softsign() },
        activation("hard_tanh") { a in
            { [low = a.number("min", -1), high = a.number("max", 1)] in $0.clamped(from: low, to: high) }
        },
        activation("sqrt") { $0.sqrt() },
        activation("exp") { $0.exp() },
        activation("log") { $0.log() },
        activation("abs") { $0.abs() },
        activation("clamp") { a in
            { [low = a.optionalNumber("min"), high = a.optionalNumber("max")] in $0.clamped(from: low, to: high) }
        },
    ]

    static let relu = activation("relu") { $0.relu() }
    static let relu6 = activation("relu6") { $0.relu6() }
    static let leakyReLU = activation("leaky_relu") { a in
        { [slope = a.number("slope", 0.01)] in $0.leakyReLU(slope: slope) }
    }
    static let elu = activation("elu") { a in { [alpha = a.number("alpha", 1)] in $0.elu(alpha: alpha) } }
    static let selu = activation("selu") { $0.selu() }
    static let silu = activation("silu") { $0.silu() }
    static let gelu = activation("gelu") { a in
        let isExact = a.text("approximate", "none", among: ["none", "tanh"]) == "none"
        return { isExact ? $0.gelu() : $0.approximateGELU() }
    }
    static let hardSwish = activation("hard_swish") { $0.hardSwish() }
    static let hardSigmoid = activation("hard_sigmoid") { $0.hardSigmoid() }
    static let tanh = activation("tanh") { $0.tanh() }
    static let sigmoid = activation("sigmoid") { $0.logistic() }
    static let softplus = activation("softplus") { a in
        let isPlain = !a.has("beta") && !a.has("threshold")
        if isPlain { return { $0.softplus() } }
        return { [beta = a.number("beta", 1, .aboveZero), threshold = a.number("threshold", 20)] in
            $0.softplus(beta: beta, threshold: threshold)
        }
    }
    static let softmax = activation("softmax") { a in { [axis = a.axis()] in $0.along(axis) { $0.softmax(axis: $1) } } }
    static let logSoftmax = activation("log_softmax") { a in
        { [axis = a.axis()] in $0.along(axis) { $0.logSoftmax(axis: $1) } }
    }
    static let glu = activation("glu") { a in { [axis = a.axis()] in $0.glu(axis: axis) } }
    static let prelu = Self("prelu") { a in
        let weight = a.text("weight")
        let count = a.integer("count", a.shapeOf(weight)?.sizes.first ?? 1)
        return .init(prefix: weight.parameterPrefix, isActivation: true) {
            $0.x.prelu(slope: $0.parameter(weight, [count], .constant(0.25)))
        }
    }
}

extension Attributes {
    /// The attribute `axis`; axes below 0 count from the end.
    func axis(_ usual: Int = 1) -> Int { integer("axis", usual, in: Self.amounts) }
}

extension Value {
    /// A function along an axis; axes below 0 count from the end.
    func along(_ axis: Int, _ function: (Value, Int) -> Value) -> Value {
        function(self, axis < 0 ? axis + shape.rank : axis)
    }
}
