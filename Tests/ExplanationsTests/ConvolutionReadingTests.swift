import AdjointGraphs
import TestSupport
import Testing

@testable import AdjointExplanations

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

extension Primitive.Convolution {
    /// The node made of ordinary steps: inserting zeros, padding, rotating the filter by 180°, sliding with role `output`, and
    /// keeping the first results. It computes the same as the node.
    ///
    /// - Parameters:
    ///   - a: the shape of the node's first operand, which the graph calls `a`; the other is `b`.
    /// - Returns: a graph with the output `output`.
    fileprivate func reread(_ a: Signature, _ b: Signature) throws(ArgumentError) -> Graph {
        let extents = extents(a.shape, b.shape)
        let reading = SlidingReading(self, extents)
        let (n, g, c, k) = (extents.batch, groups, extents.channels, extents.filters)
        let (axes, rank) = (Array(0..<window.rank), window.rank)
        return try Graph { builder in
            let (first, second) = (builder.input("a", a.shape, a.type), builder.input("b", b.shape, b.type))
            switch role {
            case .output:
                return reading.kept(first, second, groups: g)
            case .filter:
                // The sum is over examples, which take the place of channels. [n, g·C+c] as [c, g·N+n], [n, k] as [k, n].
                let plane = first.reshaped(to: Shape([n, g, c] + extents.input))
                    .permuted([2, 1, 0] + axes.map { $0 + 3 }).reshaped(to: Shape([c, g * n] + extents.input))
                let swap = [1, 0] + axes.map { $0 + 2 }
                return reading.kept(plane, second.permuted(swap), groups: g).permuted(swap)
            case .input:
                // The sum is over filters: [g·K+k, c] as [g·C+c, k].
                let filter = first.reshaped(to: Shape([g, k, c] + extents.taps))
                    .permuted([0, 2, 1] + (3..<3 + rank)).reshaped(to: Shape([g * c, k] + extents.taps))
                return reading.kept(second, filter, groups: g)
            }
        }
    }
}

extension SlidingReading {
    /// What is left after the last step.
    fileprivate func kept(_ plane: Value, _ filter: Value, groups: Int) -> Value {
        steps(plane, filter, groups: groups).last?.1 ?? plane
    }
}
