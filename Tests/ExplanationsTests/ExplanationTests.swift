import AdjointExplanations
import AdjointGraphs
import Testing

@Suite struct ExplanationTests {
    @Test func theQuestion() throws {
        #expect(
            try Explanation(of: .question, parts: [.filter], views: [.equations]).text() == """
                The layer
                  G1 = V1·W1 + V2·W2 + V4·W3 + V5·W4
                  G2 = V2·W1 + V3·W2 + V5·W3 + V6·W4
                  G3 = V4·W1 + V5·W2 + V7·W3 + V8·W4
                  G4 = V5·W1 + V6·W2 + V8·W3 + V9·W4

                The chain rule for W1
                  ∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + ∂E/∂G2·∂G2/∂W1 + ∂E/∂G3·∂G3/∂W1 + ∂E/∂G4·∂G4/∂W1

                How the output moves with W1
                  ∂G1/∂W1 = V1
                  ∂G2/∂W1 = V2
                  ∂G3/∂W1 = V4
                  ∂G4/∂W1 = V5

                The gradient of W
                  ∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5
                  ∂E/∂W2 = ∂E/∂G1·V2 + ∂E/∂G2·V3 + ∂E/∂G3·V5 + ∂E/∂G4·V6
                  ∂E/∂W3 = ∂E/∂G1·V4 + ∂E/∂G2·V5 + ∂E/∂G3·V7 + ∂E/∂G4·V8
                  ∂E/∂W4 = ∂E/∂G1·V5 + ∂E/∂G2·V6 + ∂E/∂G3·V8 + ∂E/∂G4·V9

                The same as a graph, where ∂W stands for ∂E/∂W
                  ∂W = convolution(V, ∂G) role: filter
                  The gradient of W is one convolution with role filter.
                """)
    }

    @Test func numbersStandBehindTheEquations() throws {
        let layer = LayerGeometry(input: [3], kernel: [2])
        let values = try [
            "V": Tensor([1, 1, 3], [1, 2, 3] as [Float]), "W": Tensor([1, 1, 2], [1, -1] as [Float]),
            "∂G": Tensor([1, 1, 2], [0.5, 2] as [Float]),
        ]
        let text = try Explanation(of: layer, parts: [.filter], values: values).text()
        #expect(text.contains("  G2 = V2·W1 + V3·W2\n     = 2·1 + 3·(-1)\n     = -1\n"))
        #expect(text.contains("  ∂E/∂W2 = ∂E/∂G1·V2 + ∂E/∂G2·V3\n         = 0.5·2 + 2·3\n         = 7\n"))
    }

    @Test func linesFitTheTerminal() throws {
        var layer = LayerGeometry(input: [6, 6], kernel: [3, 3])
        layer.channels = 2
        let text = try Explanation(of: layer, views: [.equations, .check]).text(width: 80)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(text.contains("\n               + V["))
    }

    /// An output has one window, in which it is the sum of its taps and its bias.
    @Test func anOutputHasItsBias() throws {
        var layer = LayerGeometry(input: [3], kernel: [2])
        layer.hasBias = true
        let values = try [
            "V": Tensor([1, 1, 3], [1, 2, 3] as [Double]), "W": Tensor([1, 1, 2], [1, 1] as [Double]),
            "B": Tensor([1], [10] as [Double]),
        ]
        let text = try Explanation(of: layer, selecting: Selection("G", at: 0), values: values).text()
        #expect(text.contains("     = 1·1 + 2·1 + 10\n     = 13\n"))
        #expect(text.contains("G1 is a sum of 3 terms, tap by tap in one window, the last its bias: 13."))
    }

    /// Large sums are shortened, and every note on that says how to see the rest.
    @Test func aStemFolds() throws {
        var layer = LayerGeometry(input: [224, 224], kernel: [7, 7])
        (layer.channels, layer.filters, layer.stride, layer.padding) = (3, 64, 2, 3)
        let explanation = try Explanation(
            of: layer, parts: [.filter], selecting: Selection("W", at: 0), views: [.equations, .check])
        let folds = explanation.sections.flatMap { $0.blocks }.compactMap { block in
            if case .fold(let summary, let opening) = block { (summary: summary, opening: opening) } else { nil }
        }
        #expect(folds.contains { $0.summary.hasPrefix("12,544 windows, 12,100 with a real pixel; ") })
        #expect(folds.allSatisfy { !$0.opening.isEmpty })
        #expect(explanation.text().count < 40_000)
    }

    /// A sum that is too long to be written leaves everything else, with a note on what to select instead, which then works.
    @Test(.timeLimit(.minutes(2))) func sumsThatAreTooLongFold() throws {
        let layer = LayerGeometry(input: [400, 400], kernel: [3, 3])
        for detail in [Explanation.Detail.readable, .whole] {
            let explanation = try Explanation(of: layer, views: [.equations], detail: detail)
            // Prose is broken into lines.
            let text = explanation.text().split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
            #expect(
                text.contains(
                    "(each element of W adds 158,404 windows up: too many for an equation; ask for --view windows"))
            #expect(text.contains("∂E/∂V80201 = ") && explanation.json().contains("too many for an equation"))
        }
        let windows = try Explanation(of: layer, views: [.windows]).text()
        #expect(windows.contains("∂E/∂W1 is a sum of 158404 terms over 158404 windows."))
        // JSON does not list so many, so it is not recommended.
        #expect(windows.contains("158404 terms; the ten first shown; ask for a smaller --input"))
    }

    /// These took minutes: a pool that chooses for each element anew, a partial for each of 47,524 windows.
    @Test(.timeLimit(.minutes(2))) func largeLayersAnswer() throws {
        var pool = LayerGeometry(input: [512, 512], kernel: [3, 3])
        (pool.pool, pool.stride) = (.max, 3)
        let values = try ["V": Tensor.drawn(#require(pool.shapes()["V"]), stream: 0)]
        #expect(try Explanation(of: pool, views: [.equations], values: values).text().contains("The gradient of V"))
        var layer = LayerGeometry(input: [224, 224], kernel: [7, 7])
        (layer.channels, layer.filters) = (64, 3)
        let json = try Explanation(of: layer, views: [.equations], detail: .whole).json()
        #expect(
            json.contains("47,524 windows, 47,524 with a real pixel; the first 83 shown")
                || json.contains("the first 10 shown"))
    }

    /// This took half a minute: whatever was drawn, each of a million positions had an array and a name of its own.
    @Test(.timeLimit(.minutes(2))) func largePlanesAnswer() throws {
        let text = try Explanation(of: LayerGeometry(input: [1000, 1000], kernel: [3, 3]), parts: [.input]).text()
        #expect(text.contains("W1 meets 996004 elements of V: V1, V2, V3, V4, V5, V6, …"))
    }

    @Test func theCheckAgrees() throws {
        let sections = try Explanation.check(of: .question, selecting: Selection("W", at: 3), values: [:])
        #expect(sections.count == 1 && sections[0].view == .check)
        #expect(sections[0].blocks.last == .line("Both agree within rounding."))
    }
}
