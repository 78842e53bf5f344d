import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// A graph written into another.
@Suite struct GraphInGraphTests {
    /// A loss of pictures and filters, and with it the squares of its gradient with respect to the pictures.
    private func penalized() throws -> Graph {
        let loss = try Graph { g in
            let x = g.input("images", [2, 2, 4, 4], .float64)
            let score = x.convolved(with: g.input("W", [3, 2, 3, 3], .float64)).tanh().sum([1, 2, 3])
            return [("loss", score.squared().mean())]
        }
        let gradient = try loss.valueAndGradient(of: ["images"])
        return try Graph { g in
            let inner = g(gradient)
            return [("loss", inner["loss"] + inner["∂images"].squared().sum())]
        }
    }

    @Test func theGradientOfAPenaltyAgreesWithDifferences() throws {
        let graph = try penalized()
        let (x, w) = (Tensor.uniform([2, 2, 4, 4], seed: 1), Tensor.uniform([3, 2, 3, 3], seed: 2))
        func loss(_ w: [Double]) throws -> Double {
            try graph.evaluated(["images": x, "W": Tensor(w.isEmpty ? [] : [3, 2, 3, 3], w)])["loss"]!.doubles[0]
        }
        let gradient = try graph.gradient(of: "W").evaluated(["images": x, "W": w])["∂W"]!.doubles
        for place in [0, 7, 26, 53] {
            var (ahead, behind) = (w.doubles, w.doubles)
            ahead[place] += 1e-5
            behind[place] -= 1e-5
            let difference = (try loss(ahead) - loss(behind)) / 2e-5
            #expect((gradient[place] - difference).magnitude < 1e-7 * max(1, difference.magnitude))
        }
        try DerivativeChecks()(graph, at: ["images": x, "W": w])
    }

    @Test func inputsAreBoundSharedOrRefused() throws {
        let square = try Graph { g in [("y", g.input("x", [2], .float64).squared())] }
        let twice = try Graph { g in
            let x = g.input("x", [2], .float64)
            return [("y", g(square, ["x": g(square)["y"]])["y"] + x)]
        }
        #expect(twice.inputs.map { $0.name } == ["x"])
        let result = try twice.evaluated(["x": Tensor([2], [2, 3] as [Double])])
        #expect(result["y"]?.doubles == [18, 84])
        func error(_ build: (GraphBuilder) -> Value) -> String {
            do throws(ArgumentError) {
                _ = try Graph { g in build(g) }
                return "no error"
            } catch { return error.description }
        }
        #expect(
            error { $0(square, ["z": $0.constant(1)])["y"] } == "graph: inputs is an unknown \"z\", expected x")
        #expect(
            error { $0(square, ["x": $0.input("a", [3], .float64)])["y"] }
                == "graph: input \"x\" is float64[3], expected float64[2]")
        #expect(
            error { g in
                let x = g.input("x", [5])
                return g(square)["y"] + x
            } == "graph: input \"x\" is float32[5], expected float64[2]")
        #expect(error { $0(square)["z"] } == "graph: output is \"z\", expected one of y")
        #expect(
            error { g in g.named("head") { g.input("x", [2]).softmax(axis: 1) } }
                == "head: softmax: axis is 1, expected an axis of [2]")
    }

    /// For E = Σ xᵢ³·a: H·d = 6·a·x·d, and for y = x·x the Jacobian is diagonal.
    @Test func productsByName() throws {
        let energy = try Graph { g in
            let x = g.input("x", [3], .float64)
            return [("E", (x * x * x * g.input("a", [], .float64)).sum()), ("y", x * x)]
        }
        let inputs = try ["x": Tensor([3], [1, -2, 3] as [Double]), "a": Tensor([], [0.5] as [Double])]
        let product = try energy.hvp(of: ["x"], output: "E")
        #expect(product.outputs.map { $0.name } == ["∂∂x"])
        var along = inputs
        along["∂x"] = try Tensor([3], [1, 10, -1] as [Double])
        #expect(try product.evaluated(along)["∂∂x"]?.doubles == [3, -60, -9])
        let jacobian = try energy.jacobian(of: "x", output: "y")
        let matrix = try jacobian.evaluated(inputs)["∂y∕∂x"]
        #expect(matrix?.shape == [3, 3] && matrix?.doubles == [2, 0, 0, 0, -4, 0, 0, 0, 6])
        #expect(throws: ArgumentError.self) { try energy.jacobian(of: "x", output: "z") }
    }
}
