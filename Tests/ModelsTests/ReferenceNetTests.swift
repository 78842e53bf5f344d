import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels
import TestSupport
import Testing

/// Whole networks against PyTorch, computed by Evaluate in Double.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence))) struct ReferenceNetTests {
    @Test(arguments: ReferenceNet.names)
    func forwardLossAndEveryGradient(name: String) throws {
        let net = try ReferenceNet(name)
        let names = net.network.trained
        let graph = try net.network.lossGraph(batch: net.batch, type: .float64)
            .valueAndGradient(of: names + [InputName.images], output: "loss")
        var inputs = try net.start()
        inputs[InputName.images] = try net.tensor("x")
        inputs[InputName.labels] = try net.labels()
        let results = try graph.evaluated(inputs)
        expectClose(results["logits"], try net.tensor("logits"), "logits")
        expectClose(results["loss"], try net.tensor("loss"), "loss")
        expectClose(results["∂images"], try net.tensor("grad.x"), "gradient of x")
        for name in names { expectClose(results["∂" + name], try net.tensor("grad." + name), "gradient of \(name)") }
        var after = inputs
        after[InputName.labels] = nil
        for parameter in net.network.parameters where !parameter.isTrained {
            let result = try #require(results[parameter.name])
            expectClose(result, try net.tensor("buffer_after." + parameter.name), parameter.name)
            after[parameter.name] = result
        }
        let inference = try net.network.inferenceGraph(batch: net.batch, type: .float64).evaluated(after)
        expectClose(inference["logits"], try net.tensor("eval_logits"), "logits in use")
    }

    @Test(arguments: ReferenceNet.names, ["sgd", "nesterov", "adamw"])
    func threeStepsOfEachOptimizer(name: String, optimizer kind: String) throws {
        let net = try ReferenceNet(name)
        let decay = kind == "adamw" ? 0.01 : 1e-4
        let optimizer: Optimizer =
            kind == "adamw"
            ? .adamW(weightDecay: decay) : .sgd(momentum: 0.9, nesterov: kind == "nesterov", weightDecay: decay)
        let graph = try net.network.trainingGraph(batch: net.batch, optimizer: optimizer, type: .float64)
        var state = try net.start()
        for input in graph.inputs where input.name.hasSuffix("moment") || input.name.hasSuffix("momentum") {
            state[input.name] = Tensor(known: input.shape, repeating: 0, as: .float64)
        }
        let losses = try net.tensor("\(kind).loss").doubles
        for step in 1...3 {
            var inputs = state
            inputs[InputName.images] = try net.tensor("x")
            inputs[InputName.labels] = try net.labels()
            inputs[InputName.learningRate] = Tensor(scalar: kind == "adamw" ? 0.01 : 0.05, as: .float64)
            for scalar in optimizer.scalars { inputs[scalar.name] = Tensor(scalar: scalar.value(step), as: .float64) }
            let results = try graph.evaluated(inputs)
            let loss = try #require(results["loss"]).doubles[0]
            #expect((loss - losses[step - 1]).magnitude <= 1e-9 * losses[step - 1].magnitude)
            for (name, tensor) in results where state[name] != nil { state[name] = tensor }
        }
        for parameter in net.network.parameters {
            let kindOfTensor = parameter.isTrained ? "param" : "buffer"
            expectClose(
                state[parameter.name], try net.tensor("\(kind).\(kindOfTensor).\(parameter.name)"), parameter.name)
        }
    }

    @Test(arguments: ReferenceNet.names)
    func jsonGivesTheSameNetworkBack(name: String) throws {
        let net = try ReferenceNet(name)
        let encoded = net.network.encoded()
        let again = try Network(encoded)
        #expect(again == net.network)
        #expect(again.encoded().serialized() == encoded.serialized())
    }
}
