import AdjointExplanations
import AdjointGraphs
import TestSupport
import Testing

/// Elements one at a time have the equations that Evaluate derives for all together.
@Suite struct ElementEquationsTests {
    @Test(arguments: EquationsTests.cases) func agreesWithEvaluate(_ example: EquationsTests.Case) throws {
        try compare(example.layer.graph(), values: [:])
    }

    @Test(arguments: LayerGeometry.Pool.allCases) func pools(_ pool: LayerGeometry.Pool) throws {
        var layer = LayerGeometry(input: [5, 4], kernel: [3, 2])
        (layer.pool, layer.channels, layer.batch, layer.padding, layer.stride) = (pool, 2, 2, 1, [2, 1])
        let values = ["V": Tensor.distinct([2, 2, 5, 4], seed: 1)]
        try compare(layer.graph(), values: values)
    }

    /// Everything else that a graph may hold.
    @Test func networks() throws {
        let graph = try Graph { g in
            let x = g.input("x", [2, 1, 4, 4], .float64)
            let hidden = x.convolved(with: g.input("w", [2, 1, 2, 2], .float64)).relu().maxPooled(2, stride: 1)
            let rows = hidden.reshaped(to: [2, 8]).permuted([1, 0]).padded(before: [1, 0], after: [0, 1])
            return [("y", rows.contracted(g.input("u", [3, 3], .float64), "ab", "bc", "ac").logSoftmax().squared())]
        }
        var values: [String: Tensor] = [:]
        for (seed, input) in graph.inputs.enumerated() { values[input.name] = .distinct(input.shape, seed: seed) }
        try compare(graph, values: values)
    }

    private func compare(_ graph: Graph, values: [String: Tensor]) throws {
        let whole = try Equations(of: graph, values: values)
        var single = try ElementEquations(of: graph, values: values)
        for (place, equation) in whole.forward.enumerated() { #expect(try single.forward(at: place) == equation) }
        for input in graph.inputs {
            for (place, gradient) in try whole.gradient(of: input.name).enumerated() {
                #expect(try single.gradient(of: input.name, at: place) == gradient)
                let partials = try single.partials(by: input.name, at: place, in: gradient)
                #expect(try whole.partials(by: input.name, at: place) == partials)
                #expect(
                    try single.chainRule(over: partials, of: input.name, at: place)
                        == whole.chainRule(for: input.name, at: place))
            }
        }
    }
}
