import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// The layers of a network as the page's drawing has them: with the network's own weights, what arrives for a digit, and the
/// ∂E∕∂G that the loss hands down.
extension NetworkTraining {
    /// How a step stands in the drawing; nil for those that have no windows.
    func settings(ofLayer number: Int) -> LayerSettings? {
        guard network.steps.indices.contains(number) else { return nil }
        var settings = LayerSettings()
        // What was flattened stands as it was; features are planes of one pixel.
        let sizes = arriving(at: number).map { network.shapes[$0].sizes } ?? network.input.sizes
        settings.channels = sizes[0]
        settings.input = sizes.count == 3 ? Array(sizes.dropFirst()) : [1, 1]
        let operation = network.steps[number].operation
        if let filtering = operation.filtering, !filtering.isTransposed {
            (settings.filters, settings.groups) = (filtering.filters, filtering.groups)
            settings.hasBias = filtering.bias != nil
            // A fully connected layer is a filter as large as what arrives.
            guard !filtering.kernel.isEmpty else {
                settings.kernel = settings.input
                return settings
            }
            (settings.kernel, settings.stride, settings.dilation) = (
                filtering.kernel, filtering.stride, filtering.dilation
            )
            settings.padding = filtering.before + filtering.after
            return settings
        }
        guard let pooling = operation.pooling, pooling.isMaximum else { return nil }
        (settings.kind, settings.kernel, settings.stride) = (.max, pooling.kernel, pooling.stride)
        (settings.padding, settings.dilation) = (pooling.before + pooling.after, pooling.dilation)
        return settings
    }

    /// The step whose result arrives; nil for the picture.
    private func arriving(at number: Int) -> Int? {
        var before = number - 1
        while before >= 0, network.steps[before].operation.name == "flatten" { before -= 1 }
        return before < 0 ? nil : before
    }

    /// The step behind a layer that still belongs to it.
    func activation(ofLayer number: Int) -> Int {
        if number + 1 < network.steps.count, network.steps[number + 1].operation.isActivation {
            return number + 1
        }
        return number
    }

    /// - Returns: a state of the page; nil where the step is no layer that it can draw.
    func opened(_ number: Int, at pixels: [UInt8], label: Int) throws(ArgumentError) -> PageState? {
        guard let settings = settings(ofLayer: number) else { return nil }
        let look = try look(at: pixels, label: label)
        let image = try digits.image(pixels)
        var numbers = [Tensors.v: arriving(at: number).map { look.layers[$0].tensor.doubles } ?? image.doubles]
        if settings.isPool {
            // A pool hands down what the layer above hands to it.
            let above = network.steps.indices.first { $0 > number && self.settings(ofLayer: $0) != nil }
            guard let above, let next = try opened(above, at: pixels, label: label),
                let layer = try? LayerNumbers(of: next)
            else { return nil }
            numbers[.dg] = layer.numbers[.dv]
        } else {
            guard let (weight, bias) = parameters(ofLayer: number) else { return nil }
            numbers[.w] = parameter(weight)?.doubles
            numbers[.b] = parameter(bias)?.doubles
            numbers[.dg] = try cotangent(of: network.steps[number].output, by: bias, image, label)
        }
        var state = PageState.question
        state.layer = settings
        if settings.isPool { state.selection = Selection("V", at: 0) }
        for (tensor, numbers) in numbers {
            state.sources[tensor] = Source(numbers.map { decimal(rounded($0, digits: 4)) ?? 0 })
        }
        return state
    }

    /// The names of a layer's weights and bias.
    private func parameters(ofLayer number: Int) -> (weight: String, bias: String)? {
        guard let filtering = network.steps[number].operation.filtering, let bias = filtering.bias else { return nil }
        return (filtering.weight, bias)
    }

    /// ∂E∕∂ of a layer's output, which the gradient of its bias sums.
    private func cotangent(
        of output: String, by bias: String, _ image: Tensor, _ label: Int
    ) throws(ArgumentError) -> [Double] {
        var bindings = [InputName.images: image, InputName.labels: Tensor(known: [1], .int32([Int32(label)]))]
        for parameter in network.parameters { bindings[parameter.name] = self.parameter(parameter.name) }
        let whole = try network.explainedGraph(batch: 1)
        return try ParameterGradient(
            of: bias, in: whole.keeping([output, "cross-entropy"]), output: "cross-entropy", layers: [output],
            bindings: bindings
        ) { (graph: Graph, bindings: [String: Tensor]) throws(ArgumentError) in
            try evaluated(graph, bindings, false)
        }.cotangent
    }
}
