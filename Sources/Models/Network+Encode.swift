import AdjointGraphs
import AdjointJSON

extension Network {
    /// The network as JSON: equal networks give equal bytes. Reading it back gives an equal network.
    ///
    /// - Throws: an error that names an operation that is a function of the user's own, which JSON cannot hold.
    public func encoded() throws(ArgumentError) -> JSON {
        var operations: [JSON] = []
        for step in steps {
            var members = JSON.Object()
            members["op"] = .string(step.operation.name)
            members["inputs"] = .array(step.inputs.map { .string($0) })
            members["output"] = .string(step.output)
            try step.operation.encode(into: &members)
            operations.append(.object(members))
        }
        var root = JSON.Object()
        root["name"] = .string(name)
        root["input"] = .string(inputName)
        root["shape"] = JSON([1] + input.sizes)
        root["classes"] = .integer(classes)
        root["label_smoothing"] = .number(labelSmoothing)
        root["operations"] = .array(operations)
        return .object(root)
    }
}

extension Network.Operation {
    fileprivate func encode(into members: inout JSON.Object) throws(ArgumentError) {
        switch self {
        case .convolution(let filtering):
            filtering.encode(into: &members)
        case .transposedConvolution(let filtering, let outputPadding):
            filtering.encode(into: &members)
            members["output_padding"] = JSON(outputPadding)
        case .linear(let weight, let bias, let features):
            members["weight"] = .string(weight)
            members["bias"] = optional(bias)
            members["features"] = .integer(features)
        case .batchNorm(let name, let epsilon, let momentum):
            members["name"] = .string(name)
            members["eps"] = .number(epsilon)
            members["momentum"] = .number(momentum)
        case .groupNorm(let name, let groups, let epsilon):
            members["name"] = optional(name)
            members["groups"] = .integer(groups)
            members["eps"] = .number(epsilon)
        case .layerNorm(let name, let epsilon), .instanceNorm(let name, let epsilon):
            members["name"] = optional(name)
            members["eps"] = .number(epsilon)
        case .maxPool(let pooling, let dilation):
            pooling.encode(into: &members)
            members["dilation"] = JSON(dilation)
        case .averagePool(let pooling, let countsPadding):
            pooling.encode(into: &members)
            members["count_include_pad"] = .bool(countsPadding)
        case .activation(.leakyReLU(let slope)):
            members["slope"] = .number(slope)
        case .activation(.elu(let alpha)):
            members["alpha"] = .number(alpha)
        case .dropout(let rate):
            members["rate"] = .number(rate)
        case .custom(let custom):
            throw ArgumentError(
                "JSON of a network", "operation \"\(custom.name)\"", expected: "an operation that JSON can hold",
                given: "a function of the program")
        case .activation, .globalAveragePool, .globalMaxPool, .flatten, .add, .multiply, .concatenate:
            break
        }
    }
}

extension Network.Filtering {
    fileprivate func encode(into members: inout JSON.Object) {
        members["weight"] = .string(weight)
        members["bias"] = optional(bias)
        members["filters"] = .integer(filters)
        members["kernel"] = JSON(kernel)
        members["stride"] = JSON(stride)
        members["pads"] = JSON(before + after)
        members["dilation"] = JSON(dilation)
        members["groups"] = .integer(groups)
    }
}

extension Network.Pooling {
    fileprivate func encode(into members: inout JSON.Object) {
        members["kernel"] = JSON(kernel)
        members["stride"] = JSON(stride)
        members["pads"] = JSON(before + after)
        members["ceil_mode"] = .bool(roundsUp)
    }
}

private func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
