import AdjointGradients
import AdjointGraphs
import AdjointPlans

/// A convolution of a size from which on a kernel is used: with its gradients against Evaluate in Double, exact on small
/// integers.
struct LargeLayer {
    let input: Shape
    let filter: Shape
    var stride = 1
    var padding = 0
    var dilation = 1
    var groups = 1

    static var checks: [Check] {
        let layers = [
            LargeLayer(input: [2, 3, 32, 32], filter: [33, 3, 3, 3], stride: 2, padding: 1),
            LargeLayer(input: [2, 1, 28, 28], filter: [6, 1, 5, 5], padding: 2),
            LargeLayer(input: [1, 3, 33, 35], filter: [16, 3, 7, 7], stride: 2, padding: 3),
            LargeLayer(input: [2, 64, 8, 8], filter: [96, 64, 3, 3], padding: 1),
            LargeLayer(input: [2, 32, 13, 14], filter: [48, 32, 3, 3], padding: 1),
            LargeLayer(input: [1, 48, 14, 15], filter: [40, 48, 5, 5], stride: 2, padding: 2),
            LargeLayer(input: [2, 72, 9, 10], filter: [50, 72, 1, 1]),
            LargeLayer(input: [2, 40, 11, 9], filter: [24, 40, 1, 1], stride: 2),
            LargeLayer(input: [2, 40, 14, 13], filter: [40, 1, 3, 3], padding: 1, groups: 40),
            LargeLayer(input: [2, 40, 15, 16], filter: [40, 1, 5, 5], stride: 2, padding: 2, groups: 40),
            LargeLayer(input: [2, 32, 10, 11], filter: [48, 8, 3, 3], padding: 1, groups: 4),
            LargeLayer(input: [2, 24, 15, 14], filter: [20, 24, 3, 3], padding: 2, dilation: 2),
            LargeLayer(input: [2, 16, 130], filter: [24, 16, 5], stride: 2, padding: 2),
            LargeLayer(input: [1, 8, 7, 8, 9], filter: [12, 8, 3, 3, 3], padding: 1),
        ]
        return layers.map { layer in
            Check(name: layer.name) { verification throws(CommandFailure) in try layer.failures(verification) }
        }
    }

    private var name: String {
        "\(input) \(filter) stride \(stride) padding \(padding) dilation \(dilation) groups \(groups)"
    }

    /// Σ y², whose gradients are convolutions of y with the filter and with the input.
    private func graph(_ type: ElementType) throws(ArgumentError) -> Graph {
        let energy = try Graph { g in
            let y = g.input("x", input, type).convolved(
                with: g.input("w", filter, type), stride: PerAxis(stride), padding: .uniform(padding),
                dilation: PerAxis(dilation), groups: groups)
            return [("y", y), ("energy", y.squared().sum())]
        }
        return try energy.valueAndGradient(of: ["x", "w"], output: "energy")
    }

    private func failures(_ verification: Verification) throws(CommandFailure) -> [String] {
        let inputs = ["x": Tensor.integers(input, seed: 1, in: -1...1), "w": .integers(filter, seed: 2, in: -1...1)]
        let definition = try asFailure { () throws(ArgumentError) in try self.graph(.float64) }
        let expected = try Verification.Engine.evaluate.run(definition, inputs)
        let graph = try asFailure { () throws(ArgumentError) in try self.graph(.float32) }
        return try verification.failures { engine throws(CommandFailure) in
            guard case .plan(_, let isExact) = engine else { return [] }
            let results = try engine.run(graph, inputs)
            var failures: [String] = []
            for (name, wanted) in expected {
                guard let got = results[name] else {
                    failures.append("\(name) is missing (\(engine))")
                    continue
                }
                let largest = wanted.doubles.reduce(0) { max($0, $1.magnitude) }
                if let worst = Deviation(got, from: wanted, allowed: { _ in isExact ? 0 : 2e-5 * largest }) {
                    failures.append(
                        "\(name)\(list(worst.index)) is \(worst.got), expected \(worst.expected) (\(engine))")
                }
            }
            return failures
        }
    }
}
