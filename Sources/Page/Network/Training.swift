import AdjointGraphs
import AdjointModels
import AdjointPlans

/// A network that learns handwritten digits in view of the reader.
///
/// Equal choices give equal bits: the page's network becomes the same as the command's with the same kernels.
package final class NetworkTraining {
    package enum Choice: String, Hashable, Sendable, CaseIterable {
        /// One layer of filters, whose gradients can be followed by eye.
        case small
        case lenet5
    }

    package let choice: Choice
    package let digits: TrainingDigits
    package let network: Network
    /// The mean loss of the batches.
    package private(set) var losses = TrainingCurve()
    /// The share of the held-out digits that is recognized, at each step at which it was measured.
    package private(set) var accuracies = TrainingCurve()
    let training: Training
    private var batches: Batches
    private var known: (step: Int, evaluation: Evaluation)?
    /// The network as it is now.
    let use: NetworkInUse
    /// The plan for one digit, compiled at its first use.
    var looking: Plan?

    /// The number of pictures in a step.
    package static let batch = 32

    /// - Parameter seed: the seed of the first parameters and of the order of the digits.
    package init(
        _ choice: Choice, on digits: TrainingDigits, seed: UInt64 = 0, learningRate: Double = 0.02,
        options: PlanOptions = PlanOptions()
    ) throws(ArgumentError) {
        self.choice = choice
        self.digits = digits
        network =
            switch choice {
            case .small: try NetworkTraining.small(input: digits.training.shape)
            case .lenet5: try Zoo.lenet5(input: digits.training.shape)
            }
        training = try Training(
            network, optimizer: .sgd(momentum: 0.9, weightDecay: 0.0005), schedule: Schedule(learningRate),
            seed: seed, options: options)
        use = NetworkInUse(
            network, state: training.state, normalization: digits.training.normalization ?? .centered, options: options)
        batches = try Batches(digits.training, of: NetworkTraining.batch, seed: seed, augments: true)
    }

    /// Eight filters, rectified and pooled, and one linear layer.
    private static func small(input: Shape) throws(ArgumentError) -> Network {
        try Network("small", input: input, classes: 10) {
            Convolution(8, kernel: 3, padding: .same)
            ReLU()
            MaxPool(2)
            Flatten()
            Linear(10)
        }
    }

    /// The number of steps done.
    package var steps: Int { training.steps }
    /// The number of times that every digit has been learned from.
    package var epoch: Int { batches.epoch }

    /// Learns from this many batches.
    ///
    /// - Throws: where the loss is no longer finite; then everything is as before that step.
    package func train(steps: Int = 1) throws(TrainingError) {
        for _ in 0..<steps {
            let outcome = try training.step(&batches)
            losses.add(outcome.loss, at: training.steps)
        }
    }

    /// The quality of the network's predictions on digits that it has not learned from.
    package func evaluate() throws(ArgumentError) -> Evaluation {
        if let known, known.step == steps { return known.evaluation }
        let evaluation = try training.evaluate(digits.test, batch: 60)
        accuracies.add(evaluation.accuracy, at: steps)
        known = (steps, evaluation)
        return evaluation
    }

    /// A parameter as it is now; nil where there is none of this name.
    package func parameter(_ name: String) -> Tensor? { use.parameter(name) }
}
