// All activations are channels-last in memory: [batch][z][y][x][channel], dense unless a stride says otherwise.
// Sizes and strides count floats, never bytes.

/// The kernels of the convolution's family.
public struct ConvolutionKernels: Sendable {
    /// Packs a filter for `columns` and `pixels`.
    public let pack: Routine<PackArguments>
    /// The dense form in vectors of columns.
    public let columns: WindowKernels
    /// The dense form in vectors of pixels: the source is moved into planes of one channel each, so that a vector holds
    /// neighbouring pixels of one. They serve layers of few columns: those for which `pixelCost` is not nil.
    public let pixels: WindowKernels
    /// What a layer takes in vectors of pixels; nil where it has too many columns, or no planes fit.
    public let pixelCost: @Sendable (WindowLayer) -> PixelCost?
    /// The dense form, of one group, on images side by side: activations as [channel][z][y][x][image], for layers of few
    /// channels on many images. Their number is a multiple of a vector's lanes, so every vector is full whatever the channels
    /// and positions, and a tap that leaves the source is left out for all of them:
    ///
    ///     destination[j, q, n] = Σ_t Σ_m source[m, stride·q + taps[t].offset, n] · filter[m, j, t]
    ///
    /// `destinationBatchStride` leads from one column's positions to the next column's. The filter is read where it is, its
    /// taps side by side; solved for, it lies densely as [j][m][tap], and every tap is there.
    public let batch: WindowKernels
    /// The form for one channel and one filter a group, in vectors of channels. `slide` reads the filter as [tap][channel].
    public let depthwise: WindowKernels
    /// A layer with one tap whose operands lie as a network's parameters do.
    public let product: Routine<ProductArguments>
    /// Tiles of 4 × 4 and of 2 × 2 outputs.
    public let winograd: [WinogradKernels]

    public init(
        pack: Routine<PackArguments>, columns: WindowKernels, pixels: WindowKernels,
        pixelCost: @escaping @Sendable (WindowLayer) -> PixelCost?, batch: WindowKernels, depthwise: WindowKernels,
        product: Routine<ProductArguments>, winograd: [WinogradKernels]
    ) {
        (self.pack, self.columns, self.pixels, self.pixelCost) = (pack, columns, pixels, pixelCost)
        (self.batch, self.depthwise, self.product, self.winograd) = (batch, depthwise, product, winograd)
    }
}

/// One way to compute a window's form, in all its roles.
public struct WindowKernels: Sendable {
    /// Solved for its output or its input.
    public let slide: Routine<SlidingArguments>
    /// Solved for its filter; `combineFilter` adds the partial sums.
    public let filterGradient: Routine<FilterGradientArguments>
    public let combineFilter: Routine<FilterGradientArguments>

    public init(
        slide: Routine<SlidingArguments>, filterGradient: Routine<FilterGradientArguments>,
        combineFilter: Routine<FilterGradientArguments>
    ) {
        (self.slide, self.filterGradient, self.combineFilter) = (slide, filterGradient, combineFilter)
    }
}

/// The work on a box of positions.
public struct PixelCost: Hashable, Sendable {
    /// The number of multiply-adds of vectors of pixels, and of the vectors of columns that do the same.
    public let pixels: Int
    public let columns: Int
    /// The number of floats that are moved into planes and out of them.
    public let moves: Int

    public init(pixels: Int, columns: Int, moves: Int) {
        (self.pixels, self.columns, self.moves) = (pixels, columns, moves)
    }
}

/// One tap of a window: the position that it meets, and its filter element.
public struct Tap: Hashable, Sendable {
    /// The source position that the tap meets for the window at position 0. May be negative or beyond the source: such
    /// positions contribute nothing.
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
    /// Where the filter is read, or written, as it lies; the pools have none.
    public var filterStrides: FilterStrides

    public init(
        taps: UnsafePointer<Tap>, tapCount: Int, batch: Int, groups: Int, channels: Int, columns: Int,
        sourceSize: Axes, count: Axes, stride: Axes, filterStrides: FilterStrides
    ) {
        (self.taps, self.tapCount, self.batch, self.groups) = (taps, tapCount, batch, groups)
        (self.channels, self.columns, self.sourceSize) = (channels, columns, sourceSize)
        (self.count, self.stride, self.filterStrides) = (count, stride, filterStrides)
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

    public init(filter: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>, layer: WindowLayer) {
        (self.filter, self.packed, self.layer) = (filter, packed, layer)
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
    /// As `pack` leaves it, for the same table, or as the kernels say; not read by the pools.
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

    public init(
        source: UnsafePointer<Float>, cotangent: UnsafePointer<Float>, filter: UnsafeMutablePointer<Float>,
        partials: UnsafeMutablePointer<Float>, layer: WindowLayer
    ) {
        (self.source, self.cotangent, self.filter, self.partials) = (source, cotangent, filter, partials)
        self.layer = layer
    }
}
