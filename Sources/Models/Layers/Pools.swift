import AdjointGraphs

/// The largest element of every window.
public struct MaxPool: Layer {
    let kernel: PerAxis
    let stride: PerAxis?
    let padding: Padding
    let dilation: PerAxis
    let roundsUp: Bool

    /// - Parameters:
    ///   - kernel, stride, dilation: one number, or one for every spatial axis; the stride is the kernel unless given.
    ///   - roundingUp: whether a last window may reach past the end.
    public init(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, dilation: PerAxis = 1,
        roundingUp: Bool = false
    ) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.roundsUp = roundingUp
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        guard
            let geometry = network.geometry(
                "max_pool", of: "max_pool", over: input, kernel: kernel, stride: stride ?? kernel, padding: padding,
                dilation: dilation)
        else { return input }
        return network.append(.maxPool(geometry.pooling(roundsUp: roundsUp), dilation: geometry.dilation), to: [input])
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
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.countsPadding = countsPadding
        self.roundsUp = roundingUp
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        guard
            let geometry = network.geometry(
                "avg_pool", of: "avg_pool", over: input, kernel: kernel, stride: stride ?? kernel, padding: padding)
        else { return input }
        return network.append(
            .averagePool(geometry.pooling(roundsUp: roundsUp), countsPadding: countsPadding), to: [input])
    }
}

extension LayerGeometry {
    fileprivate func pooling(roundsUp: Bool) -> Network.Pooling {
        Network.Pooling(kernel: kernel, stride: stride, before: before, after: after, roundsUp: roundsUp)
    }
}

/// A layer that is one operation without numbers or names of its own.
public protocol SimpleLayer: Layer {
    var operation: Network.Operation { get }
}

extension SimpleLayer {
    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(operation, to: [input])
    }
}

/// The mean of each channel: [N, C, spatial…] to [N, C, 1…].
public struct GlobalAveragePool: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .globalAveragePool }
}

/// The largest element of each channel: [N, C, spatial…] to [N, C, 1…].
public struct GlobalMaxPool: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .globalMaxPool }
}

/// All axes behind the batch as one.
public struct Flatten: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .flatten }
}

/// In training: sets elements to zero with a probability, and divides the others by what is left of it.
public struct Dropout: SimpleLayer {
    let rate: Double

    /// - Parameter rate: from 0, below 1.
    public init(_ rate: Double) { self.rate = rate }
    public var operation: Network.Operation { .dropout(rate: rate) }
}
