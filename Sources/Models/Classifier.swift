import AdjointGraphs
import AdjointPlans

/// A network with parameters, in use.
public final class Classifier {
    public let network: Network
    public let state: State
    private let options: PlanOptions
    private var evaluations: [Int: Inference] = [:]
    private var predictions: [Int: Plan] = [:]

    /// A compiled graph for one size of batch.
    private struct Inference {
        let plan: Plan
        let images, loss: Plan.Slot<Float>
        let labels, prediction: Plan.Slot<Int32>
    }

    /// - Parameter state: holds the parameters; it may be one that is being trained.
    public init(_ network: Network, state: State, options: PlanOptions = PlanOptions()) {
        (self.network, self.state, self.options) = (network, state, options)
    }

    /// - Throws: an error that names a parameter that is missing, unknown or of another shape.
    public convenience init(
        _ network: Network, parameters: [(name: String, tensor: Tensor)], options: PlanOptions = PlanOptions()
    ) throws(ArgumentError) {
        self.init(network, state: try State(try network.matched(parameters)), options: options)
    }

    /// The probability of each class: [N, classes].
    ///
    /// - Parameter images: [N, channels, spatial…]
    public func probabilities(of images: Tensor) throws(ArgumentError) -> Tensor {
        guard images.shape.rank >= 1, images.shape[0] >= 1,
            Array(images.shape.sizes.dropFirst()) == network.input.sizes
        else {
            throw ArgumentError(
                network.name, "images", expected: "one or more of \(network.input)", given: "\(images.shape)")
        }
        let plan = try prediction(batch: images.shape[0])
        return try plan.run([InputName.images: images])
    }

    /// The quality of the network's predictions on samples.
    ///
    /// - Parameter batch: how many samples are computed at once; it does not change a prediction.
    /// - Throws: an error for samples of another shape or with more classes.
    public func evaluate(_ dataset: Dataset, batch: Int = 256) throws(ArgumentError) -> Evaluation {
        try dataset.check(for: network)
        var evaluation = Evaluation(classes: network.classes)
        var start = 0
        while start < dataset.count {
            let count = min(max(1, batch), dataset.count - start)
            let inference = try inference(batch: count)
            inference.images.withElements { images in
                guard let target = images.baseAddress else { return }
                for place in 0..<count {
                    dataset.copy(
                        sample: start + place, to: target + place * dataset.shape.count, offset: (0, 0), flips: false)
                }
            }
            inference.labels.withElements { labels in
                for place in 0..<count { labels[place] = dataset.labels[start + place] }
            }
            inference.plan.execute()
            let loss = inference.loss.withElements { Double($0[0]) }
            inference.prediction.withElements { predictions in
                for place in 0..<count {
                    evaluation.add(label: Int(dataset.labels[start + place]), prediction: Int(predictions[place]))
                }
            }
            evaluation.addLoss(loss * Double(count))
            start += count
        }
        return evaluation
    }

    private func prediction(batch: Int) throws(ArgumentError) -> Plan {
        if let known = predictions[batch] { return known }
        let graph = try network.inferenceGraph(batch: batch).keeping(["probabilities"])
        let made = try graph.compiled(state: state, options: options)
        predictions[batch] = made
        return made
    }

    private func inference(batch: Int) throws(ArgumentError) -> Inference {
        if let known = evaluations[batch] { return known }
        let graph = try network.evaluationGraph(batch: batch)
        let plan = try graph.compiled(state: state, options: options)
        let made = Inference(
            plan: plan, images: try plan.floats(input: InputName.images), loss: try plan.floats(output: "loss"),
            labels: try plan.integers(input: InputName.labels), prediction: try plan.integers(output: "prediction"))
        evaluations[batch] = made
        return made
    }
}

/// The quality of a network's predictions on samples.
public struct Evaluation: Hashable, Sendable {
    public private(set) var count = 0
    public private(set) var correct = 0
    /// For each label, how often each class was predicted; classes that were never predicted are missing.
    public private(set) var confusion: [[Int: Int]]
    private var totalLoss = 0.0

    init(classes: Int) {
        confusion = [[Int: Int]](repeating: [:], count: classes)
    }

    /// The mean cross-entropy.
    public var loss: Double { count > 0 ? totalLoss / Double(count) : 0 }
    /// The share of the samples that are classified right, from 0 to 1.
    public var accuracy: Double { count > 0 ? Double(correct) / Double(count) : 0 }

    mutating func add(label: Int, prediction: Int) {
        count += 1
        correct += label == prediction ? 1 : 0
        confusion[label][prediction, default: 0] += 1
    }

    mutating func addLoss(_ loss: Double) { totalLoss += loss }
}
