import AdjointExplanations
import AdjointGraphs
import AdjointModels
import AdjointPlans

/// The last layer of a network while it learns a few pictures; all layers before it stay as they are.
///
/// Its logits are linear in its input x, so the curvature of the error along every weight is at most ½·(‖x‖² + 1): with
/// η = 1∕(‖x‖² + 1) for the longest x no step makes the error grow.
struct LastLayer {
    /// A picture with the class that it is to be taken for.
    struct Sample {
        let photo: Photo
        let label: Int
        /// The input of the last layer.
        var features: [Float] = []
        /// The probability of each class, before and after the last layer has learned.
        var before: [Double] = []
        var after: [Double] = []
    }

    var samples: [Sample] = []
    /// The class of the next picture.
    var label = 0
    private(set) var losses = TrainingCurve()
    private var training: Training?
    /// The layer before it learned.
    private var original: [(name: String, tensor: Tensor)] = []

    /// The most pictures, and the number of steps in which they are learned.
    static let (most, steps) = (24, 40)

    var isDone: Bool { training?.steps ?? 0 >= LastLayer.steps }
    var hasLearned: Bool { !original.isEmpty }

    /// Forgets the progress with other samples, but keeps the layer's parameters.
    mutating func begin() { (training, losses) = (nil, TrainingCurve()) }

    /// A few steps of W ← W − η·∂E∕∂W, where E is the mean of −log p over the samples.
    mutating func learn(_ use: NetworkInUse, steps: Int) throws(ArgumentError) {
        let training = if let training { training } else { try started(use) }
        let images = Tensor(
            known: [samples.count, samples[0].features.count], .float32(samples.flatMap { $0.features }))
        do throws(TrainingError) {
            for _ in 0..<min(steps, LastLayer.steps - training.steps) {
                losses.add(
                    try training.step(images: images, labels: samples.map { Int32($0.label) }).loss, at: training.steps)
            }
        } catch {
            throw ArgumentError("last layer", "loss", expected: "a finite number", given: "another")
        }
        for (name, own) in zip(try use.lastParameters(), training.network.parameters) {
            if let tensor = training.state.tensor(named: own.name) { try use.state.set(name, to: tensor) }
        }
        self.training = training
        let head = Classifier(training.network, state: training.state, options: use.options)
        for place in samples.indices where isDone { samples[place].after = try probabilities(of: place, head) }
    }

    private mutating func started(_ use: NetworkInUse) throws(ArgumentError) -> Training {
        let names = try use.lastParameters()
        let now = names.compactMap { name in use.parameter(name).map { (name: name, tensor: $0) } }
        if original.isEmpty { original = now }
        let longest = samples.reduce(0.0) { longest, sample in
            max(longest, sample.features.reduce(0.0) { $0 + Double($1) * Double($1) })
        }
        let network = try Network("last layer", input: [samples[0].features.count], classes: use.network.classes) {
            Linear(use.network.classes, bias: names.count > 1, name: "last")
        }
        let training = try Training(
            network, optimizer: .sgd(), schedule: Schedule(1 / (longest + 1)),
            parameters: zip(network.parameters, now).map { (name: $0.name, tensor: $1.tensor) }, options: use.options)
        let head = Classifier(network, state: training.state, options: use.options)
        for place in samples.indices { samples[place].before = try probabilities(of: place, head) }
        losses = TrainingCurve()
        return training
    }

    private func probabilities(of place: Int, _ head: Classifier) throws(ArgumentError) -> [Double] {
        let features = samples[place].features
        return try head.probabilities(of: Tensor(known: [1, features.count], .float32(features))).doubles
    }

    /// Restores the layer as it was before.
    mutating func restore(_ use: NetworkInUse) throws(ArgumentError) {
        for (name, tensor) in original { try use.state.set(name, to: tensor) }
        original = []
        begin()
        for place in samples.indices { (samples[place].before, samples[place].after) = ([], []) }
    }
}

extension NetworkInUse {
    /// The fully connected layer that gives the logits; nil where the network ends otherwise.
    var lastLayer: Int? {
        let number = network.steps.count - 1
        guard network.isClassifier, side != nil, let filtering = network.steps[number].operation.filtering,
            filtering.kernel.isEmpty, !filtering.isTransposed
        else { return nil }
        return number
    }

    /// The names of its weights, and of its bias where it has one.
    fileprivate func lastParameters() throws(ArgumentError) -> [String] {
        guard let lastLayer, let filtering = network.steps[lastLayer].operation.filtering else {
            throw ArgumentError(
                network.name, "last layer", expected: "a fully connected one",
                given: network.steps.last?.operation.name ?? "none")
        }
        return [filtering.weight] + (filtering.bias.map { [$0] } ?? [])
    }
}
