import AdjointGraphs

/// The bounds of a setting beyond which it would silently ruin a training. The number is judged as the float that plans
/// compute with, in which 1e-50 is 0 and 1e300 infinite.
package enum Bounds: Sendable {
    case finite, fromZero, aboveZero
    /// The closed interval from 0 to 1, and the half-open one without the 1.
    case upToOne, belowOne

    package var expected: String {
        switch self {
        case .finite: "a number that a float holds"
        case .fromZero: "a number, 0 or above, that a float holds"
        case .aboveZero: "a number above 0 that a float holds"
        case .upToOne: "a number from 0 to 1"
        case .belowOne: "a number from 0, below 1"
        }
    }

    package func hold(_ number: Double) -> Bool {
        let float = Float(number)
        return switch self {
        case .finite: float.isFinite
        case .fromZero: number >= 0 && float.isFinite
        // Plans treat numbers below the normal range as 0.
        case .aboveZero: float >= .leastNormalMagnitude && float.isFinite
        case .upToOne: number >= 0 && number <= 1
        case .belowOne: number >= 0 && number < 1
        }
    }

    func check(_ number: Double, _ operation: String, _ argument: String) throws(ArgumentError) {
        if !hold(number) { throw ArgumentError(operation, argument, expected: expected, given: "\(number)") }
    }
}

extension Schedule {
    func checkNumbers() throws(ArgumentError) {
        try Bounds.fromZero.check(learningRate, "schedule", "learning rate")
        switch shape {
        case .constant, .cosine: break
        case .step(_, let factor), .thirds(_, let factor): try Bounds.fromZero.check(factor, "schedule", "factor")
        }
    }
}
