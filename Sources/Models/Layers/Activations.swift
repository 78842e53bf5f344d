// The activation functions as layers, by the names that they are known by.

/// max(x, 0)
public struct ReLU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.relu) }
}

/// min(max(x, 0), 6)
public struct ReLU6: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.relu6) }
}

/// The exponential unit that keeps mean 0 and variance 1.
public struct SELU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.selu) }
}

/// x·σ(x)
public struct SiLU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.silu) }
}

/// x·Φ(x)
public struct GELU: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.gelu) }
}

/// x·min(max(x + 3, 0), 6)∕6
public struct HardSwish: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.hardSwish) }
}

/// min(max(x + 3, 0), 6)∕6
public struct HardSigmoid: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.hardSigmoid) }
}

/// tanh x
public struct Tanh: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.tanh) }
}

/// 1∕(1 + e⁻ˣ)
public struct Sigmoid: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.sigmoid) }
}

/// ln(1 + eˣ)
public struct Softplus: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.softplus) }
}

/// e^xᵢ ∕ Σⱼ e^xⱼ along the channels.
public struct Softmax: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.softmax) }
}

/// xᵢ − ln Σⱼ e^xⱼ along the channels.
public struct LogSoftmax: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .activation(.logSoftmax) }
}

/// x where x > 0, else slope·x
public struct LeakyReLU: SimpleLayer {
    let slope: Double

    public init(slope: Double = 0.01) { self.slope = slope }
    public var operation: Network.Operation { .activation(.leakyReLU(slope: slope)) }
}

/// x where x > 0, else α·(eˣ − 1)
public struct ELU: SimpleLayer {
    let alpha: Double

    public init(alpha: Double = 1) { self.alpha = alpha }
    public var operation: Network.Operation { .activation(.elu(alpha: alpha)) }
}
