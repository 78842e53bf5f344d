/// The dense form with a 3 × 3 filter and stride 1 in fewer multiplications, by tiles of outputs (see Kernels/Winograd).
/// Arguments are those of the direct kernels, with nine taps that lie side by side, row by row, on the axes y and x, at z = 0
/// of the only plane; the results are inexact.
public struct WinogradKernels: Sendable {
    /// Outputs of a tile on each axis: 2 or 4.
    public let outputs: Int
    /// Transforms a filter for `slide`, with `products` places where the direct kernel has nine taps, which
    /// stand evenly apart in each of the filter's axes; the stride of taps is 1.
    public let pack: Routine<PackArguments>
    /// The form solved for its output or its input.
    public let slide: Routine<SlidingArguments>
    /// The form solved for its filter; `combineFilter` adds the partial sums and transforms them back.
    public let filterGradient: Routine<FilterGradientArguments>
    public let combineFilter: Routine<FilterGradientArguments>

    public init(
        outputs: Int, pack: Routine<PackArguments>, slide: Routine<SlidingArguments>,
        filterGradient: Routine<FilterGradientArguments>, combineFilter: Routine<FilterGradientArguments>
    ) {
        (self.outputs, self.pack, self.slide, self.filterGradient) = (outputs, pack, slide, filterGradient)
        self.combineFilter = combineFilter
    }

    /// Products of a tile: instead of 9 · outputs².
    public var products: Int { (outputs + 2) * (outputs + 2) }
}
