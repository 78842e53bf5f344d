import AdjointGradients
import AdjointGraphs
import AdjointModels
import AdjointPlans

/// The network's results for one digit, and the gradients of that digit alone.
package struct NetworkLook: Sendable {
    /// The class that the digit is said to have.
    package let label: Int
    package let probabilities: [Double]
    /// The loss −log p[label].
    package let loss: Double
    /// The output of each layer, by the layer's name: [channels, rows, columns], or [features].
    package let layers: [(name: String, tensor: Tensor)]
    /// ∂loss∕∂ of each parameter in its shape, and of `images`, the picture itself: [1, 1, 8, 8].
    package let gradients: [String: Tensor]

    package var prediction: Int { NetworkLook.likeliest(probabilities) }

    static func likeliest(_ probabilities: [Double]) -> Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }
}

extension NetworkTraining {
    /// The results of the network, as it is now, for a digit.
    ///
    /// - Parameters:
    ///   - pixels: 8x8 numbers from 0 to 16.
    ///   - label: the class that the digit is said to have; by default the one that the network predicts.
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

    /// The plan for one digit; it reads the parameters where the training writes them.
    private func compiledLook() throws(ArgumentError) -> Plan {
        let graph = try network.explainedGraph(batch: 1)
        let derivative = try graph.valueAndGradient(of: network.trained + [InputName.images], output: "cross-entropy")
        return try derivative.compiled(state: training.state, options: use.options)
    }
}
