import AdjointExplanations
import AdjointGraphs
import AdjointModels

private let out = Option("--out", "FILE", "where the trained model goes (digits.safetensors)", .fileByName)

extension Command {
    static let demo: Command = Command(
        name: "demo",
        summary: "derives the gradient of a filter, trains on digits, and follows one weight's gradient back",
        options: [out]
    ) { arguments in
        print("A 3x3 input V, a 2x2 filter W, an output G, an error E. How does E move with the filter?\n")
        print(try Explanation(of: .question, parts: [.filter], views: [.equations]).text())

        let file = arguments[out] ?? "digits.safetensors"
        print("\nNow a network that learns: LeNet on 1,437 handwritten digits of 8x8 pixels.\n")
        let words = [
            "train", "--data", "digits", "--model", "lenet5", "--epochs", "20", "--batch", "32", "--augment", "--out",
            file,
        ]
        var run = try TrainingRun(try Arguments(words, for: .adjoint))
        try run.run()
        print("\nsaved as \(file): adjoint predict \(file) --data digits --index 3\n")
        try explainWeight(run.training, run.data)
    }

    /// The terms of the gradient of the first layer's strongest weight, on the test digit that is hardest for the network.
    private static func explainWeight(_ training: Training, _ data: Data) throws {
        let test = try data.testSet()
        let network = training.network
        let parameter = "conv1.weight"
        let probabilities = try Classifier(network, state: training.state).probabilities(
            of: test.images(0..<test.count))
        let hardest = (0..<test.count).min { probabilityOfLabel($0) < probabilityOfLabel($1) } ?? 0
        func probabilityOfLabel(_ place: Int) -> Float {
            probabilities.floats[place * network.classes + Int(test.labels[place])]
        }
        var bindings: [String: Tensor] = [:]
        for (name, tensor) in training.parameters { bindings[name] = tensor }
        bindings[InputName.images] = try test.images(hardest..<hardest + 1)
        bindings[InputName.labels] = try Tensor([1], [test.labels[hardest]])
        let loss = try network.lossGraph(batch: 1).keeping(["loss"])
        let gradient = try ParameterGradient(of: parameter, in: loss, bindings: bindings, evaluate: computed)
        guard let strongest = gradient.largest(1).first else { return }
        print(
            "Test digit \(hardest) is a \(test.labels[hardest]), for which the network gives "
                + "\(fixed(100 * Double(probabilityOfLabel(hardest)), 2)) %. "
                + "Where the gradient of one weight came from:\n")
        print(try gradient.contributions(to: strongest).text(strongest: 5))
    }
}
