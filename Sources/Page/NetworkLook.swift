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

    package var prediction: Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }
}

extension NetworkTraining {
    /// What the network, as it is now, makes of a digit.
    ///
    /// - Parameters:
    ///   - pixels: 8x8 of them from 0 to 16.
    ///   - label: what the digit is said to be; what the network takes it for unless given.
    package func look(at pixels: [UInt8], label: Int? = nil) throws(ModelError) -> NetworkLook {
        try looking.look(at: pixels, label: label)
    }
}

/// The plans that look at one digit. They read the parameters where the training writes them.
struct Looking {
    private let training: Training
    private let digits: TrainingDigits
    private let options: PlanOptions
    private let classifier: Classifier
    private var plan: Plan?

    init(_ training: Training, _ digits: TrainingDigits, _ options: PlanOptions) {
        self.training = training
        self.digits = digits
        self.options = options
        classifier = Classifier(training.network, state: training.state, options: options)
    }

    mutating func look(at pixels: [UInt8], label: Int?) throws(ModelError) -> NetworkLook {
        let network = training.network
        let image = try digits.image(pixels)
        let probabilities = try classifier.probabilities(of: image).doubles
        let likeliest = probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
        let label = label ?? likeliest
        guard label >= 0, label < network.classes else {
            throw ModelError(
                network.name, "label", expected: "0 or more and below \(network.classes)", given: "\(label)")
        }
        let plan = if let plan { plan } else { try compiled() }
        self.plan = plan
        let results: [String: Tensor]
        do throws(PlanError) {
            results = try plan.results([
                InputName.images: image, InputName.labels: Tensor(known: [1], .int32([Int32(label)])),
            ])
        } catch {
            throw ModelError(error)
        }
        var layers: [(name: String, tensor: Tensor)] = []
        for (step, shape) in zip(network.steps, network.shapes) {
            guard let result = results[step.output] else { continue }
            layers.append((step.label, Tensor(known: shape, result.elements)))
        }
        var gradients: [String: Tensor] = [:]
        for name in network.trained + [InputName.images] { gradients[name] = results["∂" + name] }
        return NetworkLook(
            label: label, probabilities: probabilities, loss: results["cross-entropy"]?.doubles[0] ?? .nan,
            layers: layers, gradients: gradients)
    }

    private func compiled() throws(ModelError) -> Plan {
        let network = training.network
        let graph = try network.explainedGraph(batch: 1)
        let derivative: Graph
        do throws(GraphError) {
            derivative = try graph.valueAndGradient(
                of: network.trained + [InputName.images], output: "cross-entropy")
        } catch {
            throw ModelError(error)
        }
        do throws(PlanError) {
            return try derivative.compiled(state: training.state, options: options)
        } catch {
            throw ModelError(error)
        }
    }
}

extension ModelError {
    fileprivate init(_ error: PlanError) {
        self.init(error.operation, error.argument, expected: error.expected, given: error.given)
    }
}
