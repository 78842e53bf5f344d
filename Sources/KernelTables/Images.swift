// Images side by side: activations as [channel][z][y][x][image], for layers of few channels on many images. Their number is
// a multiple of a vector's lanes, so every vector is full whatever the channels and positions, and a tap that leaves the
// source is left out for all of them.

/// The kernels of the dense form, of one group, on images side by side.
public struct ImageKernels: Sendable {
    /// The form solved for its output or its input.
    public let slide: Routine<ImageSlidingArguments>
    /// The form solved for its filter, which lies densely as [j][m][tap]; every tap is there. `combine` adds the partial
    /// sums.
    public let correlate: Routine<CorrelationArguments>
    public let combine: Routine<CorrelationArguments>

    public init(
        slide: Routine<ImageSlidingArguments>, correlate: Routine<CorrelationArguments>,
        combine: Routine<CorrelationArguments>
    ) {
        self.slide = slide
        self.correlate = correlate
        self.combine = combine
    }
}

/// As `SlidingArguments` says, with `batch` images side by side. The filter is read where it is:
///
///     destination[j, q, n] = Σ_t Σ_m source[m, stride·q + taps[t].offset, n]
///                            · filter[j·filterColumn + m·filterChannel + taps[t].index·filterTap]
///
/// `destinationBatchStride` leads from one column's positions to the next column's.
public struct ImageSlidingArguments {
    public var window: SlidingArguments
    public var filterColumn: Int
    public var filterChannel: Int
    public var filterTap: Int

    public init(_ window: SlidingArguments, filterColumn: Int, filterChannel: Int, filterTap: Int) {
        self.window = window
        self.filterColumn = filterColumn
        self.filterChannel = filterChannel
        self.filterTap = filterTap
    }
}
