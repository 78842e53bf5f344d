import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Few channels on as many images as fill vectors.
@Suite struct ImagesTests {
    static let layers = [
        Layer(input: [16, 1, 9, 8], filter: [6, 1, 5, 5], stride: [1, 1], padding: 2, dilation: [1, 1]),
        Layer(input: [48, 3, 6, 5], filter: [4, 3, 3, 3], stride: [2, 1], padding: 1, dilation: [1, 2]),
        Layer(input: [32, 2, 11], filter: [5, 2, 4], stride: [3], padding: 3, dilation: [2]),
        Layer(input: [16, 2, 3, 4, 5], filter: [3, 2, 2, 3, 2], stride: [1, 2, 1], padding: 1, dilation: [1, 1, 2]),
        Layer(
            input: [16, 2, 9, 8], filter: [3, 2, 3, 3], stride: [1, 2],
            padding: .sides(before: [-1, 0], after: [0, -2]),
            dilation: [1, 1]),
    ]

    @Test(arguments: layers)
    func layerAndItsGradientsAreExact(layer: Layer) throws {
        var numbers = Numbers(seed: 21)
        let gradient = try layer.energy().valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient, ["x": numbers.integers(layer.input, within: 2), "w": numbers.integers(layer.filter, within: 2)])
    }

    /// Two convolutions, pools, and dense layers behind them, as LeNet has them.
    @Test func networksAreExact() throws {
        var numbers = Numbers(seed: 22)
        let graph = try Graph { g in
            let x = g.input("x", [32, 1, 10, 10])
            let first = x.convolved(with: g.input("u", [4, 1, 3, 3]), padding: 1).adding(bias: g.input("b", [4]))
            let pooled = first.relu().maxPooled(2)
            let second = pooled.convolved(with: g.input("v", [10, 4, 3, 3])).relu()
            let features = second.averagePooled(3).flattened()
            let hidden = features.contracted(g.input("w", [7, 10]), "nc", "kc", "nk").relu()
            let y = hidden.contracted(g.input("z", [3, 7]), "nc", "kc", "nk")
            return [("y", y), ("energy", y.squared().sum())]
        }
        var inputs: [String: Tensor] = [:]
        for input in graph.inputs { inputs[input.name] = numbers.integers(input.shape, within: 1) }
        try expectAgreement(
            graph.valueAndGradient(of: ["x", "u", "b", "v", "w", "z"], output: "energy"), inputs, within: 1e-6)
    }
}
