import AdjointGradients
import AdjointGraphs
import AdjointModels
import AdjointPlans

/// What a network makes of one digit, and how that digit alone would move its parameters.
package struct NetworkLook: Sendable {
    /// The digit that it is said to be.
    package let label: Int
    package let probabilities: [Double]
    /// −log p[label]
    package let loss: Double
    /// What each layer gives, by the layer's name: [channels, rows, columns], or [features].
    package let layers: [(name: String, tensor: Tensor)]
    /// ∂loss∕∂ of each parameter in its shape, and of `images`, the picture itself: [1, 1, 8, 8].
    package let gradients: [String: Tensor]

    package var prediction: Int { NetworkLook.likeliest(probabilities) }

    static func likeliest(_ probabilities: [Double]) -> Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }
}

extension NetworkTraining {
    /// What the network, as it is now, makes of a digit.
    ///
    /// - Parameters:
    ///   - pixels: 8x8 of them from 0 to 16.
    ///   - label: what the digit is said to be; what the network takes it for unless given.
    package func look(at pixels: [UInt8], label: Int? = nil) throws(ArgumentError) -> NetworkLook {
        let image = try use.image(pixels)
        let probabilities = try use.probabilities(of: image)
        let label = label ?? NetworkLook.likeliest(probabilities)
        let given = try use.given(image, label: label)
        let plan = if let looking { looking } else { try compiledLook() }
        looking = plan
        let results = try plan.results(given)
        var gradients: [String: Tensor] = [:]
        for name in network.trained + [InputName.images] { gradients[name] = results["∂" + name] }
        return NetworkLook(
            label: label, probabilities: probabilities, loss: results["cross-entropy"]?.doubles[0] ?? .nan,
            layers: zip(network.steps, network.shapes).compactMap { step, shape in
                results[step.output].map { (step.label, Tensor(known: shape, $0.elements)) }
            }, gradients: gradients)
    }

    /// The plan that looks at one digit; it reads the parameters where the training writes them.
    private func compiledLook() throws(ArgumentError) -> Plan {
        let graph = try network.explainedGraph(batch: 1)
        let derivative = try graph.valueAndGradient(of: network.trained + [InputName.images], output: "cross-entropy")
        return try derivative.compiled(state: training.state, options: use.options)
    }
}
