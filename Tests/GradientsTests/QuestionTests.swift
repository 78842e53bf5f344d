import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// The example that the project began with: a 3x3 input, a 2x2 filter, a 2x2 output.
@Suite struct QuestionTests {
    let energy = try! Graph { g in
        let v = g.input("V", [1, 1, 3, 3])
        let w = g.input("W", [1, 1, 2, 2])
        return v.convolved(with: w, stride: 1).squared().sum()
    }

    @Test func filterGradientIsOneConvolutionWithRoleFilter() throws {
        let gradient = try energy.gradient(of: "W")
        let roles = gradient.nodes.compactMap { node in
            if case .convolution(let convolution) = node.primitive { convolution.role } else { nil }
        }
        #expect(roles == [.output, .filter])
    }

    @Test func valuesOfTheFilterGradient() throws {
        let v = try Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float])
        let w = try Tensor([1, 1, 2, 2], [1, -1, 2, 0] as [Float])
        let gradient = try energy.gradient(of: "W")
        let result = try gradient.evaluated(["V": v, "W": w])
        // G = V ⋆ W, ∂E/∂G = 2·G, and each weight's derivative is the sum over the four windows.
        let g = [7.0, 9, 13, 15]
        let windows = [[1.0, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]
        let expected = (0..<4).map { tap in (0..<4).reduce(0.0) { $0 + 2 * g[$1] * windows[$1][tap] } }
        #expect(result["∂W"]?.doubles == expected)
    }

    @Test func transposingTwiceGivesTheSameGraph() throws {
        let linear = try energy.linearized(at: ["V", "W"]).tangent
        let twice = try linear.transposed().transposed()
        #expect(twice.simplified().graph.isEquivalent(to: linear.simplified().graph))
    }

    @Test func printedGradient() throws {
        let gradient = try energy.gradient(of: "W")
        #expect(
            "\(gradient)" == """
                %0 = input V  : float32[1, 1, 3, 3]
                %1 = input W  : float32[1, 1, 2, 2]
                %2 = convolution(V, W) role: output  : float32[1, 1, 2, 2]
                %3 = constant 2  : float32[]
                %4 = broadcast(%3) along axes [0, 1, 2, 3]  : float32[1, 1, 2, 2]
                %5 = multiply(%2, %4)  : float32[1, 1, 2, 2]
                %6 = convolution(V, %5) role: filter  : float32[1, 1, 2, 2]
                ∂W -> %6
                """)
    }
}
