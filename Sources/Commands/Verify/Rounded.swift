import AdjointGraphs

/// A number with the variance of the error from rounding each operation to Float, where roundings are independent:
///
///     σ²(a + b) = σ²a + σ²b + ρ(a + b)²     σ²(a·b) = b²σ²a + a²σ²b + ρ(a·b)²     σ²(f(a)) = (f(a + σa) − f(a))² + ρ f(a)²
///
/// with the variance ρ = 2⁻⁴⁸∕3 of a rounding as a share of its result.
struct Rounded: Scalar {
    let number: Double
    private(set) var variance = 0.0

    private static let rounding = 0x1p-48 / 3

    var deviation: Double { variance.squareRoot() }

    init(_ number: Double) { self.number = number }

    /// A result with the variance that comes from its operands.
    private init(_ number: Double, _ variance: Double) {
        (self.number, self.variance) = (number, variance + Self.rounding * number * number)
    }

    static func + (a: Rounded, b: Rounded) -> Rounded { Rounded(a.number + b.number, a.variance + b.variance) }

    static func * (a: Rounded, b: Rounded) -> Rounded {
        Rounded(a.number * b.number, b.number * b.number * a.variance + a.number * a.number * b.variance)
    }

    static func evaluate(_ operation: Pointwise, _ a: Rounded, _ b: Rounded, _ c: Rounded) -> Rounded {
        let result = operation(a.number, b.number, c.number)
        let moved = [
            operation(a.number + a.deviation, b.number, c.number),
            operation(a.number, b.number + b.deviation, c.number),
            operation(a.number, b.number, c.number + c.deviation),
        ]
        return Rounded(result, moved.reduce(0) { $0 + ($1 - result) * ($1 - result) })
    }
}

extension Graph {
    /// The standard deviations of the rounding errors of a plan in Float, for each output.
    func roundings(_ inputs: [String: Tensor]) -> [String: Tensor] {
        var given: [String: Evaluated<Rounded>] = [:]
        for input in self.inputs {
            guard let tensor = inputs[input.name]?.converted(to: input.type) else { continue }
            let exact: Evaluated<Rounded> = Primitive.constant(tensor)
                .evaluated([], [], result: Signature(input.shape, input.type))
            // Times 1: inputs are rounded to Float, too.
            given[input.name] = input.type.isFloatingPoint ? .numbers(exact.numbers.map { $0 * Rounded(1) }) : exact
        }
        let values: [Evaluated<Rounded>] = evaluatedNodes(given)
        var deviations: [String: Tensor] = [:]
        for output in outputs {
            let elements = values[output.node].numbers.map { $0.deviation }
            deviations[output.name] = Tensor(known: nodes[output.node].shape, .float64(elements))
        }
        return deviations
    }
}
