import AdjointExplanations
import AdjointGraphs
import AdjointModels
import AdjointPlans

/// A network with its parameters, used on one picture at a time.
final class NetworkInUse {
    let network: Network
    /// The parameters; a training may change them.
    let state: State
    let normalization: Normalization
    let options: PlanOptions
    let classifier: Classifier

    init(_ network: Network, state: State, normalization: Normalization, options: PlanOptions) {
        (self.network, self.state, self.normalization) = (network, state, normalization)
        self.options = options
        classifier = Classifier(network, state: state, options: options)
    }

    /// A parameter as it is now; nil where there is none of this name.
    func parameter(_ name: String) -> Tensor? { state.tensor(named: name) }

    // MARK: pictures

    /// The rows and columns of its pictures; nil where these have other than one or three colours, or a million pixels.
    var side: (rows: Int, columns: Int)? {
        let input = network.input
        guard input.rank == 3, input[0] == 1 || input[0] == 3, Double(input[1]) * Double(input[2]) <= 0x1p20 else {
            return nil
        }
        return (input[1], input[2])
    }

    /// The largest byte of the pictures in its training. The digits of Sources/Digits go up to 16: with their normalization 255
    /// would be dozens of deviations above the mean.
    var white: Double {
        let mean = normalization.mean.first.map { Double($0) } ?? 0
        let deviation = normalization.deviation.first.map { Double($0) } ?? 1
        return (1 - mean) / deviation > 8 ? 16 : 255
    }

    /// A picture as input of the network: [1, channels, rows, columns].
    ///
    /// - Throws: an error for a picture of another size.
    func image(_ photo: Photo) throws(ArgumentError) -> Tensor {
        try image(photo.bytes(channels: network.input[0], white: white))
    }

    /// - Parameter bytes: plane after plane, as in training.
    func image(_ bytes: [UInt8]) throws(ArgumentError) -> Tensor {
        let one = try Dataset(
            bytes: bytes, shape: network.input, labels: [0], classes: network.classes, normalization: normalization)
        return try one.images(0..<1)
    }

    /// The probability of each class.
    func probabilities(of image: Tensor) throws(ArgumentError) -> [Double] {
        try classifier.probabilities(of: image).doubles
    }

    // MARK: graphs

    /// The outputs of a graph, by a plan that reads the parameters in place.
    private func results(
        of graph: Graph, _ bindings: [String: Tensor]
    ) throws(ArgumentError) -> [String: Tensor] {
        let plan = try graph.compiled(state: state, options: options)
        let taken = plan.graph.inputs.map { $0.name }
        return try plan.results(bindings.filter { taken.contains($0.key) })
    }

    /// - Throws: an error for a label of no class.
    func given(_ image: Tensor, label: Int) throws(ArgumentError) -> [String: Tensor] {
        guard label >= 0, label < network.classes else {
            throw ArgumentError(
                network.name, "label", expected: "0 or more and below \(network.classes)", given: "\(label)")
        }
        return [InputName.images: image, InputName.labels: Tensor(known: [1], .int32([Int32(label)]))]
    }

    /// The output of a step for a picture.
    func output(ofLayer number: Int, _ image: Tensor) throws(ArgumentError) -> Tensor {
        let name = network.steps[number].output
        let graph = try network.explainedGraph(batch: 1).keeping([name])
        return try results(of: graph, given(image, label: 0))[name] ?? Tensor(scalar: 0)
    }

    /// ∂E∕∂ of a step's output, where E is −log p[label].
    func cotangent(ofLayer number: Int, _ image: Tensor, label: Int) throws(ArgumentError) -> [Double] {
        let given = try given(image, label: label)
        let name = network.steps[number].output
        let graph = try network.explainedGraph(batch: 1).keeping([name, "cross-entropy"])
        return try graph.cotangent(
            of: name, to: "cross-entropy", from: InputName.images, bindings: given
        ) { (graph: Graph, bindings: [String: Tensor]) throws(ArgumentError) in
            try self.results(of: graph, bindings)
        }.cotangent.doubles
    }
}
