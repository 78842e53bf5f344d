import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Activations that are computed again instead of being kept.
@Suite struct ActivationsTests {
    /// Normalized layers, some with a shortcut, then the energy.
    private func layers(_ count: Int, _ shape: Shape) throws -> Graph {
        try Graph { g in
            var x = g.input("x", shape)
            for layer in 0..<count {
                let y = x.convolved(with: g.input("w\(layer)", [shape[1], shape[1], 3, 3]), padding: 1)
                let centered = y - y.mean([0, 2, 3]).broadcast(along: 1, of: shape)
                let scale = 1 / (centered.squared().mean([0, 2, 3]) + 1e-5).sqrt()
                let z = centered.scaled(by: scale, shift: g.input("shift\(layer)", [shape[1]]))
                x = layer % 2 == 0 ? z.relu() : (z + x).relu()
            }
            return [("energy", x.squared().sum())]
        }
    }

    @Test func lessMemoryAndTheSameBits() throws {
        let shape: Shape = [4, 16, 32, 32]
        let graph = try layers(6, shape)
        var numbers = Numbers(seed: 41)
        let inputs = Dictionary(uniqueKeysWithValues: graph.inputs.map { ($0.name, numbers.reals($0.shape)) })
        let gradient = try graph.valueAndGradient(of: graph.inputs.map { $0.name }, output: "energy")
        for kernels in Machine.kernels {
            func plan(recomputing: Bool) throws -> Plan {
                try gradient.compiled(
                    options: PlanOptions(workers: two, cpu: kernels, recomputesActivations: recomputing))
            }
            let (kept, computed) = (try plan(recomputing: false), try plan(recomputing: true))
            let (expected, results) = (try kept.results(inputs), try computed.results(inputs))
            for (name, tensor) in expected {
                #expect(results[name]?.floats.map(\.bitPattern) == tensor.floats.map(\.bitPattern), "\(name)")
            }
            let saved = kept.report.arenaBytes - computed.report.arenaBytes
            #expect(saved >= 2 * 4 * shape.count, "\(kept)\n\(computed)")
        }
    }

    /// Where nothing is differentiated, or nothing would be saved, the plan is the same.
    @Test func othersStayAsTheyAre() throws {
        let graph = try layers(3, [2, 4, 6, 6])
        let gradient = try Graph { g in
            [("y", g.input("x", [2, 4, 6, 6]).convolved(with: g.input("w", [4, 4, 3, 3])).squared().sum())]
        }.valueAndGradient(of: ["x", "w"], output: "y")
        for graph in [graph, gradient] {
            let plans = try [false, true].map { try graph.compiled(options: PlanOptions(recomputesActivations: $0)) }
            #expect("\(plans[0])" == "\(plans[1])")
        }
    }
}
