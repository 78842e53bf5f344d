import AdjointGradients
import AdjointGraphs
import Foundation
import TestSupport
import Testing

/// A function of one variable, the same by the system's library, and the points at which derivatives are tested.
struct Curve: Sendable, CustomStringConvertible {
    let name: String
    let value: @Sendable (Value) -> Value
    let reference: @Sendable (Double) -> Double
    let points: [Double]

    var description: String { name }

    static let wide = [-30, -8.3, -4.1, -2.5, -1.1, -0.45, -0.2, -0.013, 0.007, 0.3, 0.7, 1.4, 2.2, 3.6, 5.3, 9.2, 31]
    static let positive = [0.003, 0.2, 0.7, 0.95, 1.3, 2, 5.5, 17, 230]
    static let bent = [-7.5, -3.2, -2.8, -1.2, -0.3, 0.4, 1.7, 2.9, 3.3, 5.8, 6.4, 11]

    static let primitives = [
        Curve(name: "negate", value: { -$0 }, reference: { -$0 }, points: wide),
        Curve(name: "exp", value: { $0.exp() }, reference: { exp($0) }, points: wide.map { $0 / 5 }),
        Curve(name: "expm1", value: { $0.expm1() }, reference: { expm1($0) }, points: wide.map { $0 / 5 }),
        Curve(name: "log", value: { $0.log() }, reference: { log($0) }, points: Array(positive.dropFirst())),
        Curve(
            name: "log1p", value: { $0.log1p() }, reference: { log1p($0) },
            points: [-0.8, -0.41, -0.39, -0.01] + positive),
        Curve(name: "sqrt", value: { $0.sqrt() }, reference: { $0.squareRoot() }, points: Array(positive.dropFirst())),
        Curve(name: "tanh", value: { $0.tanh() }, reference: { tanh($0) }, points: wide),
        Curve(name: "logistic", value: { $0.logistic() }, reference: { 1 / (1 + exp(-$0)) }, points: wide),
        Curve(name: "erf", value: { $0.erf() }, reference: { erf($0) }, points: wide),
        Curve(name: "abs", value: { $0.abs() }, reference: { abs($0) }, points: wide),
        Curve(name: "sign", value: { $0.sign() }, reference: { $0 < 0 ? -1 : 1 }, points: wide),
        Curve(name: "floor", value: { $0.floor() }, reference: { floor($0) }, points: bent.dropLast()),
        Curve(name: "square", value: { $0.power(2) }, reference: { $0 * $0 }, points: wide),
        Curve(name: "cube", value: { $0.power(3) }, reference: { $0 * $0 * $0 }, points: wide.map { $0 / 4 }),
        Curve(name: "reciprocal", value: { $0.power(-1) }, reference: { 1 / $0 }, points: [-3, -0.7, 0.4, 2, 9]),
        Curve(name: "power 1.7", value: { $0.power(1.7) }, reference: { pow($0, 1.7) }, points: Array(positive[1..<8])),
        Curve(
            name: "power −0.5", value: { $0.power(-0.5) }, reference: { pow($0, -0.5) }, points: Array(positive[1..<8])),
        Curve(name: "divide", value: { 3 / $0 }, reference: { 3 / $0 }, points: [-3, -0.7, 0.4, 2, 9]),
        Curve(name: "over itself", value: { $0 / ($0 * $0 + 1) }, reference: { $0 / ($0 * $0 + 1) }, points: bent),
        Curve(
            name: "maximum", value: { $0.maximum(2 * $0 - 1) }, reference: { max($0, 2 * $0 - 1) }, points: bent),
        Curve(
            name: "minimum", value: { $0.minimum($0 * $0) }, reference: { min($0, $0 * $0) }, points: bent),
        Curve(
            name: "select", value: { (-1 .< $0).choose($0 * $0, 3 * $0) },
            reference: { $0 > -1 ? $0 * $0 : 3 * $0 }, points: bent),
        Curve(
            name: "logic", value: { (0 .< $0).and(($0 .<= 3).not()).or($0 .== $0 + 1).choose(2 * $0, $0) },
            reference: { $0 > 3 ? 2 * $0 : $0 }, points: bent),
    ]

    static let activations = [
        Curve(name: "relu", value: { $0.relu() }, reference: { max($0, 0) }, points: bent),
        Curve(name: "relu6", value: { $0.relu6() }, reference: { min(max($0, 0), 6) }, points: bent),
        Curve(
            name: "leaky relu", value: { $0.leakyReLU(slope: 0.1) }, reference: { $0 > 0 ? $0 : 0.1 * $0 }, points: bent
        ),
        Curve(name: "elu", value: { $0.elu(alpha: 1.3) }, reference: { $0 > 0 ? $0 : 1.3 * expm1($0) }, points: bent),
        Curve(
            name: "selu", value: { $0.selu() },
            reference: { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) }, points: bent),
        Curve(name: "silu", value: { $0.silu() }, reference: { $0 / (1 + exp(-$0)) }, points: wide),
        Curve(name: "gelu", value: { $0.gelu() }, reference: { $0 / 2 * erfc(-$0 / 2.squareRoot()) }, points: bent),
        Curve(
            name: "hard sigmoid", value: { $0.hardSigmoid() }, reference: { min(max($0 + 3, 0), 6) / 6 }, points: bent),
        Curve(
            name: "hard swish", value: { $0.hardSwish() }, reference: { $0 * min(max($0 + 3, 0), 6) / 6 }, points: bent),
        Curve(
            name: "softplus", value: { $0.softplus() }, reference: { max($0, 0) + log1p(exp(-abs($0))) }, points: wide),
    ]

    func graph() throws(ArgumentError) -> Graph {
        try Graph { g in value(g.input("x", [points.count], .float64)) }
    }
}

@Suite struct PointwiseTests {
    @Test(arguments: Curve.primitives + Curve.activations) func valuesAndDerivatives(_ curve: Curve) throws {
        let graph = try curve.graph()
        let x = try Tensor([curve.points.count], curve.points)
        let result = try graph.evaluated(["x": x])["output"]!.doubles
        for (point, value) in zip(curve.points, result) {
            let expected = curve.reference(point)
            // 1 + erf and other sums cancel: their rounding is relative to their terms.
            let allowed = 8 * max(expected.ulp, point.magnitude * 0x1p-53)
            #expect((value - expected).magnitude <= allowed, "\(curve)(\(point)) = \(value), not \(expected)")
        }
        try DerivativeChecks(tolerance: 1e-5)(graph, at: ["x": x], order: 3)
    }

    /// The derivative of the sum of f at these points.
    private func derivative(at points: [Double], _ f: (Value) -> Value) throws -> [Double] {
        let graph = try Graph { g in f(g.input("x", [points.count], .float64)).sum() }
        let x = try Tensor([points.count], points)
        return try graph.gradient(of: "x").evaluated(["x": x])["∂x"]!.doubles
    }

    @Test func kinks() throws {
        #expect(try derivative(at: [-1, -0.0, 0, 1]) { $0.relu() } == [0, 0, 0, 1])
        #expect(try derivative(at: [0, 3, 6, 7]) { $0.relu6() } == [0, 1, 0, 0])
        #expect(try derivative(at: [0]) { $0.leakyReLU(slope: 0.25) } == [0.25])
        #expect(try derivative(at: [0]) { $0.elu(alpha: 2) } == [2])
        #expect(try derivative(at: [0, 2, -2]) { $0.abs() } == [0, 1, -1])
        #expect(try derivative(at: [-3, 3]) { $0.hardSigmoid() } == [0, 0])
        #expect(try derivative(at: [-4, 0, 4]) { $0.sign() + $0.floor() } == [0, 0, 0])
    }

    @Test func equalOperandsShareTheDerivativeOfAMaximum() throws {
        let graph = try Graph { g in
            let (a, b) = (g.input("a", [3], .float64), g.input("b", [3], .float64))
            return (a.maximum(b) + 10 * a.minimum(b)).sum()
        }
        let values = ["a": try Tensor([3], [1.0, 2, 3]), "b": try Tensor([3], [2.0, 2, 2])]
        let gradient = try graph.gradient(of: "a", "b").evaluated(values)
        #expect(gradient["∂a"]?.doubles == [10, 5.5, 1])
        #expect(gradient["∂b"]?.doubles == [1, 5.5, 10])
    }

    @Test func nanPassesThrough() throws {
        for f in [{ $0.relu() }, { $0.relu6() }, { $0.maximum($0 * 0) }, { $0.minimum($0 * 0) }, { $0.leakyReLU() }]
            as [(Value) -> Value]
        {
            let graph = try Graph { g in f(g.input("x", [2], .float64)) }
            let result = try graph.evaluated(["x": try Tensor([2], [.nan, 1.0])])["output"]!.doubles
            #expect(result[0].isNaN)
            #expect(!result[1].isNaN)
        }
    }

    /// Each derivative is finite where its limit is, on both sides.
    @Test func farOut() throws {
        let far = [-1e4, -800, 800, 1e4]
        #expect(try derivative(at: far) { $0.logistic() } == [0, 0, 0, 0])
        #expect(try derivative(at: far) { $0.softplus() } == [0, 0, 1, 1])
        #expect(try derivative(at: far) { $0.silu() } == [0, 0, 1, 1])
        #expect(try derivative(at: far) { $0.gelu() } == [0, 0, 1, 1])
        #expect(try derivative(at: far) { $0.elu() } == [0, 0, 1, 1])
        #expect(try derivative(at: far) { $0.tanh() } == [0, 0, 0, 0])
    }

    /// Functions that are smooth at 0 though they are composed of parts that are not.
    @Test func smoothAtZero() throws {
        let smooth: [(f: (Value) -> Value, derivatives: [Double])] = [
            ({ $0.elu() }, [1]), ({ $0.softplus() }, [0.5, 0.25, 0]), ({ $0.silu() }, [0.5, 0.5]),
            ({ $0.gelu() }, [0.5, 0.7978845608028654]),
        ]
        for (f, derivatives) in smooth {
            var graph = try Graph { g in f(g.input("x", [], .float64)) }
            for expected in derivatives {
                graph = try graph.gradient(of: "x")
                let value = try graph.evaluated(["x": Tensor(scalar: 0, as: .float64)]).first!.value.doubles[0]
                #expect((value - expected).magnitude < 1e-15)
            }
        }
    }

    @Test("a power can be differentiated any number of times where its base is 0") func thirdDerivativeAtZero() throws {
        var graph = try Graph { g in g.input("x", [], .float64).power(2) }
        var values: [Double] = []
        for _ in 0..<4 {
            graph = try graph.gradient(of: "x")
            values.append(try graph.evaluated(["x": Tensor(scalar: 0, as: .float64)]).first!.value.doubles[0])
        }
        #expect(values == [0, 2, 0, 0])
    }

    @Test func derivativeOfAPowerByItsExponent() throws {
        let graph = try Graph { g in
            let (x, a) = (g.input("x", [3], .float64), g.input("a", [3], .float64))
            return x.apply(.pointwise(.power), a)
        }
        try DerivativeChecks()(
            graph, at: ["x": .uniform([3], seed: 1, in: 0.5...2), "a": .uniform([3], seed: 2, in: -2...2)])
    }

    @Test func binaryOperationsMoveInBothOperands() throws {
        let operations: [(Value, Value) -> Value] = [
            { $0 + $1 }, { $0 - $1 }, { $0 * $1 }, { $0 / $1 }, { $0.maximum($1) }, { $0.minimum($1) },
            { ($0 .< $1).choose($0 * $1, $1) },
        ]
        for operation in operations {
            let graph = try Graph { g in operation(g.input("a", [2, 3], .float64), g.input("b", [3], .float64)) }
            let values = Tensor.distinct([9], seed: 3).doubles
            try DerivativeChecks()(
                graph, at: ["a": try Tensor([2, 3], Array(values[..<6])), "b": try Tensor([3], Array(values[6...]))])
        }
    }

    @Test func stopAndConversion() throws {
        #expect(try derivative(at: [3, 4]) { $0.stopped() * $0 } == [3, 4])
        let graph = try Graph { g in
            let x = g.input("x", [2], .float64)
            return (x.converted(to: .float32) * 2).converted(to: .float64)
                * x.converted(to: .int32).converted(to: .float64)
        }
        let x = try Tensor([2], [2.5, -1.5])
        let results = try graph.vjp(of: ["x"]).evaluated(["x": x, "∂output": try Tensor([2], [1.0, 1])])
        #expect(results["output"]?.doubles == [10, 3])
        #expect(results["∂x"]?.doubles == [4, -2])
    }
}
