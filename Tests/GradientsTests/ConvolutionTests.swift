import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

@Suite struct ConvolutionTests {
    /// T(x, w, y) by its definition, for one image, one group, and any window: a sum over all triples that meet.
    private func form(_ window: Window, groups: Int, _ x: Tensor, _ w: Tensor, _ y: Tensor) -> Double {
        let (channels, filters) = (w.shape[1], w.shape[0] / groups)
        func plane(_ tensor: Tensor) -> Shape { Shape(Array(tensor.shape.sizes.dropFirst(2))) }
        func indices(_ shape: Shape) -> [[Int]] {
            shape.sizes.reduce([[]]) { lists, size in lists.flatMap { list in (0..<size).map { list + [$0] } } }
        }
        let (inputs, taps, outputs) = (indices(plane(x)), indices(plane(w)), indices(plane(y)))
        var sum = 0.0
        for (i, input) in inputs.enumerated() {
            for (r, tap) in taps.enumerated() {
                for (p, output) in outputs.enumerated() {
                    let meets = window.axes.indices.allSatisfy { axis in
                        let along = window.axes[axis]
                        return along.inputSpacing * input[axis]
                            == along.stride * output[axis] + along.dilation * tap[axis] - along.padding
                    }
                    guard meets else { continue }
                    for n in 0..<x.shape[0] {
                        for k in 0..<groups * filters {
                            for c in 0..<channels {
                                let channel = k / filters * channels + c
                                sum +=
                                    x.doubles[(n * x.shape[1] + channel) * inputs.count + i]
                                    * w.doubles[(k * channels + c) * taps.count + r]
                                    * y.doubles[(n * w.shape[0] + k) * outputs.count + p]
                            }
                        }
                    }
                }
            }
        }
        return sum
    }

    /// ⟨conv(x, w), y⟩ = ⟨x, dX(y, w)⟩ = ⟨w, dW(x, y)⟩ = T(x, w, y), exactly, and the same for every derivative of
    /// every one of the three.
    @Test(arguments: WindowZoo.cases) func allRolesAndTheirTransposes(_ geometry: WindowCase) throws {
        let layer = try geometry.layer()
        let (x, w) = (Tensor.integers(geometry.inputShape, seed: 1), Tensor.integers(geometry.filterShape, seed: 2))
        let result = try layer.evaluated(["x": x, "w": w])["output"]!
        let y = Tensor.integers(result.shape, seed: 3)
        let pullback = try layer.vjp(of: ["x", "w"])
        let gradients = try pullback.evaluated(["x": x, "w": w, "∂output": y])
        let (dx, dw) = (gradients["∂x"]!, gradients["∂w"]!)
        #expect(dx.shape == x.shape)
        #expect(dw.shape == w.shape)
        let sum = result.inner(y)
        #expect(x.inner(dx) == sum)
        #expect(w.inner(dw) == sum)
        guard case .convolution(let convolution)? = layer.nodes.last?.primitive else { Issue.record(); return }
        #expect(form(convolution.window, groups: convolution.groups, x, w, y) == sum)
        // Of the layer itself; of dX and dW, whose two operands each make the six transpositions; and of theirs.
        try DerivativeChecks(isExact: true)(layer, at: ["x": x, "w": w], order: 3)
        let roles = pullback.nodes.compactMap { node -> Primitive.Convolution.Role? in
            if case .convolution(let convolution) = node.primitive { convolution.role } else { nil }
        }
        #expect(Set(roles) == [.output, .input, .filter])
    }

    @Test(arguments: WindowZoo.inhabited) func differences(_ geometry: WindowCase) throws {
        let layer = try geometry.layer()
        try DerivativeChecks()(
            layer,
            at: ["x": .uniform(geometry.inputShape, seed: 4), "w": .uniform(geometry.filterShape, seed: 5)], order: 1)
    }

    /// The layer for which a transposed layer gives back the size of the input, and the same filter in the other direction.
    @Test(arguments: WindowZoo.inhabited) func transposedLayerIsTheFormSolvedForItsInput(_ geometry: WindowCase) throws
    {
        let output = try geometry.layer().nodes.last!.shape
        let tails = geometry.input.indices.map { axis in
            (geometry.input[axis] + geometry.before[axis] + geometry.after[axis]
                - geometry.dilation[axis] * (geometry.kernel[axis] - 1) - 1) % geometry.stride[axis]
        }
        let transposed = try Graph { g in
            g.input("y", output, .float64).transposedConvolved(
                with: g.input("w", geometry.filterShape, .float64), stride: PerAxis(geometry.stride),
                padding: geometry.padding, outputPadding: PerAxis(tails), dilation: PerAxis(geometry.dilation),
                groups: geometry.groups)
        }
        let (y, w) = (Tensor.integers(output, seed: 6), Tensor.integers(geometry.filterShape, seed: 7))
        let x = Tensor.integers(geometry.inputShape, seed: 8)
        let result = try transposed.evaluated(["y": y, "w": w])["output"]!
        #expect(result.shape == geometry.inputShape)
        let layer = try geometry.layer().evaluated(["x": x, "w": w])["output"]!
        #expect(result.inner(x) == layer.inner(y))
        try DerivativeChecks(isExact: true)(transposed, at: ["y": y, "w": w])
    }

    @Test func samePaddingAtAnyStride() throws {
        for size in 1...9 {
            for kernel in 1...4 {
                for stride in 1...4 {
                    for dilation in 1...2 {
                        let layers = try Graph { g in
                            let (x, w) = (g.input("x", [1, 1, size]), g.input("w", [1, 1, kernel]))
                            return [
                                (
                                    "layer",
                                    x.convolved(
                                        with: w, stride: PerAxis(stride), padding: .same, dilation: PerAxis(dilation))
                                ),
                                (
                                    "transposed",
                                    x.transposedConvolved(
                                        with: w, stride: PerAxis(stride), padding: .same, dilation: PerAxis(dilation))
                                ),
                            ]
                        }
                        func shape(_ name: String) -> Shape { layers.nodes[layers.output(named: name)!.node].shape }
                        #expect(shape("layer") == [1, 1, (size + stride - 1) / stride])
                        #expect(shape("transposed") == [1, 1, size * stride])
                    }
                }
            }
        }
    }

    /// A transposed layer with "same" padding is the transpose of the layer with "same" padding.
    @Test(arguments: [(4, 3, 2), (5, 3, 2), (3, 2, 3), (4, 5, 3), (2, 1, 4)])
    func sameTransposed(size: Int, kernel: Int, stride: Int) throws {
        let transposed = try Graph { g in
            g.input("y", [1, 1, size], .float64).transposedConvolved(
                with: g.input("w", [1, 1, kernel], .float64), stride: PerAxis(stride), padding: .same)
        }
        let layer = try Graph { g in
            g.input("x", [1, 1, size * stride], .float64).convolved(
                with: g.input("w", [1, 1, kernel], .float64), stride: PerAxis(stride), padding: .same)
        }
        let (w, y) = (Tensor.integers([1, 1, kernel], seed: 1), Tensor.integers([1, 1, size], seed: 2))
        let dx = try layer.vjp(of: ["x"]).evaluated([
            "x": .integers([1, 1, size * stride], seed: 3), "w": w, "∂output": y,
        ])
        #expect(try transposed.evaluated(["y": y, "w": w])["output"] == dx["∂x"])
    }

    @Test func sameOperandTwice() throws {
        let graph = try Graph { g in
            let x = g.input("x", [2, 2, 3, 3], .float64)
            return x.convolved(with: x, padding: 1)
        }
        try DerivativeChecks(isExact: true)(graph, at: ["x": .integers([2, 2, 3, 3], seed: 1)])
    }
}
