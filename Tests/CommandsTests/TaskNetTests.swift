import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import TestSupport
import Testing

@testable import AdjointCommands

/// Training tasks, by Evaluate in Double: every operation, gradient, Hessian product and step of an optimizer in them.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence))) struct TaskNetTests {
    private func task(_ name: String, _ change: (inout JSON.Object) -> Void = { _ in }) throws -> TaskNet {
        var tensors: [String: Tensor] = [:]
        for stored in try TensorFile(parsing: Shared.bytes("tasks/\(name).safetensors")).tensors {
            tensors[stored.name] = stored.tensor
        }
        var root = try #require(JSON(parsing: Shared.bytes("tasks/\(name).json")).object)
        change(&root)
        return try TaskNet(name, .object(root), tensors)
    }

    @Test(arguments: ["squeeze_excite", "accumulate", "text_cnn", "two_inputs_two_heads", "finetune", "wave1d"])
    func agreesWithPyTorch(name: String) throws {
        #expect(try task(name).failures(.evaluate) == [])
    }

    /// Another slope, another rate: both are found out.
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
}
