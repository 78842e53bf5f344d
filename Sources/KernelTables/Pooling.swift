/// The kernels of pooling. Windows are `SlidingArguments` with one channel and one column a group, `groups` channels,
/// and no filter.
public struct PoolingKernels: Sendable {
    /// destination[n, q, c] = Σ_t source[n, stride·q + taps[t].offset, c]
    public let sumWindows: Routine<SlidingArguments>
    /// destination[n, q, c] = the largest element in a window, and the index of its row-major source position; of equal
    /// elements the first tap's; a NaN before every number. Every window meets at least one position.
    public let chooseInWindows: Routine<ChoiceArguments>
    /// source[n, i, c] = Σ_q destination[n, q, c] · [indices[n, q, c] = i], the transpose, where each position of the source
    /// is met by exactly one window. Here the destination is read, and the source is written.
    public let scatterInWindows: Routine<ChoiceArguments>
    /// destination[n, p, c] = source[n, index[n, p, c], c]
    public let gather: Routine<GatherArguments>
    /// destination[n, i, c] = Σ_p source[n, p, c] · [index[n, p, c] = i], in the order of p.
    public let scatter: Routine<GatherArguments>

    public init(
        sumWindows: Routine<SlidingArguments>, chooseInWindows: Routine<ChoiceArguments>,
        scatterInWindows: Routine<ChoiceArguments>, gather: Routine<GatherArguments>, scatter: Routine<GatherArguments>
    ) {
        (self.sumWindows, self.chooseInWindows) = (sumWindows, chooseInWindows)
        (self.scatterInWindows, self.gather, self.scatter) = (scatterInWindows, gather, scatter)
    }
}

/// Windows, and the source position that each has chosen, laid out as the windows' destination; nil where it is not needed.
public struct ChoiceArguments {
    public var windows: SlidingArguments
    public var indices: UnsafeMutablePointer<Int32>?

    public init(windows: SlidingArguments, indices: UnsafeMutablePointer<Int32>?) {
        (self.windows, self.indices) = (windows, indices)
    }
}

/// Dense channels-last operands; indices outside the positions they point into contribute (or yield) 0.
public struct GatherArguments {
    public var source: UnsafePointer<Float>
    public var index: UnsafePointer<Int32>
    public var destination: UnsafeMutablePointer<Float>
    public var batch: Int
    /// The number of positions of an image in the source.
    public var sourcePositions: Int
    /// The number of positions of an image in the destination.
    public var destinationPositions: Int
    public var channels: Int

    public init(
        source: UnsafePointer<Float>, index: UnsafePointer<Int32>, destination: UnsafeMutablePointer<Float>,
        batch: Int, sourcePositions: Int, destinationPositions: Int, channels: Int
    ) {
        (self.source, self.index, self.destination, self.batch) = (source, index, destination, batch)
        (self.sourcePositions, self.destinationPositions) = (sourcePositions, destinationPositions)
        self.channels = channels
    }
}
