import AdjointGraphs

/// Why a step of a training was not done. Parameters, moments and running statistics are those from before it.
public enum TrainingError: Error, Hashable, Sendable {
    /// An argument of the step does not fit.
    case argument(ArgumentError)
    /// The loss of a step (counted from 1) is not a number or infinite. The layer is the first whose output is not finite.
    case notFinite(step: Int, layer: String)
    /// The loss of a step is finite, but the gradient of a parameter, the first such one, is not, or its square is not, which
    /// the optimizer takes.
    case gradientNotFinite(step: Int, parameter: String)
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .argument(let error): error.description
        case .notFinite(let step, let layer):
            "training stopped at step \(step): the loss is not finite, and the first output that is not is that of \(layer)"
        case .gradientNotFinite(let step, let parameter):
            "training stopped at step \(step): the loss is finite, but the gradient of \(parameter) is not, or is too large"
        }
    }
}
