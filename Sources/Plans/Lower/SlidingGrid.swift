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
    /// How far the window moves over the source.
    var stride: Axes
    var taps: [Tap]

    /// The calls that together cover all positions of what a role solves for.
    static func grids(_ window: Window, taps: [Int], size: [Int], role: Primitive.Convolution.Role) -> [SlidingGrid] {
        let axes = window.axes.indices.map { axis in
            phases(window.axes[axis], taps: taps[axis], size: size[axis], role: role)
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
                                        index: tapZ.tap * tapStrides[0] + tapY.tap * tapStrides[1] + tapX.tap))
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
        _ axis: Window.Axis, taps: Int, size: Int, role: Primitive.Convolution.Role
    ) -> [Phase] {
        guard role == .input else {
            let meeting = (0..<taps).map { (tap: $0, offset: axis.dilation * $0 - axis.padding) }
            return [Phase(start: 0, step: 1, count: size, stride: axis.stride, taps: meeting)]
        }
        return (0..<min(axis.stride, max(1, size))).map { residue in
            // Taps from the last to the first, so that offsets ascend as memory does.
            let meeting = (0..<taps).reversed().compactMap { tap -> (tap: Int, offset: Int)? in
                let distance = residue + axis.padding - axis.dilation * tap
                return distance % axis.stride == 0 ? (tap, distance / axis.stride) : nil
            }
            let count = size > residue ? (size - residue - 1) / axis.stride + 1 : 0
            return Phase(start: residue, step: axis.stride, count: count, stride: 1, taps: meeting)
        }
    }
}

extension Axes {
    /// Spatial sizes, with ones for the axes that a layer does not have.
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

    init(_ view: View) {
        self.view = view
        channels = view.sizes[1]
        size = Axes(sizes: Array(view.sizes.dropFirst(2)))
    }

    var strides: Axes { Axes(size.y * size.x * channels, size.x * channels, channels) }

    var batchStride: Int { size.count * channels }

    /// The view of the position where a grid of calls begins.
    func start(_ position: Axes) -> View {
        var moved = view
        moved.offset += position.z * strides.z + position.y * strides.y + position.x * strides.x
        return moved
    }

    /// How far neighbouring positions of a call lie apart.
    func strides(step: Axes) -> Axes {
        Axes(strides.z * step.z, strides.y * step.y, strides.x * step.x)
    }
}
