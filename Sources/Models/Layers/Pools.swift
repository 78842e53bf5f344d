import AdjointGraphs
import AdjointJSON

/// The largest element of every window.
public struct MaxPool: Layer {
    let kernel: PerAxis
    let stride: PerAxis?
    let padding: Padding
    let dilation: PerAxis
    let roundsUp: Bool

    /// - Parameters:
    ///   - kernel, stride, dilation: one number, or one for every spatial axis; the stride is the kernel unless given.
    ///   - roundingUp: whether a last window may extend past the end.
    public init(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, dilation: PerAxis = 1,
        roundingUp: Bool = false
    ) {
        (self.kernel, self.stride, self.padding, self.dilation) = (kernel, stride, padding, dilation)
        self.roundsUp = roundingUp
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        guard
            let geometry = network.geometry(
                "max_pool", of: "max_pool", over: input, kernel: kernel, stride: stride ?? kernel, padding: padding,
                dilation: dilation)
        else { return input }
        let members = geometry.members(roundsUp: roundsUp) + [("dilation", JSON(geometry.dilation))]
        return network.append(.init(.maxPool, members), to: [input])
    }
}

/// The mean of every window.
public struct AveragePool: Layer {
    let kernel: PerAxis
    let stride: PerAxis?
    let padding: Padding
    let countsPadding: Bool
    let roundsUp: Bool

    /// - Parameter countsPadding: whether padding counts as zeros in the divisor.
    public init(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, countsPadding: Bool = true,
        roundingUp: Bool = false
    ) {
        (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
        (self.countsPadding, self.roundsUp) = (countsPadding, roundingUp)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        guard
            let geometry = network.geometry(
                "avg_pool", of: "avg_pool", over: input, kernel: kernel, stride: stride ?? kernel, padding: padding)
        else { return input }
        let members = geometry.members(roundsUp: roundsUp) + [("count_include_pad", .bool(countsPadding))]
        return network.append(.init(.averagePool, members), to: [input])
    }
}

extension LayerGeometry {
    fileprivate func members(roundsUp: Bool) -> [(String, JSON)] {
        [
            ("kernel", JSON(kernel)), ("stride", JSON(stride)), ("pads", JSON(before + after)),
            ("ceil_mode", .bool(roundsUp)),
        ]
    }
}

/// The mean of each channel: [N, C, spatial…] to [N, C, 1…].
public struct GlobalAveragePool: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.globalAveragePool) }
}

/// The largest element of each channel: [N, C, spatial…] to [N, C, 1…].
public struct GlobalMaxPool: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.globalMaxPool) }
}

extension Network {
    /// The windows of a pooling layer.
    public struct Pooling: Hashable, Sendable {
        public var kernel, stride, before, after, dilation: [Int]
        /// Whether a last window may extend past the end.
        public var roundsUp: Bool
        public var isMaximum: Bool
    }
}

extension Network.Pooling {
    fileprivate init(_ a: Attributes, isMaximum: Bool) {
        kernel = a.integers("kernel")
        stride = a.integers("stride", count: kernel.count, kernel)
        (before, after) = a.pads(axes: kernel.count)
        roundsUp = a.truth("ceil_mode", false)
        let ones = kernel.map { _ in 1 }
        dilation = isMaximum ? a.integers("dilation", count: kernel.count, ones) : ones
        self.isMaximum = isMaximum
    }
}

extension Network.Operation.Kind {
    static let pools: [Self] = [
        maxPool, averagePool, lpPool, adaptiveAveragePool, adaptiveMaxPool, globalAveragePool, globalMaxPool,
    ]

    static let maxPool = Self("max_pool") { a in
        let pool = Network.Pooling(a, isMaximum: true)
        return .init(pooling: pool) {
            $0.x.maxPooled(
                PerAxis(pool.kernel), stride: PerAxis(pool.stride),
                padding: .sides(before: pool.before, after: pool.after), dilation: PerAxis(pool.dilation),
                roundingUp: pool.roundsUp)
        }
    }

    static let averagePool = Self("avg_pool") { a in
        let pool = Network.Pooling(a, isMaximum: false)
        let countsPadding = a.truth("count_include_pad", true)
        return .init(pooling: pool) {
            $0.x.averagePooled(
                PerAxis(pool.kernel), stride: PerAxis(pool.stride),
                padding: .sides(before: pool.before, after: pool.after), countsPadding: countsPadding,
                roundingUp: pool.roundsUp)
        }
    }

    static let lpPool = Self("lp_pool") { a in
        let kernel = a.integers("kernel")
        let stride = a.integers("stride", count: kernel.count, kernel)
        let exponent = a.number("p", 2)
        return .init { $0.x.lpPooled(PerAxis(kernel), stride: PerAxis(stride), exponent: exponent) }
    }

    static let adaptiveAveragePool = Self("adaptive_avg_pool") { a in
        let size = a.integers("size")
        return .init { $0.x.adaptivelyAveragePooled(to: size) }
    }

    static let adaptiveMaxPool = Self("adaptive_max_pool") { a in
        let size = a.integers("size")
        return .init { $0.x.adaptivelyMaxPooled(to: size) }
    }

    static let globalAveragePool = Self("global_avg_pool") { _ in
        .init { $0.x.globalAveragePooled().keepingPlanes(of: $0.x) }
    }

    static let globalMaxPool = Self("global_max_pool") { _ in
        .init { $0.x.globalMaxPooled().keepingPlanes(of: $0.x) }
    }
}

extension Value {
    /// One number for each channel as [N, C, 1…].
    fileprivate func keepingPlanes(of x: Value) -> Value {
        reshaped(to: Shape(x.shape.sizes.enumerated().map { axis, size in axis < 2 ? size : 1 }))
    }
}
