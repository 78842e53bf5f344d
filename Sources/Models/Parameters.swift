import AdjointGraphs

/// A named tensor that a network holds.
public struct Parameter: Hashable, Sendable {
    public let name: String
    public let shape: Shape
    public let initial: Initial
    /// Whether the optimizer changes it. Running statistics are changed by the network itself.
    public let isTrained: Bool

    /// What a tensor holds before training.
    public enum Initial: Hashable, Sendable {
        case constant(Double)
        /// Uniform in ±bound.
        case uniform(bound: Double)
    }

    public init(_ name: String, _ shape: Shape, initial: Initial, isTrained: Bool = true) {
        self.name = name
        self.shape = shape
        self.initial = initial
        self.isTrained = isTrained
    }
}

extension Parameter.Initial {
    /// What PyTorch does for convolutions and linear layers, weight and bias alike: U(±1∕√fan), which is Kaiming's
    /// uniform initialization with a = √5. The fan is the number of terms in a sum of the output.
    static func fan(_ fan: Int) -> Parameter.Initial {
        .uniform(bound: fan > 0 ? 1 / Double(fan).squareRoot() : 0)
    }

    /// The elements for one parameter of a network: a function of seed and number alone, equal on every machine.
    func values(_ shape: Shape, seed: UInt64, number: Int) -> Tensor {
        switch self {
        case .constant(let value):
            return Tensor(known: shape, .float32([Float](repeating: Float(value), count: shape.count)))
        case .uniform(let bound):
            let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
            var floats: [Float] = []
            floats.reserveCapacity(shape.count)
            for place in 0..<shape.count {
                let counter = (UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: number))
                floats.append(Float((2 * Threefry.uniform(key: key, counter: counter) - 1) * bound))
            }
            return Tensor(known: shape, .float32(floats))
        }
    }
}

extension Network {
    /// The parameters before training, in order.
    ///
    /// Convolutions and linear layers as PyTorch initializes them; scales 1, shifts 0, running mean 0 and variance 1.
    public func initialParameters(seed: UInt64) -> [(name: String, tensor: Tensor)] {
        parameters.indices.map { initialParameter($0, seed: seed) }
    }

    /// One of them, by its place in the order.
    func initialParameter(_ number: Int, seed: UInt64) -> (name: String, tensor: Tensor) {
        let parameter = parameters[number]
        return (parameter.name, parameter.initial.values(parameter.shape, seed: seed, number: number))
    }

    /// Checks tensors that are to stand for the parameters, and gives them in the network's order as float32.
    ///
    /// - Throws: an error that names a parameter that is missing, unknown or of another shape.
    public func matched(
        _ tensors: [(name: String, tensor: Tensor)]
    ) throws(ArgumentError) -> [(name: String, tensor: Tensor)] {
        var given: [String: Tensor] = [:]
        for (name, tensor) in tensors { given[name] = tensor }
        var matched: [(name: String, tensor: Tensor)] = []
        for parameter in parameters {
            guard let tensor = given[parameter.name] else {
                throw ArgumentError(
                    name, "parameter \"\(parameter.name)\"", expected: "float32\(parameter.shape)", given: "missing")
            }
            guard tensor.shape == parameter.shape, tensor.elementType.isFloatingPoint else {
                throw ArgumentError(
                    name, "parameter \"\(parameter.name)\"", expected: "float32\(parameter.shape)",
                    given: "\(tensor.elementType.rawValue)\(tensor.shape)")
            }
            matched.append((parameter.name, tensor.converted(to: .float32)))
        }
        for (name, _) in tensors where !parameters.contains(where: { $0.name == name }) {
            // PyTorch counts batches beside the running statistics, and a checkpoint holds moments beside the
            // parameters; nothing is computed from them here.
            let isMoment = parameters.contains { name.hasPrefix($0.name + " ") }
            if isMoment || name.hasSuffix(".num_batches_tracked") { continue }
            throw ArgumentError(
                self.name, "parameters", expected: joined(parameters.map { $0.name }), given: "an unknown \"\(name)\"")
        }
        return matched
    }
}

extension Network.Operation {
    /// The parameters for inputs of these shapes.
    func parameters(for inputs: [Shape]) throws(ArgumentError) -> [Parameter] {
        switch self {
        case .convolution(let filtering):
            let channels = try filtering.channels(of: inputs[0], operation: name)
            guard filtering.groups > 0, channels % filtering.groups == 0 else {
                throw ArgumentError(
                    name, "groups", expected: "a divisor of the \(channels) channels", given: "\(filtering.groups)")
            }
            let weight = Shape([filtering.filters, channels / filtering.groups] + filtering.kernel)
            return filtering.parameters(weight)
        case .transposedConvolution(let filtering, _):
            let channels = try filtering.channels(of: inputs[0], operation: name)
            guard filtering.groups > 0, filtering.filters % filtering.groups == 0 else {
                throw ArgumentError(
                    name, "groups", expected: "a divisor of the \(filtering.filters) filters",
                    given: "\(filtering.groups)")
            }
            return filtering.parameters(Shape([channels, filtering.filters / filtering.groups] + filtering.kernel))
        case .linear(let weight, let bias, let features):
            guard inputs[0].rank == 2 else {
                throw ArgumentError(name, "input", expected: "one axis beside the batch", given: "\(inputs[0])")
            }
            guard features > 0 else {
                throw ArgumentError(name, "features", expected: "1 or more", given: "\(features)")
            }
            let initial = Parameter.Initial.fan(inputs[0][1])
            return [Parameter(weight, [features, inputs[0][1]], initial: initial)]
                + (bias.map { [Parameter($0, [features], initial: initial)] } ?? [])
        case .batchNorm(let prefix, _, _):
            let channels = try channels(of: inputs[0])
            return affine(prefix, channels) + [
                Parameter(prefix + ".running_mean", channels, initial: .constant(0), isTrained: false),
                Parameter(prefix + ".running_var", channels, initial: .constant(1), isTrained: false),
            ]
        case .groupNorm(let prefix, _, _), .instanceNorm(let prefix, _):
            return affine(prefix, try channels(of: inputs[0]))
        case .layerNorm(let prefix, _):
            _ = try channels(of: inputs[0])
            return affine(prefix, Shape(Array(inputs[0].sizes.dropFirst())))
        case .custom(let custom):
            return custom.parameters
        default:
            return []
        }
    }

    private func affine(_ prefix: String?, _ shape: Shape) -> [Parameter] {
        guard let prefix else { return [] }
        return [
            Parameter(prefix + ".weight", shape, initial: .constant(1)),
            Parameter(prefix + ".bias", shape, initial: .constant(0)),
        ]
    }

    private func channels(of input: Shape) throws(ArgumentError) -> Shape {
        guard input.rank >= 2 else {
            throw ArgumentError(name, "input", expected: "channels behind the batch", given: "\(input)")
        }
        return [input[1]]
    }
}

extension Network.Filtering {
    func channels(of input: Shape, operation: String) throws(ArgumentError) -> Int {
        guard input.rank == kernel.count + 2 else {
            throw ArgumentError(
                operation, "input", expected: "\(kernel.count) spatial axes behind batch and channels",
                given: "\(input)")
        }
        guard filters > 0 else { throw ArgumentError(operation, "filters", expected: "1 or more", given: "\(filters)") }
        for size in kernel where size < 1 {
            throw ArgumentError(operation, "kernel", expected: "1 or more on every axis", given: list(kernel))
        }
        return input[1]
    }

    fileprivate func parameters(_ weight: Shape) -> [Parameter] {
        let initial = Parameter.Initial.fan(Shape(Array(weight.sizes.dropFirst())).count)
        return [Parameter(self.weight, weight, initial: initial)]
            + (bias.map { [Parameter($0, [filters], initial: initial)] } ?? [])
    }
}
