import AdjointKernelTables

/// How the taps of a window find the source.
enum Reading {
    /// No tap leaves the source, which is read where it is.
    case whole
    /// The part that a box needs is copied among zeros first.
    case padded
    /// Tap by tap, for the positions at which the tap meets the source.
    case clipped
}

/// The geometry that every kernel of the family shares: positions q see the source at stride·q + offset.
struct Window {
    let taps: UnsafePointer<Tap>
    let tapCount: Int
    let sourceSize: Axes
    /// Channels of the source, over all groups.
    let sourceChannels: Int
    let stride: Axes
    /// The smallest and the largest offset on each axis.
    let low: Axes
    let high: Axes
    let boxes: Boxes
    let reading: Reading
    /// Positions in the padded copy of the largest box, for one image.
    let extent: Axes
    /// Channels that are read together.
    let channels: Int

    /// Cuts `count` positions in each of `batch` images into boxes of about `limit`. `channels` are read at a time.
    /// Where a tap leaves the source, the kernel would rather clip than copy if `clips`.
    init(
        taps: UnsafePointer<Tap>, tapCount: Int, batch: Int, sourceSize: Axes, sourceChannels: Int, count: Axes,
        stride: Axes, limit: Int, channels: Int, clips: Bool
    ) {
        var low = tapCount > 0 ? taps[0].offset : Axes(0, 0, 0)
        var high = low
        for tap in 0..<tapCount {
            let offset = taps[tap].offset
            low = Axes(min(low.z, offset.z), min(low.y, offset.y), min(low.x, offset.x))
            high = Axes(max(high.z, offset.z), max(high.y, offset.y), max(high.x, offset.x))
        }
        self.taps = taps
        self.tapCount = tapCount
        self.sourceSize = sourceSize
        self.sourceChannels = sourceChannels
        self.stride = stride
        self.low = low
        self.high = high
        self.channels = channels

        let isWhole =
            batch * count.count == 0
            || low.z >= 0 && low.y >= 0 && low.x >= 0
                && Window.reach(count.z, stride.z, high.z) <= Double(sourceSize.z)
                && Window.reach(count.y, stride.y, high.y) <= Double(sourceSize.y)
                && Window.reach(count.x, stride.x, high.x) <= Double(sourceSize.x)
        var boxes = Boxes(batch: batch, size: count, limit: limit)
        var reading = Reading.whole
        var extent = Axes(0, 0, 0)
        if !isWhole {
            // Sizes are compared as floating-point numbers: with a large dilation they may exceed an Int.
            func floats() -> Double {
                Double(boxes.images * channels)
                    * Window.reach(boxes.largest.z, stride.z, high.z, from: low.z)
                    * Window.reach(boxes.largest.y, stride.y, high.y, from: low.y)
                    * Window.reach(boxes.largest.x, stride.x, high.x, from: low.x)
            }
            var limit = boxes.positions
            while !clips && floats() > Window.comfortable && limit > 64 {
                limit /= 2
                boxes = Boxes(batch: batch, size: count, limit: limit)
            }
            if !clips && floats() <= Window.largestCopy {
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

    /// Floats of a padded copy that fit in a part of the second-level cache, and the most that is copied at all.
    private static let comfortable = 65536.0
    private static let largestCopy = 1_048_576.0

    /// The source positions between the first tap of the first window and the last tap of the last.
    private static func reach(_ count: Int, _ stride: Int, _ high: Int, from low: Int = 0) -> Double {
        Double(count - 1) * Double(stride) + Double(high) - Double(low) + 1
    }

    /// Floats of the padded copy.
    var copyFloats: Int { reading == .padded ? boxes.images * extent.count * channels : 0 }

    /// The offset of a tap from its window's first position, in a padded copy or in the source.
    func offset(of tap: Tap, in lattice: Lattice) -> Int {
        (tap.offset.z - low.z) * lattice.strides.z + (tap.offset.y - low.y) * lattice.strides.y
            + (tap.offset.x - low.x) * lattice.strides.x
    }

    /// The box's positions at which a tap meets the source.
    func clip(_ box: Box, to tap: Tap) -> Box {
        Box(
            images: box.images,
            z: Window.clip(box.z, tap.offset.z, stride.z, sourceSize.z),
            y: Window.clip(box.y, tap.offset.y, stride.y, sourceSize.y),
            x: Window.clip(box.x, tap.offset.x, stride.x, sourceSize.x))
    }

    /// 0 ≤ stride·q + offset < size, for q in `range`
    private static func clip(_ range: Range<Int>, _ offset: Int, _ stride: Int, _ size: Int) -> Range<Int> {
        guard offset < size else { return range.lowerBound..<range.lowerBound }
        let first = offset >= 0 ? 0 : (stride - 1 - offset) / stride
        let end = (size - 1 - offset) / stride + 1
        let start = min(max(range.lowerBound, first), range.upperBound)
        return start..<max(start, min(range.upperBound, end))
    }

    /// Where the source's positions lie in memory.
    var sourceLattice: Lattice {
        let x = sourceChannels
        let y = x * sourceSize.x
        let z = y * sourceSize.y
        return Lattice(origin: 0, image: z * sourceSize.z, strides: Axes(z, y, x))
    }

    /// Copies what a box needs of the source's first `existing` channels among zeros, [image][z][y][x][channel], and
    /// says where its positions lie.
    func copy(
        _ source: UnsafePointer<Float>, _ existing: Int, _ box: Box, to copy: UnsafeMutablePointer<Float>
    ) -> Lattice {
        let x = channels
        let y = x * extent.x
        let z = y * extent.y
        let image = z * extent.z
        let from = sourceLattice
        let first = Axes(
            stride.z * box.z.lowerBound + low.z, stride.y * box.y.lowerBound + low.y,
            stride.x * box.x.lowerBound + low.x)
        // The source's positions in a row of the copy, and where they begin in it.
        let begin = min(max(first.x, 0), sourceSize.x)
        let end = max(begin, min(first.x + extent.x, sourceSize.x))
        let zerosBefore = min(max(begin - first.x, 0), extent.x) * channels
        let floats = (end - begin) * channels
        for n in box.images {
            for iz in 0..<extent.z {
                let isInside = first.z + iz >= 0 && first.z + iz < sourceSize.z
                for iy in 0..<extent.y {
                    let row = copy + ((n - box.images.lowerBound) * image + iz * z + iy * y)
                    guard isInside, first.y + iy >= 0, first.y + iy < sourceSize.y, floats > 0 else {
                        row.update(repeating: 0, count: y)
                        continue
                    }
                    row.update(repeating: 0, count: zerosBefore)
                    let place = from.offset(n, first.z + iz, first.y + iy, begin)
                    copyPositions(source + place, existing, end - begin, to: row + zerosBefore)
                    (row + (zerosBefore + floats)).update(repeating: 0, count: y - zerosBefore - floats)
                }
            }
        }
        return Lattice(
            origin: -(box.images.lowerBound * image + first.z * z + first.y * y + first.x * x),
            image: image, strides: Axes(z, y, x))
    }

    private func copyPositions(
        _ source: UnsafePointer<Float>, _ existing: Int, _ count: Int, to copy: UnsafeMutablePointer<Float>
    ) {
        if existing == sourceChannels {
            copy.update(from: source, count: count * channels)
        } else {
            for x in 0..<count {
                (copy + x * channels).update(from: source + x * sourceChannels, count: existing)
            }
        }
    }
}

/// Where positions lie in memory: at `origin` + image·n + Σ strides·position.
struct Lattice {
    var origin: Int
    var image: Int
    var strides: Axes

    func offset(_ n: Int, _ z: Int, _ y: Int, _ x: Int) -> Int {
        origin + n * image + z * strides.z + y * strides.y + x * strides.x
    }
}

/// Where each of some positions q finds the source at stride·q + shift, and its own memory.
struct PositionTable {
    let sources: UnsafeMutablePointer<Int>
    let positions: UnsafeMutablePointer<Int>
    private(set) var count = 0

    /// A tile reads so many entries at once, at most; the last one is repeated for it.
    static let spare = 8

    static func bytes(_ capacity: Int) -> Int { 2 * Scratch.bytes(capacity + spare, of: Int.self) }

    init(_ scratch: inout Scratch, capacity: Int) {
        sources = scratch.take(capacity + PositionTable.spare, of: Int.self)
        positions = scratch.take(capacity + PositionTable.spare, of: Int.self)
    }

    /// Zeros so many columns of every position.
    func zero(_ destination: UnsafeMutablePointer<Float>, _ columns: Int) {
        for entry in 0..<count { (destination + positions[entry]).update(repeating: 0, count: columns) }
    }

    mutating func fill(_ box: Box, stride: Axes, shift: Axes, source: Lattice, positions lattice: Lattice) {
        count = 0
        guard box.positions > 0 else { return }
        let step = stride.x * source.strides.x
        for n in box.images {
            for z in box.z {
                for y in box.y {
                    let x = box.x.lowerBound
                    var here = source.offset(
                        n, stride.z * z + shift.z, stride.y * y + shift.y, stride.x * x + shift.x)
                    var there = lattice.offset(n, z, y, x)
                    for _ in box.x {
                        sources[count] = here
                        positions[count] = there
                        here += step
                        there += lattice.strides.x
                        count += 1
                    }
                }
            }
        }
        for spare in 0..<PositionTable.spare {
            sources[count + spare] = sources[count - 1]
            positions[count + spare] = positions[count - 1]
        }
    }
}

/// Neighbours in the source that are neighbours in the packed filter: `depth` floats from `offset`.
struct Run {
    var offset: Int
    var depth: Int
}

/// The runs of a window's taps, in order. They are cut so that a whole number of them makes each block.
struct Runs {
    let base: UnsafeMutablePointer<Run>
    private(set) var count = 0
    private var depth = 0

    /// Rows of a panel's filter that are used for all positions of a box before the next ones are.
    static let blockDepth = 512

    init(_ scratch: inout Scratch, capacity: Int) { base = scratch.take(capacity, of: Run.self) }

    /// Adds the channels of a tap, which may continue the run before them.
    mutating func append(_ offset: Int, _ channels: Int) {
        var offset = offset
        var left = channels
        while left > 0 {
            let room = Runs.blockDepth - depth % Runs.blockDepth
            let part = min(left, room)
            if room < Runs.blockDepth && base[count - 1].offset + base[count - 1].depth == offset {
                base[count - 1].depth += part
            } else {
                base[count] = Run(offset: offset, depth: part)
                count += 1
            }
            depth += part
            offset += part
            left -= part
        }
    }
}

/// A worker's memory, handed out in order.
struct Scratch {
    private var next: UnsafeMutableRawPointer

    init(_ memory: UnsafeMutableRawPointer) { next = memory }

    /// The bytes that `take` uses for so many elements.
    static func bytes<Element>(_ count: Int, of: Element.Type) -> Int {
        (count * MemoryLayout<Element>.stride + 63) & ~63
    }

    mutating func take<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let memory = next.bindMemory(to: type, capacity: count)
        next += Scratch.bytes(count, of: type)
        return memory
    }
}
