import AdjointGraphs
import Testing

@testable import AdjointPlans

/// Slots lend their own plan's memory for as long as they exist, and only with the right type.
@Suite struct SlotTests {
    private func doubling() throws -> Graph {
        try Graph { g in
            let x = g.input("x", [3])
            return [("y", x + x), ("isLarge", 2 .< x), ("n", g.input("n", [2], .int32))]
        }
    }

    @Test func outliveTheirPlan() throws {
        weak var plan: Plan?
        weak var crew: Crew?
        do {
            var (x, y) = try { () throws -> (Plan.Slot<Float>, Plan.Slot<Float>) in
                let workers = Workers(threads: 3, short: 0)
                let made = try doubling().compiled(options: PlanOptions(workers: workers))
                (plan, crew) = (made, workers.crew)
                return (try made.floats(input: "x"), try made.floats(output: "y"))
            }()
            #expect(plan != nil)
            for round in 1...3 {
                x.withElements { for place in $0.indices { $0[place] = Float(place + round) } }
                plan?.execute()
                #expect(y.withElements { Array($0) } == (0..<3).map { Float(2 * ($0 + round)) })
            }
            x = y
            #expect(crew != nil)
            y = x
        }
        #expect(plan == nil)
        #expect(crew == nil)
    }

    @Test func haveTheirElements() throws {
        let plan = try doubling().compiled()
        try plan.floats(input: "x").withElements {
            $0[0] = 1; $0[1] = 2; $0[2] = 3
        }
        try plan.integers(input: "n").withElements {
            $0[0] = -7; $0[1] = 1 << 30
        }
        plan.execute()
        #expect(try plan.floats(output: "y").withElements { Array($0) } == [2, 4, 6])
        #expect(try plan.floats(output: "isLarge").withElements { Array($0) } == [0, 0, 1])
        #expect(try plan.integers(output: "n").withElements { Array($0) } == [-7, 1 << 30])
    }

    @Test func areAskedForByNameAndType() throws {
        let plan = try doubling().compiled()
        func given(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return "nothing"
        }
        #expect(given { _ = try plan.integers(input: "x") } == "integers: input is \"x\", expected n")
        #expect(given { _ = try plan.floats(input: "n") } == "floats: input is \"n\", expected x")
        #expect(given { _ = try plan.integers(output: "isLarge") } == "integers: output is \"isLarge\", expected n")
        #expect(given { _ = try plan.floats(input: "y") } == "floats: input is \"y\", expected x")
        #expect(given { _ = try plan.floats(output: "x") } == "floats: output is \"x\", expected y, isLarge")
    }

    /// A plan keeps the state and the workers that it needs.
    @Test func plansKeepWhatTheyUse() throws {
        weak var state: State?
        weak var crew: Crew?
        do {
            let plan = try { () throws -> Plan in
                let kept = try State([("x", Tensor([3], [1, 2, 3] as [Float]))])
                let workers = Workers(threads: 2, short: 0)
                (state, crew) = (kept, workers.crew)
                return try doubling().keeping(["y"]).compiled(
                    updating: ["y": "x"], state: kept, options: PlanOptions(workers: workers))
            }()
            plan.execute()
            plan.execute()
            #expect(state?.tensor(named: "x")?.floats == [4, 8, 12])
            #expect(crew != nil)
        }
        #expect(state == nil)
        #expect(crew == nil)
    }
}
