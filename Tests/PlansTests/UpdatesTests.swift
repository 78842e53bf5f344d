import AdjointGraphs
import AdjointPlans
import Testing

/// Outputs that replace states: each reads all states as they were before the run.
@Suite struct UpdatesTests {
    /// The values that replace a, b and c, and outputs that are only read.
    static let graphs: [String: @Sendable (Value, Value, Value) -> [(String, Value)]] = [
        "a swap": { a, b, c in [("a", b), ("b", a), ("c", c)] },
        "a cycle": { a, b, c in [("a", b), ("b", c), ("c", a)] },
        "a copy and a replacement": { a, b, c in [("a", b * 2), ("b", a), ("c", a)] },
        "a replacement and a copy": { a, b, c in [("b", a), ("a", a + b), ("c", b)] },
        "views": { a, b, c in
            [("a", b.reversed([0])), ("b", a.permuted([1, 0])), ("c", c.reversed([0, 1]))]
        },
        "a view of itself": { a, b, c in [("a", a.permuted([1, 0])), ("b", a.reversed([1])), ("c", a)] },
        "sums and differences": { a, b, c in [("a", a + b), ("b", a - b), ("c", a * b)] },
        "other outputs": { a, b, c in
            [("a", b), ("b", a + 1), ("c", a), ("x", a), ("y", a.permuted([1, 0])), ("z", b * 3)]
        },
        "one value for two": { a, b, c in
            let sum = a + c
            return [("a", sum), ("b", sum), ("c", b), ("x", sum)]
        },
        "a product": { a, b, c in [("a", a.contracted(b, "ij", "jk", "ik")), ("b", a), ("c", b)] },
    ]

    @Test(arguments: graphs.keys.sorted())
    func `All updates read the states as they were`(name: String) throws {
        let shape: Shape = [3, 3]
        let graph = try Graph { g in
            Self.graphs[name]!(g.input("a", shape), g.input("b", shape), g.input("c", shape))
        }
        var numbers = Numbers(seed: 61)
        for workers in [one, two] {
            var expected = Dictionary(uniqueKeysWithValues: ["a", "b", "c"].map { ($0, numbers.integers(shape)) })
            let state = try State(["a", "b", "c"].map { ($0, expected[$0]!) })
            let plan = try graph.compiled(
                updating: ["a": "a", "b": "b", "c": "c"], state: state, options: PlanOptions(workers: workers))
            for run in 1...3 {
                let inputs = expected.filter { input in graph.inputs.contains { $0.name == input.key } }
                let values = try graph.evaluated(inputs)
                let results = try plan.results([:])
                for (output, tensor) in values {
                    let got = ["a", "b", "c"].contains(output) ? state.tensor(named: output) : results[output]
                    #expect(got?.floats == tensor.floats, "\(name), run \(run): \(output)")
                }
                expected = values.filter { ["a", "b", "c"].contains($0.key) }
            }
        }
    }

    @Test func `No state has two updates`() throws {
        let graph = try Graph { g in [("p", g.input("a", [2]) + 1), ("q", g.input("b", [2]) + 1)] }
        let zero = try Tensor([2], repeating: 0)
        let state = try State([("a", zero), ("b", zero)])
        let error = #expect(throws: ArgumentError.self) {
            try graph.compiled(updating: ["p": "a", "q": "a"], state: state)
        }
        #expect(error?.expected == "one output for each state")
    }
}
