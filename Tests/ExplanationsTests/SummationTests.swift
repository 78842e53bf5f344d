import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Testing

/// The gradients of every kind of parameter, split into terms on small integers, so that every order of summation gives the
/// same.
@Suite struct SummationTests {
    /// A convolution with a bias, scale and shift with the running statistics folded in, a rectifier, a linear layer.
    private static func network(groups: Int = 1) throws -> (Graph, [String: Tensor]) {
        let graph = try Graph { (g: GraphBuilder) -> [(String, Value)] in
            let x = g.input("x", [2, 2, 5, 5])
            let filtered = x.convolved(
                with: g.input("w", [4, 2 / groups, 3, 3]), stride: 2, padding: 1, groups: groups
            ).adding(bias: g.input("b", [4]))
            // Division by 2 is exact.
            let scale = g.input("scale", [4]) / (g.input("variance", [4]) * 0 + 4).sqrt()
            let normal = filtered.scaled(by: scale, shift: g.input("shift", [4]) - g.input("mean", [4]) * scale)
            let features = normal.relu().flattened()
            let scores = features.contracted(g.input("linear", [3, 36]), "nc", "kc", "nk")
                .adding(bias: g.input("linear bias", [3]))
            return [
                ("filtered", filtered), ("normal", normal), ("features", features), ("scores", scores),
                ("error", scores.squared().sum()),
            ]
        }
        var bindings: [String: Tensor] = [:]
        for (seed, input) in graph.inputs.enumerated() {
            bindings[input.name] = try Tensor(
                input.shape, (0..<input.shape.count).map { Float(($0 * 5 + seed * 3) % 7 % 5 - 2) * 2 })
        }
        return (graph, bindings)
    }

    private static let layers = ["filtered", "normal", "features", "scores"]

    @Test(
        arguments: ["x", "w", "b", "scale", "shift", "mean", "linear", "linear bias"], [1, 2])
    func termsSumExactlyToTheGradient(_ parameter: String, _ groups: Int) throws {
        let (graph, bindings) = try Self.network(groups: groups)
        let expected = try graph.gradient(of: parameter, output: "error").evaluated(bindings)["∂" + parameter]!
        let gradient = try ParameterGradient(
            of: parameter, in: graph, output: "error", layers: Self.layers, bindings: bindings)
        #expect(gradient.gradient == expected)
        for place in stride(from: 0, to: expected.count, by: expected.count > 40 ? 7 : 1) {
            let element = zip(expected.shape.sizes, expected.shape.strides).map { place / $1 % $0 }
            let contributions = try gradient.contributions(to: element)
            #expect(contributions.net == expected.doubles[place])
            #expect(contributions.plus + contributions.minus == contributions.net)
            #expect(contributions.nonZeroCount <= contributions.terms.count)
            // Each place of the layer's output occurs once.
            #expect(Set(contributions.terms.map { $0.output }).count == contributions.terms.count)
        }
    }

    /// The partial derivative of every term is equal to that from a one-hot tangent at that place.
    @Test(arguments: [
        ("x", "filtered"), ("w", "filtered"), ("scale", "normal"), ("mean", "normal"), ("linear", "scores"),
    ])
    func partialsAreThoseOfOneHotTangents(_ parameter: String, _ layer: String) throws {
        let (graph, bindings) = try Self.network()
        let shape = bindings[parameter]!.shape
        let place = shape.count / 2
        let element = zip(shape.sizes, shape.strides).map { place / $1 % $0 }
        var tangents = bindings
        tangents["∂" + parameter] = try Tensor(shape, (0..<shape.count).map { $0 == place ? 1 : 0 as Float })
        let partials = try graph.jvp(of: [parameter]).evaluated(tangents)["∂" + layer]!
        let contributions = try Contributions(
            to: element, of: parameter, in: graph, output: "error", layers: Self.layers, bindings: bindings)
        var found = [Double](repeating: 0, count: partials.count)
        for term in contributions.terms {
            found[zip(term.output, partials.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }] = term.partial
        }
        #expect(found == partials.doubles)
    }

    @Test func whatTheSumsRunOver() throws {
        let (graph, bindings) = try Self.network()
        func contributions(_ parameter: String, _ element: [Int]) throws -> Contributions {
            try Contributions(
                to: element, of: parameter, in: graph, output: "error", layers: Self.layers, bindings: bindings)
        }
        let bias = try contributions("b", [1])
        #expect(bias.summation == .positions && bias.windows == [2, 3, 3] && bias.terms.count == 18)
        #expect(bias.terms.allSatisfy { $0.partial == 1 && $0.output[1] == 1 && $0.meeting == [] })

        let linear = try contributions("linear", [2, 7])
        #expect(linear.summation == .products && linear.windows == [2])
        #expect(linear.terms.map { $0.meeting } == [[0, 7], [1, 7]])
        #expect(linear.terms.map { $0.output } == [[0, 2], [1, 2]])

        // Pixel (1, 1) lies under windows 0 and 1 on each axis, taps 2 and 0, of all four filters.
        let pixel = try contributions("x", [0, 1, 1, 1])
        guard case .covering = pixel.summation else { Issue.record("\(pixel.summation)"); return }
        #expect(pixel.windows == [4, 3, 3] && pixel.terms.count == 16)
        #expect(pixel.terms[1].window == [0, 0, 1] && pixel.terms[1].meeting == [0, 1, 2, 0])
        #expect(pixel.patch(under: pixel.terms[0]).isEmpty)

        let scale = try contributions("scale", [3])
        #expect(scale.summation == .positions && scale.terms.count == 18)
    }

    /// The norms against ∂E∕∂y computed by hand: E is a sum of squares.
    @Test func theErrorsWayThroughTheLayers() throws {
        let (graph, bindings) = try Self.network()
        let gradient = try ParameterGradient(
            of: "w", in: graph, output: "error", layers: Self.layers, bindings: bindings)
        #expect(gradient.passages.map { $0.layer } == Self.layers.reversed())
        let values = try graph.evaluated(bindings)
        // E = Σ scores², so ∂E∕∂scores = 2·scores.
        let scores = values["scores"]!.doubles.map { 2 * $0 }
        #expect(gradient.passages[0].norm == scores.reduce(0) { $0 + $1 * $1 }.squareRoot())
        // The gradient of the last linear layer's weight passes no layer before it.
        let last = try ParameterGradient(
            of: "linear", in: graph, output: "error", layers: Self.layers, bindings: bindings)
        #expect(last.passages.map { $0.layer } == ["scores"])

        // ∂E∕∂features = Wᵀ·∂E∕∂scores
        let weights = bindings["linear"]!.doubles
        var squares = 0.0
        for n in 0..<2 {
            for c in 0..<36 {
                let sum = (0..<3).reduce(0.0) { $0 + weights[$1 * 36 + c] * scores[n * 3 + $1] }
                squares += sum * sum
            }
        }
        #expect(gradient.passages[1].norm == squares.squareRoot())
        // The rectifier blocks where its input is below zero.
        let open = values["normal"]!.doubles.count { $0 > 0 }
        #expect(gradient.passages[2].nonZeroCount <= open)
    }

    /// Without names of layers, the first value that every path passes is used in their place.
    @Test func layersNeedNoNames() throws {
        let (graph, bindings) = try Self.network()
        let bias = try Contributions(to: [1], of: "b", in: graph, output: "error", bindings: bindings)
        #expect(bias.terms.count == 18 && bias.summation == .positions)
    }

    /// A parameter that two layers share has no single sum.
    @Test func aSharedFilterIsRefused() throws {
        let graph = try Graph { g in
            let w = g.input("w", [1, 1, 2, 2])
            return g.input("x", [1, 1, 4, 4]).convolved(with: w).squared().convolved(with: w).sum()
        }
        let bindings = [
            "w": Tensor(known: [1, 1, 2, 2], repeating: 1), "x": Tensor(known: [1, 1, 4, 4], repeating: 1),
        ]
        #expect(throws: ArgumentError.self) {
            try Contributions(to: [0, 0, 0, 0], of: "w", in: graph, bindings: bindings)
        }
    }

    /// However large the parameter, its atlas is a few elements.
    @Test(arguments: [
        [64, 3, 7, 7], [3000, 700], [40, 30, 3, 3], [12, 8, 5], [2, 2, 3, 3, 3], [7], [1, 3, 32, 32],
    ])
    func anAtlasIsLimited(_ sizes: [Int]) throws {
        let shape = Shape(sizes)
        let graph = try Graph { g in (g.input("p", shape) * g.input("q", shape)).sum() }
        let numbers = try Tensor(shape, (0..<shape.count).map { Float($0 % 11) - 5 })
        let gradient = try ParameterGradient(of: "p", in: graph, bindings: ["p": numbers, "q": numbers]) {
            (graph, bindings) throws(ArgumentError) in try graph.evaluated(bindings, precision: .float32)
        }
        #expect(gradient.gradient == numbers)
        let picture = gradient.atlasPicture()
        #expect(picture.elements.count < 3000 && picture.width < 1000)
        #expect(picture.svg().utf8.count < 1_500_000)
    }

    @Test func mapsAreAsLargeAsTheSum() throws {
        let (graph, bindings) = try Self.network()
        func picture(_ parameter: String, _ element: [Int]) throws -> Picture? {
            try Contributions(
                to: element, of: parameter, in: graph, output: "error", layers: Self.layers, bindings: bindings
            ).mapPicture()
        }
        for (parameter, element) in [("w", [0, 0, 1, 1]), ("b", [1]), ("scale", [3]), ("x", [0, 0, 1, 1])] {
            let picture = try picture(parameter, element)
            #expect(picture?.title.contains("∂E/∂" + parameter) == true)
            #expect(picture?.svg().contains("<title") == true)
        }
    }

    @Test func theLargestGradients() throws {
        let (graph, bindings) = try Self.network()
        let gradient = try ParameterGradient(of: "linear", in: graph, output: "error", bindings: bindings)
        let largest = gradient.largest(5)
        let magnitudes = largest.map { gradient.gradient.doubles[$0[0] * 36 + $0[1]].magnitude }
        #expect(magnitudes == gradient.gradient.doubles.map { $0.magnitude }.sorted(by: >).prefix(5).map { $0 })
    }
}
