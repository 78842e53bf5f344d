import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for a grid:
//
//     destination[n, q, c] = Σ_t source[n, stride·q + offset(t), c] · filter[t, c]
//
// The tiles are those of the dense form, multiplied element by element: rows are positions, and all of them share
// the filter's vectors.

let slideDepthwiseRoutine = Routine<SlidingArguments>(
    work: { arguments in DepthwisePlan(arguments).work },
    run: { arguments, task, scratch in
        slideDepthwise(arguments.assumingMemoryBound(to: SlidingArguments.self).pointee, task, Scratch(scratch))
    })

/// How `slideDepthwise` divides its work.
private struct DepthwisePlan {
    let window: Window
    let parts: DepthwiseParts

    init(_ arguments: SlidingArguments) {
        parts = DepthwiseParts(channels: arguments.groups)
        let positions = arguments.batch * arguments.count.count
        window = Window(
            taps: arguments.taps, tapCount: arguments.tapCount, batch: arguments.batch,
            sourceSize: arguments.sourceSize, sourceChannels: arguments.groups, count: arguments.count,
            stride: arguments.stride, limit: min(1024, max(48, positions * parts.count / 32)),
            channels: parts.size, clips: false)
    }

    var work: Work {
        Work(
            tasks: window.boxes.count * parts.count,
            scratch: PositionTable.bytes(window.boxes.positions)
                + Scratch.bytes(window.tapCount, of: Int.self)
                + Scratch.bytes(window.copyFloats, of: Float.self))
    }
}

/// Channels in parts, one for each task, so that a padded copy of a part is small.
struct DepthwiseParts {
    let channels: Int
    let size: Int
    let count: Int

    init(channels: Int) {
        self.channels = channels
        size = min(64, channels)
        count = partCount(channels, size)
    }

    subscript(part: Int) -> Range<Int> { part * size..<min(channels, (part + 1) * size) }
}

private func slideDepthwise(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
    let plan = DepthwisePlan(arguments)
    let window = plan.window
    var scratch = memory
    let (boxIndex, part) = task.quotientAndRemainder(dividingBy: plan.parts.count)
    let box = window.boxes[boxIndex]
    let channels = plan.parts[part]
    let destination = Lattice(
        origin: 0, image: arguments.destinationBatchStride, strides: arguments.destinationStrides)

    var table = PositionTable(&scratch, capacity: window.boxes.positions)
    let offsets = scratch.take(window.tapCount, of: Int.self)
    var source = arguments.source + channels.lowerBound
    let filter = arguments.filter + channels.lowerBound
    let target = arguments.destination + channels.lowerBound

    if window.reading == .clipped {
        table.fill(box, stride: window.stride, shift: Axes(0, 0, 0), source: destination, positions: destination)
        table.zero(target, channels.count)
        offsets[0] = 0
        for tap in 0..<window.tapCount {
            table.fill(
                window.clip(box, to: window.taps[tap]), stride: window.stride, shift: window.taps[tap].offset,
                source: window.sourceLattice, positions: destination)
            DepthwiseSweep(
                source: source, table: table, offsets: offsets, tapCount: 1,
                filter: filter + tap * arguments.groups, filterPitch: arguments.groups, destination: target,
                tail: channels.count % lanes, isFirst: false
            ).sweepPanels(channels.count)
        }
        return
    }

    var lattice = window.sourceLattice
    if window.reading == .padded {
        let copy = scratch.take(window.copyFloats, of: Float.self)
        lattice = window.copy(source, channels.count, box, to: copy)
        source = UnsafePointer(copy)
    }
    for tap in 0..<window.tapCount { offsets[tap] = window.offset(of: window.taps[tap], in: lattice) }
    table.fill(box, stride: window.stride, shift: window.low, source: lattice, positions: destination)
    DepthwiseSweep(
        source: source, table: table, offsets: offsets, tapCount: window.tapCount,
        filter: filter, filterPitch: arguments.groups, destination: target,
        tail: channels.count % lanes, isFirst: true
    ).sweepPanels(channels.count)
}

/// Some taps, over the positions of a table.
private struct DepthwiseSweep: Sweep {
    var source: UnsafePointer<Float>
    var table: PositionTable
    var offsets: UnsafePointer<Int>
    var tapCount: Int
    var filter: UnsafePointer<Float>
    /// Floats from one tap's filter to the next.
    var filterPitch: Int
    var destination: UnsafeMutablePointer<Float>
    /// Channels beyond the last whole vector.
    var tail: Int
    /// Nothing was stored before.
    var isFirst: Bool

    func sweepPanels(_ channels: Int) {
        var panel = self
        var left = channels
        while left > 0 {
            let width = panel.sweepElements(left)
            panel.source += width
            panel.filter += width
            panel.destination += width
            left -= width
        }
    }

    @inline(never)
    func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) where Full.Part == Half.Part {
        var first = 0
        while first < table.count {
            if table.count - first > Half.rows {
                slideTile(Full.self, first)
                first += Full.rows
            } else {
                slideTile(Half.self, first)
                first += Half.rows
            }
        }
    }

    @inline(__always)
    private func slideTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(source, table.sources + first)
        var tile = Tile.zero
        for tap in 0..<tapCount {
            tile.addElements(
                pointers, offsets[tap], times: .load(filter + tap * filterPitch, tail: tail), tail: tail)
        }
        let tail = Tile.Part.isTail ? tail : lanes
        if isFirst {
            tile.store(destination, table.positions + first, count: table.count - first, tail: tail)
        } else {
            tile.add(to: destination, table.positions + first, count: table.count - first, tail: tail)
        }
    }
}
