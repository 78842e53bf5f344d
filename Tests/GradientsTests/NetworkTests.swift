import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// Whole networks, in which values are used more than once.
@Suite struct NetworkTests {
    private static let shapes: [(name: String, shape: Shape)] = [
        ("x", [2, 2, 6, 5]), ("w1", [4, 2, 3, 3]), ("b1", [4]), ("scale", [4]), ("shift", [4]), ("w2", [4, 2, 3, 3]),
        ("w3", [3, 8]),
    ]

    /// Convolution, batch normalization, a residual block of two groups, a branch that is concatenated, pooling, a linear
    /// layer, and the mean of the cross-entropy with given classes.
    private static func network() throws(ArgumentError) -> Graph {
        try Graph { g in
            var v: [String: Value] = [:]
            for (name, shape) in shapes { v[name] = g.input(name, shape, .float64) }
            let h = v["x"]!.convolved(with: v["w1"]!, padding: 1).adding(bias: v["b1"]!)
                .standardized(over: [0, 2, 3], epsilon: 1e-3).scaled(by: v["scale"]!, shift: v["shift"]!).gelu()
            let block = (h + h.convolved(with: v["w2"]!, padding: .same, groups: 2)).silu()
            let branches = Value.concatenated([block.averagePooled(2), h.maxPooled(2)])
            let logits = branches.globalAveragePooled().contracted(v["w3"]!, "nk", "mk", "nm")
            let classes = g.input("classes", [2, 3], .float64)
            return [("loss", -(classes * logits.logSoftmax()).sum() / 2), ("p", logits.softmax())]
        }
    }

    private static var values: [String: Tensor] {
        get throws {
            var values = ["classes": try Tensor([2, 3], [0.0, 1, 0, 0.5, 0.25, 0.25])]
            for (position, input) in shapes.enumerated() {
                values[input.name] = .uniform(input.shape, seed: position + 1)
            }
            return values
        }
    }

    @Test func derivatives() throws {
        try DerivativeChecks(tolerance: 1e-5)(Self.network(), at: Self.values)
    }

    @Test func gradientIsTheRowOfTheDerivative() throws {
        let (network, values) = (try Self.network(), try Self.values)
        let names = Self.shapes.map { $0.name }
        let both = try network.valueAndGradient(of: names, output: "loss")
        #expect(both.outputs.map { $0.name } == ["loss", "p"] + names.map { "∂" + $0 })
        let gradient = try network.gradient(of: names, output: "loss")
        #expect(gradient.outputs.map { $0.name } == names.map { "∂" + $0 })
        let results = try both.evaluated(values)
        #expect(try gradient.evaluated(values) == results.filter { $0.key.hasPrefix("∂") })
        #expect(try network.evaluated(values) == results.filter { !$0.key.hasPrefix("∂") })
        let pullback = try network.vjp(of: names).evaluated(
            values.merging(
                ["∂loss": Tensor(scalar: 1, as: .float64), "∂p": Tensor(known: [2, 3], repeating: 0, as: .float64)]) {
                    $1
                })
        for name in names { #expect(pullback["∂" + name] == results["∂" + name]) }
        #expect(results["p"]!.doubles.reduce(0, +).isApproximately(2))
    }

    @Test func simplificationKeepsTheValues() throws {
        let (network, values) = (try Self.network(), try Self.values)
        #expect(try network.simplified().evaluated(values) == network.evaluated(values))
        let gradient = try network.valueAndGradient(of: ["w1", "w2"], output: "loss")
        #expect(gradient.simplified() == gradient)
        #expect(gradient == (try network.valueAndGradient(of: ["w1", "w2"], output: "loss")))
    }
}

extension Double {
    fileprivate func isApproximately(_ other: Double) -> Bool { (self - other).magnitude < 1e-14 }
}
