import AdjointGradients
import AdjointGraphs
import AdjointModels
import TestSupport
import Testing

/// Losses against sums written in plain numbers, and their derivatives to second order against differences in Double.
@Suite struct EveryLossTests {
    private static let shape: Shape = [3, 4, 2]
    private static let x = Tensor.uniform(shape, seed: 1, in: -2...2)
    private static let other = Tensor.uniform(shape, seed: 2, in: -2...2)
    private static let labels: [Int] = [0, 3, 1, 2, 3, 0]
    private static let weights = [0.5, 1, 2, 0.25]

    private static func exp(_ x: Double) -> Double { Pointwise.exp(x) }
    private static func log(_ x: Double) -> Double { Pointwise.log(x) }

    /// Element c at sample n and position p.
    private static func at(_ tensor: Tensor, _ n: Int, _ c: Int, _ p: Int) -> Double {
        tensor.doubles[(n * 4 + c) * 2 + p]
    }

    private static func logSoftmax(_ tensor: Tensor, _ n: Int, _ c: Int, _ p: Int) -> Double {
        at(tensor, n, c, p) - log((0..<4).reduce(0) { $0 + exp(at(tensor, n, $1, p)) })
    }

    /// All places of the tensor.
    private static let places = (0..<3).flatMap { n in (0..<4).flatMap { c in (0..<2).map { (n, c, $0) } } }

    private func check(
        _ expected: Double, movesTarget: Bool = true, location: SourceLocation = #_sourceLocation,
        _ build: (_ x: Value, _ target: Value) -> Value
    ) throws {
        let graph = try Graph { g in build(g.input("x", Self.shape, .float64), g.input("target", Self.shape, .float64))
        }
        let given = ["x": Self.x, "target": Self.other]
        let got = try #require(graph.evaluated(given)["output"]).doubles[0]
        #expect((got - expected).magnitude <= 1e-12 * max(1, expected.magnitude), sourceLocation: location)
        for name in movesTarget ? ["x", "target"] : ["x"] {
            let direction = Tensor.uniform(Self.shape, seed: 3)
            func moved(_ step: Double) throws -> [String: Tensor] {
                var moved = given
                moved[name] = try Tensor(
                    Self.shape, zip(given[name]!.doubles, direction.doubles).map { $0 + step * $1 })
                return moved
            }
            let gradient = try graph.gradient(of: name)
            let slopes = try #require(gradient.evaluated(given).first?.value).doubles
            let slope = zip(slopes, direction.doubles).reduce(0) { $0 + $1.0 * $1.1 }
            let ends = try [1e-5, -1e-5].map { try graph.evaluated(moved($0))["output"]!.doubles[0] }
            #expect(
                (slope - (ends[0] - ends[1]) / 2e-5).magnitude < 1e-8 * max(1, slope.magnitude), "\(name)",
                sourceLocation: location)
            // The same of the gradient: H·d.
            let product = try graph.hvp(of: [name])
            let seed = try #require(product.inputs.first { $0.name != "x" && $0.name != "target" }).name
            let curved = try #require(product.evaluated(given.merging([seed: direction]) { $1 }).first?.value).doubles
            let sides = try [1e-5, -1e-5].map { try gradient.evaluated(moved($0)).first!.value.doubles }
            for (place, curve) in curved.enumerated() {
                let difference = (sides[0][place] - sides[1][place]) / 2e-5
                #expect(
                    (curve - difference).magnitude < 1e-7 * max(1, curve.magnitude), "\(name) \(place)",
                    sourceLocation: location)
            }
        }
    }

    @Test(arguments: [0, 0.15], [nil, 3] as [Int32?]) func crossEntropies(smoothing: Double, ignored: Int32?) throws {
        for weights in [nil, Self.weights] {
            for reduction in [LossReduction.mean, .sum] {
                var (sum, count) = (0.0, 0.0)
                for n in 0..<3 {
                    for p in 0..<2 {
                        let label = Self.labels[n * 2 + p]
                        if ignored.map({ Int($0) == label }) ?? false { continue }
                        func weight(_ c: Int) -> Double { weights?[c] ?? 1 }
                        sum -= (1 - smoothing) * weight(label) * Self.logSoftmax(Self.x, n, label, p)
                        for c in 0..<4 { sum -= smoothing / 4 * weight(c) * Self.logSoftmax(Self.x, n, c, p) }
                        count += weight(label)
                    }
                }
                try check(reduction == .mean ? sum / count : sum, movesTarget: false) { x, _ in
                    x.crossEntropy(
                        labels: x.graph.constant(Tensor(known: [3, 2], .int32(Self.labels.map { Int32($0) }))),
                        weights: weights.map { x.graph.constant(Tensor(known: [4], .float64($0))) }, ignoring: ignored,
                        labelSmoothing: smoothing, reduction)
                }
            }
        }
    }

    @Test func crossEntropyOfProbabilities() throws {
        for weights in [nil, Self.weights] {
            let sum = Self.places.reduce(0) { sum, place in
                let (n, c, p) = place
                let q = 0.9 * Self.at(Self.other, n, c, p) + 0.1 / 4
                return sum - (weights?[c] ?? 1) * q * Self.logSoftmax(Self.x, n, c, p)
            }
            try check(sum / 6) { x, target in
                x.crossEntropy(
                    probabilities: target, weights: weights.map { x.graph.constant(Tensor(known: [4], .float64($0))) },
                    labelSmoothing: 0.1)
            }
        }
    }

    @Test func negativeLogLikelihood() throws {
        var (sum, count) = (0.0, 0.0)
        for place in 0..<6 where Self.labels[place] != 0 {
            let label = Self.labels[place]
            sum -= Self.weights[label] * Self.at(Self.x, place / 2, label, place % 2)
            count += Self.weights[label]
        }
        try check(sum / count, movesTarget: false) { x, _ in
            x.negativeLogLikelihood(
                labels: x.graph.constant(Tensor(known: [3, 2], .int32(Self.labels.map { Int32($0) }))),
                weights: x.graph.constant(Tensor(known: [4], .float64(Self.weights))), ignoring: 0)
        }
    }

    @Test func binaryCrossEntropy() throws {
        func logSigmoid(_ z: Double) -> Double { -Self.log(1 + Self.exp(-z)) }
        var (plain, weighted) = (0.0, 0.0)
        for (n, c, p) in Self.places {
            let (z, t) = (Self.at(Self.x, n, c, p), Self.at(Self.other, n, c, p))
            plain -= t * logSigmoid(z) + (1 - t) * logSigmoid(-z)
            weighted -= Self.weights[p] * (Self.weights[p + 2] * t * logSigmoid(z) + (1 - t) * logSigmoid(-z))
        }
        try check(plain / 24) { $0.binaryCrossEntropy($1) }
        try check(weighted) { x, target in
            x.binaryCrossEntropy(
                target, weight: x.graph.constant(Tensor(known: [2], .float64(Array(Self.weights.prefix(2))))),
                positiveWeight: x.graph.constant(Tensor(known: [2], .float64(Array(Self.weights.suffix(2))))), .sum)
        }
    }

    @Test func distances() throws {
        let distances = zip(Self.x.doubles, Self.other.doubles).map { ($0 - $1).magnitude }
        #expect(distances.contains { $0 < 0.8 } && distances.contains { $0 > 1.1 })
        func sum(_ term: (Double) -> Double) -> Double { distances.reduce(0) { $0 + term($1) } }
        try check(sum { $0 * $0 } / 24) { $0.meanSquaredError($1) }
        try check(sum { $0 }) { $0.absoluteError($1, .sum) }
        try check(sum { $0 <= 1.1 ? $0 * $0 / 2 : 1.1 * ($0 - 0.55) } / 24) { $0.huberLoss($1, delta: 1.1) }
        try check(sum { $0 < 0.8 ? $0 * $0 / 1.6 : $0 - 0.4 } / 3) { $0.smoothAbsoluteError($1, beta: 0.8, .batchMean) }
    }

    @Test func divergences() throws {
        var (ofNumbers, ofLogarithms) = (0.0, 0.0)
        for (n, c, p) in Self.places {
            let (l, t) = (Self.at(Self.x, n, c, p), Self.at(Self.other, n, c, p))
            ofNumbers += Self.exp(t) * (t - l)
            ofLogarithms += Self.exp(t) * (t - l)
        }
        try check(ofLogarithms / 3) { $0.divergence(from: $1, isLogarithm: true, .batchMean) }
        // The target itself is eᵗ here.
        try check(ofNumbers / 24) { $0.divergence(from: $1.exp()) }
        // Where the target is 0 nothing is added, and no derivative is lost.
        let graph = try Graph { g in g.input("x", [2], .float64).divergence(from: g.input("t", [2], .float64), .sum) }
        let given = try ["x": Tensor([2], [-1, -2] as [Double]), "t": Tensor([2], [0, 1] as [Double])]
        #expect(try graph.evaluated(given)["output"]?.doubles == [2])
        #expect(try graph.gradient(of: "x").evaluated(given)["∂x"]?.doubles == [0, -1])
    }
}
