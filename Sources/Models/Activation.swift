import AdjointGraphs

/// The functions that stand between the layers of a network.
public enum Activation: Hashable, Sendable {
    case relu, relu6
    case leakyReLU(slope: Double)
    case elu(alpha: Double)
    case selu, silu, gelu
    case hardSwish, hardSigmoid
    case tanh, sigmoid, softplus
    /// Along the channels.
    case softmax, logSoftmax

    /// Those without a number of their own.
    package static let plain: [Activation] = [
        .relu, .relu6, .selu, .silu, .gelu, .hardSwish, .hardSigmoid, .tanh, .sigmoid, .softplus, .softmax, .logSoftmax,
    ]

    /// The name in JSON.
    public var name: String {
        switch self {
        case .relu: "relu"
        case .relu6: "relu6"
        case .leakyReLU: "leaky_relu"
        case .elu: "elu"
        case .selu: "selu"
        case .silu: "silu"
        case .gelu: "gelu"
        case .hardSwish: "hard_swish"
        case .hardSigmoid: "hard_sigmoid"
        case .tanh: "tanh"
        case .sigmoid: "sigmoid"
        case .softplus: "softplus"
        case .softmax: "softmax"
        case .logSoftmax: "log_softmax"
        }
    }

    public func callAsFunction(_ x: Value) -> Value {
        switch self {
        case .relu: x.relu()
        case .relu6: x.relu6()
        case .leakyReLU(let slope): x.leakyReLU(slope: slope)
        case .elu(let alpha): x.elu(alpha: alpha)
        case .selu: x.selu()
        case .silu: x.silu()
        case .gelu: x.gelu()
        case .hardSwish: x.hardSwish()
        case .hardSigmoid: x.hardSigmoid()
        case .tanh: x.tanh()
        case .sigmoid: x.logistic()
        case .softplus: x.softplus()
        case .softmax: x.softmax(axis: 1)
        case .logSoftmax: x.logSoftmax(axis: 1)
        }
    }
}
