import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Passes over memory: the nodes that are computed together, and those that are computed again.
@Suite struct FusionTests {
    /// A layer of 1x1, batch normalization and an activation, twice, the second time with a shortcut; its energy.
    private func blocks(_ shape: Shape, _ type: ElementType = .float32) throws -> Graph {
        try Graph { g in
            let channels = shape[1]
            var x = g.input("x", shape, type)
            for block in 0..<2 {
                let w = g.input("w\(block)", [channels, channels, 1, 1], type)
                let y = x.convolved(with: w)
                let axes = (0..<shape.rank).filter { $0 != 1 }
                let centered = y - y.mean(axes).broadcast(along: 1, of: y.shape)
                let variance = centered.squared().mean(axes)
                let scale = g.input("scale\(block)", [channels], type) / (variance + 1e-5).sqrt()
                let z = centered.scaled(by: scale, shift: g.input("shift\(block)", [channels], type))
                x = block == 0 ? z.relu6() : (z + x).relu()
            }
            return [("y", x), ("energy", (x * 0.5).squared().sum())]
        }
    }

    private let names = ["x", "w0", "w1", "scale0", "scale1", "shift0", "shift1"]

    private func inputs(_ graph: Graph, seed: UInt64) -> [String: Tensor] {
        var numbers = Numbers(seed: seed)
        var inputs: [String: Tensor] = [:]
        for input in graph.inputs { inputs[input.name] = numbers.reals(input.shape) }
        return inputs
    }

    @Test(arguments: [[3, 5, 4, 6], [2, 24, 9, 8], [4, 130, 5, 5]] as [Shape])
    func normalizedLayersAndTheirGradients(shape: Shape) throws {
        let graph = try blocks(shape).valueAndGradient(of: names, output: "energy")
        try expectAgreement(graph, inputs(graph, seed: 31), within: 2e-4)
    }

    /// For each activation two values are written, the layer's output and the activation's, and for its gradient two: the
    /// layer's and the activation's. Masks and distances from means are computed again.
    @Test func masksAreNotStored() throws {
        let shape: Shape = [8, 16, 16, 16]
        let graph = try blocks(shape).valueAndGradient(of: names, output: "energy")
        let plan = try graph.compiled()
        let passes = plan.report.steps.filter {
            $0.kernel.contains("pointwise") && $0.bytes >= 4 * shape.count || $0.kernel.contains("sum ")
        }
        let stores = passes.count { $0.kernel.hasPrefix("pointwise") }
        #expect(stores <= 6, "\(plan)")
        let sums = plan.report.steps.count { $0.kernel.contains("sum") && !$0.kernel.contains("combine") }
        #expect(sums <= 6, "\(plan)")
    }

    /// Contractions with nothing to sum are products: for one image, the gradient of a dense layer's filter needs no pass.
    @Test(arguments: [1, 2])
    func outerProductsAreComputedWhereTheyAreUsed(batch: Int) throws {
        let graph = try Graph { g in
            let w = g.input("w", [40, 120])
            let y = g.input("x", [batch, 120]).contracted(w, "nk", "mk", "nm").relu()
            return [("y", y), ("energy", (y * 0.5).squared().sum())]
        }
        let gradient = try graph.valueAndGradient(of: ["w", "x"], output: "energy")
        try expectAgreement(gradient, inputs(gradient, seed: 33), within: 1e-5)
        let contractions = try gradient.compiled().report.steps.count { $0.kernel == "contraction" }
        #expect(contractions == (batch == 1 ? 2 : 3))
    }

    @Test(arguments: ["ab,bc->ac", "ba,cb->ca", "bda,cb->cda", "ab,ac->bac", "a,a->a", "bd,bc->cd"])
    func everyOrderOfAnOuterProduct(notation: String) throws {
        let lists = notation.split(whereSeparator: { "->,".contains($0) }).map(Array.init)
        func shape(_ letters: [Character]) -> Shape { Shape(letters.map { ["a": 5, "c": 7, "d": 3][$0] ?? 1 }) }
        let graph = try Graph { g in
            let (x, w) = (g.input("x", shape(lists[0])), g.input("w", shape(lists[1])))
            return [("y", x.contracted(w, String(lists[0]), String(lists[1]), String(lists[2])))]
        }
        var numbers = Numbers(seed: 34)
        try expectAgreement(
            graph, ["x": numbers.integers(shape(lists[0])), "w": numbers.integers(shape(lists[1]))])
    }

    /// The two-pass formula's accuracy where the mean is ten thousand times the deviation.
    @Test func varianceOfNumbersFarFromZero() throws {
        var numbers = Numbers(seed: 32)
        for shape in [[64, 3, 16, 16], [7, 40, 6, 5], [16, 1, 1, 3000], [2, 1100, 3, 3]] as [Shape] {
            func graph(_ type: ElementType) throws -> Graph {
                try Graph { g in
                    let x = g.input("x", shape, type)
                    let centered = x - x.mean([0, 2, 3]).broadcast(along: 1, of: shape)
                    return [("mean", x.mean([0, 2, 3])), ("variance", centered.squared().mean([0, 2, 3]))]
                }
            }
            let x = Tensor(known: shape, .float32(numbers.reals(shape).floats.map { $0 + 10_000 }))
            let exact = try graph(.float64).evaluated(["x": x.converted(to: .float64)])
            for kernels in Machine.kernels {
                let plan = try graph(.float32).compiled(options: PlanOptions(workers: two, cpu: kernels))
                #expect(plan.report.steps.count { $0.kernel == "sum" } == 1)
                let results = try plan.results(["x": x])
                for (a, b) in zip(results["mean"]!.doubles, exact["mean"]!.doubles) { #expect(abs(a - b) < 2e-3) }
                for (a, b) in zip(results["variance"]!.doubles, exact["variance"]!.doubles) {
                    #expect(abs(a - b) < 3e-6 * b, "\(kernels) \(shape): \(a), expected \(b)")
                }
            }
        }
    }

    @Test func passesOfOneShapeThatWaitForEachOther() throws {
        var numbers = Numbers(seed: 33)
        let graph = try Graph { g in
            let x = g.input("x", [6, 40])
            let y = g.input("y", [6, 40])
            let a = x + y
            let sum = a.sum([0]).broadcast(along: 1, of: [6, 40])
            let b = a * 2 - sum
            let c = b.sum([0]).broadcast(along: 1, of: [6, 40])
            return [("a", a), ("b", b), ("c", (c + x) * b), ("sums", (a * y).sum([1])), ("all", (x * b - c).sum())]
        }
        try expectAgreement(graph, ["x": numbers.integers([6, 40]), "y": numbers.integers([6, 40])])
    }
}
