/// The dense form with a 3 × 3 filter and stride 1 by Winograd's algorithm, with fewer multiplications (see Kernels/Winograd).
/// Arguments are those of the direct kernels, with nine taps of neighbouring positions, row by row, on the axes y and x, at
/// z = 0 of the only plane; the results are inexact.
public struct WinogradKernels: Sendable {
    /// The outputs of a tile on each axis: 2 or 4.
    public let outputs: Int
    /// Transforms a filter for `slide`, with `products` places where the direct kernel has nine taps, which
    /// stand evenly apart in each of the filter's axes; the stride of taps is 1.
    public let pack: Routine<PackArguments>
    /// `combineFilter` transforms the sums back, too.
    public let window: WindowKernels

    public init(outputs: Int, pack: Routine<PackArguments>, window: WindowKernels) {
        (self.outputs, self.pack, self.window) = (outputs, pack, window)
    }

    /// The number of products of a tile, in place of 9 · outputs².
    public var products: Int { (outputs + 2) * (outputs + 2) }
}
