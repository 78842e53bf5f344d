import AdjointExplanations
import AdjointGraphs
import Testing

@Suite struct ExplanationTests {
    @Test func theQuestion() throws {
        #expect(
            try Explanation(layer: .question).text == """
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
        let text = try Explanation(layer: layer, values: values).text
        #expect(text.contains("G2 = V2·W1 + V3·W2 = -1\n"))
        #expect(text.contains("∂E/∂W2 = ∂E/∂G1·V2 + ∂E/∂G2·V3 = 7\n"))
    }
}
