import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for its filter:
//
//     filter[t, c] = Σ_n Σ_q source[n, stride·q + offset(t), c] · cotangent[n, q, c]
//
// Rows of a tile are taps; all of them share the cotangent's vectors.

let correlateDepthwiseRoutine = Routine<CorrelationArguments>(
    work: { arguments in DepthwiseCorrelationPlan(arguments).work },
    run: { arguments, task, scratch in
        correlateDepthwise(
            arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee, task, Scratch(scratch))
    })

let combineDepthwiseRoutine = Routine<CorrelationArguments>(
    work: { arguments in
        Work(tasks: arguments.tapCount == 0 ? 0 : DepthwiseParts(channels: arguments.groups).count)
    },
    run: { arguments, task, _ in
        combineDepthwise(arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee, task)
    })

/// How `correlateDepthwise` divides its work.
private struct DepthwiseCorrelationPlan {
    let window: Window
    let parts: DepthwiseParts
    /// Fixed pieces of the sum over boxes, each of [tap][channel] partial sums.
    let pieces: Int
    let pieceFloats: Int

    init(_ arguments: CorrelationArguments) {
        parts = DepthwiseParts(channels: arguments.groups)
        let positions = arguments.batch * arguments.count.count
        window = Window(
            taps: arguments.taps, tapCount: arguments.tapCount, batch: arguments.batch,
            sourceSize: arguments.sourceSize, sourceChannels: arguments.groups, count: arguments.count,
            stride: arguments.stride, limit: min(1024, max(48, positions * parts.count / 32)),
            channels: parts.size, clips: false)
        pieces = max(1, min(window.boxes.count, partCount(32, max(1, parts.count))))
        pieceFloats = arguments.tapCount * arguments.groups
    }

    var work: Work {
        Work(
            tasks: pieceFloats == 0 ? 0 : pieces * parts.count,
            scratch: PositionTable.bytes(window.boxes.positions)
                + Scratch.bytes(window.tapCount + PositionTable.spare, of: Int.self)
                + Scratch.bytes(window.copyFloats, of: Float.self),
            partials: pieces * pieceFloats)
    }
}

private func correlateDepthwise(_ arguments: CorrelationArguments, _ task: Int, _ memory: Scratch) {
    let plan = DepthwiseCorrelationPlan(arguments)
    let window = plan.window
    var scratch = memory
    let (piece, part) = task.quotientAndRemainder(dividingBy: plan.parts.count)
    let all = arguments.groups
    let channels = plan.parts[part]
    let size = arguments.count
    let cotangent = Lattice(
        origin: 0, image: size.count * all, strides: Axes(size.y * size.x * all, size.x * all, all))

    var table = PositionTable(&scratch, capacity: window.boxes.positions)
    let offsets = scratch.take(window.tapCount + PositionTable.spare, of: Int.self)
    let copy = scratch.take(window.copyFloats, of: Float.self)
    let sums = arguments.partials + (piece * plan.pieceFloats + channels.lowerBound)
    for tap in 0..<window.tapCount { (sums + tap * all).update(repeating: 0, count: channels.count) }

    let boxes = window.boxes.count
    for index in piece * boxes / plan.pieces..<(piece + 1) * boxes / plan.pieces {
        let box = window.boxes[index]
        var source = arguments.source + channels.lowerBound
        var lattice = window.sourceLattice
        if window.reading == .padded {
            lattice = window.copy(source, channels.count, box, to: copy)
            source = UnsafePointer(copy)
        }
        var sweep = DepthwiseCorrelationSweep(
            source: source, offsets: offsets, tapCount: window.tapCount, table: table,
            cotangent: arguments.cotangent + channels.lowerBound, sums: sums, pitch: all, tail: channels.count % lanes)
        if window.reading == .clipped {
            sweep.tapCount = 1
            for spare in 0...PositionTable.spare { offsets[spare] = 0 }
            for tap in 0..<window.tapCount {
                table.fill(
                    window.clip(box, to: window.taps[tap]), stride: window.stride, shift: window.taps[tap].offset,
                    source: lattice, positions: cotangent)
                sweep.table = table
                sweep.sums = sums + tap * all
                sweep.sweepPanels(channels.count)
            }
        } else {
            for tap in 0..<window.tapCount + PositionTable.spare {
                offsets[tap] = window.offset(of: window.taps[min(tap, window.tapCount - 1)], in: lattice)
            }
            table.fill(box, stride: window.stride, shift: window.low, source: lattice, positions: cotangent)
            sweep.table = table
            sweep.sweepPanels(channels.count)
        }
    }
}

/// Some taps, over the positions of a table.
private struct DepthwiseCorrelationSweep: Sweep {
    var source: UnsafePointer<Float>
    var offsets: UnsafePointer<Int>
    var tapCount: Int
    var table: PositionTable
    var cotangent: UnsafePointer<Float>
    var sums: UnsafeMutablePointer<Float>
    /// Floats from one tap's sums to the next.
    var pitch: Int
    /// Channels beyond the last whole vector.
    var tail: Int

    func sweepPanels(_ channels: Int) {
        var panel = self
        var left = channels
        while left > 0 {
            let width = panel.sweepElements(left)
            panel.source += width
            panel.cotangent += width
            panel.sums += width
            left -= width
        }
    }

    @inline(never)
    func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) where Full.Part == Half.Part {
        var first = 0
        while first < tapCount {
            if tapCount - first > Half.rows {
                correlateTile(Full.self, first)
                first += Full.rows
            } else {
                correlateTile(Half.self, first)
                first += Half.rows
            }
        }
    }

    @inline(__always)
    private func correlateTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(source, offsets + first)
        var tile = Tile.zero
        for position in 0..<table.count {
            tile.addElements(
                pointers, table.sources[position],
                times: .load(cotangent + table.positions[position], tail: tail), tail: tail)
        }
        tile.add(
            to: sums + first * pitch, pitch: pitch, count: tapCount - first, tail: Tile.Part.isTail ? tail : lanes)
    }
}

private func combineDepthwise(_ arguments: CorrelationArguments, _ task: Int) {
    let plan = DepthwiseCorrelationPlan(arguments)
    for tap in 0..<arguments.tapCount {
        let partials = arguments.partials + tap * arguments.groups
        let filter = arguments.filter + arguments.taps[tap].index * arguments.tapStride
        for channel in plan.parts[task] {
            var sum = partials[channel]
            for piece in 1..<max(1, plan.pieces) { sum += partials[piece * plan.pieceFloats + channel] }
            filter[channel * arguments.groupStride] = sum
        }
    }
}
