import AdjointGraphs

/// A named tensor that a network holds.
public struct Parameter: Hashable, Sendable {
    public let name: String
    public let shape: Shape
    public let initial: Initial
    /// Whether an optimizer changes it unless it is frozen. Running statistics are changed by the network itself.
    public let isTrained: Bool

    public init(_ name: String, _ shape: Shape, initial: Initial, isTrained: Bool = true) {
        (self.name, self.shape, self.initial, self.isTrained) = (name, shape, initial, isTrained)
    }
}

extension Network {
    /// The parameters before training, in order: convolutions and linear layers as PyTorch initializes them; scales 1,
    /// shifts 0, running mean 0 and variance 1.
    public func initialParameters(seed: UInt64) -> [(name: String, tensor: Tensor)] {
        parameters.indices.map { initialParameter($0, seed: seed) }
    }

    /// The initial parameter at a place in the order.
    func initialParameter(_ number: Int, seed: UInt64) -> (name: String, tensor: Tensor) {
        let parameter = parameters[number]
        return (parameter.name, parameter.initial.values(parameter.shape, seed: seed, number: number))
    }

    /// The given tensors, checked against the parameters, in the network's order and as float32.
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
            // PyTorch keeps a count of batches beside the running statistics, and a checkpoint holds moments beside the
            // parameters; neither is used here.
            let isMoment = parameters.contains { name.hasPrefix($0.name + " ") }
            if isMoment || name.hasSuffix(".num_batches_tracked") { continue }
            throw ArgumentError(
                self.name, "parameters", expected: joined(parameters.map { $0.name }), given: "an unknown \"\(name)\"")
        }
        return matched
    }
}
