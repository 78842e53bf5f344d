import AdjointGraphs
import AdjointKernelTables

/// The costs that decide whether a layer uses Winograd's algorithm.
///
/// Costs are counted in multiply-adds of one group. A tile of m × m outputs costs (m + 2)² products of every
/// channel with every column, and transforms of each channel and of each column, which move memory and so cost about
/// `transform` products an element; the transform of the filter, or back to it, costs about `filterTransform` products.
/// A filter that was transformed before is only read, at the cost of `MachineCosts.multiplyAddsPerFloat` a number, as a
/// direct kernel reads its nine. The direct kernels multiply only taps that meet the source.
struct WinogradCost {
    /// Measured: from about 12 channels and columns on the tiles are faster, on images of 32 × 32.
    private static let transform = 12.0
    private static let filterTransform = 6.0

    private let direct: Double
    private let layer: DenseLayer
    private let count: Axes
    private let isPrepared: Bool

    init(_ layer: DenseLayer, _ grid: SlidingGrid, source: Axes, isPrepared: Bool) {
        self.isPrepared = isPrepared
        self.layer = layer
        count = grid.count
        let positions = Double(layer.extents.batch) * Double(grid.count.z)
        let rows = SlidingGrid.meetings(of: grid.taps.map { $0.offset.y }, count: grid.count.y, size: source.y)
        let columns = SlidingGrid.meetings(of: grid.taps.map { $0.offset.x }, count: grid.count.x, size: source.x)
        let meetings = positions * rows * columns + (isPrepared ? 9 * MachineCosts.multiplyAddsPerFloat : 0)
        direct = meetings * Double(layer.extents.channels * layer.extents.filters)
    }

    /// The number of the cheapest tiles, where they are cheaper than the direct kernels.
    ///
    /// - Parameter outputs: for each kind of tile, its outputs on a side.
    func best(of outputs: [Int]) -> Int? {
        outputs.indices.filter { tiles(of: outputs[$0]) < direct }.min {
            tiles(of: outputs[$0]) < tiles(of: outputs[$1])
        }
    }

    private func tiles(of outputs: Int) -> Double {
        let (channels, filters) = (Double(layer.extents.channels), Double(layer.extents.filters))
        let grid = ((count.y + outputs - 1) / outputs) * ((count.x + outputs - 1) / outputs)
        let tiles = Double(layer.extents.batch * count.z * grid)
        let products = Double((outputs + 2) * (outputs + 2))
        return products
            * (tiles * (channels * filters + Self.transform * (channels + filters))
                + (isPrepared ? MachineCosts.multiplyAddsPerFloat : Self.filterTransform) * channels * filters)
    }
}

extension SlidingGrid {
    /// The number of (position, tap) pairs of an axis that meet the source; the list has each of three taps three times.
    static func meetings(of offsets: [Int], count: Int, size: Int) -> Double {
        let pairs = offsets.reduce(0) { sum, offset in
            sum + max(0, min(count, size - offset) - max(0, -offset))
        }
        return Double(pairs) / 3
    }

    /// Whether the taps are a square of 3 × 3 neighbouring positions, with stride 1, on the only plane.
    var isWinogradWindow: Bool {
        guard taps.count == 9, count.z == 1, stride == Axes(1, 1, 1) else { return false }
        let first = taps[0].offset
        return taps.indices.allSatisfy { taps[$0].offset == Axes(0, first.y + $0 / 3, first.x + $0 % 3) }
    }
}
