import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

@testable import AdjointExplanations

/// Elements one at a time are equal to those that Evaluate computes all together, with symbols in place of numbers.
@Suite struct ElementEvaluationTests {
    @Test(arguments: EquationsTests.cases) func layers(_ example: EquationsTests.Case) throws {
        try compare(example.layer.graph(), values: [:])
    }

    @Test(arguments: LayerGeometry.Pool.allCases) func pools(_ pool: LayerGeometry.Pool) throws {
        var layer = LayerGeometry(input: [5, 4], kernel: [3, 2])
        (layer.pool, layer.channels, layer.batch, layer.padding, layer.stride) = (pool, 2, 2, 1, [2, 1])
        try compare(layer.graph(), values: ["V": Tensor.distinct([2, 2, 5, 4], seed: 1)])
    }

    /// All other kinds of nodes.
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

    /// The graph with its pullback, and with its linearization.
    private func compare(_ graph: Graph, values: [String: Tensor]) throws {
        let names = graph.inputs.map { $0.name }
        for derived in [try graph.vjp(of: names), try graph.jvp(of: names)] {
            var symbols: [String: [Symbol]] = [:]
            for input in derived.inputs {
                let numbers = values[input.name]?.doubles
                symbols[input.name] = (0..<input.shape.count).map {
                    Symbol(.variable(Name(input.name, .number($0))), numbers?[$0])
                }
            }
            let whole = derived.evaluatedNodes(symbols.mapValues { .numbers($0) })
            let single = try derived.evaluated(symbols: symbols)
            for output in derived.outputs { #expect(single[output.name] == whole[output.node].numbers) }
        }
    }
}
