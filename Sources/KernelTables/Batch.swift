// Images side by side: activations as [channel][z][y][x][image], for layers of few channels on many images. Their number is
// a multiple of a vector's lanes, so every vector is full whatever the channels and positions, and a tap that leaves the
// source is left out for all of them.

/// The kernels of the dense form, of one group, on images side by side.
public struct BatchKernels: Sendable {
    /// The form solved for its output or its input.
    public let slide: Routine<BatchSlidingArguments>
    /// The form solved for its filter, which lies densely as [j][m][tap]; every tap is there. `combine` adds the partial
    /// sums.
    public let filterGradient: Routine<FilterGradientArguments>
    public let combine: Routine<FilterGradientArguments>

    public init(
        slide: Routine<BatchSlidingArguments>, filterGradient: Routine<FilterGradientArguments>,
        combine: Routine<FilterGradientArguments>
    ) {
        (self.slide, self.filterGradient, self.combine) = (slide, filterGradient, combine)
    }
}

/// As `SlidingArguments` says, with `batch` images side by side. The filter is read where it is, its taps side by side:
///
///     destination[j, q, n] = Σ_t Σ_m source[m, stride·q + taps[t].offset, n] · filter[m, j, t]
///
/// `destinationBatchStride` leads from one column's positions to the next column's.
public struct BatchSlidingArguments {
    public var window: SlidingArguments
    public var filterStrides: FilterStrides

    public init(_ window: SlidingArguments, filterStrides: FilterStrides) {
        (self.window, self.filterStrides) = (window, filterStrides)
    }
}
