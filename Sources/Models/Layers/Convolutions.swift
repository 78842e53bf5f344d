import AdjointGraphs

/// A convolution with as many spatial axes as its input has: [N, C, spatial…] to [N, filters, spatial…].
///
/// Parameters: `conv1.weight` [filters, C∕groups, kernel…] and `conv1.bias` [filters], numbered in each scope.
public struct Convolution: Layer {
    let filters: Int
    let kernel, stride, dilation: PerAxis
    let padding: Padding
    let groups: Int
    let hasBias: Bool
    let name: String?

    /// - Parameters:
    ///   - kernel, stride, dilation: one number, or one for every spatial axis.
    ///   - padding: `.same` keeps ⌈size ∕ stride⌉; a number pads both sides of every axis.
    ///   - name: instead of `conv1`, `conv2`, …
    public init(
        _ filters: Int, kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .none, dilation: PerAxis = 1,
        groups: Int = 1, bias: Bool = true, name: String? = nil
    ) {
        self.filters = filters
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.hasBias = bias
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let prefix = network.parameterName(name, kind: "conv")
        guard
            let geometry = network.geometry(
                "convolution", of: prefix, over: input, kernel: kernel, stride: stride, padding: padding,
                dilation: dilation)
        else { return input }
        return network.append(
            .convolution(
                Network.Filtering(
                    weight: prefix + ".weight", bias: hasBias ? prefix + ".bias" : nil, filters: filters,
                    kernel: geometry.kernel, stride: geometry.stride, before: geometry.before, after: geometry.after,
                    dilation: geometry.dilation, groups: groups)), to: [input])
    }
}

/// A depthwise convolution: one filter of one channel for each channel of the input.
public struct DepthwiseConvolution: Layer {
    let kernel, stride: PerAxis
    let padding: Padding
    let hasBias: Bool
    let name: String?

    public init(
        kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .none, bias: Bool = true, name: String? = nil
    ) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.hasBias = bias
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let channels = network.shape(of: input)?.sizes.first ?? 1
        return Convolution(
            channels, kernel: kernel, stride: stride, padding: padding, groups: channels, bias: hasBias, name: name
        ).append(to: network, after: input)
    }
}

/// A transposed convolution: [N, C, spatial…] to [N, filters, (spatial − 1)·stride + …].
///
/// Parameters: `deconv1.weight` [C, filters∕groups, kernel…] and `deconv1.bias` [filters], numbered in each scope.
public struct TransposedConvolution: Layer {
    let filters: Int
    let kernel, stride, outputPadding, dilation: PerAxis
    let padding: Padding
    let groups: Int
    let hasBias: Bool
    let name: String?

    /// - Parameters:
    ///   - padding: how much is cropped from both ends of the result.
    ///   - outputPadding: how much longer the result is at its end.
    public init(
        _ filters: Int, kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .none, outputPadding: PerAxis = 0,
        dilation: PerAxis = 1, groups: Int = 1, bias: Bool = true, name: String? = nil
    ) {
        self.filters = filters
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.dilation = dilation
        self.groups = groups
        self.hasBias = bias
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let prefix = network.parameterName(name, kind: "deconv")
        guard
            let geometry = network.geometry(
                "transposed convolution", of: prefix, over: input, kernel: kernel, stride: stride, padding: padding,
                dilation: dilation),
            let added = network.numbers(
                outputPadding, axes: geometry.kernel.count, of: prefix, "output padding", atLeast: 0)
        else { return input }
        return network.append(
            .transposedConvolution(
                Network.Filtering(
                    weight: prefix + ".weight", bias: hasBias ? prefix + ".bias" : nil, filters: filters,
                    kernel: geometry.kernel, stride: geometry.stride, before: geometry.before, after: geometry.after,
                    dilation: geometry.dilation, groups: groups), outputPadding: added), to: [input])
    }
}

/// A fully connected layer: [N, C] to [N, features].
///
/// Parameters: `fc1.weight` [features, C] and `fc1.bias` [features], numbered in each scope.
public struct Linear: Layer {
    let features: Int
    let hasBias: Bool
    let name: String?

    public init(_ features: Int, bias: Bool = true, name: String? = nil) {
        self.features = features
        self.hasBias = bias
        self.name = name
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let prefix = network.parameterName(name, kind: "fc")
        return network.append(
            .linear(weight: prefix + ".weight", bias: hasBias ? prefix + ".bias" : nil, features: features),
            to: [input])
    }
}
