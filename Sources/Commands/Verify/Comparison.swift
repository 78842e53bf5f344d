import AdjointGraphs

/// A comparison of results with the tensors of a file: to 1e-9 in Double and 2e-4 in Float, relative to the largest magnitude.
///
/// Differences that are within the roundings of the files themselves are allowed: in Double 1e-11 of the largest magnitude,
/// or of 1 where that is less. In Float a value that vanishes because its terms cancel, such as the gradient of a bias before
/// a batch normalization, has the roundings of the terms: it may be off by 16 standard deviations of these, and by 1e-3 at
/// most (of the largest of its kind, where that is more than 1).
///
/// Winograd's roundings may change a choice between numbers that are nearly equal (a max pool's, a rectifier's), and with
/// it the gradient there; then the root mean square of the differences must be within 1e-3, and each element within 0.1.
struct Comparison {
    let engine: Verification.Engine
    let tensors: [String: Tensor]
    private(set) var failures: [String] = []
    /// Whether the network chooses between numbers that may be nearly equal.
    var hasChoices = false
    /// The relative tolerance for results of Evaluate in Double.
    var precision = 1e-9
    /// For each kind of tensors, the least number that is taken for their largest magnitude.
    var floors: [String: Double] = [:]

    init(engine: Verification.Engine, tensors: [String: Tensor]) {
        (self.engine, self.tensors) = (engine, tensors)
    }

    func tensor(_ name: String) throws(CommandFailure) -> Tensor {
        guard let tensor = tensors[name] else {
            throw .failed("expected a tensor \"\(name)\", given none")
        }
        return tensor
    }

    /// - Parameters:
    ///   - roundings: the standard deviations of the roundings in Float; computed only where they matter.
    ///   - loosely: in Float, elements whose gradient is below 1e-5 of the largest may be off by `reach` more.
    mutating func compare(
        _ got: Tensor?, with name: String, roundings: (() -> Tensor?)? = nil,
        loosely: (gradient: Tensor, reach: Double)? = nil
    ) throws(CommandFailure) {
        let expected = try tensor(name)
        // Files hold a scalar as a tensor of one element.
        guard let got, got.shape == expected.shape || got.shape.rank == 0 && expected.shape == [1] else {
            failures.append(
                "\(name) is \(got.map { "\($0.shape)" } ?? "missing"), expected \(expected.shape) (\(engine))")
            return
        }
        let largest = max(expected.largest, floors[TaskNet.kind(name)] ?? 0)
        guard let worst = Deviation(got, from: expected, allowed: { _ in share(of: largest) }) else { return }
        if case .plan(_, let isExact) = engine {
            if hasChoices, !isExact, got.rootMeanSquare(from: expected) <= 1e-3 * largest,
                Deviation(got, from: expected, allowed: { _ in 0.1 * largest }) == nil
            {
                return
            }
            if let loosely, isNear(got, expected, largest, loosely) { return }
            if let roundings = roundings?(), roundings.count == got.count {
                let (deviations, most) = (roundings.doubles, max(1e-3, floors[TaskNet.kind(name)] ?? 0))
                let off = zip(got.doubles, expected.doubles).map { ($0 - $1).magnitude }
                if off.indices.allSatisfy({ off[$0] <= share(of: largest) + min(most, 16 * deviations[$0]) }) { return }
            }
        }
        failures.append("\(name)\(list(worst.index)) is \(worst.got), expected \(worst.expected) (\(engine))")
    }

    /// The largest difference that is allowed in any element.
    private func share(of largest: Double) -> Double {
        if case .evaluate = engine { max(precision * largest, 1e-11 * max(1, largest)) } else { 2e-4 * largest }
    }

    private func isNear(
        _ got: Tensor, _ expected: Tensor, _ largest: Double, _ loosely: (gradient: Tensor, reach: Double)
    ) -> Bool {
        guard loosely.gradient.count == got.count else { return false }
        let small = 1e-5 * max(loosely.gradient.largest, floors["grad"] ?? 0)
        let (given, gradient) = (got.doubles, loosely.gradient.doubles)
        return zip(expected.doubles, given).enumerated().allSatisfy { place, pair in
            (pair.0 - pair.1).magnitude
                <= share(of: largest) + (gradient[place].magnitude < small ? loosely.reach : 0)
        }
    }
}

extension Tensor {
    /// The largest finite magnitude: nothing is a share of infinity.
    var largest: Double { doubles.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 } }

    /// The root mean square of the differences, √(Σ (a − b)²∕n).
    fileprivate func rootMeanSquare(from other: Tensor) -> Double {
        let squares = zip(doubles, other.doubles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (squares / Double(max(1, count))).squareRoot()
    }
}

extension Primitive {
    /// Whether the result jumps at a small change of the operands.
    var isChoice: Bool {
        switch self {
        case .pooling(.choice), .pointwise(.less), .pointwise(.lessOrEqual), .pointwise(.equal): true
        default: false
        }
    }
}
