import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// A layer's geometry for the sweep.
struct Layer: Sendable, CustomTestStringConvertible {
    let input: Shape
    let filter: Shape
    var stride: [Int]
    var padding: Padding = .none
    var dilation: [Int]
    var groups = 1

    var testDescription: String {
        "\(input) \(filter) stride \(stride) \(padding) dilation \(dilation) groups \(groups)"
    }

    /// Σ (conv(x, w) + transposed layer) with every first and second derivative that it has.
    func energy() throws -> Graph {
        try Graph { g in
            let x = g.input("x", input)
            let w = g.input("w", filter)
            let y = x.convolved(
                with: w, stride: PerAxis(stride), padding: padding, dilation: PerAxis(dilation), groups: groups)
            return [("y", y), ("energy", y.squared().sum())]
        }
    }
}

@Suite struct ConvolutionTests {
    static let layers: [Layer] = [
        Layer(input: [1, 1, 3, 3], filter: [1, 1, 2, 2], stride: [1, 1], dilation: [1, 1]),
        Layer(input: [2, 3, 7, 5], filter: [4, 3, 3, 3], stride: [1, 1], padding: 1, dilation: [1, 1]),
        Layer(input: [3, 17, 6, 9], filter: [24, 17, 3, 3], stride: [2, 2], padding: 1, dilation: [1, 1]),
        Layer(input: [1, 8, 10, 11], filter: [8, 8, 3, 2], stride: [2, 3], dilation: [2, 1]),
        Layer(
            input: [2, 6, 9, 7], filter: [4, 3, 3, 3], stride: [3, 2],
            padding: .sides(before: [4, 0], after: [1, 3]), dilation: [1, 2], groups: 2),
        Layer(
            input: [2, 24, 8, 7], filter: [24, 1, 3, 3], stride: [2, 1], padding: 1, dilation: [1, 1], groups: 24),
        Layer(
            input: [2, 5, 6, 6], filter: [5, 1, 3, 3], stride: [1, 1], padding: .same, dilation: [2, 2], groups: 5),
        Layer(input: [2, 3, 8, 8], filter: [7, 3, 1, 1], stride: [2, 2], dilation: [1, 1]),
        Layer(input: [2, 3, 8, 8], filter: [7, 3, 2, 2], stride: [4, 3], dilation: [1, 1]),
        Layer(
            input: [2, 3, 9, 8], filter: [5, 3, 3, 3], stride: [1, 2],
            padding: .sides(before: [-1, 0], after: [0, -2]), dilation: [1, 1]),
        Layer(input: [3, 4, 19], filter: [6, 2, 4], stride: [3], padding: 2, dilation: [2], groups: 2),
        Layer(input: [1, 2, 5, 6, 7], filter: [3, 2, 2, 3, 2], stride: [1, 2, 1], padding: 1, dilation: [1, 1, 2]),
        Layer(input: [0, 3, 5, 5], filter: [4, 3, 3, 3], stride: [1, 1], dilation: [1, 1]),
        Layer(input: [4, 1, 14, 14], filter: [6, 1, 5, 5], stride: [1, 1], padding: 2, dilation: [1, 1]),
        Layer(input: [2, 64, 8, 8], filter: [96, 64, 3, 3], stride: [1, 1], padding: 1, dilation: [1, 1]),
    ]

    @Test(arguments: layers)
    func layerAndItsGradientsAreExact(layer: Layer) throws {
        var numbers = Numbers(seed: 11)
        let gradient = try layer.energy().valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient, ["x": numbers.integers(layer.input, within: 2), "w": numbers.integers(layer.filter, within: 2)])
    }

    @Test("Winograd's tiles are chosen, marked, and near the sums") func winograd() throws {
        var numbers = Numbers(seed: 13)
        let layer = Layer(
            input: [2, 64, 8, 8], filter: [96, 64, 3, 3], stride: [1, 1], padding: 1, dilation: [1, 1])
        let gradient = try layer.energy().valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient, ["x": numbers.reals(layer.input), "w": numbers.reals(layer.filter)], within: 1e-5)
        let kernels = try gradient.compiled().report.steps.filter { $0.isInexact }.map { $0.kernel }
        #expect(kernels.count == 3 && kernels.allSatisfy { $0.hasPrefix("winograd") }, "\(kernels)")
        #expect(try !gradient.compiled(options: PlanOptions(isExact: true)).report.steps.contains { $0.isInexact })
    }

    /// Strided layers of which a phase has 3 × 3 taps of a larger filter.
    static let phases: [Layer] = [
        Layer(input: [4, 16, 16, 16], filter: [16, 16, 5, 5], stride: [2, 2], padding: 2, dilation: [1, 1]),
        Layer(input: [4, 16, 16, 15], filter: [16, 16, 6, 6], stride: [2, 2], padding: 2, dilation: [1, 1]),
        Layer(input: [4, 16, 15, 16], filter: [18, 16, 7, 7], stride: [2, 2], padding: 3, dilation: [1, 1]),
        Layer(input: [4, 16, 24, 24], filter: [16, 16, 7, 9], stride: [3, 3], padding: 3, dilation: [1, 1]),
        Layer(input: [4, 16, 8, 16], filter: [17, 16, 3, 5], stride: [1, 2], padding: 1, dilation: [1, 1]),
        Layer(
            input: [4, 32, 16, 16], filter: [32, 16, 3, 3], stride: [2, 2], padding: 2, dilation: [2, 2], groups: 2),
    ]

    @Test("Phases with 3 × 3 taps of a larger filter", arguments: phases)
    func phasesOfLargerFilters(layer: Layer) throws {
        var numbers = Numbers(seed: 17)
        let (x, w) = (numbers.reals(layer.input), numbers.reals(layer.filter))
        let gradient = try layer.energy().gradient(of: "x", "w", output: "energy")
        let kernels = try gradient.compiled().report.steps.map { $0.kernel }
        #expect(kernels.contains { $0.hasPrefix("winograd") && $0.hasSuffix("input") }, "\(kernels)")
        try expectAgreement(gradient, ["x": x, "w": w], within: 1e-5)
        // The transposed layer: the same form, solved for its input.
        let transposed = try Graph { g in
            let (y, w) = (g.input("y", [2, layer.filter[0], 12, 12]), g.input("w", layer.filter))
            return y.transposedConvolved(
                with: w, stride: PerAxis(layer.stride), padding: 1, dilation: PerAxis(layer.dilation),
                groups: layer.groups)
        }
        try expectAgreement(
            transposed, ["y": numbers.reals([2, layer.filter[0], 12, 12]), "w": w], within: 1e-5)
    }

    /// The only plane of taps is beside the only plane of the source.
    @Test func planesThatDoNotMeet() throws {
        var numbers = Numbers(seed: 18)
        let graph = try Graph { g in
            let x = g.input("x", [2, 16, 1, 16, 16])
            return x.convolved(
                with: g.input("w", [16, 16, 1, 3, 3]), padding: .sides(before: [1, 1, 1], after: [-1, 1, 1]))
        }
        let inputs = ["x": numbers.reals([2, 16, 1, 16, 16]), "w": numbers.reals([16, 16, 1, 3, 3])]
        #expect(try graph.compiled().run(inputs).floats.allSatisfy { $0 == 0 })
        try expectAgreement(graph, inputs, within: 1e-5)
    }

    @Test(arguments: layers.filter { $0.input.count * $0.filter.count < 200_000 })
    func secondDerivativesAreExact(layer: Layer) throws {
        var numbers = Numbers(seed: 12)
        let gradient = try layer.energy().gradient(of: "x", "w", output: "energy")
        let second = try gradient.vjp(of: ["x", "w"])
        var inputs = [
            "x": numbers.integers(layer.input, within: 1), "w": numbers.integers(layer.filter, within: 1),
        ]
        inputs["∂∂x"] = numbers.integers(layer.input, within: 1)
        inputs["∂∂w"] = numbers.integers(layer.filter, within: 1)
        try expectAgreement(second, inputs)
    }

    @Test func transposedLayers() throws {
        var numbers = Numbers(seed: 13)
        let graph = try Graph { g in
            let x = g.input("x", [2, 6, 4, 5])
            let w = g.input("w", [6, 2, 3, 2])
            let y = x.transposedConvolved(with: w, stride: [2, 3], padding: 1, outputPadding: [1, 0], groups: 3)
            return [("y", y), ("energy", y.squared().sum())]
        }
        let gradient = try graph.valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient,
            ["x": numbers.integers([2, 6, 4, 5], within: 2), "w": numbers.integers([6, 2, 3, 2], within: 2)])
    }

    @Test(arguments: Primitive.Convolution.Role.allCases)
    func spreadInputs(role: Primitive.Convolution.Role) throws {
        var numbers = Numbers(seed: 14)
        let window = Window([Window.Axis(inputSpacing: 2, stride: 3, dilation: 1, padding: 1)])
        let shapes: [Primitive.Convolution.Role: Shape] = [
            .input: [2, 4, 9], .filter: [6, 2, 3], .output: [2, 6, 6],
        ]
        let size = shapes[role]!.sizes[2]
        let form = Primitive.Convolution(window: window, groups: 2, role: role, size: [size])
        let graph = try Graph { g in
            g.apply(.convolution(form), to: form.operandRoles.map { g.input($0.rawValue, shapes[$0]!) })
        }
        var inputs: [String: Tensor] = [:]
        for role in form.operandRoles { inputs[role.rawValue] = numbers.integers(shapes[role]!) }
        try expectAgreement(graph, inputs)
    }

    @Test(arguments: [
        "nk,mk->nm", "nk,no->ok", "no,oi->ni", "kn,km->mn", "bij,bjk->bik", "ij,jkl->lik", "i,i->", "i,j->ij",
    ])
    func contractions(notation: String) throws {
        var numbers = Numbers(seed: 15)
        let parts = notation.split(whereSeparator: { ",->".contains($0) }).map(String.init)
        let sizes: [Character: Int] = [
            "n": 5, "k": 33, "m": 18, "o": 10, "i": 7, "b": 3, "j": 4, "l": 2,
        ]
        func shape(_ letters: String) -> Shape { Shape(letters.map { sizes[$0]! }) }
        let result = parts.count > 2 ? parts[2] : ""
        let graph = try Graph { g in
            let y = g.input("x", shape(parts[0])).contracted(g.input("w", shape(parts[1])), parts[0], parts[1], result)
            return [("y", y), ("energy", y.squared().sum())]
        }
        let gradient = try graph.valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient, ["x": numbers.integers(shape(parts[0])), "w": numbers.integers(shape(parts[1]))])
    }
}
