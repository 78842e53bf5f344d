import AdjointGradients
import AdjointGraphs

/// The names of what the graphs of a network take beside its parameters.
public enum InputName {
    /// [N, channels, spatial…]
    public static let images = "images"
    /// int32 [N]
    public static let labels = "labels"
    /// int32 scalars that dropout draws from; only where a network has dropout.
    public static let key = "random key"
    public static let counter = "random counter"
    public static let learningRate = "learning rate"
    /// 1 − β₁ᵗ and 1 − β₂ᵗ; only for optimizers with moments of that kind.
    public static let corrections = ["first correction", "second correction"]
}

extension Network {
    /// The network in use: outputs `logits`, `probabilities` and `prediction` (int32, the most probable class).
    public func inferenceGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch) { g in
            let inputs = Inputs(of: self, in: g, batch: batch, type: type, mode: .inference)
            let logits = inputs.apply(.inference).output
            return [
                ("logits", logits), ("probabilities", logits.softmax()), ("prediction", logits.indexOfMaximum(axis: 1)),
            ]
        }
    }

    /// The network in use with labels: outputs `loss` (the mean over the batch, without label smoothing), `prediction`.
    public func evaluationGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch) { g in
            let inputs = Inputs(of: self, in: g, batch: batch, type: type, mode: .inference)
            let logits = inputs.apply(.inference).output
            let labels = g.input(InputName.labels, [batch], .int32)
            return [
                ("loss", logits.crossEntropy(labels: labels)), ("prediction", logits.indexOfMaximum(axis: 1)),
            ]
        }
    }

    /// The network in training: outputs `logits`, `loss`, `correct` (how many predictions are right), and by the names of
    /// the running statistics what these become.
    public func lossGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch) { g in
            let inputs = Inputs(of: self, in: g, batch: batch, type: type, mode: .training)
            let application = inputs.apply(.training)
            let labels = g.input(InputName.labels, [batch], .int32)
            let (loss, correct) = g.within("loss") {
                (
                    application.output.crossEntropy(labels: labels, labelSmoothing: labelSmoothing),
                    application.output.correctCount(labels: labels)
                )
            }
            return [
                ("logits", application.output), ("loss", loss), ("correct", correct),
            ] + application.updates.map { ($0.name, $0.value) }
        }
    }

    /// The same, and the gradient of the loss with respect to every trained parameter: outputs `∂conv1.weight`, ….
    func gradientGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        let forward = try lossGraph(batch: batch, type: type)
        return try forward.valueAndGradient(of: trained, output: "loss")
    }

    /// The network in training with an output for every step, by the name of its value.
    public func layersGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch) { g in
            let inputs = Inputs(of: self, in: g, batch: batch, type: type, mode: .training)
            return zip(steps, inputs.apply(.training).values).map { ($0.output, $1) }
        }
    }

    /// The network in use on labelled examples: the outputs of every step by the names of their values, and the error
    /// `cross-entropy`, the mean of −log p[label] over the batch.
    public func explainedGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch) { g in
            let inputs = Inputs(of: self, in: g, batch: batch, type: type, mode: .inference)
            let application = inputs.apply(.inference)
            let labels = g.input(InputName.labels, [batch], .int32)
            return zip(steps, application.values).map { ($0.output, $1) }
                + [("cross-entropy", application.output.crossEntropy(labels: labels))]
        }
    }

    /// One step of training as one graph: outputs `loss` and `correct`, `finite` (a truth value), and by their names the
    /// running statistics, the parameters and their moments after the step.
    ///
    /// Where the loss, a gradient (or its square, if the optimizer takes that) or the sum of all of them is not finite, `finite`
    /// does not hold, and everything stays as it was.
    ///
    /// - Parameter clip: the largest norm of all gradients together; nil for no limit.
    public func trainingGraph(
        batch: Int, optimizer: Optimizer, clip: Double? = nil, type: ElementType = .float32
    ) throws(ArgumentError) -> Graph {
        try optimizer.checkNumbers()
        try Self.check(clip: clip)
        let derivative = try gradientGraph(batch: batch, type: type)
        return try graph(batch: batch) { g in
            let values = g.inline(derivative)
            g.origin = Origin("optimizer")
            func value(_ output: String) -> Value {
                derivative.output(named: output).map { values[$0.node] } ?? g.poison(nil)
            }
            func input(_ name: String) -> Value {
                derivative.input(named: name).map { values[$0.node] } ?? g.poison(nil)
            }
            let loss = value("loss")
            var gradients = trained.map { value("∂" + $0) }
            var isFinite = loss.abs() .< .infinity
            if !gradients.isEmpty { isFinite = isFinite.and(optimizer.canTake(gradients, clip: clip)) }
            let scalars = optimizer.scalars(in: g, type: type, isValid: isFinite)
            if let clip { gradients = clipped(gradients, toNorm: clip) }
            var outputs = [("loss", loss), ("correct", value("correct")), ("finite", isFinite)]
            for parameter in parameters where !parameter.isTrained {
                outputs.append((parameter.name, isFinite.choose(value(parameter.name), input(parameter.name))))
            }
            for (name, gradient) in zip(trained, gradients) {
                let old = input(name)
                let oldMoments = optimizer.moments.map { g.input(Self.momentName($0, of: name), old.shape, type) }
                let (new, moments) = optimizer.updated(old, gradient: gradient, moments: oldMoments, scalars)
                outputs.append((name, new))
                for (kind, moment) in zip(optimizer.moments, moments) {
                    outputs.append((Self.momentName(kind, of: name), moment))
                }
            }
            return outputs
        }
    }

    static func check(clip: Double?) throws(ArgumentError) {
        if let clip { try Bounds.aboveZero.check(clip, "training", "clip") }
    }

    /// What a training with an optimizer changes: parameters and running statistics, then moments.
    package func stateShapes(_ optimizer: Optimizer) -> [(name: String, shape: Shape)] {
        parameters.map { ($0.name, $0.shape) }
            + parameters.filter { $0.isTrained }.flatMap { parameter in
                optimizer.moments.map { (Self.momentName($0, of: parameter.name), parameter.shape) }
            }
    }

    /// How a moment of a parameter is called: `conv1.weight momentum`.
    static func momentName(_ moment: String, of parameter: String) -> String { parameter + " " + moment }

    private func graph(batch: Int, _ build: (GraphBuilder) -> [(String, Value)]) throws(ArgumentError) -> Graph {
        try checkMemory(batch: batch)
        return try Graph(build).simplified()
    }
}

/// The declared inputs of a network's graph.
private struct Inputs {
    let network: Network
    let images: Value
    let parameters: [String: Value]
    let random: (key: Value, counter: Value)?

    init(of network: Network, in g: GraphBuilder, batch: Int, type: ElementType, mode: Mode) {
        self.network = network
        images = g.input(InputName.images, Shape([batch] + network.input.sizes), type)
        var parameters: [String: Value] = [:]
        for parameter in network.parameters {
            parameters[parameter.name] = g.input(parameter.name, parameter.shape, type)
        }
        self.parameters = parameters
        random =
            network.isRandom && mode == .training
            ? (g.input(InputName.key, [], .int32), g.input(InputName.counter, [], .int32)) : nil
    }

    func apply(_ mode: Mode) -> Network.Application {
        network.apply(to: images, mode: mode, random: random) { parameters[$0] ?? images.graph.poison(nil) }
    }
}

extension Optimizer {
    /// Whether it divides by 1 − βᵗ.
    var hasCorrections: Bool { moments.count == 2 }

    fileprivate func scalars(in g: GraphBuilder, type: ElementType, isValid: Value) -> Scalars {
        let rate = g.input(InputName.learningRate, [], type)
        let corrections = hasCorrections ? InputName.corrections.map { g.input($0, [], type) } : [rate, rate]
        return Scalars(learningRate: rate, corrections: (corrections[0], corrections[1]), isValid: isValid)
    }
}
