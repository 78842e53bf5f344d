import AdjointGraphs
import AdjointJSON

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
    ///   - name: the name of the parameters, in place of `conv1`, `conv2`, …
    public init(
        _ filters: Int, kernel: PerAxis, stride: PerAxis = 1, padding: Padding = .none, dilation: PerAxis = 1,
        groups: Int = 1, bias: Bool = true, name: String? = nil
    ) {
        (self.filters, self.kernel, self.stride, self.padding) = (filters, kernel, stride, padding)
        (self.dilation, self.groups, self.hasBias, self.name) = (dilation, groups, bias, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let prefix = network.parameterName(name, kind: "conv")
        guard
            let geometry = network.geometry(
                "convolution", of: prefix, over: input, kernel: kernel, stride: stride, padding: padding,
                dilation: dilation)
        else { return input }
        let members = geometry.members(prefix, hasBias: hasBias, filters: filters, groups: groups)
        return network.append(.init(.convolution(axes: geometry.kernel.count), members), to: [input])
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
        (self.kernel, self.stride, self.padding, self.hasBias) = (kernel, stride, padding, bias)
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
        (self.filters, self.kernel, self.stride, self.padding) = (filters, kernel, stride, padding)
        (self.outputPadding, self.dilation, self.groups) = (outputPadding, dilation, groups)
        (self.hasBias, self.name) = (bias, name)
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
        let members =
            geometry.members(prefix, hasBias: hasBias, filters: filters, groups: groups)
            + [("output_padding", JSON(added))]
        return network.append(.init(.transposedConvolution(axes: geometry.kernel.count), members), to: [input])
    }
}

/// A fully connected layer over the last axis: [N, C] to [N, features].
///
/// Parameters: `fc1.weight` [features, C] and `fc1.bias` [features], numbered in each scope.
public struct Linear: Layer {
    let features: Int
    let hasBias: Bool
    let name: String?

    public init(_ features: Int, bias: Bool = true, name: String? = nil) {
        (self.features, self.hasBias, self.name) = (features, bias, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let prefix = network.parameterName(name, kind: "fc")
        let members: [(String, JSON)] = [
            ("weight", .string(prefix + ".weight")), ("bias", hasBias ? .string(prefix + ".bias") : .null),
            ("features", .integer(features)),
        ]
        return network.append(.init(.linear, members), to: [input])
    }
}

extension LayerGeometry {
    fileprivate func members(_ prefix: String, hasBias: Bool, filters: Int, groups: Int) -> [(String, JSON)] {
        [
            ("weight", .string(prefix + ".weight")), ("bias", hasBias ? .string(prefix + ".bias") : .null),
            ("filters", .integer(filters)), ("kernel", JSON(kernel)), ("stride", JSON(stride)),
            ("pads", JSON(before + after)), ("dilation", JSON(dilation)), ("groups", .integer(groups)),
        ]
    }
}

extension Network {
    /// A filter that slides over some spatial axes, or over none.
    public struct Filtering: Hashable, Sendable {
        public var weight: String
        public var bias: String?
        /// The number of channels of the result.
        public var filters: Int
        public var kernel = [Int](), stride = [Int](), dilation = [Int]()
        /// The padding before and after each axis; negative amounts crop.
        public var before = [Int](), after = [Int]()
        public var groups = 1
        public var isTransposed = false
    }
}

extension Network.Filtering {
    /// Reads the attributes. Weights are [K, C∕groups, kernel…]; of a transposed convolution [C, K∕groups, kernel…].
    fileprivate init(_ a: Attributes, axes: Int, isTransposed: Bool) {
        weight = a.text("weight")
        bias = a.optionalText("bias")
        let known = a.shapeOf(weight)
        let shape = known.flatMap { $0.rank == axes + 2 ? $0 : nil }
        if let known, shape == nil { a.refuse("weight", expected: "of \(axes + 2) axes", given: "\(known)") }
        let perGroup = shape.map { isTransposed ? $0[1] : $0[0] }
        // The attribute `groups` is read further below, but the filters of a transposed weight follow from it.
        let groups = isTransposed && shape != nil ? a.groups : 1
        filters = a.integer("filters", perGroup.map { $0.multipliedReportingOverflow(by: groups).partialValue })
        kernel = a.integers("kernel", count: axes, shape.map { Array($0.sizes.dropFirst(2)) })
        stride = a.integers("stride", count: axes, [Int](repeating: 1, count: axes))
        (before, after) = a.pads(axes: axes)
        dilation = a.integers("dilation", count: axes, [Int](repeating: 1, count: axes))
        self.groups = a.integer("groups", 1)
        self.isTransposed = isTransposed
    }

    fileprivate func parameters(_ use: Use) -> (weight: Value, bias: Value?)? {
        guard use.x.isPoisoned || use.x.shape.rank == kernel.count + 2 else {
            _ = use.poison(
                "input", expected: "\(kernel.count) spatial axes behind batch and channels", given: "\(use.x.shape)")
            return nil
        }
        let channels = use.x.shape[1]
        let divided = isTransposed ? filters : channels
        guard divided % groups == 0 else {
            _ = use.poison(
                "groups", expected: "a divisor of the \(divided) \(isTransposed ? "filters" : "channels")",
                given: "\(groups)")
            return nil
        }
        let outer = isTransposed ? [channels, filters / groups] : [filters, channels / groups]
        let shape = Shape(outer + kernel)
        let initial = Parameter.Initial.fan(Shape(Array(shape.sizes.dropFirst())).count)
        return (use.parameter(weight, shape, initial), use.parameter(bias, [filters], initial))
    }
}

extension Network.Operation.Kind {
    static let convolutions: [Self] =
        (1...3).map { convolution(axes: $0) } + (1...3).map { transposedConvolution(axes: $0) } + [linear]

    static func convolution(axes: Int) -> Self {
        Self("conv\(axes)d") { a in
            let f = Network.Filtering(a, axes: axes, isTransposed: false)
            return .init(prefix: f.weight.parameterPrefix, filtering: f) { use in
                guard let (weight, bias) = f.parameters(use) else { return use.graph.poison(nil) }
                let result = use.x.convolved(
                    with: weight, stride: PerAxis(f.stride), padding: .sides(before: f.before, after: f.after),
                    dilation: PerAxis(f.dilation), groups: f.groups)
                return bias.map { result.adding(bias: $0) } ?? result
            }
        }
    }

    static func transposedConvolution(axes: Int) -> Self {
        Self("conv_transpose\(axes)d") { a in
            let f = Network.Filtering(a, axes: axes, isTransposed: true)
            let added = a.integers(
                "output_padding", count: axes, [Int](repeating: 0, count: axes), in: 0...Window.limit - 1)
            return .init(prefix: f.weight.parameterPrefix, filtering: f) { use in
                guard let (weight, bias) = f.parameters(use) else { return use.graph.poison(nil) }
                let result = use.x.transposedConvolved(
                    with: weight, stride: PerAxis(f.stride), padding: .sides(before: f.before, after: f.after),
                    outputPadding: PerAxis(added), dilation: PerAxis(f.dilation), groups: f.groups)
                return bias.map { result.adding(bias: $0) } ?? result
            }
        }
    }

    /// y[…, k] = Σ x[…, c] · weight[k, c] + bias[k]
    static let linear = Self("linear") { a in
        let weight = a.text("weight")
        let f = Network.Filtering(
            weight: weight, bias: a.optionalText("bias"), filters: a.integer("features", a.shapeOf(weight)?.sizes.first)
        )
        return .init(prefix: weight.parameterPrefix, filtering: f) { use in
            guard let channels = use.x.shape.sizes.last else {
                return use.poison("input", expected: "one axis or more", given: "\(use.x.shape)")
            }
            let initial = Parameter.Initial.fan(channels)
            let result = use.x.transformed(by: use.parameter(weight, [f.filters, channels], initial))
            return use.parameter(f.bias, [f.filters], initial).map { result + $0 } ?? result
        }
    }
}
