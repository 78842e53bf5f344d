import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Testing

/// Layers of any geometry: their equations, read as mathematics, give the numbers of the graphs.
@Suite struct EquationsTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let layer: LayerGeometry
        var testDescription: String { name }

        init(_ name: String, _ input: [Int], _ kernel: [Int], _ change: (inout LayerGeometry) -> Void = { _ in }) {
            self.name = name
            var layer = LayerGeometry(input: input, kernel: kernel)
            change(&layer)
            self.layer = layer
        }
    }

    static let cases = [
        Case("question", [3, 3], [2, 2]),
        Case("one axis", [5], [3]),
        Case("three axes", [2, 3, 3], [2, 2, 1]),
        Case("stride 2 with a remainder", [6, 5], [3, 2]) { $0.stride = 2 },
        Case("padding", [3, 3], [3, 3]) { $0.padding = 1 },
        Case("same padding at stride 2", [5, 4], [3, 2]) {
            $0.padding = .same
            $0.stride = 2
        },
        Case("uneven and negative padding", [4, 4], [2, 2]) { $0.padding = .sides(before: [1, -1], after: [0, 2]) },
        Case("dilation 2", [5, 5], [2, 3]) { $0.dilation = 2 },
        Case("two channels, three filters, batch 2, bias", [3, 3], [2, 2]) {
            $0.channels = 2
            $0.filters = 3
            $0.batch = 2
            $0.hasBias = true
        },
        Case("groups", [3, 3], [2, 2]) {
            $0.channels = 4
            $0.filters = 6
            $0.groups = 2
        },
        Case("depthwise", [3, 3], [2, 2]) {
            $0.channels = 3
            $0.filters = 3
            $0.groups = 3
        },
        Case("transposed", [2, 3], [3, 2]) {
            $0.isTransposed = true
            $0.stride = 2
            $0.padding = 1
            $0.outputPadding = [1, 0]
        },
        Case("transposed groups", [2, 2], [2, 2]) {
            $0.isTransposed = true
            $0.channels = 4
            $0.filters = 2
            $0.groups = 2
            $0.hasBias = true
        },
        Case("a weight that meets only padding", [1, 1], [3, 3]) { $0.padding = 1 },
    ]

    @Test(arguments: cases) func equationsGiveTheNumbersOfTheGraph(_ example: Case) throws {
        let graph = try example.layer.graph()
        let output = graph.nodes[graph.outputs[0].node].shape
        let names = graph.inputs.map { $0.name }
        var bindings: [String: Tensor] = ["∂G": numbers(output, 7)]
        for (position, input) in graph.inputs.enumerated() { bindings[input.name] = numbers(input.shape, position) }
        let expected = try graph.vjp(of: names).evaluated(bindings)

        // Symbols alone, and the numbers put into the finished expressions.
        var equations = try Equations(of: graph)
        var known: [Expression: Double] = [:]
        for input in graph.inputs {
            for (place, number) in bindings[input.name]!.doubles.enumerated() {
                known[.variable(try equations.name(of: input.name, at: place))] = number
            }
        }
        for (equation, number) in zip(try equations.forward(), bindings["∂G"]!.doubles) {
            guard case .variable(let name) = equation.left else {
                Issue.record("\(equation.text) does not begin with a name")
                return
            }
            known[.derivative(of: "E", by: name)] = number
        }
        #expect(try equations.forward().map { $0.right.value(where: known) } == expected["G"]!.doubles)
        for name in names {
            let gradient = try equations.gradient(of: name)
            #expect(gradient.map { $0.right.value(where: known) } == expected["∂" + name]!.doubles)
        }
        // Symbols that carry their numbers.
        var bound = try Equations(of: graph, values: bindings)
        #expect(try bound.forward().map { $0.value } == expected["G"]!.doubles)
        for name in names {
            #expect(try bound.gradient(of: name).map { $0.value } == expected["∂" + name]!.doubles)
            #expect(try bound.gradient(of: name).map { $0.text } == equations.gradient(of: name).map { $0.text })
        }
    }

    /// The partials come from the linearized graph, the gradient from its transpose: the former put into the chain rule
    /// give the latter, letter by letter.
    @Test(arguments: cases) func partialsInTheChainRuleGiveTheGradient(_ example: Case) throws {
        var equations = try Equations(of: example.layer.graph())
        for input in equations.graph.inputs {
            for place in 0..<input.shape.count {
                let gradient = try equations.gradient(of: input.name)[place]
                let partials = try equations.partials(by: input.name, at: place)
                let chainRule = try equations.chainRule(over: partials, of: input.name, at: place)
                #expect(chainRule.left == gradient.left)
                var expected: [String] = []
                for (partial, term) in zip(partials, chainRule.right.terms) {
                    let factors = term.factors
                    #expect(factors.count == 2 && factors.last == partial.left)
                    let text = partial.right.text
                    expected.append(factors[0].text + (text == "1" ? "" : "·" + text))
                }
                #expect(gradient.right.text == (expected.isEmpty ? "0" : expected.joined(separator: " + ")))
            }
        }
    }

    @Test func namesOfOneChannelCountFromOne() throws {
        var layer = LayerGeometry(input: [2, 2], kernel: [2, 2])
        layer.padding = 1
        layer.stride = 2
        layer.hasBias = true
        var equations = try Equations(of: layer.graph())
        #expect(
            try equations.forward().map { $0.text } == [
                "G1 = V1·W4 + B1", "G2 = V2·W3 + B1", "G3 = V3·W2 + B1", "G4 = V4·W1 + B1",
            ])
        #expect(try equations.gradient(of: "W").map { $0.text }[0] == "∂E/∂W1 = ∂E/∂G4·V4")
        #expect(
            try equations.gradient(of: "B").map { $0.text } == ["∂E/∂B1 = ∂E/∂G1 + ∂E/∂G2 + ∂E/∂G3 + ∂E/∂G4"])
        #expect(try equations.partials(by: "B", at: 0).map { $0.text }[0] == "∂G1/∂B1 = 1")
    }

    @Test func namesOfManyChannelsCountFromZero() throws {
        var layer = LayerGeometry(input: [1, 2], kernel: [1, 1])
        layer.channels = 2
        layer.filters = 2
        var equations = try Equations(of: layer.graph())
        #expect(
            try equations.forward().map { $0.text }[1] == "G[0,0,0,1] = V[0,0,0,1]·W[0,0,0,0] + V[0,1,0,1]·W[0,1,0,0]")
        #expect(
            try equations.gradient(of: "W").map { $0.text }[2]
                == "∂E/∂W[1,0,0,0] = ∂E/∂G[0,1,0,0]·V[0,0,0,0] + ∂E/∂G[0,1,0,1]·V[0,0,0,1]")
    }

    @Test func whatDoesNotFitIsRefused() throws {
        #expect(throws: ArgumentError.self) { try LayerGeometry(input: [2, 2], kernel: [3, 3]).graph() }
        var layer = LayerGeometry(input: [3, 3], kernel: [2, 2])
        layer.groups = 0
        #expect(throws: ArgumentError.self) { try layer.graph() }
        let graph = try LayerGeometry.question.graph()
        var equations = try Equations(of: graph)
        #expect(throws: ArgumentError.self) { try equations.gradient(of: "U") }
        #expect(throws: ArgumentError.self) { try equations.partials(by: "W", at: 4) }
        #expect(throws: ArgumentError.self) { try Equations(of: graph, values: ["W": Tensor([1], [1] as [Double])]) }
    }

    /// One element of a layer that is too large to be written out.
    @Test func anElementOfALargeLayer() throws {
        var equations = try Equations(of: try LayerGeometry(input: [224, 224], kernel: [2, 1]).graph())
        #expect(try equations.forward(at: 1).text == "G2 = V2·W1 + V226·W2")
        #expect(try equations.gradient(of: "V", at: 224).text == "∂E/∂V225 = ∂E/∂G1·W2 + ∂E/∂G225·W1")
    }

    private func numbers(_ shape: Shape, _ seed: Int) -> Tensor {
        let elements = (0..<shape.count).map { Double(($0 * 5 + seed * 3) % 7 - 3) }
        return try! Tensor(shape, elements)
    }
}
