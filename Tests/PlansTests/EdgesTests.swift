import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Foundation
import Testing

/// A function and its first two derivatives by formulas that lose no digits, in Double.
struct Edge: Sendable, CustomStringConvertible {
    let description: String
    let function: @Sendable (Value) -> Value
    let derivatives: @Sendable (Double) -> [Double]
    /// The scale of errors where a derivative is smaller: 1 for a derivative that is written as a function of a value that
    /// saturates, 1 − y² or y·(1 − y), and so as exact as this value.
    let scale: Double
    let points: [Double]

    init(
        _ description: String, scale: Double = 0, at points: [Double] = everywhere,
        _ function: @escaping @Sendable (Value) -> Value, _ derivatives: @escaping @Sendable (Double) -> [Double]
    ) {
        self.description = description
        self.function = function
        self.derivatives = derivatives
        self.scale = scale
        self.points = points
    }

    static let sizes = [1e-30, 1e-8, 0.015625, 0.5, 1, 2.5, 5, 20, 30, 80, 100, 1e4, 1e18]
    static let everywhere = [0, -0.0] + sizes + sizes.map { -$0 }

    private static func logistic(_ x: Double) -> Double { x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)) }

    private static func whole(_ n: Double) -> Edge {
        Edge("power \(n)", { $0.power(n) }) {
            [n == 0 ? 0 : n * pow($0, n - 1), n == 0 || n == 1 ? 0 : n * (n - 1) * pow($0, n - 2)]
        }
    }

    static let all =
        [
            Edge("exp", { $0.exp() }) { [exp($0), exp($0)] },
            Edge("expm1", { $0.expm1() }) { [exp($0), exp($0)] },
            Edge("log", at: sizes, { $0.log() }) { [1 / $0, -1 / $0 / $0] },
            Edge("log1p", at: sizes + [0, -0.0, -0.5, -0.75], { $0.log1p() }) {
                [1 / (1 + $0), -1 / (1 + $0) / (1 + $0)]
            },
            Edge("sqrt", at: sizes, { $0.sqrt() }) { [0.5 / $0.squareRoot(), -0.25 / $0 / $0.squareRoot()] },
            Edge("reciprocal", at: everywhere.filter { $0 != 0 }, { 1 / $0 }) { [-1 / $0 / $0, 2 / $0 / $0 / $0] },
            Edge("tanh", scale: 1, { $0.tanh() }) { x in
                let slope = 4 * logistic(2 * x) * logistic(-2 * x)
                return [slope, -2 * tanh(x) * slope]
            },
            Edge("logistic", scale: 1, { $0.logistic() }) { x in
                let (up, down) = (logistic(x), logistic(-x))
                return [up * down, up * down * (down - up)]
            },
            Edge("erf", { $0.erf() }) { x in
                let slope = 2 / Double.pi.squareRoot() * exp(-x * x)
                return [slope, slope == 0 ? 0 : -2 * x * slope]
            },
            Edge("abs", { $0.abs() }) { [$0 > 0 ? 1 : $0 < 0 ? -1 : 0, 0] },
            Edge("relu", { $0.relu() }) { [$0 > 0 ? 1 : 0, 0] },
            Edge("relu6", { $0.relu6() }) { [$0 > 0 && $0 < 6 ? 1 : 0, 0] },
            Edge("leaky relu", { $0.leakyReLU(slope: 0.125) }) { [$0 > 0 ? 1 : 0.125, 0] },
            Edge("elu", { $0.elu(alpha: 1.25) }) { $0 > 0 ? [1, 0] : [1.25 * exp($0), 1.25 * exp($0)] },
            Edge("selu", { $0.selu() }) { x in
                let (scale, alpha) = (1.0507009873554805, 1.6732632423543772)
                return x > 0 ? [scale, 0] : [scale * alpha * exp(x), scale * alpha * exp(x)]
            },
            Edge("silu", scale: 1, { $0.silu() }) { x in
                let (up, down) = (logistic(x), logistic(-x))
                return [up * (1 + x * down), up * down * (2 + x * (down - up))]
            },
            // Its factor 1 + erf x has an error of a unit in the last place of 1, which x multiplies.
            Edge("gelu", scale: 100, { $0.gelu() }) { x in
                let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
                return [
                    0.5 * erfc(-x / 2.squareRoot()) + (density == 0 ? 0 : x * density),
                    density == 0 ? 0 : density * (2 - x * x),
                ]
            },
            Edge("hard sigmoid", { $0.hardSigmoid() }) { [$0 > -3 && $0 < 3 ? 1 / 6 : 0, 0] },
            Edge("hard swish", at: everywhere, { $0.hardSwish() }) { x in
                x <= -3 ? [0, 0] : x >= 3 ? [1, 0] : [(2 * x + 3) / 6, 1 / 3]
            },
            Edge("softplus", { $0.softplus() }) { [logistic($0), logistic($0) * logistic(-$0)] },
            Edge("power 1.5", at: sizes, { $0.power(1.5) }) { [1.5 * $0.squareRoot(), 0.75 / $0.squareRoot()] },
            Edge("maximum with 20", { $0.maximum($0.number(20)) }) { [$0 > 20 ? 1 : $0 == 20 ? 0.5 : 0, 0] },
            Edge("minimum with −0", { $0.minimum($0.number(-0.0)) }) { [$0 < 0 ? 1 : $0 == 0 ? 0.5 : 0, 0] },
        ] + [0, 1, 2, 3, 4, 7].map { whole($0) }
}

@Suite struct EdgesTests {
    /// Evaluate in Double and in Float, and every kernel table.
    @Test(arguments: Edge.all) func derivatives(_ edge: Edge) throws {
        for type in [ElementType.float64, .float32] {
            let x = try Tensor([edge.points.count], edge.points).converted(to: type)
            let first = try Graph { g in edge.function(g.input("x", x.shape, type)).sum() }.gradient(of: "x")
            let summed = try Graph { g in g.inline(first)[first.outputs[0].node].sum() }
            let second = try summed.gradient(of: "x")
            for (order, graph) in [first, second].enumerated() {
                let expected = x.doubles.map { edge.derivatives($0)[order] }
                let name = "\(edge), derivative \(order + 1), "
                if type == .float64 {
                    try compare(
                        edge, graph.evaluated(["x": x]), expected, x, within: 0x1p-46, tiny: 0x1p-1060, name + "Double")
                    continue
                }
                let float = try graph.evaluated(["x": x], precision: .float32)
                try compare(edge, float, expected, x, within: 0x1p-19, tiny: 3e-44, name + "Float")
                for cpu in Machine.kernels {
                    let plan = try graph.compiled(options: PlanOptions(workers: one, cpu: cpu, isExact: true))
                    // Plans treat numbers below the smallest normal one as 0.
                    try compare(
                        edge, plan.results(["x": x]), expected, x, within: 0x1p-18, tiny: 0x1p-120, name + cpu)
                }
            }
        }
    }

    private func compare(
        _ edge: Edge, _ results: [String: Tensor], _ expected: [Double], _ x: Tensor, within: Double, tiny: Double,
        _ name: String
    ) throws {
        let result = try #require(results.first).value
        for (place, (value, exact)) in zip(result.doubles, expected).enumerated() {
            let isRight =
                result.elementType == .float32 && Float(exact).isInfinite
                ? Float(value) == Float(exact)
                : value == exact || (value - exact).magnitude <= within * max(exact.magnitude, edge.scale) + tiny
            #expect(isRight, "\(name) at \(x.doubles[place]): \(value), not \(exact)")
        }
    }

    /// ∂xᵃ∕∂x and ∂xᵃ∕∂a at the edges of the power, where both are variable.
    @Test func powersOfZero() throws {
        let cases: [(x: Double, a: Double, byBase: Double, byExponent: Double)] = [
            (0, 0, 0, 0), (-0.0, 0, 0, 0), (0, 1, 1, 0), (0, 2, 0, 0), (0, 0.5, .infinity, 0), (0, 3, 0, 0),
            (2, 0, 0, log(2)), (2, 3, 12, 8 * log(2)), (0.25, -1, -16, 4 * log(0.25)), (1, 5, 5, 0),
            (0, -1, -.infinity, -.infinity), (.infinity, 0, 0, .infinity),
        ]
        for type in [ElementType.float64, .float32] {
            let graph = try Graph { g in
                let (x, a) = (g.input("x", [cases.count], type), g.input("a", [cases.count], type))
                return x.apply(.pointwise(.power), a).sum()
            }.gradient(of: "x", "a")
            let inputs = [
                "x": try Tensor([cases.count], cases.map { $0.x }).converted(to: type),
                "a": try Tensor([cases.count], cases.map { $0.a }).converted(to: type),
            ]
            var results = [try graph.evaluated(inputs, precision: type)]
            if type == .float32 {
                for cpu in Machine.kernels {
                    results.append(try graph.compiled(options: PlanOptions(workers: one, cpu: cpu)).results(inputs))
                }
            }
            for result in results {
                for (place, expected) in cases.enumerated() {
                    let (byBase, byExponent) = (result["∂x"]!.doubles[place], result["∂a"]!.doubles[place])
                    #expect(byBase == expected.byBase, "∂x of \(expected)")
                    #expect(
                        byExponent == expected.byExponent
                            || (byExponent - expected.byExponent).magnitude <= 1e-6 * expected.byExponent.magnitude,
                        "∂a of \(expected): \(byExponent)")
                }
            }
        }
    }

    /// The two classes of a pair whose logits are d apart: p and 1 − p are logistic functions of ±d.
    @Test(arguments: [0, 1, 20, 100, 1e4, 1e30]) func softmax(_ distance: Double) throws {
        let graph = try Graph { g in
            let x = g.input("x", [1, 2])
            return [
                ("a", x.logSoftmax().sliced(from: [0, 0], to: [1, 1]).sum()),
                ("b", x.softmax().sliced(from: [0, 0], to: [1, 1]).sum()),
            ]
        }
        let p = 1 / (1 + exp(-distance))
        let q = exp(-distance) / (1 + exp(-distance))
        let x = try Tensor([1, 2], [Float(distance), 0])
        for (output, expected) in [("a", [q, -q]), ("b", [p * q, -p * q])] {
            let gradient = try graph.gradient(of: "x", output: output)
            for result in [
                try gradient.evaluated(["x": x])["∂x"]!.doubles, try gradient.compiled().run(["x": x]).doubles,
            ] {
                // p − 1 is as exact as p.
                for (a, b) in zip(result, expected) { #expect((a - b).magnitude <= 2e-7, "\(output): \(a), not \(b)") }
            }
        }
    }
}
