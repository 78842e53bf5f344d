import AdjointExplanations
import AdjointGraphs
import TestSupport
import Testing

@Suite struct ConvolutionReadingTests {
    /// Every role of every window, as the node itself and as a sliding window made of ordinary steps.
    @Test(arguments: WindowZoo.inhabited, Primitive.Convolution.Role.allCases)
    func bothReadingsAreEqual(_ window: WindowCase, _ role: Primitive.Convolution.Role) throws {
        let layer = try window.layer()
        let node = layer.nodes[layer.outputs[0].node]
        guard case .convolution(let convolution) = node.primitive else { throw CancellationError() }
        let shapes: [Primitive.Convolution.Role: Shape] = [
            .input: window.inputShape, .filter: window.filterShape, .output: node.shape,
        ]
        let solved = convolution.solved(for: role, size: Array(shapes[role]!.sizes.dropFirst(2)))
        let operands = solved.operandRoles.map { Signature(shapes[$0]!, .float64) }
        let bindings = [
            "a": Tensor.integers(operands[0].shape, seed: 1), "b": Tensor.integers(operands[1].shape, seed: 2),
        ]
        let itself = try Graph { g in
            let (a, b) = (g.input("a", operands[0].shape, .float64), g.input("b", operands[1].shape, .float64))
            return g.apply(.convolution(solved), to: [a, b])
        }
        let reread = try solved.reread(operands[0], operands[1])
        #expect(try reread.evaluated(bindings) == itself.evaluated(bindings))
        for node in reread.nodes {
            if case .convolution(let step) = node.primitive { #expect(step.role == .output) }
        }
    }
}
