import AdjointKernelTables

/// How the source under the taps of a window is read.
enum Reading {
    /// No tap is outside the source, which is read in place.
    case whole
    /// The part that a box needs is copied first, padded with zeros.
    case padded
    /// Tap by tap, for the positions at which the tap is inside the source.
    case clipped
}

/// The geometry that all kernels of the family share: position q meets the source at stride·q + offset.
struct Reach {
    let layer: WindowLayer
    /// The smallest and the largest offset on each axis.
    let low: Axes
    let high: Axes
    let boxes: TaskBoxes
    let reading: Reading
    /// The sizes of the padded copy of the largest box, for one image.
    let extent: Axes
    /// The number of channels that are read together.
    let channels: Int

    /// Cuts the positions of a batch into boxes of about `limit`. The channels of so many `groups` are read at a time.
    /// Where a tap leaves the source, the kernel would rather clip than copy if `clips`.
    init(_ layer: WindowLayer, limit: Int, groups: Int, clips: Bool) {
        let (low, high) = layer.corners
        let (batch, count, stride, sourceSize) = (layer.batch, layer.count, layer.stride, layer.sourceSize)
        let channels = groups * layer.channels
        self.layer = layer
        self.low = low
        self.high = high
        self.channels = channels

        let isWhole =
            batch * count.count == 0
            || low.z >= 0 && low.y >= 0 && low.x >= 0
                && Reach.reach(count.z, stride.z, high.z) <= Double(sourceSize.z)
                && Reach.reach(count.y, stride.y, high.y) <= Double(sourceSize.y)
                && Reach.reach(count.x, stride.x, high.x) <= Double(sourceSize.x)
        var boxes = TaskBoxes(batch: batch, size: count, limit: limit)
        var reading = Reading.whole
        var extent = Axes(0, 0, 0)
        if !isWhole {
            // Sizes are compared as floating-point numbers: with a large dilation they may exceed an Int.
            func floats() -> Double {
                Double(boxes.images * channels)
                    * Reach.reach(boxes.largest.z, stride.z, high.z, from: low.z)
                    * Reach.reach(boxes.largest.y, stride.y, high.y, from: low.y)
                    * Reach.reach(boxes.largest.x, stride.x, high.x, from: low.x)
            }
            var limit = boxes.positions
            while !clips && floats() > Reach.comfortable && limit > 64 {
                limit /= 2
                boxes = TaskBoxes(batch: batch, size: count, limit: limit)
            }
            if !clips && floats() <= Reach.largestCopy {
                reading = .padded
                extent = Axes(
                    stride.z * (boxes.largest.z - 1) + high.z - low.z + 1,
                    stride.y * (boxes.largest.y - 1) + high.y - low.y + 1,
                    stride.x * (boxes.largest.x - 1) + high.x - low.x + 1)
            } else {
                reading = .clipped
            }
        }
        self.boxes = boxes
        self.reading = reading
        self.extent = extent
    }

    /// Floats of a padded copy that leave room for the filter in the second-level cache, and the most that is copied at all.
    private static var comfortable: Double { Double(MachineCosts.secondLevelFloats / 2) }
    private static var largestCopy: Double { Double(8 * MachineCosts.secondLevelFloats) }

    /// The number of source positions from the first tap of the first window to the last tap of the last.
    private static func reach(_ count: Int, _ stride: Int, _ high: Int, from low: Int = 0) -> Double {
        Double(count - 1) * Double(stride) + Double(high) - Double(low) + 1
    }

    /// The floats of the padded copy.
    var copyFloats: Int { reading == .padded ? boxes.images * extent.count * channels : 0 }

    /// The distance of a tap from its window's first position, in a padded copy or in the source.
    func offset(of tap: Tap, in lattice: Lattice) -> Int {
        (tap.offset.z - low.z) * lattice.strides.z + (tap.offset.y - low.y) * lattice.strides.y
            + (tap.offset.x - low.x) * lattice.strides.x
    }

    /// The positions of a box at which a tap is inside the source.
    func clip(_ box: Box, to tap: Tap) -> Box {
        Box(
            images: box.images,
            z: Reach.clip(box.z, tap.offset.z, layer.stride.z, layer.sourceSize.z),
            y: Reach.clip(box.y, tap.offset.y, layer.stride.y, layer.sourceSize.y),
            x: Reach.clip(box.x, tap.offset.x, layer.stride.x, layer.sourceSize.x))
    }

    private static func clip(_ range: Range<Int>, _ offset: Int, _ stride: Int, _ size: Int) -> Range<Int> {
        let met = positions(meeting: offset, stride: stride, size: size, count: range.upperBound)
        let start = max(range.lowerBound, met.lowerBound)
        return start..<max(start, met.upperBound)
    }

    /// The layout of the source's positions in memory.
    var sourceLattice: Lattice {
        Lattice(dense: layer.sourceSize, layer.groups * layer.channels)
    }
}

extension WindowLayer {
    /// The smallest and the largest offset of a tap on each axis.
    var corners: (low: Axes, high: Axes) {
        var low = tapCount > 0 ? taps[0].offset : Axes(0, 0, 0)
        var high = low
        for tap in 0..<tapCount {
            let offset = taps[tap].offset
            low = Axes(min(low.z, offset.z), min(low.y, offset.y), min(low.x, offset.x))
            high = Axes(max(high.z, offset.z), max(high.y, offset.y), max(high.x, offset.x))
        }
        return (low, high)
    }
}

/// The positions, `count` of them, from which a tap meets the source: 0 ≤ stride·q + offset < size.
@inline(__always)
func positions(meeting offset: Int, stride: Int, size: Int, count: Int) -> Range<Int> {
    let first = offset >= 0 ? 0 : min(count, (stride - 1 - offset) / stride)
    let end = offset >= size ? 0 : min(count, (size - 1 - offset) / stride + 1)
    return first..<max(first, end)
}
