// A network that is no classifier: two inputs, one encoder that both share, and a loss among its operations.

import Adjoint

let twins = try Network(
    "twins", inputs: [Network.Input("a", [1, 12, 12]), Network.Input("b", [1, 12, 12])],
    outputs: ["distance"], loss: "distance"
) { network in
    let codes = ["a", "b"].map { name in
        network.append(to: name) {
            Shared("encoder") {
                Convolution(8, kernel: 3)
                PReLU(8)
                Flatten()
                Linear(16)
            }
        }
    }
    network.append(Apply("mse", ["reduction": "mean"]), to: codes, as: "distance")
}
let step = try twins.graph(.training, batch: 4).valueAndGradient(of: twins.trained, output: "distance")
let plan = try step.compiled()
var inputs: [String: Tensor] = [:]
for (name, tensor) in twins.initialParameters(seed: 1) { inputs[name] = tensor }
inputs["a"] = try Tensor([4, 1, 12, 12], (0..<576).map { Float($0 % 11) / 11 })
inputs["b"] = try Tensor([4, 1, 12, 12], (0..<576).map { Float($0 % 13) / 13 })
let results = try plan.results(inputs)
print(twins.trained.count, "parameters,", results["distance"]!.doubles[0] > 0, results["∂encoder.fc1.weight"]!.shape)

// prints 5 parameters, true [16, 800]
