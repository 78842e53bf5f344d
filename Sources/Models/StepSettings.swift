import AdjointGraphs

/// What a step of a training does with gradients and parameters beside its optimizer.
///
///     var settings = StepSettings(clip: .norm(1), parts: 4, average: 0.999)
///     settings.groups = [ParameterGroup("*.bias", decays: false), ParameterGroup("stem.*", rateFactor: 0.1)]
public struct StepSettings: Hashable, Sendable {
    /// A limit on gradients.
    public enum Clip: Hashable, Sendable {
        /// A limit on the norm of all gradients together: g·min(1, limit∕(‖g‖ + 10⁻⁶)).
        case norm(Double)
        /// A limit on the magnitude of each element: elements beyond ±limit become ±limit.
        case value(Double)
    }

    public var clip: Clip?
    /// Parameters that are treated differently from the rest. Factors of several groups that match a name multiply.
    public var groups: [ParameterGroup]
    /// Into how many consecutive parts of equal size a batch is cut. The parameters follow the mean of their gradients, and
    /// the activations of one part at a time are in memory. Not for networks with running statistics.
    public var parts: Int
    /// The share e that averaged parameters keep of themselves: average ← e·average + (1 − e)·p after every step. They start as
    /// the parameters, and are not used in training.
    public var average: Double?

    public init(clip: Clip? = nil, groups: [ParameterGroup] = [], parts: Int = 1, average: Double? = nil) {
        (self.clip, self.groups, self.parts, self.average) = (clip, groups, parts, average)
    }
}

/// The parameters whose names match a pattern, and how they follow their gradients.
public struct ParameterGroup: Hashable, Sendable {
    /// The pattern of the parameters' names; `*` stands for any text.
    public let pattern: String
    /// The factor of the learning rate.
    public let rateFactor: Double
    /// Whether they have the optimizer's weight decay.
    public let decays: Bool

    public init(_ pattern: String, rateFactor: Double = 1, decays: Bool = true) {
        (self.pattern, self.rateFactor, self.decays) = (pattern, rateFactor, decays)
    }
}

extension StepSettings: CustomStringConvertible {
    /// The settings without the clipping as text, which is equal where they are.
    public var description: String {
        let groups = groups.map { "\($0.pattern) rate \($0.rateFactor) \($0.decays ? "decays" : "does not decay")" }
        return joined(groups + ["parts \(parts)", "average \(average.map { "\($0)" } ?? "none")"])
    }

    var clipDescription: String {
        switch clip {
        case .none: "none"
        case .norm(let limit): "\(limit)"
        case .value(let limit): "value \(limit)"
        }
    }

    /// The rate's factor and the weight decay of a parameter.
    func group(of parameter: String, _ optimizer: Optimizer) -> (rateFactor: Double, weightDecay: Double) {
        let groups = groups.filter { parameter.matches(pattern: $0.pattern) }
        return (
            groups.reduce(1) { $0 * $1.rateFactor },
            groups.contains { !$0.decays } ? 0 : optimizer.weightDecay
        )
    }

    /// The gradients, clipped to the limit.
    func clipped(_ gradients: [Value]) -> [Value] {
        switch clip {
        case .none: gradients
        case .norm(let limit): AdjointModels.clipped(gradients, toNorm: limit)
        case .value(let limit): gradients.map { $0.clamped(from: -limit, to: limit) }
        }
    }

    func check(for network: Network, batch: Int? = nil) throws(ArgumentError) {
        switch clip {
        case .none: break
        case .norm(let limit), .value(let limit): try Bounds.aboveZero.check(limit, "training", "clip")
        }
        if let average { try Bounds.belowOne.check(average, "training", "average") }
        for group in groups {
            try Bounds.fromZero.check(group.rateFactor, "training", "rate factor of \(group.pattern)")
        }
        guard parts != 1 else { return }
        guard parts >= 1, batch.map({ $0 % parts == 0 }) ?? true else {
            throw ArgumentError(
                "training", "parts", expected: batch.map { "a divisor of the batch of \($0)" } ?? "1 or more",
                given: "\(parts)")
        }
        if let statistic = network.parameters.first(where: { !$0.isTrained }) {
            throw ArgumentError(
                "training", "parts", expected: "1, as running statistics (\(statistic.name)) change with each part",
                given: "\(parts)")
        }
    }
}
