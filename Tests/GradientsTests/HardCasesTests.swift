import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// Cases that libraries for convolution gradients got wrong, each as a small exact test. The numbers are those of the project's
/// list of hard cases; those about kernels and plans are tested there.
@Suite struct HardCasesTests {
    /// The three inner products of the form are one number, dX has the input's shape and dW the filter's, and the same
    /// holds for the derivatives of both.
    private func check(_ geometry: WindowCase, location: SourceLocation = #_sourceLocation) throws {
        let layer = try geometry.layer()
        let (x, w) = (Tensor.integers(geometry.inputShape, seed: 1), Tensor.integers(geometry.filterShape, seed: 2))
        let y = try layer.evaluated(["x": x, "w": w])["output"]!
        let dy = Tensor.integers(y.shape, seed: 3)
        let gradients = try layer.vjp(of: ["x", "w"]).evaluated(["x": x, "w": w, "∂output": dy])
        #expect(gradients["∂x"]!.shape == x.shape, sourceLocation: location)
        #expect(gradients["∂w"]!.shape == w.shape, sourceLocation: location)
        #expect(x.inner(gradients["∂x"]!) == y.inner(dy), sourceLocation: location)
        #expect(w.inner(gradients["∂w"]!) == y.inner(dy), sourceLocation: location)
        try DerivativeChecks(isExact: true, location: location)(layer, at: ["x": x, "w": w])
    }

    /// dX for a cotangent of ones and a filter of ones: the number of windows over each input position.
    private func coverage(_ geometry: WindowCase) throws -> [Double] {
        let layer = try geometry.layer()
        let ones = { (shape: Shape) in Tensor(known: shape, repeating: 1, as: .float64) }
        return try layer.vjp(of: ["x"]).evaluated([
            "x": ones(geometry.inputShape), "w": ones(geometry.filterShape), "∂output": ones(layer.nodes.last!.shape),
        ])["∂x"]!.doubles
    }

    /// One channel, one filter, one image of one axis.
    private func line(
        _ size: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, before: Int = 0, after: Int = 0
    ) -> WindowCase {
        WindowCase(
            "line", batch: 1, channels: 1, filters: 1, input: [size], kernel: [kernel], stride: [stride],
            dilation: [dilation], before: [before], after: [after])
    }

    @Test("hard case 1: a stride that leaves a tail: dX is whole, dW is cut") func tail() throws {
        #expect(try coverage(line(6, kernel: 3, stride: 2)) == [1, 1, 2, 1, 1, 0])
        try check(WindowCase("tail", input: [6, 8], kernel: [3, 3], stride: [2, 2]))
    }

    @Test("hard case 2: a tail of several unused inputs") func longTail() throws {
        #expect(try coverage(line(15, kernel: 4, stride: 4)).suffix(4) == [1, 0, 0, 0])
        #expect(try coverage(line(1603, kernel: 4, stride: 4)).suffix(4) == [1, 0, 0, 0])
        try check(WindowCase("tail of three", input: [15, 11], kernel: [4, 4], stride: [4, 4]))
    }

    @Test("hard case 3: different tails of H and W") func differentTails() throws {
        for height in 7...9 {
            for width in 7...9 {
                try check(WindowCase("tails", batch: 1, input: [height, width], kernel: [3, 3], stride: [3, 3]))
            }
        }
    }

    @Test("hard case 4: dX keeps its place, and dW its size, where the stride is not 1") func notShifted() throws {
        let geometry = line(28, kernel: 5, stride: 2)
        let layer = try geometry.layer()
        var one = [Double](repeating: 0, count: 12)
        one[3] = 1
        let w = try Tensor([1, 1, 5], [1.0, 2, 3, 4, 5])
        let x = Tensor.integers([1, 1, 28], seed: 1)
        let gradients = try layer.vjp(of: ["x", "w"]).evaluated([
            "x": x, "w": w, "∂output": try Tensor([1, 1, 12], one),
        ])
        // Window 3 begins at input 6.
        let dx = gradients["∂x"]!.doubles
        #expect(Array(dx[6..<11]) == [1, 2, 3, 4, 5])
        #expect(dx.reduce(0, +) == 15)
        #expect(gradients["∂w"]!.doubles == Array(x.doubles[6..<11]))
    }

    @Test("hard case 5: inputs between windows have exactly no gradient") func gaps() throws {
        #expect(try coverage(line(7, kernel: 1, stride: 2, before: 1, after: 1)) == [0, 1, 0, 1, 0, 1, 0])
        #expect(try coverage(line(8, kernel: 2, stride: 3)) == [1, 1, 0, 1, 1, 0, 1, 1])
        try check(WindowCase("gaps", input: [7, 6, 5], kernel: [1, 1, 1], stride: [2, 2, 2], before: [1, 1, 1]))
    }

    @Test("hard case 6: stride and dilation swap roles in dW and dX") func swappedRoles() throws {
        for stride in 1...4 {
            for dilation in 1...3 {
                try check(line(17, kernel: 3, stride: stride, dilation: dilation, before: 1, after: 2))
            }
        }
        // As a layer, dW slides the cotangent as a filter over x: its taps are `stride` apart, its windows `dilation`.
        let geometry = line(11, kernel: 3, stride: 2, dilation: 3)
        let swapped = line(11, kernel: 3, stride: 3, dilation: 2)
        let (x, y) = (Tensor.integers([1, 1, 11], seed: 1), Tensor.integers([1, 1, 3], seed: 2))
        let dw = try geometry.layer().vjp(of: ["w"]).evaluated(["x": x, "w": y, "∂output": y])["∂w"]!
        #expect(try swapped.layer().evaluated(["x": x, "w": y])["output"]!.doubles.prefix(3) == dw.doubles.prefix(3))
    }

    @Test("hard case 7: dilation") func dilation() throws {
        #expect(try coverage(line(7, kernel: 2, dilation: 3)) == [1, 1, 1, 2, 1, 1, 1])
        try check(
            WindowCase("dilated", input: [9, 8], kernel: [3, 2], dilation: [2, 3], before: [1, 0], after: [2, 1]))
    }

    @Test("hard case 8: dW of groups", arguments: [1, 2, 4]) func groups(groups: Int) throws {
        try check(
            WindowCase(
                "groups", channels: 4, filters: 8, groups: groups, input: [5, 4], kernel: [3, 2], before: [1, 1]))
    }

    @Test("hard case 9: groups and stride together", arguments: [2, 3]) func groupsWithStride(stride: Int) throws {
        try check(
            WindowCase(
                "groups", channels: 6, filters: 6, groups: 3, input: [7, 8], kernel: [3, 3], stride: [stride, stride],
                before: [1, 0], after: [0, 1]))
        try check(
            WindowCase(
                "groups in three axes", batch: 1, channels: 3, filters: 3, groups: 3, input: [4, 5, 3],
                kernel: [2, 3, 2], stride: [stride, stride, 1]))
    }

    @Test("hard case 12: edge columns of dX for kernel 5, stride 3, padding 1") func edgeColumns() throws {
        // Windows begin at −1, 2 and 5.
        #expect(try coverage(line(9, kernel: 5, stride: 3, before: 1, after: 1)) == [1, 1, 2, 2, 1, 2, 2, 1, 1])
        try check(WindowCase("edges", input: [10, 9], kernel: [5, 5], stride: [3, 3], before: [1, 1]))
    }

    @Test("hard case 13: uneven and same padding, also transposed") func unevenPadding() throws {
        #expect(try coverage(line(4, kernel: 2, before: 0, after: 1)) == [1, 2, 2, 2])
        #expect(try coverage(line(4, kernel: 2, before: 1, after: 0)) == [2, 2, 2, 1])
        // "Same" puts the larger half at the end.
        let same = try Graph { g in
            let (x, w) = (g.input("x", [1, 1, 4], .float64), g.input("w", [1, 1, 2], .float64))
            return [
                ("layer", x.convolved(with: w, padding: .same)),
                ("transposed", x.transposedConvolved(with: w, padding: .same)),
            ]
        }
        let values = try same.evaluated([
            "x": try Tensor([1, 1, 4], [1.0, 2, 3, 4]), "w": try Tensor([1, 1, 2], [10.0, 1]),
        ])
        #expect(values["layer"]?.doubles == [12, 23, 34, 40])
        #expect(values["transposed"]?.doubles == [10, 21, 32, 43])
        try check(
            WindowCase("uneven", input: [5, 6], kernel: [4, 3], stride: [2, 1], before: [0, 3], after: [3, 0]))
    }

    @Test("hard case 14: padding wider than the kernel, and negative padding") func wideAndNegativePadding() throws {
        #expect(try coverage(line(3, kernel: 2, before: 4, after: 3)) == [2, 2, 2])
        #expect(try coverage(line(6, kernel: 2, before: -1, after: -2)) == [0, 1, 2, 1, 0, 0])
        #expect(try coverage(line(6, kernel: 2, before: -1, after: 3)) == [0, 1, 2, 2, 2, 2])
        try check(WindowCase("wide", input: [3, 2], kernel: [2, 2], stride: [2, 1], before: [5, 3], after: [4, 2]))
        try check(
            WindowCase("crop", input: [8, 7], kernel: [3, 2], stride: [1, 2], before: [-2, -1], after: [-1, 3]))
    }

    @Test("hard cases 15 and 16: sizes that leave no output are refused with an error") func impossibleSizes() throws {
        for geometry in [
            line(2, kernel: 3), line(4, kernel: 2, dilation: 4), line(4, kernel: 3, before: -1, after: -1),
            line(0, kernel: 1), line(3, kernel: 0), line(0, kernel: 0),
        ] {
            #expect(throws: ArgumentError.self) { try geometry.layer() }
        }
        #expect(throws: ArgumentError.self) { try Graph { g in g.input("x", [1, 1, 2]).maxPooled(3) } }
        #expect(throws: ArgumentError.self) { try Graph { g in g.input("x", [1, 1, 0]).maxPooled(1) } }
        // Filters that do not fit the channels never meet them.
        #expect(throws: ArgumentError.self) {
            try Graph { g in g.input("x", [1, 3, 4]).convolved(with: g.input("w", [2, 2, 2])) }
        }
    }

    @Test("hard case 17: of an empty batch dX is empty and dW is zero, at both orders") func emptyBatch() throws {
        let geometry = WindowCase("empty", batch: 0, input: [4, 5], kernel: [2, 3])
        let layer = try geometry.layer()
        let inputs = [
            "x": Tensor(known: geometry.inputShape, repeating: 1, as: .float64),
            "w": .integers(geometry.filterShape, seed: 1),
            "∂output": Tensor(known: [0, 3, 3, 3], repeating: 1, as: .float64),
        ]
        let gradients = try layer.vjp(of: ["x", "w"]).evaluated(inputs)
        #expect(gradients["∂x"]!.shape == [0, 2, 4, 5])
        #expect(gradients["∂w"] == Tensor(known: geometry.filterShape, repeating: 0, as: .float64))
        try check(geometry)
        // The linear layer, whose second derivative was the difficult part.
        let linear = try Graph { g in
            g.input("x", [0, 3], .float64).contracted(g.input("w", [2, 3], .float64), "nk", "mk", "nm").tanh()
        }
        try DerivativeChecks(isExact: true)(
            linear, at: ["x": Tensor(known: [0, 3], repeating: 1, as: .float64), "w": .integers([2, 3], seed: 1)],
            order: 3)
    }

    @Test("hard case 18: more than 2^31 elements are counted, not wrapped") func manyElements() throws {
        let large = try Graph { g in
            g.input("x", [1 << 20, 1, 1 << 20]).convolved(with: g.input("w", [4, 1, 1])).sum()
        }
        let gradient = try large.gradient(of: "x", "w")
        #expect(gradient.nodes.contains { $0.shape == [1 << 20, 4, 1 << 20] })
        #expect(throws: ArgumentError.self) {
            try Graph { g in g.input("x", [1 << 31, 1, 1 << 20]).convolved(with: g.input("w", [1 << 20, 1, 1])) }
        }
    }

    @Test("hard case 19: arithmetic on sizes does not overflow") func overflow() throws {
        #expect(throws: ArgumentError.self) { try line(8, kernel: 3, dilation: Int(Int32.max)).layer() }
        #expect(throws: ArgumentError.self) { try line(8, kernel: 3, dilation: Int.max).layer() }
        #expect(throws: ArgumentError.self) { try line(8, kernel: 3, before: Int.max, after: Int.max).layer() }
        // A single tap extends over one position, however large the dilation.
        try check(line(8, kernel: 1, stride: 3, dilation: Int(Int32.max)))
        try check(line(8, kernel: 3, stride: Int(Int32.max)))
    }

    @Test("hard case 21: each gradient alone is what it is among the others") func subsets() throws {
        let geometry = WindowCase("subsets", input: [5, 4], kernel: [3, 2], stride: [2, 1])
        let loss = try Graph { g in
            let (x, w) = (g.input("x", geometry.inputShape, .float64), g.input("w", geometry.filterShape, .float64))
            let y = x.convolved(with: w, stride: PerAxis(geometry.stride)).adding(bias: g.input("b", [3], .float64))
            return y.squared().sum()
        }
        let inputs = [
            "x": Tensor.integers(geometry.inputShape, seed: 1), "w": .integers(geometry.filterShape, seed: 2),
            "b": .integers([3], seed: 3),
        ]
        let all = try loss.gradient(of: "x", "w", "b").evaluated(inputs)
        for names in [["x"], ["w"], ["b"], ["b", "x"], ["w", "b"], ["w", "x"]] {
            let some = try loss.gradient(of: names).evaluated(inputs)
            #expect(some == all.filter { names.contains(String($0.key.dropFirst())) })
        }
    }

    @Test("hard case 22: a filter used twice gathers both gradients; a flipped filter flips its own")
    func sharedAndFlipped() throws {
        let shape: Shape = [1, 1, 5]
        let twice = try Graph { g in
            let (x, w) = (g.input("x", shape, .float64), g.input("w", [1, 1, 3], .float64))
            return [("once", x.convolved(with: w)), ("flipped", x.convolved(with: w.reversed([2])))]
        }
        let x = Tensor.integers(shape, seed: 1)
        func dw(_ name: String, _ y: Tensor) throws -> [Double] {
            let zero = Tensor(known: [1, 1, 3], repeating: 0, as: .float64)
            let cotangents = ["∂once": name == "flipped" ? zero : y, "∂flipped": name == "once" ? zero : y]
            return try twice.vjp(of: ["w"]).evaluated(
                ["x": x, "w": .integers([1, 1, 3], seed: 2)].merging(cotangents) { $1 })[
                    "∂w"]!.doubles
        }
        let y = Tensor.integers([1, 1, 3], seed: 3)
        #expect(try dw("flipped", y) == dw("once", y).reversed())
        #expect(try dw("both", y) == zip(dw("once", y), dw("flipped", y)).map { $0 + $1 })
    }

    @Test("hard case 24: long sums in float32 stay whole numbers while they can") func longSums() throws {
        let count = 1 << 16
        let layer = try Graph { g in g.input("x", [1, 1, count]).convolved(with: g.input("w", [1, 1, 1])) }
        let dw = try layer.vjp(of: ["w"]).evaluated(
            [
                "x": .integers([1, 1, count], seed: 1, as: .float32), "w": Tensor(known: [1, 1, 1], repeating: 1),
                "∂output": Tensor(known: [1, 1, count], repeating: 3),
            ], precision: .float32)["∂w"]!
        #expect(dw.doubles == [3 * Tensor.integers([1, 1, count], seed: 1).doubles.reduce(0, +)])
    }

    @Test("hard case 25: transposed layers with stride, output padding, dilation and groups") func transposed() throws {
        for (kernel, stride, added) in [(1, 2, 0), (1, 2, 1), (3, 2, 1), (2, 3, 2), (3, 1, 0)] {
            let graph = try Graph { g in
                g.input("x", [2, 4, 3, 2], .float64).transposedConvolved(
                    with: g.input("w", [4, 2, kernel, 2], .float64), stride: PerAxis([stride, 2]),
                    padding: .sides(before: [0, 1], after: [0, 0]), outputPadding: PerAxis([added, 1]),
                    dilation: PerAxis([2, 1]), groups: 2)
            }
            #expect(graph.nodes.last!.shape == [2, 4, 2 * stride + 2 * (kernel - 1) + 1 + added, 4])
            try DerivativeChecks(isExact: true)(
                graph, at: ["x": .integers([2, 4, 3, 2], seed: 1), "w": .integers([4, 2, kernel, 2], seed: 2)])
        }
    }

    @Test("hard case 26: second derivatives of a strided layer with same padding and groups") func secondOrder() throws
    {
        let graph = try Graph { g in
            let (x, w) = (g.input("x", [2, 4, 7, 6], .float64), g.input("w", [2, 2, 3, 4], .float64))
            return x.convolved(with: w, stride: 2, padding: .same, groups: 2).squared()
        }
        try DerivativeChecks(isExact: true)(
            graph, at: ["x": .integers([2, 4, 7, 6], seed: 1), "w": .integers([2, 2, 3, 4], seed: 2)], order: 3)
    }

    @Test("hard case 27: planes and kernels that are not square") func notSquare() throws {
        for (input, kernel) in [([3, 9], [3, 1]), ([9, 3], [1, 3]), ([2, 7], [2, 5]), ([8, 1], [5, 1])] {
            try check(WindowCase("not square", input: input, kernel: kernel, before: [0, kernel[1] / 2]))
        }
    }

    @Test("hard case 28: a max pool gives its gradient to the first of equal elements, once for each window")
    func maxPoolTies() throws {
        let graph = try Graph { g in
            g.input("x", [1, 1, 3, 3], .float64).maxPooled(
                2, stride: 1, padding: .sides(before: [0, 1], after: [0, 0]))
        }
        let x = try Tensor([1, 1, 3, 3], [5.0, 5, 1, 5, 5, 2, 0, 2, 2])
        let dy = try Tensor([1, 1, 2, 3], [1.0, 10, 100, 1000, 10000, 100_000])
        let dx = try graph.vjp(of: ["x"]).evaluated(["x": x, "∂output": dy])["∂x"]!
        #expect(dx.doubles == [11, 100, 0, 11000, 100_000, 0, 0, 0, 0])
        // The rule is the one of the maximum along an axis.
        let row = try Graph { g in
            let x = g.input("x", [1, 1, 4], .float64)
            return x.maximum(axis: 2).sum() - x.globalMaxPooled().sum()
        }
        let gradient = try row.gradient(of: "x").evaluated(["x": try Tensor([1, 1, 4], [1.0, 7, 7, 7])])
        #expect(gradient["∂x"]?.doubles == [0, 0, 0, 0])
    }

    @Test("hard case 29: an average that is rounded up divides by what its window covers") func clippedAverage() throws
    {
        let graph = try Graph { g in
            g.input("x", [1, 1, 5], .float64).averagePooled(2, stride: 2, roundingUp: true)
        }
        let x = try Tensor([1, 1, 5], [2.0, 4, 6, 8, 10])
        let results = try graph.vjp(of: ["x"]).evaluated([
            "x": x, "∂output": Tensor(known: [1, 1, 3], repeating: 1, as: .float64),
        ])
        #expect(results["output"]?.doubles == [3, 7, 10])
        #expect(results["∂x"]?.doubles == [0.5, 0.5, 0.5, 0.5, 1])
        let padded = try Graph { g in
            let x = g.input("x", [1, 1, 5], .float64)
            return [
                ("counted", x.averagePooled(3, stride: 3, padding: 1, roundingUp: true)),
                ("not", x.averagePooled(3, stride: 3, padding: 1, countsPadding: false, roundingUp: true)),
            ]
        }
        let values = try padded.evaluated(["x": x])
        #expect(values["counted"]?.doubles == [2, 8])
        #expect(values["not"]?.doubles == [3, 8])
    }
}
