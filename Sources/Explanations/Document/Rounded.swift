import AdjointGraphs

/// A number of a computation with a bound on its rounding error: running error analysis (Higham, Accuracy and Stability of
/// Numerical Algorithms, 3.3). The bound grows with Σ|term|, however far the terms cancel.
struct Rounded: Scalar {
    let number: Double
    let error: Double

    /// A number that is exact.
    init(_ number: Double) { (self.number, error) = (number, 0) }

    private init(rounding number: Double, _ error: Double) {
        (self.number, self.error) = (number, error + 0x1p-53 * number.magnitude)
    }

    static func + (a: Rounded, b: Rounded) -> Rounded { Rounded(rounding: a.number + b.number, a.error + b.error) }

    static func * (a: Rounded, b: Rounded) -> Rounded {
        Rounded(rounding: a.number * b.number, a.number.magnitude * b.error + b.number.magnitude * a.error)
    }

    static func evaluate(_ operation: Pointwise, _ a: Rounded, _ b: Rounded, _ c: Rounded) -> Rounded {
        let value = operation(a.number, b.number, c.number)
        func change(_ x: Rounded, _ moved: (Double) -> Double) -> Double {
            if x.error == 0 { return 0 }
            return max((moved(x.number + x.error) - value).magnitude, (moved(x.number - x.error) - value).magnitude)
        }
        var error = change(a) { operation($0, b.number, c.number) }
        if operation.arity > 1 { error += change(b) { operation(a.number, $0, c.number) } }
        if operation.arity > 2 { error += change(c) { operation(a.number, b.number, $0) } }
        return Rounded(rounding: value, error)
    }
}
