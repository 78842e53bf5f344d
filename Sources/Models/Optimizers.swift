import AdjointGraphs

/// An update rule of parameters: which moments are kept of each parameter, and the step as a function of graph values.
///
///     let signs = Optimizer("signs") { update in (update.parameter - update.rate * update.gradient.sign(), []) }
public struct Optimizer: Hashable, Sendable, CustomStringConvertible {
    /// The name with all settings; optimizers with equal ones are taken for equal.
    public let description: String
    /// The names of the tensors that are kept for each parameter.
    public let moments: [String]
    /// The number that every element of the moments is at first.
    public let initialMoment: Double
    /// The numbers that change from step to step.
    public let scalars: [Scalar]
    /// The weight decay of parameters that are not exempt from it.
    public let weightDecay: Double
    /// The error of a setting that would ruin a training.
    private var ruinous: ArgumentError?
    /// Whether the rule squares gradients, so that their squares must be finite too.
    let takesSquares: Bool
    private let update: @Sendable (Update) -> (parameter: Value, moments: [Value])

    /// A number that depends on the step, counted from 1.
    public struct Scalar: Sendable {
        public let name: String
        public let value: @Sendable (_ step: Int) -> Double

        public init(_ name: String, value: @escaping @Sendable (_ step: Int) -> Double) {
            (self.name, self.value) = (name, value)
        }
    }

    /// One step for one parameter.
    public struct Update {
        public let parameter, gradient: Value
        /// The moments, in the order of `Optimizer.moments`.
        public let moments: [Value]
        /// The learning rate, and the optimizer's own scalars in their order.
        public let rate: Value
        public let scalars: [Value]
        /// The optimizer's weight decay, or 0 for a parameter without any.
        public let weightDecay: Double
        /// A truth value: whether the step counts. Where it does not, parameters and moments stay as they are.
        let isValid: Value

        init(
            parameter: Value, gradient: Value, moments: [Value], rate: Value, scalars: [Value], weightDecay: Double,
            isValid: Value
        ) {
            (self.parameter, self.gradient, self.moments) = (parameter, gradient, moments)
            (self.rate, self.scalars, self.weightDecay, self.isValid) = (rate, scalars, weightDecay, isValid)
        }

        func choose(_ new: Value, otherwise old: Value) -> Value { isValid.choose(new, old) }

        /// −rate, or 0 where the step does not count: one choice for all elements that it multiplies, if they are finite.
        var stride: Value { choose(-rate, otherwise: rate.number(0)) }
    }

    /// An optimizer of one's own.
    ///
    /// - Parameters:
    ///   - description: the name with all settings.
    ///   - update: the new parameter, and as many new moments as there are.
    public init(
        _ description: String, moments: [String] = [], initialMoment: Double = 0, scalars: [Scalar] = [],
        weightDecay: Double = 0,
        update: @escaping @Sendable (Update) -> (parameter: Value, moments: [Value])
    ) {
        self.init(
            description, moments, initialMoment, scalars, weightDecay, takesSquares: true,
            whereValid: { given in
                let new = update(given)
                let moments = zip(new.moments, given.moments).map { given.choose($0, otherwise: $1) }
                return (given.choose(new.parameter, otherwise: given.parameter), moments)
            })
    }

    /// An optimizer whose function itself leaves everything as it is where the step does not count.
    private init(
        _ description: String, _ moments: [String], _ initialMoment: Double, _ scalars: [Scalar],
        _ weightDecay: Double, takesSquares: Bool,
        whereValid update: @escaping @Sendable (Update) -> (parameter: Value, moments: [Value])
    ) {
        (self.description, self.moments, self.initialMoment) = (description, moments, initialMoment)
        (self.scalars, self.weightDecay) = (scalars, weightDecay)
        (self.takesSquares, self.update) = (takesSquares, update)
    }

    /// The same optimizer, with the bounds that its settings must keep.
    private func checking(_ operation: String, _ numbers: [(Double, Bounds, String)]) -> Optimizer {
        var checked = self
        for (number, bounds, name) in numbers where !bounds.hold(number) && checked.ruinous == nil {
            checked.ruinous = ArgumentError(operation, name, expected: bounds.expected, given: "\(number)")
        }
        return checked
    }

    func checkNumbers() throws(ArgumentError) {
        if let ruinous { throw ruinous }
    }

    func updated(_ given: Update) -> (parameter: Value, moments: [Value]) {
        let new = update(given)
        guard new.moments.count == moments.count else {
            let error = ArgumentError(
                description, "moments", expected: "\(moments.count)", given: "\(new.moments.count)")
            return (given.rate.graph.poison(error), given.moments)
        }
        return new
    }

    public static func == (a: Optimizer, b: Optimizer) -> Bool {
        a.description == b.description && a.moments == b.moments
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Optimizer {
    /// Stochastic gradient descent:
    ///
    ///     g ← g + weightDecay·p,   v ← momentum·v + (1 − dampening)·g,   p ← p − rate·v       (Nesterov: rate·(g + momentum·v))
    ///
    /// where the first v is g itself.
    public static func sgd(
        momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0, dampening: Double = 0
    ) -> Optimizer {
        let shares =
            dampening == 0 || momentum == 0 ? [] : [Scalar("gradient's share") { $0 == 1 ? 1 : 1 - dampening }]
        let damped = dampening == 0 ? "" : " dampening \(dampening)"
        return Optimizer(
            "sgd momentum \(momentum)\(nesterov ? " nesterov" : "") weight decay \(weightDecay)" + damped,
            momentum == 0 ? [] : ["momentum"], 0, shares, weightDecay, takesSquares: false
        ) { u in
            let decayed = u.decayed
            guard momentum != 0 else { return (u.choose(u.parameter - u.rate * decayed, otherwise: u.parameter), []) }
            let share = u.scalars.first.map { $0 * decayed } ?? decayed
            let velocity = u.choose(momentum * u.moments[0] + share, otherwise: u.moments[0])
            // Where the step does not count, the velocity is the old one, and the gradient may be anything.
            guard nesterov else { return (u.parameter + u.stride * velocity, [velocity]) }
            let direction = decayed + momentum * velocity
            return (u.choose(u.parameter - u.rate * direction, otherwise: u.parameter), [velocity])
        }.checking("sgd", [(momentum, .belowOne, "momentum"), (weightDecay, .fromZero, "weight decay")])
    }

    /// Adam (Kingma & Ba, 2015); weight decay is added to the gradient.
    ///
    ///     m ← β₁·m + (1 − β₁)·g,   v ← β₂·v + (1 − β₂)·g²,   p ← p − rate·m̂∕(√v̂ + ε)   with m̂ = m∕(1 − β₁ᵗ), v̂ = v∕(1 − β₂ᵗ)
    public static func adam(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
    ) -> Optimizer {
        adaptive("adam", beta1, beta2, epsilon, weightDecay, isDecoupled: false)
    }

    /// Adam with decoupled weight decay (Loshchilov & Hutter, 2019): first p ← p − rate·weightDecay·p.
    public static func adamW(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
    ) -> Optimizer {
        adaptive("adamw", beta1, beta2, epsilon, weightDecay, isDecoupled: true)
    }

    /// The common part of both. The divisions by the corrections are taken out of the tensors: √v̂ = √v∕√(1 − β₂ᵗ).
    private static func adaptive(
        _ name: String, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ decay: Double, isDecoupled: Bool
    ) -> Optimizer {
        Optimizer(
            "\(name) betas \(beta1) \(beta2) epsilon \(epsilon) weight decay \(decay)",
            ["first moment", "second moment"], 0, corrections(beta1, beta2), decay, takesSquares: true
        ) { u in
            let (first, second) = u.moved(isDecoupled ? u.gradient : u.decayed, beta1, beta2)
            let root = second.sqrt() * (1 / u.scalars[1].sqrt()) + epsilon
            let size = u.rate / u.scalars[0]
            let shrunk = isDecoupled ? u.shrunk : u.parameter
            return (u.choose(shrunk - size * first / root, otherwise: u.parameter), [first, second])
        }.checking(
            "adam",
            [
                (beta1, .belowOne, "beta1"), (beta2, .belowOne, "beta2"), (epsilon, .aboveZero, "epsilon"),
                (decay, .fromZero, "weight decay"),
            ])
    }

    /// 1 − β₁ᵗ and 1 − β₂ᵗ at step t
    private static func corrections(_ beta1: Double, _ beta2: Double) -> [Scalar] {
        [
            Scalar("first correction") { 1 - power(beta1, $0) },
            Scalar("second correction") { 1 - power(beta2, $0) },
        ]
    }

    /// RMSProp (Tieleman & Hinton, 2012):
    ///
    ///     s ← α·s + (1 − α)·g²,   v ← momentum·v + g∕(√s + ε),   p ← p − rate·v
    ///
    /// and centered √(s − a²) with a ← α·a + (1 − α)·g in the place of √s.
    public static func rmsProp(
        alpha: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, isCentered: Bool = false,
        weightDecay: Double = 0
    ) -> Optimizer {
        Optimizer(
            "rmsprop alpha \(alpha) epsilon \(epsilon) momentum \(momentum)\(isCentered ? " centered" : "") weight decay "
                + "\(weightDecay)",
            moments: ["square"] + (isCentered ? ["mean"] : []) + (momentum > 0 ? ["momentum"] : []),
            weightDecay: weightDecay
        ) { u in
            let gradient = u.decayed
            let square = alpha * u.moments[0] + (1 - alpha) * gradient.squared()
            let mean = isCentered ? alpha * u.moments[1] + (1 - alpha) * gradient : nil
            let step = gradient / ((mean.map { square - $0.squared() } ?? square).sqrt() + epsilon)
            let means = [square] + (mean.map { [$0] } ?? [])
            guard momentum > 0 else { return (u.parameter - u.rate * step, means) }
            let velocity = momentum * u.moments[means.count] + step
            return (u.parameter - u.rate * velocity, means + [velocity])
        }.checking(
            "rmsprop",
            [
                (alpha, .belowOne, "alpha"), (epsilon, .aboveZero, "epsilon"), (momentum, .belowOne, "momentum"),
                (weightDecay, .fromZero, "weight decay"),
            ])
    }

    /// Adagrad (Duchi et al., 2011): s ← s + g², p ← p − rate∕(1 + (t − 1)·rateDecay)·g∕(√s + ε).
    public static func adagrad(
        rateDecay: Double = 0, initialAccumulator: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0
    ) -> Optimizer {
        Optimizer(
            "adagrad rate decay \(rateDecay) from \(initialAccumulator) epsilon \(epsilon) weight decay \(weightDecay)",
            moments: ["square"], initialMoment: initialAccumulator,
            scalars: [Scalar("rate's divisor") { 1 + (Double($0) - 1) * rateDecay }], weightDecay: weightDecay
        ) { u in
            let gradient = u.decayed
            let square = u.moments[0] + gradient.squared()
            return (u.parameter - u.rate / u.scalars[0] * gradient / (square.sqrt() + epsilon), [square])
        }.checking(
            "adagrad", [(rateDecay, .fromZero, "rate decay"), (weightDecay, .fromZero, "weight decay")])
    }

    /// Lion (Chen et al., 2023): p ← p − rate·weightDecay·p − rate·sign(β₁·m + (1 − β₁)·g), then m ← β₂·m + (1 − β₂)·g.
    public static func lion(beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) -> Optimizer {
        Optimizer(
            "lion betas \(beta1) \(beta2) weight decay \(weightDecay)", moments: ["momentum"], weightDecay: weightDecay
        ) { u in
            let direction = (beta1 * u.moments[0] + (1 - beta1) * u.gradient).sign()
            return (u.shrunk - u.rate * direction, [beta2 * u.moments[0] + (1 - beta2) * u.gradient])
        }.checking("lion", [(beta1, .belowOne, "beta1"), (weightDecay, .fromZero, "weight decay")])
    }

    /// LAMB (You et al., 2020): Adam's direction u with the decay, p ← p − rate·‖p‖∕‖u‖·u; 1 where a norm is 0.
    public static func lamb(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6, weightDecay: Double = 0
    ) -> Optimizer {
        Optimizer(
            "lamb betas \(beta1) \(beta2) epsilon \(epsilon) weight decay \(weightDecay)",
            moments: ["first moment", "second moment"], scalars: corrections(beta1, beta2), weightDecay: weightDecay
        ) { u in
            let (first, second) = u.moved(u.gradient, beta1, beta2)
            let adapted = first / u.scalars[0] / ((second / u.scalars[1]).sqrt() + epsilon)
            let direction = u.weightDecay == 0 ? adapted : adapted + u.weightDecay * u.parameter
            let (norm, length) = (u.parameter.squared().sum().sqrt(), direction.squared().sum().sqrt())
            let isNone = (norm .== 0).or(length .== 0)
            let trust = isNone.choose(norm.number(1), norm / isNone.choose(norm.number(1), length))
            return (u.parameter - u.rate * trust * direction, [first, second])
        }.checking(
            "lamb",
            [
                (beta1, .belowOne, "beta1"), (beta2, .belowOne, "beta2"), (epsilon, .aboveZero, "epsilon"),
                (weightDecay, .fromZero, "weight decay"),
            ])
    }
}

extension Optimizer.Update {
    /// g + weightDecay·p
    fileprivate var decayed: Value { weightDecay == 0 ? gradient : gradient + weightDecay * parameter }

    /// p − rate·weightDecay·p
    fileprivate var shrunk: Value { weightDecay == 0 ? parameter : parameter * (1 - rate * weightDecay) }

    /// The running means of a gradient and of its square.
    fileprivate func moved(_ gradient: Value, _ beta1: Double, _ beta2: Double) -> (first: Value, second: Value) {
        (
            choose(beta1 * moments[0] + (1 - beta1) * gradient, otherwise: moments[0]),
            choose(beta2 * moments[1] + (1 - beta2) * gradient.squared(), otherwise: moments[1])
        )
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

/// Σ (g·tiny)² over all elements of all gradients: finite if and only if each of them is.
private func reducedSquares(_ gradients: [Value]) -> Value { total(gradients) { ($0 * $0.tiny).squared() } }

extension Optimizer {
    /// Whether gradients are squared without being clipped first: clipped ones are small.
    func squares(clip: StepSettings.Clip?) -> Bool { takesSquares && clip == nil }

    /// Whether every element of all gradients is finite, and its square where that is taken: one sum, which clipping needs
    /// anyway. Elements that are not squared are added as they are, in one pass over memory without a multiplication; where
    /// only their sum overflows, which takes elements of 10³⁰ and more, the step is not taken either.
    func canTake(_ gradients: [Value], clip: StepSettings.Clip?) -> Value {
        let sum =
            if case .norm = clip {
                reducedSquares(gradients)
            } else {
                total(gradients) { squares(clip: clip) ? $0.squared() * $0.tiny : $0 }
            }
        return sum.abs() .< .infinity
    }
}

private func total(_ gradients: [Value], _ term: (Value) -> Value) -> Value {
    gradients.dropFirst().reduce(term(gradients[0]).sum()) { $0 + term($1).sum() }
}

extension Value {
    /// A power of two that makes the largest numbers so small that 2³² of their squares can be added without overflow.
    fileprivate var tiny: Value { number(type == .float64 ? 0x1p-600 : 0x1p-80) }
}

/// A whole power by repeated squaring: few roundings, and the same on every machine. 1 for an exponent below 1.
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
