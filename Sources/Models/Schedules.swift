/// The learning rate as a function of the step.
public struct Schedule: Hashable, Sendable {
    /// How the rate falls after the warm-up.
    public enum Shape: Hashable, Sendable {
        case constant
        /// Half a cosine from the full rate to zero at step `total`.
        case cosine(total: Int)
        /// The rate is multiplied by `factor` after every `every` steps.
        case step(every: Int, factor: Double = 0.1)
        /// The rate is multiplied by `factor` after a third of the steps up to `total`, and again after two thirds.
        case thirds(total: Int, factor: Double = 0.1)
    }

    public let learningRate: Double
    public let shape: Shape
    /// Steps in which the rate rises linearly to its full value.
    public let warmup: Int

    public init(_ learningRate: Double, _ shape: Shape = .constant, warmup: Int = 0) {
        (self.learningRate, self.shape) = (learningRate, shape)
        self.warmup = max(0, warmup)
    }

    /// The rate of a step; the first is step 0.
    public func callAsFunction(_ step: Int) -> Double {
        if step < warmup { return learningRate * Double(step + 1) / Double(warmup) }
        switch shape {
        case .constant:
            return learningRate
        case .cosine(let total):
            let done = min(1, Double(max(0, step - warmup)) / Double(length(to: total)))
            return learningRate * (1 + cosineOfHalfTurns(done)) / 2
        case .step(let every, let factor):
            return learningRate * power(factor, (step - warmup) / max(1, every))
        case .thirds(let total, let factor):
            let length = length(to: total)
            // ⌈length∕3⌉ and ⌈2·length∕3⌉
            let falls = [(length - 1) / 3 + 1, length - length / 3].count { $0 <= step - warmup }
            return learningRate * power(factor, falls)
        }
    }

    /// The number of steps after the warm-up, at least 1.
    private func length(to total: Int) -> Int { total > warmup ? total - warmup : 1 }
}

/// cos(π·t) for t from 0 to 1, by its power series where |π·t| ≤ π∕2; the same on every machine.
private func cosineOfHalfTurns(_ t: Double) -> Double {
    if t > 0.5 { return -cosineOfHalfTurns(1 - t) }
    let square = (t * Double.pi) * (t * Double.pi)
    var term = 1.0
    var sum = 1.0
    for n in 1...12 {
        term *= -square / Double((2 * n - 1) * (2 * n))
        sum += term
    }
    return sum
}
