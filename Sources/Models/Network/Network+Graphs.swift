import AdjointGradients
import AdjointGraphs

/// The names of the inputs that the graphs of a network have beside its parameters.
public enum InputName {
    /// The pictures: [N, channels, spatial…].
    public static let images = "images"
    /// The classes: int32 [N].
    public static let labels = "labels"
    /// The int32 scalars that dropout draws from; only in networks with dropout.
    public static let key = "random key"
    public static let counter = "random counter"
    /// The learning rate; optimizers may take further scalars, by their own names.
    public static let learningRate = "learning rate"
}

extension Network {
    /// The network as a graph: takes its inputs, its parameters and, in training with dropout, a random key and counter, by
    /// their names; gives its outputs, its loss and, in training, the new running statistics by their names.
    ///
    /// - Parameters:
    ///   - batch: the size of the batch, in place of the inputs' own.
    ///   - shapes: the shapes of inputs that have other shapes than their own.
    ///   - values: names of further values to give as outputs.
    public func graph(
        _ mode: Mode, batch: Int? = nil, shapes: [String: Shape] = [:], values: [String] = [],
        type: ElementType = .float32
    ) throws(ArgumentError) -> Graph {
        try Graph { g in
            var given: [String: Value] = [:]
            for input in inputs {
                var sizes = input.shape.sizes
                if let batch, input.isBatch, !sizes.isEmpty { sizes[0] = batch }
                given[input.name] = g.input(
                    input.name, shapes[input.name] ?? Shape(sizes), input.type.isFloatingPoint ? type : input.type)
            }
            let application = callAsFunction(given, in: g, mode: mode, type: type)
            let names = outputs + (loss.map { outputs.contains($0) ? [] : [$0] } ?? []) + values
            return names.map { ($0, application.named[$0] ?? g.poison(nil)) }
                + application.updates.map { ($0.name, $0.value) }
        }.simplified()
    }

    /// Writes the network into a graph; parameters, and the scalars that dropout draws from, become inputs of the graph.
    public func callAsFunction(
        _ inputs: [String: Value], in g: GraphBuilder, mode: Mode, type: ElementType = .float32
    ) -> Application {
        var values: [String: Value] = [:]
        for parameter in parameters { values[parameter.name] = g.input(parameter.name, parameter.shape, type) }
        let known = values
        let random =
            isRandom && mode == .training
            ? (g.input(InputName.key, [], .int32), g.input(InputName.counter, [], .int32)) : nil
        return apply(to: inputs, in: g, mode: mode, random: random) { known[$0] ?? g.poison(nil) }
    }

    /// The network in use: outputs `logits`, `probabilities` and `prediction` (int32, the most probable class).
    public func inferenceGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch, of: "inference") { g in
            let logits = applied(in: g, batch: batch, type: type, .inference).output
            return [
                ("logits", logits), ("probabilities", logits.softmax()), ("prediction", logits.indexOfMaximum(axis: 1)),
            ]
        }
    }

    /// The network in use with labels: outputs `loss` (the mean over the batch, without label smoothing), `prediction`.
    public func evaluationGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch, of: "evaluation") { g in
            let logits = applied(in: g, batch: batch, type: type, .inference).output
            let labels = g.input(InputName.labels, [batch], .int32)
            return [
                ("loss", logits.crossEntropy(labels: labels)), ("prediction", logits.indexOfMaximum(axis: 1)),
            ]
        }
    }

    /// The network in training: outputs `logits`, `loss`, `correct` (the number of predictions that are right), and the new
    /// running statistics by their names.
    public func lossGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch, of: "training") { g in
            let application = applied(in: g, batch: batch, type: type, .training)
            let labels = g.input(InputName.labels, [batch], .int32)
            let (loss, correct) = g.named("loss") {
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

    /// The same and the gradient of the loss with respect to every trained parameter: outputs `∂conv1.weight`, ….
    func gradientGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        let forward = try lossGraph(batch: batch, type: type)
        return try forward.valueAndGradient(of: trained, output: "loss")
    }

    /// The network in training with an output for every step, by the name of its value.
    public func layersGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch, of: "training") { g in
            return zip(steps, applied(in: g, batch: batch, type: type, .training).values).map { ($0.output, $1) }
        }
    }

    /// The network in use on labelled examples: the outputs of every step by the names of their values, and the error
    /// `cross-entropy`, the mean of −log p[label] over the batch.
    public func explainedGraph(batch: Int, type: ElementType = .float32) throws(ArgumentError) -> Graph {
        try graph(batch: batch, of: "explanation") { g in
            let application = applied(in: g, batch: batch, type: type, .inference)
            let labels = g.input(InputName.labels, [batch], .int32)
            return zip(steps, application.values).map { ($0.output, $1) }
                + [("cross-entropy", application.output.crossEntropy(labels: labels))]
        }
    }

    /// Any network on inputs of its own shapes: the outputs of every step by the names of their values, and the error: the
    /// loss, or for a network without one the sum of the first output's elements.
    public func explainedGraph(
        _ mode: Mode, type: ElementType = .float32
    ) throws(ArgumentError) -> (graph: Graph, error: String) {
        let known = outputs + (loss.map { [$0] } ?? [])
        let values = steps.map { $0.output }.filter { !known.contains($0) }
        let forward = try graph(mode, values: values, type: type)
        if let loss { return (forward, loss) }
        guard let first = outputs.first, let output = forward.output(named: first),
            forward.nodes[output.node].type.isFloatingPoint
        else {
            throw ArgumentError(
                "explanation", "network \"\(name)\"", expected: "a loss, or a first output of floats",
                given: "outputs " + joined(outputs))
        }
        let error = "sum of " + first
        let summed = try Graph { g in
            let values = g.inline(forward)
            return forward.outputs.map { ($0.name, values[$0.node]) } + [(error, values[output.node].sum())]
        }
        return (summed, error)
    }

    /// The network as a classifier of pictures of its own shape.
    private func applied(in g: GraphBuilder, batch: Int, type: ElementType, _ mode: Mode) -> Application {
        let images = g.input(InputName.images, Shape([batch] + input.sizes), type)
        return callAsFunction([inputName: images], in: g, mode: mode, type: type)
    }

    private func graph(
        batch: Int, of use: String, _ build: (GraphBuilder) -> [(String, Value)]
    ) throws(ArgumentError) -> Graph {
        guard isClassifier else {
            throw ArgumentError(
                use, "network \"\(name)\"", expected: "a classifier, of one input and one number for each class",
                given: "inputs " + joined(inputs.map { $0.name }) + ", outputs " + joined(outputs))
        }
        try checkMemory(batch: batch)
        return try Graph(build).simplified()
    }
}
