import AdjointGraphs
import AdjointPlans

/// One check: its name, and a function that finds differences.
struct Check {
    let name: String
    /// - Returns: one sentence for everything that is wrong.
    let failures: (Verification) throws(CommandFailure) -> [String]
}

/// The ways to run a graph: by Evaluate in Double, and as a plan on every kernel table of this CPU.
struct Verification {
    enum Engine: CustomStringConvertible {
        case evaluate
        case plan(kernels: String, isExact: Bool)

        var type: ElementType { if case .evaluate = self { .float64 } else { .float32 } }

        var description: String {
            switch self {
            case .evaluate: "Evaluate in Double"
            case .plan(let kernels, let isExact): "\(isExact ? "exact plan" : "plan") on \(kernels)"
            }
        }

        func run(_ graph: Graph, _ inputs: [String: Tensor]) throws(CommandFailure) -> [String: Tensor] {
            switch self {
            case .evaluate: try asFailure { () throws(ArgumentError) in try graph.evaluated(inputs) }
            case .plan(let kernels, let isExact):
                try asFailure { () throws(ArgumentError) in
                    try graph.compiled(options: PlanOptions(cpu: kernels, isExact: isExact)).results(inputs)
                }
            }
        }
    }

    let engines: [Engine] =
        [.evaluate]
        + Machine.kernels.flatMap { kernels in
            [true, false].map { .plan(kernels: kernels, isExact: $0) }
        }

    /// The failures of all engines together.
    func failures(
        _ failures: (Engine) throws(CommandFailure) -> [String]
    ) throws(CommandFailure) -> [String] {
        var all: [String] = []
        for engine in engines { all += try failures(engine) }
        return all
    }
}

/// The element of a tensor that is farthest from its expected value.
struct Deviation {
    let index: [Int]
    let got: Double
    let expected: Double

    /// - Parameter allowed: how far an element may be from the expected one.
    /// - Returns: nil where all are near enough.
    init?(_ got: Tensor, from expected: Tensor, allowed: (Double) -> Double) {
        var worst: (place: Int, excess: Double)?
        let (given, wanted) = (got.doubles, expected.doubles)
        for place in wanted.indices where given[place] != wanted[place] {
            let distance = (given[place] - wanted[place]).magnitude
            let excess = distance.isNaN ? .infinity : distance - allowed(wanted[place])
            if excess > 0, excess > (worst?.excess ?? 0) { worst = (place, excess) }
        }
        guard let worst else { return nil }
        index = expected.shape.strides.enumerated().map { axis, stride in
            worst.place / stride % max(1, expected.shape[axis])
        }
        self.got = given[worst.place]
        self.expected = wanted[worst.place]
    }
}
