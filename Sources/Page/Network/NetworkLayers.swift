import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// The layers of a network for the page's drawing: with the network's own weights, the input for a picture, and the ∂E∕∂G
/// that comes from the loss.
extension NetworkInUse {
    /// The settings of a step's layer in the drawing; nil for steps without windows over planes.
    func settings(ofLayer number: Int) -> LayerSettings? {
        guard network.steps.indices.contains(number), let sizes = sizes(arrivingAt: number) else { return nil }
        var settings = LayerSettings()
        settings.channels = sizes[0]
        settings.input = Array(sizes.dropFirst())
        let operation = network.steps[number].operation
        if let filtering = operation.filtering, !filtering.isTransposed {
            (settings.filters, settings.groups) = (filtering.filters, filtering.groups)
            settings.hasBias = filtering.bias != nil
            // A fully connected layer is a filter as large as its input.
            guard !filtering.kernel.isEmpty else {
                settings.kernel = settings.input
                return settings
            }
            guard filtering.kernel.count == 2 else { return nil }
            (settings.kernel, settings.stride, settings.dilation) = (
                filtering.kernel, filtering.stride, filtering.dilation
            )
            settings.padding = filtering.before + filtering.after
        } else if let pooling = operation.pooling, pooling.isMaximum, pooling.kernel.count == 2 {
            (settings.kind, settings.kernel, settings.stride) = (.max, pooling.kernel, pooling.stride)
            (settings.padding, settings.dilation) = (pooling.before + pooling.after, pooling.dilation)
        } else {
            return nil
        }
        // In the network a last window may extend past the end, but not here.
        return settings.outputSize == Array(network.shapes[number].sizes.dropFirst()) ? settings : nil
    }

    /// [channels, rows, columns] of the input: that before flattening, and features as planes of one pixel.
    private func sizes(arrivingAt number: Int) -> [Int]? {
        let sizes = arriving(at: number).map { network.shapes[$0].sizes } ?? network.input.sizes
        return sizes.count == 3 ? sizes : sizes.count == 1 ? [sizes[0], 1, 1] : nil
    }

    /// The step whose result is the input; nil for the picture.
    private func arriving(at number: Int) -> Int? {
        var name = network.steps[number].inputs.first
        while let before = network.steps.firstIndex(where: { $0.output == name }) {
            if network.steps[before].operation.name != "flatten" { return before }
            name = network.steps[before].inputs.first
        }
        return nil
    }

    /// The step after a layer that still belongs to it.
    func activation(ofLayer number: Int) -> Int {
        let steps = network.steps
        let next = number + 1
        return next < steps.count && steps[next].operation.isActivation && steps[next].inputs == [steps[number].output]
            ? next : number
    }

    /// The input of a layer.
    func arriving(atLayer number: Int, _ image: Tensor) throws(ArgumentError) -> [Double] {
        guard let before = arriving(at: number) else { return image.doubles }
        return try output(ofLayer: before, image).doubles
    }

    /// A layer as a state of the page; nil where the page cannot draw it.
    ///
    /// - Parameters:
    ///   - arriving: V
    ///   - cotangent: ∂E∕∂G
    func opened(_ number: Int, arriving: [Double], cotangent: [Double]) -> PageState? {
        guard let settings = settings(ofLayer: number) else { return nil }
        var numbers = [Tensors.v: arriving, .dg: cotangent]
        if let filtering = network.steps[number].operation.filtering {
            numbers[.w] = parameter(filtering.weight)?.doubles
            numbers[.b] = filtering.bias.flatMap { parameter($0) }?.doubles
        }
        var state = PageState.question
        state.layer = settings
        if settings.isPool { state.selection = Selection("V", at: 0) }
        for (tensor, numbers) in numbers {
            // Links hold short lists of numbers, and omit longer ones.
            state.sources[tensor] = Source(
                numbers.count > Source.longest ? numbers : numbers.map { decimal(rounded($0, digits: 4)) ?? 0 })
        }
        return state
    }

    /// The same for a picture.
    func opened(_ number: Int, _ image: Tensor, label: Int) throws(ArgumentError) -> PageState? {
        guard settings(ofLayer: number) != nil else { return nil }
        return opened(
            number, arriving: try arriving(atLayer: number, image),
            cotangent: try cotangent(ofLayer: number, image, label: label))
    }
}
