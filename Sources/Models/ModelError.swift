import AdjointGraphs

/// What is wrong with a model, its data or its training.
public enum ModelError: Error, Hashable, Sendable {
    /// An argument does not fit: of which operation, which one, what was expected and what was given.
    case argument(operation: String, argument: String, expected: String, given: String)
    /// The loss of a step (counted from 1) is not a number or infinite. The layer is the first whose output is not finite.
    /// Parameters, moments and running statistics are those from before the step.
    case notFinite(step: Int, layer: String)
    /// The loss of a step is finite, but the gradient of a parameter, the first such one, is not, or its square is not, which
    /// the optimizer takes. Parameters, moments and running statistics are those from before the step.
    case gradientNotFinite(step: Int, parameter: String)
}

extension ModelError {
    package init(_ operation: String, _ argument: String, expected: String, given: String) {
        self = .argument(operation: operation, argument: argument, expected: expected, given: given)
    }

    package init(_ error: GraphError) {
        self = .argument(
            operation: error.operation, argument: error.argument, expected: error.expected, given: error.given)
    }

    /// The same error, said of an operation of a network.
    func within(_ place: String) -> ModelError {
        guard case .argument(let operation, let argument, let expected, let given) = self else { return self }
        return .argument(operation: "\(place): \(operation)", argument: argument, expected: expected, given: given)
    }
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .argument(let operation, let argument, let expected, let given):
            "\(operation): \(argument) is \(given), expected \(expected)"
        case .notFinite(let step, let layer):
            "training stopped at step \(step): the loss is not finite, and the first output that is not is that of \(layer)"
        case .gradientNotFinite(let step, let parameter):
            "training stopped at step \(step): the loss is finite, but the gradient of \(parameter) is not, or is too large"
        }
    }
}
