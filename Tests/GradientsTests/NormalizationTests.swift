import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

@Suite struct NormalizationTests {
    @Test func batchNorm() throws {
        let graph = try Graph { g in
            let x = g.input("x", [3, 2, 2, 2], .float64)
            return x.standardized(over: [0, 2, 3], epsilon: 1e-3)
                .scaled(by: g.input("scale", [2], .float64), shift: g.input("shift", [2], .float64))
        }
        let inputs = [
            "x": Tensor.uniform([3, 2, 2, 2], seed: 1), "scale": .uniform([2], seed: 2),
            "shift": .uniform([2], seed: 3),
        ]
        try DerivativeChecks(tolerance: 1e-5)(graph, at: inputs)
        let standard = try Graph { g in g.input("x", [3, 2, 2, 2], .float64).standardized(over: [0, 2, 3], epsilon: 0) }
        let y = try standard.evaluated(["x": inputs["x"]!])["output"]!.doubles
        for channel in 0..<2 {
            let numbers = y.indices.filter { $0 / 4 % 2 == channel }.map { y[$0] }
            #expect(numbers.reduce(0, +).magnitude < 1e-13)
            let variance = numbers.reduce(0) { $0 + $1 * $1 } / 12
            #expect((variance - 1).magnitude < 1e-13)
        }
    }

    /// Layer, group and instance normalization.
    @Test(arguments: [1, 2, 4]) func groupNorm(groups: Int) throws {
        let graph = try Graph { g in g.input("x", [2, 4, 3], .float64).groupNormalized(groups: groups, epsilon: 1e-5) }
        let x = Tensor.uniform([2, 4, 3], seed: groups)
        try DerivativeChecks(tolerance: 1e-5)(graph, at: ["x": x])
        let y = try graph.evaluated(["x": x])["output"]!.doubles
        let size = 12 / groups
        for group in 0..<2 * groups {
            #expect(y[group * size..<(group + 1) * size].reduce(0, +).magnitude < 1e-13)
        }
    }

    @Test(arguments: [0, 1, 2]) func softmax(axis: Int) throws {
        let graph = try Graph { g in
            let x = g.input("x", [2, 3, 2], .float64)
            return [
                ("p", x.softmax(axis: axis)), ("l", x.logSoftmax(axis: axis)), ("e", x.logSoftmax(axis: axis).exp()),
            ]
        }
        let x = Tensor.distinct([2, 3, 2], seed: axis)
        try DerivativeChecks(tolerance: 1e-5)(graph, at: ["x": x])
        let values = try graph.evaluated(["x": x])
        for (a, b) in zip(values["p"]!.doubles, values["e"]!.doubles) { #expect((a - b).magnitude < 1e-15) }
    }

    @Test func softmaxOfHugeNumbers() throws {
        let graph = try Graph { g in
            let x = g.input("x", [1, 3], .float64)
            return [("p", x.softmax()), ("loss", -x.logSoftmax().sliced(from: [0, 2], to: [1, 3]).sum())]
        }
        let x = try Tensor([1, 3], [1e4, 1e4, -1e4])
        let values = try graph.valueAndGradient(of: ["x"], output: "loss").evaluated(["x": x])
        #expect(values["p"]?.doubles == [0.5, 0.5, 0])
        #expect((values["loss"]!.doubles[0] - 2e4).magnitude < 1)
        #expect(values["∂x"]?.doubles == [0.5, 0.5, -1])
    }

    /// Where the largest two are equal, the maximum that is subtracted has the derivative of one of them; the result must not.
    @Test func softmaxAtATie() throws {
        let graph = try Graph { g in
            let p = g.input("x", [1, 2], .float64).softmax()
            return (p * p).sum()
        }
        let gradient = try graph.gradient(of: "x").evaluated(["x": try Tensor([1, 2], [3.0, 3])])
        #expect(gradient["∂x"]?.doubles == [0, 0])
    }

    @Test func dropout() throws {
        let shape: Shape = [100, 100]
        let graph = try Graph { g in
            g.input("x", shape, .float64)
                .droppedOut(rate: 0.25, key: g.input("key", [], .int32), counter: g.input("counter", [], .int32))
        }
        func number(_ number: Double) -> Tensor { Tensor(scalar: number, as: .int32) }
        let ones = Tensor(known: shape, repeating: 1, as: .float64)
        func results(_ key: Double, _ counter: Double) throws -> [String: Tensor] {
            try graph.vjp(of: ["x"]).evaluated([
                "x": ones, "key": number(key), "counter": number(counter), "∂output": ones,
            ])
        }
        let first = try results(7, 0)
        #expect(first["output"]?.doubles == first["∂x"]?.doubles)
        let kept = first["output"]!.doubles.filter { $0 != 0 }
        #expect(kept.allSatisfy { $0 == 1 / 0.75 })
        // Six standard deviations of a binomial distribution.
        #expect(abs(kept.count - 7500) < 6 * 44)
        #expect(try results(7, 0) == first)
        #expect(try results(7, 1) != first)
        #expect(try results(8, 0) != first)
        let inputs = [
            "x": Tensor.uniform([4, 5], seed: 1), "key": number(1), "counter": number(2),
        ]
        let small = try Graph { g in
            g.input("x", [4, 5], .float64).squared()
                .droppedOut(rate: 0.5, key: g.input("key", [], .int32), counter: g.input("counter", [], .int32))
        }
        try DerivativeChecks()(small, at: inputs)
    }

    @Test func twoDropoutsDropDifferently() throws {
        let graph = try Graph { g in
            let (key, counter) = (g.input("key", [], .int32), g.input("counter", [], .int32))
            let one = g.constant(1, [64], .float64)
            return one.droppedOut(rate: 0.5, key: key, counter: counter)
                - one.droppedOut(rate: 0.5, key: key, counter: counter)
        }
        let results = try graph.evaluated([
            "key": Tensor(scalar: 1, as: .int32), "counter": Tensor(scalar: 1, as: .int32),
        ])
        #expect(results["output"]!.doubles.contains { $0 != 0 })
    }
}
