import AdjointGraphs
import AdjointKernelTables

/// One call of a sliding kernel: the positions that it solves for on each spatial axis, and the taps that meet them.
///
/// The relation e·i = s·p + d·r − a, solved for the output (e = 1), is a window that slides over the input with stride s and
/// meets tap r at offset d·r − a. Solved for the input it slides over the output, but only where e·i + a − d·r is a multiple
/// of s: one call for each residue of i modulo s, with the taps that fit it, at offset (residue + a − d·r)∕s. So no inserted
/// zero is ever multiplied.
struct SlidingGrid {
    /// The first position, and the distance to the next, on each axis.
    var start: Axes
    var step: Axes
    var count: Axes
    /// The distance in the source from one window to the next.
    var stride: Axes
    var taps: [Tap]

    /// The calls that together cover all positions of the operand that a role solves for. Where there would be very many, only
    /// those with taps: positions in no call are zero.
    ///
    /// - Parameter source: the sizes of the source, if taps that meet none of its positions are to be left out.
    static func grids(
        _ window: Window, taps: [Int], size: [Int], role: Primitive.Convolution.Role, source: [Int]? = nil
    ) -> [SlidingGrid] {
        let residues = window.axes.indices.map { min(window.axes[$0].stride, max(1, size[$0])) }
        let isSparse = residues.reduce(1) { $0 * Double($1) } > 64
        let axes = window.axes.indices.map { axis in
            let along = window.axes[axis]
            let met = source.map { source in
                let (inputs, outputs) = role == .input ? (size, source) : (source, size)
                return along.tapsWithin(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis])
            }
            return phases(
                along, taps: met ?? Array(0..<taps[axis]), size: size[axis], role: role, isSparse: isSparse)
        }
        let lead = Phase(start: 0, step: 1, count: 1, stride: 1, taps: [(0, 0)])
        let padded = [[Phase]](repeating: [lead], count: 3 - axes.count) + axes
        let tapStrides = Shape([1, 1, 1].dropLast(taps.count) + taps).strides
        var grids: [SlidingGrid] = []
        for z in padded[0] {
            for y in padded[1] {
                for x in padded[2] {
                    var meeting: [Tap] = []
                    for tapZ in z.taps {
                        for tapY in y.taps {
                            for tapX in x.taps {
                                meeting.append(
                                    Tap(
                                        offset: Axes(tapZ.offset, tapY.offset, tapX.offset),
                                        index: tapZ.tap &* tapStrides[0] &+ tapY.tap &* tapStrides[1] &+ tapX.tap))
                            }
                        }
                    }
                    grids.append(
                        SlidingGrid(
                            start: Axes(z.start, y.start, x.start), step: Axes(z.step, y.step, x.step),
                            count: Axes(z.count, y.count, x.count), stride: Axes(z.stride, y.stride, x.stride),
                            taps: meeting))
                }
            }
        }
        return grids
    }

    private struct Phase {
        let start: Int
        let step: Int
        let count: Int
        let stride: Int
        let taps: [(tap: Int, offset: Int)]
    }

    private static func phases(
        _ axis: Window.Axis, taps: [Int], size: Int, role: Primitive.Convolution.Role, isSparse: Bool
    ) -> [Phase] {
        guard role == .input else {
            let meeting = taps.map { (tap: $0, offset: axis.dilation * $0 - axis.padding) }
            return [Phase(start: 0, step: 1, count: size, stride: axis.stride, taps: meeting)]
        }
        // Taps from the last to the first, so that offsets ascend like memory.
        var meeting: [Int: [(tap: Int, offset: Int)]] = [:]
        for tap in taps.reversed() {
            let distance = axis.padding - axis.dilation * tap
            let rest = distance % axis.stride
            let residue = rest > 0 ? axis.stride - rest : -rest
            meeting[residue, default: []].append((tap, (residue + distance) / axis.stride))
        }
        let residues = isSparse ? meeting.keys.filter { $0 < size }.sorted() : Array(0..<min(axis.stride, max(1, size)))
        return residues.map { residue in
            let count = size > residue ? (size - residue - 1) / axis.stride + 1 : 0
            return Phase(start: residue, step: axis.stride, count: count, stride: 1, taps: meeting[residue] ?? [])
        }
    }
}

extension Lowering {
    /// The calls that solve for a result, after a step that fills it with zeros where some of its positions are in no call.
    func grids(
        _ window: Window, taps: [Int], size: [Int], role: Primitive.Convolution.Role, source: [Int]? = nil,
        for result: View
    ) -> [SlidingGrid] {
        let grids = SlidingGrid.grids(window, taps: taps, size: size, role: role, source: source)
        if grids.reduce(0, { $0 + $1.count.count }) != size.reduce(1, *) { fill(result, with: 0) }
        return grids
    }
}

extension Axes {
    /// The spatial sizes, with ones for missing axes.
    init(sizes: [Int]) {
        let padded = [Int](repeating: 1, count: 3 - sizes.count) + sizes
        self.init(padded[0], padded[1], padded[2])
    }
}

/// A dense channels-last grid: [N, C, spatial…] in memory as [N][z][y][x][C].
struct ChannelsLastGrid {
    let view: View
    let channels: Int
    let size: Axes

    /// - Parameter isTurned: whether images lie last, which are then to a grid what channels are to others.
    init(_ view: View, isTurned: Bool = false) {
        self.view = isTurned ? view.turned : view
        channels = self.view.sizes[1]
        size = Axes(sizes: Array(view.sizes.dropFirst(2)))
    }

    var strides: Axes { Axes(size.y * size.x * channels, size.x * channels, channels) }

    var batchStride: Int { size.count * channels }

    /// The view that begins at the first position of a grid of calls.
    func start(_ position: Axes) -> View {
        var moved = view
        moved.offset += position.z * strides.z + position.y * strides.y + position.x * strides.x
        return moved
    }

    /// The strides from one position of a call to the next.
    func strides(step: Axes) -> Axes {
        Axes(strides.z * step.z, strides.y * step.y, strides.x * step.x)
    }
}

/// A call of a sliding kernel, or of one that solves for a filter, and what its operands measure.
struct WindowCall {
    let grid: SlidingGrid
    let batch: Int
    let groups: Int
    /// Of the source, and of the destination or the cotangent, in a group.
    let channels: Int
    let columns: Int
    /// The source's positions.
    let source: Axes
    var filterStrides: FilterStrides

    /// Multiplications and additions.
    var operations: Int { 2 * batch * groups * grid.count.count * grid.taps.count * channels * columns }

    func layer(_ addresses: Addresses) -> WindowLayer {
        WindowLayer(
            taps: UnsafePointer(addresses.tables.copy(grid.taps)), tapCount: grid.taps.count, batch: batch,
            groups: groups, channels: channels, columns: columns, sourceSize: source, count: grid.count,
            stride: grid.stride, filterStrides: filterStrides)
    }

    /// The call on these operands.
    func sliding(_ addresses: Addresses, source: View, filter: View, to result: ChannelsLastGrid) -> SlidingArguments {
        SlidingArguments(
            source: UnsafePointer(addresses.floats(source)), filter: UnsafePointer(addresses.floats(filter)),
            destination: addresses.floats(result.start(grid.start)), layer: layer(addresses),
            destinationBatchStride: result.batchStride, destinationStrides: result.strides(step: grid.step))
    }
}

extension WindowCall {
    /// The filter is row-major, [groups·K, C, taps…].
    init(_ layer: DenseLayer, _ role: Primitive.Convolution.Role, _ grid: SlidingGrid, source: Axes) {
        let (channels, filters) = (layer.extents.channels, layer.extents.filters)
        let channel = layer.extents.taps.reduce(1, *)
        let filter = channel * channels
        let solvesInput = role == .input
        self.init(
            grid: grid, batch: layer.extents.batch, groups: layer.groups, channels: solvesInput ? filters : channels,
            columns: solvesInput ? channels : filters, source: source,
            filterStrides: FilterStrides(
                group: filter * filters, channel: solvesInput ? filter : channel,
                column: solvesInput ? channel : filter, tap: 1))
    }
}
