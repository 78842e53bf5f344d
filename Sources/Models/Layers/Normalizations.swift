/// Batch normalization: the batch's statistics in training, running ones in use. Parameters `bn1.weight`, `.bias`,
/// `.running_mean`, `.running_var`, numbered in each scope.
public struct BatchNorm: Layer {
    let epsilon, momentum: Double
    let name: String?

    public init(epsilon: Double = 1e-5, momentum: Double = 0.1, name: String? = nil) {
        self.epsilon = epsilon
        self.momentum = momentum
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let name = network.parameterName(name, kind: "bn")
        return network.append(.batchNorm(name: name, epsilon: epsilon, momentum: momentum), to: [input])
    }
}

/// Normalization of each image's channels in groups. Parameters `gn1.weight` and `.bias`, numbered in each scope.
public struct GroupNorm: Layer {
    let groups: Int
    let epsilon: Double
    let name: String?

    public init(_ groups: Int, epsilon: Double = 1e-5, name: String? = nil) {
        self.groups = groups
        self.epsilon = epsilon
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let name = network.parameterName(name, kind: "gn")
        return network.append(.groupNorm(name: name, groups: groups, epsilon: epsilon), to: [input])
    }
}

/// Normalization of each sample over all its axes. Parameters `ln1.weight` and `.bias` of the sample's shape.
public struct LayerNorm: Layer {
    let epsilon: Double
    let name: String?

    public init(epsilon: Double = 1e-5, name: String? = nil) {
        self.epsilon = epsilon
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(
            .layerNorm(name: network.parameterName(name, kind: "ln"), epsilon: epsilon), to: [input])
    }
}

/// Normalization of each channel of each image; without parameters, as PyTorch has it.
public struct InstanceNorm: Layer {
    let epsilon: Double

    public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(.instanceNorm(name: nil, epsilon: epsilon), to: [input])
    }
}
