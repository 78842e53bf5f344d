import AdjointGraphs
import AdjointKernelTables

/// The algorithm of a convolution. It is chosen only here, from shapes, layouts and the table alone, never by a timing; the
/// kernels make no such choice.
enum Algorithm {
    /// Vectors of neighbouring columns (channels that are solved for), in place: 6 columns fill 6 of 16 lanes.
    case columns
    /// Vectors of neighbouring pixels, moved into planes first: for few columns.
    case pixels
    /// Vectors of the images of a batch, which lie last in memory: for few channels on many images.
    case batch
    /// One channel and one filter a group, in vectors of groups.
    case depthwise
    /// Winograd's algorithm for 3 × 3 filters, with fewer multiplications, and other roundings than the defining sum.
    ///
    /// The payload is a number and not the kernels themselves: with those the WebAssembly build mistook this case for another
    /// one, since its functions are small numbers, which Swift uses for the cases without payload.
    ///
    /// - Parameter number: the number of the tiles in the table.
    case winograd(_ number: Int)

    /// The cost of moving a float, in multiply-adds of a vector.
    private static let move = 0.5
    /// The share of the columns' time below which pixels are chosen.
    private static let worthwhile = 0.9

    /// - Parameters:
    ///   - layer: of a channels-last source.
    ///   - call: one of those that solve for a result.
    ///   - isExact: whether sums keep to their definition.
    ///   - hasFixedFilter: whether the filter is the same in every run.
    ///   - pixels: the cost in vectors of pixels; nil where they cannot be used.
    init(
        for layer: DenseLayer, _ call: WindowCall, table: KernelTable, isExact: Bool, hasFixedFilter: Bool,
        pixels: () -> PixelCost?
    ) {
        if layer.isDepthwise {
            self = .depthwise
        } else if !isExact, call.grid.isWinogradWindow, call.source.z == 1,
            let number = WinogradCost(layer, call.grid, source: call.source, isPrepared: hasFixedFilter).best(
                of: table.convolution.winograd.map { $0.outputs })
        {
            self = .winograd(number)
        } else {
            self = .dense(pixels())
        }
    }

    /// Vectors of pixels or of columns, whichever are faster.
    ///
    /// - Parameter cost: nil where vectors of pixels cannot be used.
    static func dense(_ cost: PixelCost?) -> Algorithm {
        guard let cost else { return .columns }
        let pixels = Double(cost.pixels) + move * Double(cost.moves)
        return pixels < worthwhile * Double(cost.columns) ? .pixels : .columns
    }

    /// Whether a layer runs on images side by side: for many images and few channels, from the first such layer on
    /// until one has enough channels.
    static func isBatch(
        _ layer: DenseLayer, _ role: Primitive.Convolution.Role, operands: [View], lanes: Int
    ) -> Bool {
        let widest = max(layer.extents.channels, layer.extents.filters)
        guard layer.groups == 1, layer.extents.batch > 0, layer.extents.batch % lanes == 0, widest <= 2 * lanes else {
            return false
        }
        return role == .output ? operands[0].hasImagesLast || widest <= lanes / 2 : operands[1].hasImagesLast
    }
}

// MARK: - the kernels of each

extension Algorithm {
    func winograd(_ kernels: ConvolutionKernels) -> WinogradKernels? {
        if case .winograd(let number) = self { kernels.winograd[number] } else { nil }
    }

    /// The name in a printed plan.
    func name(_ kernels: ConvolutionKernels) -> String {
        switch self {
        case .columns, .pixels, .batch: "convolution"
        case .depthwise: "depthwise"
        case .winograd(let number): "winograd \(kernels.winograd[number].outputs)"
        }
    }

    func window(_ kernels: ConvolutionKernels) -> WindowKernels {
        switch self {
        case .columns: kernels.columns
        case .pixels: kernels.pixels
        case .batch: kernels.batch
        case .depthwise: kernels.depthwise
        case .winograd(let number): kernels.winograd[number].window
        }
    }
}
