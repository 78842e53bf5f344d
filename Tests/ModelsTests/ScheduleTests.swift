import AdjointGradients
import AdjointGraphs
import AdjointModels
import AdjointPlans
import Foundation
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

    /// The rate falls where step∕steps reaches 1⁄3 and 2⁄3, compared as whole numbers, and at no other step.
    @Test func thirds() {
        for total in 0...100 {
            for warmup in [0, 1, 2, 7, total / 2, total, total + 3] {
                let schedule = Schedule(8, .thirds(total: total, factor: 0.5), warmup: warmup)
                let length = total - warmup
                for step in 0...total + 3 {
                    let done = step - warmup
                    let falls = length < 1 ? done >= 1 ? 2 : 0 : 3 * done >= 2 * length ? 2 : 3 * done >= length ? 1 : 0
                    let expected = step < warmup ? 8 * Double(step + 1) / Double(warmup) : 8 / Double(1 << falls)
                    #expect(schedule(step) == expected, "step \(step) of \(total), warmup \(warmup)")
                }
            }
        }
        let twenty = Schedule(1, .thirds(total: 20, factor: 0.5))
        let levels =
            [Double](repeating: 1, count: 7) + [Double](repeating: 0.5, count: 7) + [Double](repeating: 0.25, count: 6)
        #expect((0..<20).map { twenty($0) } == levels)
    }

    /// Half a cosine against another library, at every step of every short training.
    @Test func everyCosine() {
        for total in 0...100 {
            for warmup in [0, 1, 5, total / 2, total] {
                let schedule = Schedule(3, .cosine(total: total), warmup: warmup)
                for step in 0...total + 2 {
                    let length = Double(max(1, total - warmup))
                    let expected =
                        step < warmup
                        ? 3 * Double(step + 1) / Double(warmup)
                        : 1.5 * (1 + cos(Double.pi * min(1, Double(step - warmup) / length)))
                    #expect((schedule(step) - expected).magnitude < 1e-14, "step \(step) of \(total), warmup \(warmup)")
                }
            }
        }
    }

    @Test func everyStaircase() {
        for every in 1...12 {
            for warmup in 0...5 {
                let schedule = Schedule(1, .step(every: every, factor: 0.5), warmup: warmup)
                for step in warmup...100 {
                    var (expected, rest) = (1.0, step - warmup)
                    while rest >= every { (expected, rest) = (expected / 2, rest - every) }
                    #expect(schedule(step) == expected)
                }
            }
        }
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

    /// Labels that are no class: Evaluate and a plan name the first, whether it is in an input or in the graph, for the value
    /// and for the gradient alone; labels in range give the loss of the definition.
    @Test func aLabelThatIsNoClassIsRefused() throws {
        let graph = try Graph { g in
            g.input("x", [2, 3]).crossEntropy(labels: g.input("labels", [2], .int32), labelSmoothing: 0.25)
        }
        let x = try Tensor([2, 3], [1, 2, 4, 0, 0, 0] as [Float])
        let plan = try graph.compiled()
        let gradient = try graph.gradient(of: "x")
        for label in [99, 3, -1, Int32.min, .max] as [Int32] {
            let inputs = ["x": x, "labels": try Tensor([2], [0, label])]
            let sentence = "element 1 of \"labels\" is \(label), expected a whole number from 0, below 3"
            #expect(
                #expect(throws: ArgumentError.self) { try graph.evaluated(inputs) }?.description == "evaluation: "
                    + sentence)
            #expect(
                #expect(throws: ArgumentError.self) { try gradient.evaluated(inputs) }?.description == "evaluation: "
                    + sentence)
            #expect(#expect(throws: ArgumentError.self) { try plan.run(inputs) }?.description == "run: " + sentence)
            #expect(
                #expect(throws: ArgumentError.self) { try gradient.compiled().run(inputs) }?.description == "run: "
                    + sentence)
            let fixed = try Graph { g in
                g.input("x", [2, 3]).crossEntropy(labels: g.constant(Tensor(known: [2], .int32([0, label]))))
            }
            let error = #expect(throws: ArgumentError.self) { try fixed.evaluated(["x": x]) }
            #expect(error?.argument == "element 1 of a constant")
        }
        for (first, second) in [(0, 2), (2, 0), (1, 1)] {
            let inputs = ["x": x, "labels": try Tensor([2], [Int32(first), Int32(second)])]
            let whole = log(exp(1.0) + exp(2.0) + exp(4.0))
            let row: [Double] = [1 - whole, 2 - whole, 4 - whole]
            let third = log(3.0)
            let chosen: Double = -(row[first] - third) / 2
            let expected: Double = 0.75 * chosen - 0.25 * (row[0] + row[1] + row[2] - 3 * third) / 6
            let (value, computed) = (try graph.evaluated(inputs)["output"]!.doubles[0], try plan.run(inputs).doubles[0])
            #expect((value - expected).magnitude < 1e-12)
            #expect((computed - expected).magnitude < 1e-6)
        }
    }

    /// Gradients whose squares overflow, beside small ones, are scaled to the norm, with the same proportions.
    @Test func hugeGradientsAreClipped() throws {
        let graph = try Graph { g in
            clipped([g.input("a", [2]), g.input("b", [1])], toNorm: 2.5).enumerated().map { ("\($0)", $1) }
        }
        for size in [1e18, 1e19, 1e20, 1e22, 1e37, 5e37] {
            let inputs = ["a": try Tensor([2], [0, Float(3 * size)]), "b": try Tensor([1], [Float(4 * size)])]
            for results in [
                try graph.evaluated(inputs, precision: .float32), try graph.compiled().results(inputs),
            ] {
                #expect((results["0"]!.doubles[1] - 1.5).magnitude < 1e-6 && results["0"]!.doubles[0] == 0)
                #expect((results["1"]!.doubles[0] - 2).magnitude < 1e-6)
            }
        }
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
