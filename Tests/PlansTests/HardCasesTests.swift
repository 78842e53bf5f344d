import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Rows of the list of convolution gradients that other libraries got wrong, in which kernels, layouts or threads matter. The
/// others are in the tests of Gradients.
@Suite struct HardCasesTests {
    /// A layer's output and both gradients, exactly, on every kernel table and 1, 2 and 3 threads.
    private func expectExact(_ layer: Layer, seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var numbers = Numbers(seed: seed)
        let gradient = try layer.energy().valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient, ["x": numbers.integers(layer.input, within: 2), "w": numbers.integers(layer.filter, within: 2)],
            sourceLocation: sourceLocation)
    }

    @Test(
        "hard case 10: depthwise with 24 channels, stride 2, padding 1, and other channels that are no whole vectors",
        arguments: [24, 3, 17, 31, 40])
    func depthwiseChannels(channels: Int) throws {
        try expectExact(
            Layer(
                input: [2, channels, 9, 8], filter: [channels, 1, 3, 3], stride: [2, 2], padding: 1, dilation: [1, 1],
                groups: channels),
            seed: 10)
    }

    @Test("hard case 11: 1x1 with a stride above 1 and few channels", arguments: [1, 2, 3, 5], [2, 3])
    func pointwiseWithStride(channels: Int, stride: Int) throws {
        try expectExact(
            Layer(
                input: [3, channels, 8, 7], filter: [channels + 1, channels, 1, 1], stride: [stride, stride],
                dilation: [1, 1]),
            seed: 11)
    }

    @Test("hard case 20: operands that lie in memory in other orders than the layer likes")
    func operandsInOtherLayouts() throws {
        var numbers = Numbers(seed: 20)
        let graph = try Graph { g in
            // Both come as [spatial…, channels, batch], reversed and sliced: views of memory that is not the layer's.
            let x = g.input("x", [7, 6, 5, 2]).permuted([3, 2, 1, 0]).reversed([2])
            let w = g.input("w", [3, 3, 5, 8]).permuted([3, 2, 0, 1]).sliced(
                from: [0, 0, 0, 0], to: [8, 5, 3, 3], by: [2, 1, 1, 1])
            let y = x.convolved(with: w, stride: [1, 2], padding: 1)
            let z = y.permuted([1, 0, 3, 2])
            return [("z", z), ("energy", (z * z.reversed([3])).sum())]
        }
        let gradient = try graph.valueAndGradient(of: ["x", "w"], output: "energy")
        try expectAgreement(
            gradient,
            ["x": numbers.integers([7, 6, 5, 2], within: 2), "w": numbers.integers([3, 3, 5, 8], within: 2)])
    }

    @Test(
        "hard case 21: every subset of the gradients of input, filter and bias",
        arguments: [["x"], ["w"], ["b"], ["x", "b"], ["w", "b"], ["x", "w"], ["x", "w", "b"]])
    func subsets(names: [String]) throws {
        var numbers = Numbers(seed: 21)
        let graph = try Graph { g in
            let x = g.input("x", [2, 3, 6, 5])
            let y = x.convolved(with: g.input("w", [4, 3, 3, 2]), padding: 1).adding(bias: g.input("b", [4]))
            return y.squared().sum()
        }
        try expectAgreement(
            graph.gradient(of: names),
            [
                "x": numbers.integers([2, 3, 6, 5], within: 2), "w": numbers.integers([4, 3, 3, 2], within: 2),
                "b": numbers.integers([4]),
            ])
    }

    @Test("hard case 23: threads share the filter's gradient")
    func threadsShareTheFilterGradient() throws {
        var numbers = Numbers(seed: 23)
        let layer = Layer(input: [9, 8, 10, 10], filter: [8, 8, 3, 3], stride: [1, 1], padding: 1, dilation: [1, 1])
        let gradient = try layer.energy().gradient(of: "w", output: "energy")
        let inputs = ["x": numbers.reals(layer.input), "w": numbers.reals(layer.filter)]
        let plan = try gradient.compiled(options: PlanOptions(workers: three))
        let first = try plan.run(inputs).floats
        for _ in 0..<20 { #expect(try plan.run(inputs).floats == first) }
    }

    @Test("hard case 24: long sums in float32 stay near the sum in Double")
    func longSums() throws {
        var numbers = Numbers(seed: 24)
        let layer = Layer(input: [64, 1, 40, 40], filter: [1, 1, 1, 1], stride: [1, 1], dilation: [1, 1])
        let gradient = try Graph { g in
            let x = g.input("x", layer.input)
            return (x.convolved(with: g.input("w", layer.filter)) * x).sum()
        }.gradient(of: "w")
        let x = Tensor(known: layer.input, .float32(numbers.reals(layer.input).floats.map { abs($0) + 1 }))
        let exact = x.doubles.reduce(0) { $0 + $1 * $1 }
        for kernels in Machine.kernels {
            let plan = try gradient.compiled(options: PlanOptions(cpu: kernels))
            let got = try plan.run(["x": x, "w": Tensor(layer.filter, repeating: 1)]).doubles[0]
            #expect((got - exact).magnitude < 1e-6 * exact, "\(kernels): \(got), expected \(exact)")
        }
    }

    @Test("hard cases 15 to 19 where a plan would allocate: sizes that no memory holds are refused")
    func hugeSizes() throws {
        let graph = try Graph { g in g.input("x", [1 << 40]) + 1 }
        #expect(throws: ArgumentError.self) { try graph.compiled() }
    }

    @Test("denormal numbers are flushed to zero while a plan runs, and the caller's mode comes back")
    func denormals() throws {
        let graph = try Graph { g in g.input("x", [64]) * 0.5 }
        let smallest = Float.leastNormalMagnitude
        let result = try graph.compiled().run(["x": Tensor([64], repeating: Double(smallest))])
        #expect(result.floats.allSatisfy { $0 == 0 })
        #expect(smallest * 0.5 > 0)
    }
}
