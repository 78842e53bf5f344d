import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Strides far wider than their kernels: most positions of the result meet no tap, and a plan has no step for them.
@Suite struct WideStridesTests {
    static let strides = [1, 4, 8, 9, 65, 4096, 65_536, (1 << 31) - 1]
    static let layers: [(batch: Int, channels: Int, groups: Int)] = [(1, 1, 1), (16, 2, 1), (1, 16, 16), (2, 3, 1)]

    /// By the definition: y[i·s + r·d − a] += x[i]·w[r].
    private func transposed(
        _ x: Tensor, _ w: Tensor, stride: [Int], dilation: [Int], padding: Int, groups: Int, to shape: Shape
    ) -> [Float] {
        var y = [Float](repeating: 0, count: shape.count)
        let (xs, ws) = (x.floats, w.floats)
        for (place, number) in ws.enumerated() {
            let filter = w.shape.index(of: place)
            for n in 0..<x.shape[0] {
                for row in 0..<x.shape[2] {
                    for column in 0..<x.shape[3] {
                        let to = (
                            row * stride[0] + filter[2] * dilation[0] - padding,
                            column * stride[1] + filter[3] * dilation[1] - padding
                        )
                        guard to.0 >= 0, to.0 < shape[2], to.1 >= 0, to.1 < shape[3] else { continue }
                        let channel = filter[0] * groups / x.shape[1] * w.shape[1] + filter[1]
                        let from = ((n * x.shape[1] + filter[0]) * x.shape[2] + row) * x.shape[3] + column
                        y[((n * shape[1] + channel) * shape[2] + to.0) * shape[3] + to.1] += xs[from] * number
                    }
                }
            }
        }
        return y
    }

    @Test(arguments: strides) func ofTransposedLayers(stride: Int) throws {
        var numbers = Numbers(seed: 3)
        var seen = 0
        for other in Self.strides {
            for (layer, size) in zip(Self.layers, [[2, 2], [1, 1], [2, 1], [1, 2]]) {
                for (dilation, padding) in [([1, 1], 0), ([2, 5], 1)] {
                    let x = numbers.integers(Shape([layer.batch, layer.channels] + size))
                    let w = numbers.integers(Shape([layer.channels, layer.channels / layer.groups, 3, 2]))
                    let positions = zip(size, [stride, other]).map { Double(($0 - 1) * $1 + 9) }
                    if positions[0] * positions[1] * Double(layer.batch * layer.channels) > 3e5 { continue }
                    let graph = try Graph { g in
                        let y = g.input("x", x.shape).transposedConvolved(
                            with: g.input("w", w.shape), stride: [stride, other], padding: .uniform(padding),
                            dilation: PerAxis(dilation), groups: layer.groups)
                        return [("y", y)]
                    }
                    let plan = try graph.compiled(options: PlanOptions(workers: two, isExact: true))
                    let y = try #require(try plan.results(["x": x, "w": w])["y"])
                    let expected = transposed(
                        x, w, stride: [stride, other], dilation: dilation, padding: padding, groups: layer.groups,
                        to: y.shape)
                    #expect(y.floats == expected, "\(layer) \(size) stride \(stride) and \(other)")
                    #expect(plan.report.steps.count < 300, "\(layer) \(size) stride \(stride) and \(other)")
                    seen += 1
                }
            }
        }
        #expect(seen > 10)
    }

    /// The gradient of a mean over windows that are far apart.
    @Test func ofPools() throws {
        for (step, size) in [([65_536, 4], [65_537, 2]), ([9, 3000], [19, 3001]), ([1, 1 << 30], [2, 3])] {
            let graph = try Graph { g in
                [("e", g.input("x", Shape([1, 2] + size)).averagePooled(1, stride: PerAxis(step)).sum())]
            }
            let plan = try graph.gradient(of: "x").compiled()
            let gradient = try #require(
                try plan.results(["x": Tensor(Shape([1, 2] + size), repeating: 1)]).first?.value)
            let floats = gradient.floats
            var met = 0
            for row in stride(from: 0, to: 2 * size[0], by: 1) where row % size[0] % step[0] == 0 {
                for column in stride(from: 0, to: size[1], by: step[1]) {
                    #expect(floats[row * size[1] + column] == 1)
                    met += 1
                }
            }
            #expect(floats.reduce(0, +) == Float(met))
            #expect(plan.report.steps.count < 300)
        }
    }

    /// Pools with windows far wider than their source: only the taps that meet it are noted.
    @Test(arguments: [(1 << 20, 1 << 19), ((1 << 31) - 1, 1 << 30)]) func ofWidePools(kernel: Int, padding: Int) throws
    {
        let x = try Tensor([1, 1, 2, 3], [1, 2, 3, 4, 5, 6] as [Float])
        let sizes = PerAxis([kernel, kernel - 1])
        let graph = try Graph { g in
            let x = g.input("x", x.shape)
            let sums =
                x.averagePooled(sizes, stride: 1, padding: .uniform(padding)) * Double(kernel) * Double(kernel - 1)
            return [
                ("sums", sums), ("most", x.maxPooled(sizes, stride: 1, padding: .uniform(padding))),
                ("sum", sums.sum()),
            ]
        }
        let results = try graph.compiled().results(["x": x])
        let sums = try #require(results["sums"]), most = try #require(results["most"])
        #expect(sums.floats.allSatisfy { abs($0 - 21) < 1e-4 })
        #expect(most.floats.allSatisfy { $0 == 6 })
        let gradient = try graph.gradient(of: "x", output: "sum").compiled().results(["x": x])
        let each = Float(sums.shape.count)
        #expect(gradient.first?.value.floats.allSatisfy { abs($0 - each) < 1e-4 } == true)
    }
}
