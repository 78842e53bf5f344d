import AdjointGraphs

/// How parameters follow their gradients.
public enum Optimizer: Hashable, Sendable {
    /// Stochastic gradient descent:
    ///
    ///     g ← g + weightDecay·p,   v ← momentum·v + g,   p ← p − rate·v       (Nesterov: rate·(g + momentum·v))
    case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
    /// Adam (Kingma & Ba, 2015); weight decay is added to the gradient.
    case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
    /// Adam with decoupled weight decay (Loshchilov & Hutter, 2019): first p ← p − rate·weightDecay·p.
    case adamW(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)
}

extension Optimizer {
    /// What it remembers of each parameter, all zeros at first.
    public var moments: [String] {
        switch self {
        case .sgd(let momentum, _, _): momentum == 0 ? [] : ["momentum"]
        case .adam, .adamW: ["first moment", "second moment"]
        }
    }

    /// Numbers that change from step to step, as scalars of a graph.
    public struct Scalars {
        public let learningRate: Value
        /// 1 − β₁ᵗ and 1 − β₂ᵗ at step t = 1, 2, …
        public let corrections: (first: Value, second: Value)
        /// A truth value: whether the step counts. Where it does not, parameters and moments stay as they are.
        public let isValid: Value

        func choose(_ new: Value, otherwise old: Value) -> Value { isValid.choose(new, old) }

        /// −rate, or 0 where the step does not count: one choice for all elements that it multiplies, if they are finite.
        var stride: Value { choose(-learningRate, otherwise: learningRate.number(0)) }
    }

    /// The values of the two corrections at a step, counted from 1.
    public func corrections(step: Int) -> (first: Double, second: Double) {
        switch self {
        case .sgd: (1, 1)
        case .adam(let beta1, let beta2, _, _), .adamW(let beta1, let beta2, _, _):
            (1 - power(beta1, step), 1 - power(beta2, step))
        }
    }

    /// One step for one parameter.
    ///
    /// - Parameter moments: in the order of `self.moments`.
    /// - Returns: the new parameter and the new moments.
    public func updated(
        _ parameter: Value, gradient: Value, moments: [Value], _ scalars: Scalars
    ) -> (parameter: Value, moments: [Value]) {
        let rate = scalars.learningRate
        switch self {
        case .sgd(let momentum, let nesterov, let weightDecay):
            let decayed = Self.decayed(gradient, parameter, weightDecay)
            guard momentum != 0 else {
                return (scalars.choose(parameter - rate * decayed, otherwise: parameter), [])
            }
            let velocity = scalars.choose(momentum * moments[0] + decayed, otherwise: moments[0])
            // Where the step does not count, the velocity is the old one, and the gradient may be anything.
            guard nesterov else { return (parameter + scalars.stride * velocity, [velocity]) }
            let direction = decayed + momentum * velocity
            return (scalars.choose(parameter - rate * direction, otherwise: parameter), [velocity])
        case .adam(let beta1, let beta2, let epsilon, let weightDecay):
            return adaptive(
                parameter, Self.decayed(gradient, parameter, weightDecay), moments, scalars, beta1, beta2, epsilon)
        case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
            return adaptive(parameter, gradient, moments, scalars, beta1, beta2, epsilon, decay: weightDecay)
        }
    }

    /// g + weightDecay·p
    private static func decayed(_ gradient: Value, _ parameter: Value, _ weightDecay: Double) -> Value {
        weightDecay == 0 ? gradient : gradient + weightDecay * parameter
    }

    /// m ← β₁·m + (1 − β₁)·g,   v ← β₂·v + (1 − β₂)·g²,   p ← p − rate·m̂∕(√v̂ + ε)   with m̂ = m∕(1 − β₁ᵗ), v̂ = v∕(1 − β₂ᵗ).
    /// The divisions by the corrections are taken out of the tensors: √v̂ = √v∕√(1 − β₂ᵗ).
    private func adaptive(
        _ parameter: Value, _ gradient: Value, _ moments: [Value], _ scalars: Scalars, _ beta1: Double, _ beta2: Double,
        _ epsilon: Double, decay: Double = 0
    ) -> (parameter: Value, moments: [Value]) {
        let first = scalars.choose(beta1 * moments[0] + (1 - beta1) * gradient, otherwise: moments[0])
        let second = scalars.choose(beta2 * moments[1] + (1 - beta2) * gradient.squared(), otherwise: moments[1])
        let root = second.sqrt() * (1 / scalars.corrections.second.sqrt()) + epsilon
        let size = scalars.learningRate / scalars.corrections.first
        let shrunk = decay == 0 ? parameter : parameter * (1 - scalars.learningRate * decay)
        return (scalars.choose(shrunk - size * first / root, otherwise: parameter), [first, second])
    }
}

/// Scales gradients so that their common norm is at most a limit: g·min(1, limit∕(‖g‖ + 10⁻⁶)), as PyTorch does it.
///
/// Where the squares overflow, the gradients are first made smaller by a power of two, which is exact.
public func clipped(_ gradients: [Value], toNorm limit: Double) -> [Value] {
    guard let first = gradients.first else { return [] }
    guard Bounds.aboveZero.hold(limit) else {
        let spoiled = first.graph.poison(
            ArgumentError("clipped", "limit", expected: Bounds.aboveZero.expected, given: "\(limit)"))
        return gradients.map { _ in spoiled }
    }
    let squares = total(gradients) { $0.squared() }
    let usual = (limit / (squares.sqrt() + 1e-6)).minimum(first.number(1))
    let (tiny, norm) = (first.tiny, reducedSquares(gradients).sqrt())
    let fits = squares .< .infinity
    let factor = fits.choose(usual, (limit / norm).minimum(1 / tiny))
    let scale = fits.choose(first.number(1), tiny)
    return gradients.map { $0 * scale * factor }
}

/// Σ (g·tiny)² over all elements of all gradients: finite exactly if each of them is.
private func reducedSquares(_ gradients: [Value]) -> Value { total(gradients) { ($0 * $0.tiny).squared() } }

extension Optimizer {
    /// Whether gradients are squared as they are: clipped ones are small.
    func squares(clip: Double?) -> Bool { hasCorrections && clip == nil }

    /// Whether every element of all gradients is finite, and its square where that is taken: one sum, which clipping needs
    /// anyway. Elements that are not squared are added as they are, in one pass over memory without a multiplication; where
    /// only their sum overflows, which takes elements of 10³⁰ and more, the step is not taken either.
    func canTake(_ gradients: [Value], clip: Double?) -> Value {
        let sum =
            clip != nil
            ? reducedSquares(gradients)
            : total(gradients) { squares(clip: clip) ? $0.squared() * $0.tiny : $0 }
        return sum.abs() .< .infinity
    }
}

private func total(_ gradients: [Value], _ term: (Value) -> Value) -> Value {
    gradients.dropFirst().reduce(term(gradients[0]).sum()) { $0 + term($1).sum() }
}

extension Value {
    /// A power of two that makes the largest numbers so small that 2³² of their squares can be added.
    fileprivate var tiny: Value { number(type == .float64 ? 0x1p-600 : 0x1p-80) }
}

/// By squaring: few roundings, and the same on every machine. 1 for an exponent below 1.
func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var remaining = exponent
    while remaining > 0 {
        if remaining % 2 == 1 { result *= square }
        square *= square
        remaining /= 2
    }
    return result
}
