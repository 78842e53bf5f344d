// All activations are channels-last in memory: [batch][z][y][x][channel], dense unless a stride says otherwise.
// Sizes and strides count floats, never bytes.

/// The kernels of the convolution's family.
public struct ConvolutionKernels: Sendable {
    /// Packs a filter for `slide`.
    public let pack: Routine<PackArguments>
    /// The dense form, solved for its output or its input, in vectors of columns.
    public let slide: Routine<SlidingArguments>
    /// The dense form, solved for its filter; `combineFilter` adds the partial sums.
    public let filterGradient: Routine<FilterGradientArguments>
    public let combineFilter: Routine<FilterGradientArguments>
    /// The same in vectors of pixels.
    public let pixels: PixelKernels
    /// The same three for one channel and one filter a group, in vectors of channels. `slideDepthwise` reads the
    /// filter as [tap][channel] from `filter`.
    public let slideDepthwise: Routine<SlidingArguments>
    public let depthwiseFilterGradient: Routine<FilterGradientArguments>
    public let combineDepthwise: Routine<FilterGradientArguments>
    /// A layer with one tap whose operands lie as a network's parameters do.
    public let product: Routine<ProductArguments>
    /// Tiles of 4 × 4 and of 2 × 2 outputs.
    public let winograd: [WinogradKernels]

    public init(
        pack: Routine<PackArguments>, slide: Routine<SlidingArguments>,
        filterGradient: Routine<FilterGradientArguments>, combineFilter: Routine<FilterGradientArguments>,
        pixels: PixelKernels,
        slideDepthwise: Routine<SlidingArguments>,
        depthwiseFilterGradient: Routine<FilterGradientArguments>, combineDepthwise: Routine<FilterGradientArguments>,
        product: Routine<ProductArguments>,
        winograd: [WinogradKernels]
    ) {
        (self.pack, self.slide, self.filterGradient, self.combineFilter) = (pack, slide, filterGradient, combineFilter)
        (self.pixels, self.product, self.winograd) = (pixels, product, winograd)
        (self.slideDepthwise, self.depthwiseFilterGradient) = (slideDepthwise, depthwiseFilterGradient)
        self.combineDepthwise = combineDepthwise
    }
}

/// The kernels of the dense form that move the source into planes of one channel each, so that a vector holds neighbouring
/// pixels of one. They serve layers of few columns: those for which `cost` is not nil.
public struct PixelKernels: Sendable {
    public let slide: Routine<SlidingArguments>
    public let filterGradient: Routine<FilterGradientArguments>
    public let combineFilter: Routine<FilterGradientArguments>
    /// What a layer takes in such vectors; nil where it has too many columns, or no planes fit.
    public let cost: @Sendable (WindowLayer) -> PixelCost?

    public init(
        slide: Routine<SlidingArguments>, filterGradient: Routine<FilterGradientArguments>,
        combineFilter: Routine<FilterGradientArguments>, cost: @escaping @Sendable (WindowLayer) -> PixelCost?
    ) {
        (self.slide, self.filterGradient, self.combineFilter) = (slide, filterGradient, combineFilter)
        self.cost = cost
    }
}

/// The work of a box of positions.
public struct PixelCost: Hashable, Sendable {
    /// Multiply-adds of vectors of pixels, and of vectors of columns that do the same.
    public let pixels: Int
    public let columns: Int
    /// Floats that are moved into planes and out of them.
    public let moves: Int

    public init(pixels: Int, columns: Int, moves: Int) {
        (self.pixels, self.columns, self.moves) = (pixels, columns, moves)
    }
}

/// One tap of a window: which position it meets, and which filter element.
public struct Tap: Hashable, Sendable {
    /// The source position that the tap meets when the window stands at 0. May be negative or beyond the source:
    /// such positions contribute nothing.
    public var offset: Axes
    /// The tap's row-major position in the filter's spatial axes.
    public var index: Int

    public init(offset: Axes, index: Int) {
        (self.offset, self.index) = (offset, index)
    }
}

/// A window that slides over a source, and what its form's operands measure: the same for all that it is solved for, and for
/// the pools.
public struct WindowLayer {
    public var taps: UnsafePointer<Tap>
    public var tapCount: Int
    public var batch: Int
    public var groups: Int
    /// Channels of the source in a group: those that are summed (m below).
    public var channels: Int
    /// Channels of the destination, or of the cotangent, in a group (j below).
    public var columns: Int
    /// The source's positions; its memory is dense: [batch][z][y][x][groups·channels].
    public var sourceSize: Axes
    /// How many positions the window has on each axis.
    public var count: Axes
    /// The window's step over the source.
    public var stride: Axes

    public init(
        taps: UnsafePointer<Tap>, tapCount: Int, batch: Int, groups: Int, channels: Int, columns: Int,
        sourceSize: Axes, count: Axes, stride: Axes
    ) {
        (self.taps, self.tapCount, self.batch, self.groups) = (taps, tapCount, batch, groups)
        (self.channels, self.columns, self.sourceSize) = (channels, columns, sourceSize)
        (self.count, self.stride) = (count, stride)
    }
}

/// Where a filter's elements lie: (g, m, j, t) at g·group + m·channel + j·column + taps[t].index·tap.
public struct FilterStrides: Sendable {
    public var group: Int
    public var channel: Int
    public var column: Int
    public var tap: Int

    public init(group: Int, channel: Int, column: Int, tap: Int) {
        (self.group, self.channel, self.column, self.tap) = (group, channel, column, tap)
    }
}

/// packed[g][panel][t][m][j] = filter[g, m, j, t], zero beyond the last column. How columns are cut into panels is the
/// kernels' own business; the packed filter needs `groups · tapCount · channels · (columns rounded up to lanes)` floats.
public struct PackArguments {
    public var filter: UnsafePointer<Float>
    public var packed: UnsafeMutablePointer<Float>
    public var layer: WindowLayer
    public var filterStrides: FilterStrides

    public init(
        filter: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>, layer: WindowLayer,
        filterStrides: FilterStrides
    ) {
        (self.filter, self.packed, self.layer, self.filterStrides) = (filter, packed, layer, filterStrides)
    }
}

/// A window that slides over a source; both roles that solve for a grid, and the pools, are of this form:
///
///     destination[n, q, g·columns + j] = Σ_t Σ_m source[n, stride·q + taps[t].offset, g·channels + m] · filter[g, t, m, j]
///
/// for every q below `count`. Destination positions may lie apart (`destinationStrides`), so that an input-dilated
/// form runs as one call for each residue, without multiplying zeros.
public struct SlidingArguments {
    public var source: UnsafePointer<Float>
    /// As `pack` leaves it, for the same table; not read by the pools.
    public var filter: UnsafePointer<Float>
    public var destination: UnsafeMutablePointer<Float>
    public var layer: WindowLayer
    /// Floats from one image to the next, and from one position to the next on each axis, in the destination.
    public var destinationBatchStride: Int
    public var destinationStrides: Axes

    public init(
        source: UnsafePointer<Float>, filter: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>,
        layer: WindowLayer, destinationBatchStride: Int, destinationStrides: Axes
    ) {
        (self.source, self.filter, self.destination, self.layer) = (source, filter, destination, layer)
        (self.destinationBatchStride, self.destinationStrides) = (destinationBatchStride, destinationStrides)
    }
}

/// The form solved for its filter:
///
///     filter[g, t, m, j] = Σ_n Σ_q source[n, stride·q + taps[t].offset, g·channels + m] · cotangent[n, q, g·columns + j]
///
/// `filterGradient` leaves partial sums over fixed pieces of (n, q) in `partials`; `combineFilter` adds them in a fixed
/// order.
public struct FilterGradientArguments {
    public var source: UnsafePointer<Float>
    /// Dense: [batch][z][y][x][groups·columns], with `count` positions.
    public var cotangent: UnsafePointer<Float>
    public var filter: UnsafeMutablePointer<Float>
    public var partials: UnsafeMutablePointer<Float>
    public var layer: WindowLayer
    public var filterStrides: FilterStrides

    public init(
        source: UnsafePointer<Float>, cotangent: UnsafePointer<Float>, filter: UnsafeMutablePointer<Float>,
        partials: UnsafeMutablePointer<Float>, layer: WindowLayer, filterStrides: FilterStrides
    ) {
        (self.source, self.cotangent, self.filter, self.partials) = (source, cotangent, filter, partials)
        (self.layer, self.filterStrides) = (layer, filterStrides)
    }
}
