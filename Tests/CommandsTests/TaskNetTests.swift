import AdjointFormats
import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans
import TestSupport
import Testing

@testable import AdjointCommands

/// Training tasks, by Evaluate in Double: every operation, gradient, Hessian product and step of an optimizer in them.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence))) struct TaskNetTests {
    private func task(
        _ name: String, _ change: (inout JSON.Object) -> Void = { _ in },
        tensors changed: (inout [String: Tensor]) throws -> Void = { _ in }
    ) throws -> TaskNet {
        var tensors: [String: Tensor] = [:]
        for stored in try TensorFile(parsing: Shared.bytes("tasks/\(name).safetensors")).tensors {
            tensors[stored.name] = stored.tensor
        }
        var root = try #require(JSON(parsing: Shared.bytes("tasks/\(name).json")).object)
        change(&root)
        try changed(&tensors)
        return try TaskNet(name, .object(root), tensors)
    }

    @Test(arguments: ["squeeze_excite", "accumulate", "text_cnn", "two_inputs_two_heads", "finetune", "wave1d"])
    func agreesWithPyTorch(name: String) throws {
        #expect(try task(name).failures(.evaluate) == [])
    }

    /// Another slope and another rate are both found.
    @Test func aDifferenceInMeaningIsFound() throws {
        let sloped = try task("accumulate") { root in
            root["operations"] = .array(
                (root["operations"]?.array ?? []).map { operation in
                    guard operation["op"] == "hard_tanh", var members = operation.object else { return operation }
                    members["max"] = 0.79
                    return .object(members)
                })
        }
        #expect(try sloped.failures(.evaluate).contains { $0.hasPrefix("output.") })
        let slower = try task("accumulate") { root in
            guard var optimizers = root["optimizers"]?.object, var adam = optimizers["adam_3"]?.object else { return }
            adam["rates"] = [0.01, 0.01, 0.0101]
            optimizers["adam_3"] = .object(adam)
            root["optimizers"] = .object(optimizers)
        }
        let failures = try slower.failures(.evaluate)
        #expect(!failures.isEmpty && failures.allSatisfy { $0.hasPrefix("adam_3.") })
    }

    @Test func anUnknownSettingIsNamed() throws {
        let error = #expect(throws: CommandFailure.self) {
            try task("accumulate") { root in
                root["optimizers"] = ["own": ["kind": "sgd", "rates": [0.1, 0.1, 0.1], "momentun": 0.9]]
            }
        }
        #expect(error.map { "\($0)" }?.contains("optimizers.own.momentun") == true)
    }

    /// The same task with a tensor of the file changed.
    private func task(_ name: String, _ tensor: String, _ change: (Tensor) -> Tensor) throws -> TaskNet {
        try task(name, tensors: { $0[tensor] = try change(#require($0[tensor])) })
    }

    /// Nothing is near infinity, whatever the tolerance as a share of the largest magnitude.
    @Test(arguments: [
        "loss", "eval_output.logits", "grad.conv.weight", "grad.input.x", "hvp.norm.bias", "adam_3.loss",
        "adam_3.param.join.weight",
    ])
    func anInfinityIsFound(name: String) throws {
        let changed = try task("accumulate", name) { Tensor(known: $0.shape, repeating: .infinity, as: .float64) }
        for engine in [Verification.Engine.evaluate, .plan(kernels: "baseline", isExact: true)] {
            #expect(try changed.failures(engine).contains { $0.hasPrefix(name) })
        }
    }

    @Test func anotherShapeOfAsManyElementsIsFound() throws {
        let changed = try task("accumulate", "grad.conv.weight") { Tensor(known: [$0.count], .float64($0.doubles)) }
        #expect(try changed.failures(.evaluate).contains { $0.hasPrefix("grad.conv.weight is [") })
    }

    @Test func whatTheFormatForbidsIsNamed() throws {
        func sentence(_ settings: JSON) -> String {
            let error = #expect(throws: CommandFailure.self) {
                try task("accumulate") { root in root["optimizers"] = ["own": settings] }
            }
            return error?.sentence ?? ""
        }
        let clips: JSON = ["kind": "sgd", "rates": [1, 1, 1], "clip_norm": 1, "clip_value": 2]
        #expect(sentence(clips) == "accumulate: optimizers.own.clip_value: expected none beside clip_norm, given 2")
        let factors: JSON = ["kind": "sgd", "rates": [1, 1, 1], "rate_factors": ["conv.*": 2, "*.bias": 3]]
        #expect(
            sentence(factors)
                == "accumulate: own: rate_factors of conv.bias is conv.*, *.bias, "
                + "expected one pattern at most that matches it")
        let lost = #expect(throws: CommandFailure.self) {
            try task("accumulate", tensors: { $0["param.conv.weight"] = nil })
        }
        #expect(
            lost?.sentence == "accumulate: operations[0].weight: expected the name of a tensor \"param.…\" beside the "
                + "document, given \"conv.weight\"")
    }
}

/// The predicted roundings of Float against its actual ones.
@Suite struct RoundedTests {
    /// Numbers and their negatives in another order: the sum is 0, and a hundred sums in Float are off by about the deviation.
    @Test func sumsThatVanish() throws {
        let graph = try Graph { g in [("sum", g.input("x", [400], .float32).sum())] }
        var (squares, variance) = (0.0, 0.0)
        for seed in 1...100 {
            let half = Tensor.uniform([200], seed: seed).floats
            let x = Tensor(known: [400], .float32(half + half.reversed().map { -$0 }))
            let sum = try #require(graph.evaluated(["x": x], precision: .float32)["sum"]).doubles[0]
            let deviation = try #require(graph.roundings(["x": x])["sum"]).doubles[0]
            squares += sum * sum
            variance += deviation * deviation
        }
        let ratio = (squares / variance).squareRoot()
        #expect(ratio > 0.25 && ratio < 2)
    }

    /// The rounding of a product, and none for exact values.
    @Test func productsAndFunctions() throws {
        let one = Rounded(1)
        #expect((one * one).variance == 0x1p-48 / 3)
        #expect(Rounded(3).variance == 0)
        let root = Rounded.evaluate(.sqrt, Rounded(4) * one, one, one)
        // The error of √4 is a quarter of that of 4.
        let moved = 4 * (0x1p-48 / 3).squareRoot() / 4
        #expect((root.variance - (moved * moved + 4 * 0x1p-48 / 3)).magnitude < 1e-6 * root.variance)
    }

    /// The gradient of a bias before a batch normalization is 0; in Float it is a sum of roundings, and only these are allowed.
    @Test func aGradientThatVanishes() throws {
        let json =
            #"{"inputs":[{"name":"x","shape":[32,16],"type":"float64"}],"outputs":[],"loss":"loss","operations":["#
            + #"{"op":"linear","inputs":["x"],"output":"h","weight":"w","bias":"b","features":8},"#
            + #"{"op":"batch_norm","inputs":["h"],"output":"n","name":"bn"},"#
            + #"{"op":"power","inputs":["n"],"output":"p","exponent":3},"#
            + #"{"op":"sum","inputs":["p"],"output":"loss","axes":[0,1]}]}"#
        let network = try Network(parsing: Array(json.utf8))
        var inputs = ["x": Tensor.uniform([32, 16], seed: 4)]
        for (name, tensor) in network.initialParameters(seed: 7) { inputs[name] = tensor }
        let graph = try network.graph(.training).valueAndGradient(of: ["b"], output: "loss")
        let roundings = try #require(graph.roundings(inputs)["∂b"]).doubles
        let plan = PlanOptions(cpu: "baseline", isExact: true)
        let gradient = try #require(graph.compiled(options: plan).results(inputs)["∂b"]).doubles
        #expect(gradient.contains { $0 != 0 })
        for (value, deviation) in zip(gradient, roundings) {
            #expect(value.magnitude <= 16 * deviation && deviation < 1e-4)
        }
    }

    /// Errors larger than the roundings are found; where these are unbounded, errors of 1e-3 of 1.
    @Test(arguments: [
        (1e-6, 1e-6, true), (1e-4, 1e-6, false), (9e-4, Double.infinity, true), (2e-3, .infinity, false),
        (2e-3, .nan, false),
    ])
    func onlyRoundingsAreAllowed(off: Double, deviation: Double, isRight: Bool) throws {
        let zero = Tensor(known: [2], .float64([0, 0]))
        var comparison = Comparison(engine: .plan(kernels: "baseline", isExact: true), tensors: ["grad.b": zero])
        try comparison.compare(
            Tensor(known: [2], .float64([0, off])), with: "grad.b",
            roundings: {
                Tensor(known: [2], .float64([0, deviation]))
            })
        #expect(comparison.failures.isEmpty == isRight)
    }
}
