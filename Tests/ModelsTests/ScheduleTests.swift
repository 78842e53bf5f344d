import AdjointGraphs
import AdjointModels
import Testing

@Suite struct ScheduleTests {
    @Test func constantAfterWarmup() {
        let schedule = Schedule(0.4, warmup: 4)
        #expect((0..<6).map { schedule($0) } == [0.1, 0.2, 0.30000000000000004, 0.4, 0.4, 0.4])
    }

    @Test func halfACosine() {
        let schedule = Schedule(2, .cosine(total: 8))
        #expect(schedule(0) == 2)
        #expect((schedule(2) - (1 + 0.5.squareRoot())).magnitude < 1e-15)
        #expect((schedule(4) - 1).magnitude < 1e-15)
        #expect((schedule(6) - (1 - 0.5.squareRoot())).magnitude < 1e-15)
        #expect(schedule(8) == 0)
        #expect(schedule(9) == 0)
        #expect(Schedule(2, .cosine(total: 10), warmup: 2)(2) == 2)
    }

    @Test func stepsDown() {
        let schedule = Schedule(1, .step(every: 3, factor: 0.5))
        #expect((0..<8).map { schedule($0) } == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25])
    }
}

@Suite struct LossTests {
    private func value(_ build: (GraphBuilder) -> Value, _ inputs: [String: Tensor] = [:]) throws -> Double {
        try #require(try Graph(build).evaluated(inputs)["output"]).doubles[0]
    }

    @Test func binaryCrossEntropyIsStableAtBothEnds() throws {
        let loss = try value { g in
            g.constant(Tensor(known: [4], .float64([800, -800, 0, 800])))
                .binaryCrossEntropy(g.constant(Tensor(known: [4], .float64([1, 0, 0.5, 0]))))
        }
        // 0, 0, ln 2 and 800
        #expect((loss - (0.6931471805599453 + 800) / 4).magnitude < 1e-12)
    }

    @Test func meanSquaredError() throws {
        let loss = try value { g in
            g.constant(Tensor(known: [2], .float64([1, 5])))
                .meanSquaredError(g.constant(Tensor(known: [2], .float64([2, 2]))))
        }
        #expect(loss == 5)
    }

    @Test func gradientsAreClippedToACommonNorm() throws {
        let graph = try Graph { g in
            let gradients = [g.input("a", [2], .float64), g.input("b", [1], .float64)]
            return clipped(gradients, toNorm: 2.5).enumerated().map { ("\($0)", $1) }
        }
        let long = try graph.evaluated(["a": Tensor([2], [0, 3] as [Double]), "b": Tensor([1], [4] as [Double])])
        #expect((long["0"]!.doubles[1] - 1.5).magnitude < 1e-6)
        #expect((long["1"]!.doubles[0] - 2).magnitude < 1e-6)
        let short = try graph.evaluated(["a": Tensor([2], [0, 1] as [Double]), "b": Tensor([1], [0] as [Double])])
        #expect(short["0"]!.doubles == [0, 1])
    }
}
