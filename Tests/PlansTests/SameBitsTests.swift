import AdjointGraphs
import AdjointPlans
import Testing

/// A value has the same bits whatever else its pass computes, so that a plan may keep activations or compute them again, and
/// store a value or not, without changing a result.
@Suite struct SameBitsTests {
    /// Σ x over all but the channels, alone, and in a pass with a dozen others that has longer programs and shorter blocks.
    @Test(
        arguments: Machine.kernels,
        [
            [9, 64, 17, 13], [5, 1, 40, 41], [7, 3, 30, 31], [4, 17, 25, 25], [3, 33, 30, 20], [2, 48, 40, 40],
            [3, 300, 12, 12], [2, 576, 14, 14], [2, 1030, 9, 9], [64, 40, 1, 1], [3, 2, 5, 4],
        ])
    func sums(kernels: String, sizes: [Int]) throws {
        func graph(_ others: Int) throws -> Graph {
            try Graph { g in
                let x = g.input("x", Shape(sizes))
                let mean = x.mean([0, 2, 3], keepingAxes: true)
                var outputs = [
                    ("sum", x.sum([0, 2, 3])), ("squares", (x - mean).squared().sum([0, 2, 3])),
                    ("images", x.sum([2, 3])),
                ]
                var y = x
                for number in 0..<others {
                    y = (y * 0.5 + x).tanh() * g.input("a\(number)", Shape(sizes))
                    outputs.append(("sum \(number)", y.sum([0, 2, 3])))
                    outputs.append(("images \(number)", y.sum([2, 3])))
                }
                return outputs
            }
        }
        var numbers = Numbers(seed: 71)
        var inputs: [String: Tensor] = [:]
        for input in try graph(5).inputs { inputs[input.name] = numbers.reals(input.shape) }
        var first: [String: Tensor]?
        for others in [0, 1, 5] {
            let graph = try graph(others)
            let plan = try graph.compiled(options: PlanOptions(workers: two, cpu: kernels))
            let names = Set(graph.inputs.map { $0.name })
            let results = try plan.results(inputs.filter { names.contains($0.key) })
            if let first {
                for name in ["sum", "squares", "images"] {
                    #expect(results[name]?.floats == first[name]?.floats, "\(name) beside \(others) others")
                }
            } else {
                first = results
            }
        }
    }

    /// a·b + c where the product is an output too, and where it is not.
    @Test(arguments: Machine.kernels) func products(kernels: String) throws {
        func graph(keepingProduct: Bool) throws -> Graph {
            try Graph { g in
                let product = g.input("a", [1000]) * g.input("b", [1000])
                let sum = ("sum", product + g.input("c", [1000]))
                return keepingProduct ? [sum, ("product", product)] : [sum]
            }
        }
        var numbers = Numbers(seed: 72)
        var inputs: [String: Tensor] = [:]
        for name in ["a", "b", "c"] { inputs[name] = numbers.reals([1000]) }
        let options = PlanOptions(workers: one, cpu: kernels)
        let kept = try graph(keepingProduct: true).compiled(options: options).results(inputs)
        let alone = try graph(keepingProduct: false).compiled(options: options).results(inputs)
        #expect(kept["sum"]?.floats == alone["sum"]?.floats)
    }
}
