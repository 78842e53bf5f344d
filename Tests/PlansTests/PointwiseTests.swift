import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

@Suite struct PointwiseTests {
    @Test func everyPointwisePrimitiveHasAKernel() throws {
        var numbers = Numbers(seed: 1)
        for operation in Pointwise.allCases where ![.and, .or, .not, .select].contains(operation) {
            let graph = try Graph { g in
                let operands = (0..<operation.arity).map { g.input("x\($0)", [3, 7, 5]) }
                return g.apply(.pointwise(operation), to: operands)
            }
            var inputs: [String: Tensor] = [:]
            for k in 0..<operation.arity { inputs["x\(k)"] = numbers.reals([3, 7, 5]) }
            if [.log, .sqrt, .power, .log1p].contains(operation) {
                inputs["x0"] = try Tensor([3, 7, 5], inputs["x0"]!.floats.map { abs($0) })
            }
            try expectAgreement(graph, inputs, within: 1e-6)
        }
    }

    @Test func chainsBroadcastsAndMasks() throws {
        var numbers = Numbers(seed: 2)
        let graph = try Graph { g in
            let x = g.input("x", [4, 6, 5, 5])
            let b = g.input("b", [6])
            let y = x.adding(bias: b)
            let mask = y .<= 0
            return [
                ("relu", y.relu()), ("twice", y.relu() * 2 + x), ("mask", mask), ("sum", y.relu().sum()),
                ("rows", y.sum([3])), ("channels", y.squared().sum([0, 2, 3])),
                ("inverse", mask.not().and(mask.or(mask)).choose(y, -y)),
            ]
        }
        try expectAgreement(graph, ["x": numbers.integers([4, 6, 5, 5]), "b": numbers.integers([6])])
    }

    @Test func movements() throws {
        var numbers = Numbers(seed: 3)
        let graph = try Graph { g in
            let x = g.input("x", [2, 3, 4])
            return [
                ("permuted", x.permuted([2, 0, 1])), ("reshaped", x.permuted([1, 0, 2]).reshaped(to: [6, 4])),
                ("padded", x.padded(before: [1, -1, 0], after: [0, 2, -2], between: [1, 0, 2])),
                ("sliced", x.sliced(from: [0, 1, 0], to: [2, 3, 4], by: [1, 1, 3])),
                ("reversed", x.reversed([0, 2]) + 1), ("concatenated", Value.concatenated([x, x * 2], axis: 1)),
                ("flat", x.permuted([2, 1, 0]).flattened(from: 0) + 1), ("same", x),
                ("broadcast", x.sum([1], keepingAxes: true).broadcast(to: [5, 2, 3, 4]) * 3),
            ]
        }
        try expectAgreement(graph, ["x": numbers.integers([2, 3, 4])])
    }

    @Test func softmaxAndNorms() throws {
        var numbers = Numbers(seed: 4)
        let graph = try Graph { g in
            let x = g.input("x", [8, 10])
            let y = g.input("y", [2, 6, 3, 5])
            return [
                ("softmax", x.softmax()), ("logSoftmax", x.logSoftmax()), ("top", x.indexOfMaximum(axis: 1)),
                ("group", y.groupNormalized(groups: 2, epsilon: 1e-5)),
                ("batch", y.standardized(over: [0, 2, 3], epsilon: 1e-5)),
            ]
        }
        try expectAgreement(graph, ["x": numbers.reals([8, 10]), "y": numbers.reals([2, 6, 3, 5])], within: 2e-6)
    }

    @Test func pools() throws {
        var numbers = Numbers(seed: 5)
        let energy = try Graph { g in
            let x = g.input("x", [2, 5, 7, 6])
            let a = x.maxPooled(3, stride: 2, padding: 1)
            let b = x.averagePooled([2, 3], stride: [2, 1], padding: 1, countsPadding: true, roundingUp: true) * 6
            return (a.squared().sum() + b.squared().sum())
        }
        let gradient = try energy.valueAndGradient(of: ["x"])
        try expectAgreement(gradient, ["x": numbers.integers([2, 5, 7, 6])], within: 1e-6)
    }

    @Test func randomNumbersAreThoseOfEvaluate() throws {
        let graph = try Graph { g in
            let key = g.input("key", [], .int32)
            let counter = g.input("counter", [], .int32)
            return g.random([3, 100], key: key, counter: counter) + g.random([3, 100], key: key, counter: counter)
        }
        try expectAgreement(
            graph, ["key": Tensor([], [7] as [Int32]), "counter": Tensor([], [123_456_789] as [Int32])], within: 1e-7)
    }

    @Test func statesAreUpdatedInPlace() throws {
        let graph = try Graph { g in
            let w = g.input("w", [5])
            let v = g.input("v", [5])
            let x = g.input("x", [5])
            let velocity = v * 0.5 + x
            return [("w", w - velocity), ("v", velocity), ("before", w * 1)]
        }
        let zero = Tensor(known: [5], repeating: 0)
        let state = try State([("w", zero), ("v", zero)])
        let plan = try graph.compiled(updating: ["w": "w", "v": "v"], state: state)
        let x = try Tensor([5], [1, 2, 3, 4, 5] as [Float])
        #expect(try plan.run(["x": x]).floats == [0, 0, 0, 0, 0])
        #expect(try plan.run(["x": x]).floats == [-1, -2, -3, -4, -5])
        #expect(state.tensor(named: "w")?.floats == [-2.5, -5, -7.5, -10, -12.5])
    }
}
