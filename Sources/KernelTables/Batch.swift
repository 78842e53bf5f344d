// Images side by side: activations as [channel][z][y][x][image], for layers of few channels on many images. The number of
// images is a multiple of a vector's lanes, so every vector is full whatever the channels and positions, and a tap outside
// the source is left out for all of them.

/// The kernels of the dense form with one group, on images side by side.
public struct BatchKernels: Sendable {
    /// The form solved for its output or its input.
    public let slide: Routine<BatchSlidingArguments>
    /// The form solved for its filter, which is dense as [j][m][tap]; every tap is there. `combine` adds the partial sums.
    public let filterGradient: Routine<FilterGradientArguments>
    public let combine: Routine<FilterGradientArguments>

    public init(
        slide: Routine<BatchSlidingArguments>, filterGradient: Routine<FilterGradientArguments>,
        combine: Routine<FilterGradientArguments>
    ) {
        (self.slide, self.filterGradient, self.combine) = (slide, filterGradient, combine)
    }
}

/// The form of `SlidingArguments` with `batch` images side by side. The filter is read in place:
///
///     destination[j, q, n] = Σ_t Σ_m source[m, stride·q + taps[t].offset, n]
///                            · filter[j·filterColumn + m·filterChannel + taps[t].index·filterTap]
///
/// `destinationBatchStride` is the distance from one column's positions to those of the next column.
public struct BatchSlidingArguments {
    public var window: SlidingArguments
    public var filterColumn: Int
    public var filterChannel: Int
    public var filterTap: Int

    public init(_ window: SlidingArguments, filterColumn: Int, filterChannel: Int, filterTap: Int) {
        (self.window, self.filterColumn, self.filterChannel) = (window, filterColumn, filterChannel)
        self.filterTap = filterTap
    }
}
