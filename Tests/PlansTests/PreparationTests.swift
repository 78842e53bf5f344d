import AdjointGraphs
import AdjointPlans
import Testing

/// Values that depend only on constants and a state are computed before the first run.
@Suite struct PreparationTests {
    /// A layer with a filter that is scaled, and numbers of a channel.
    private func layer() throws -> Graph {
        try Graph { g in
            let x = g.input("x", [2, 16, 9, 9])
            let w = g.input("w", [16, 16, 3, 3])
            let scale = g.input("scale", [16])
            let y = x.convolved(with: w * 2, padding: 1).scaled(by: scale * scale, shift: scale + 1)
            return [("y", y), ("sum", scale.sum())]
        }
    }

    private func tensors(seed: UInt64) -> [(name: String, tensor: Tensor)] {
        var numbers = Numbers(seed: seed)
        return [("w", numbers.integers([16, 16, 3, 3])), ("scale", numbers.integers([16]))]
    }

    @Test func `A change of the state is seen by the next run`() throws {
        let graph = try layer()
        var numbers = Numbers(seed: 1)
        let x = numbers.integers([2, 16, 9, 9])
        for kernels in Machine.kernels {
            for workers in [one, two, three] {
                let options = PlanOptions(workers: workers, cpu: kernels, isExact: true)
                let state = try State(tensors(seed: 2))
                let plan = try graph.compiled(state: state, options: options)
                #expect(plan.report.steps.contains { $0.isPrepared && $0.kernel == "pack filter" })
                #expect(plan.report.steps.contains { !$0.isPrepared && $0.kernel == "convolution output" })
                for seed: UInt64 in [2, 2, 3, 3, 4] {
                    let now = tensors(seed: seed)
                    if seed > 2 { for (name, tensor) in now { try state.set(name, to: tensor) } }
                    let expected = try graph.evaluated(["x": x, "w": now[0].tensor, "scale": now[1].tensor])
                    let got = try plan.results(["x": x])
                    #expect(got["y"]?.floats == expected["y"]?.floats)
                    #expect(got["sum"]?.floats == expected["sum"]?.floats)
                }
            }
        }
    }

    @Test func `A plan that updates the state prepares nothing, and is seen by one that reads it`() throws {
        let reader = try Graph { g in
            [("y", g.input("x", [1, 16, 4, 4]).convolved(with: g.input("w", [16, 16, 3, 3])))]
        }
        let writer = try Graph { g in [("w", g.input("w", [16, 16, 3, 3]) + 1)] }
        let state = try State(Array(tensors(seed: 5).prefix(1)))
        let options = PlanOptions(isExact: true)
        let reading = try reader.compiled(state: state, options: options)
        let writing = try writer.compiled(updating: ["w": "w"], state: state, options: options)
        #expect(!writing.report.steps.contains { $0.isPrepared })
        var numbers = Numbers(seed: 6)
        let x = numbers.integers([1, 16, 4, 4])
        for isObserved in [false, true, false] {
            let w = try #require(state.tensor(named: "w"))
            #expect(try reading.run(["x": x]).floats == reader.evaluated(["x": x, "w": w])["y"]?.floats)
            if isObserved { writing.execute { _ in } } else { writing.execute() }
        }
        let w = try #require(state.tensor(named: "w"))
        reading.execute { _ in }
        #expect(try reading.run(["x": x]).floats == reader.evaluated(["x": x, "w": w])["y"]?.floats)
    }
}
