import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for its filter:
//
//     filter[t, c] = Σ_n Σ_q source[n, stride·q + offset(t), c] · cotangent[n, q, c]
//
// A tile holds the cotangent of a strip of positions; what it meets with each run of taps is added to the run's sums,
// which stay in the first-level cache: source and cotangent stream by once.

let correlateDepthwiseRoutine = Routine<CorrelationArguments>(
    work: { arguments in DepthwiseCorrelationPlan(arguments).work },
    run: { arguments, task, scratch in
        correlateDepthwise(
            arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee, task, Scratch(scratch))
    })

let combineDepthwiseRoutine = Routine<CorrelationArguments>(
    work: { arguments in Work(tasks: arguments.groups * arguments.tapCount == 0 ? 0 : partCount(arguments.groups, 64))
    },
    run: { arguments, task, _ in
        combineDepthwise(arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee, task)
    })

/// How `correlateDepthwise` divides its work.
private struct DepthwiseCorrelationPlan {
    let boxes: Boxes
    /// Fixed pieces of the sum over boxes, each of [tap][vector of channels] partial sums.
    let pieces: Int
    /// Floats of one tap's sums. The last vector may repeat channels of the one before it.
    let pitch: Int
    let pieceFloats: Int
    let scratch: Int

    init(_ arguments: CorrelationArguments) {
        let positions = arguments.batch * arguments.count.count
        boxes = Boxes(batch: arguments.batch, size: arguments.count, limit: max(8, positions / 32))
        pieces = max(1, min(boxes.count, 32))
        pitch = partCount(arguments.groups, lanes) * lanes
        pieceFloats = arguments.tapCount * pitch
        scratch = Meets.bytes(arguments.tapCount) + Scratch.bytes(lanes, of: Float.self)
    }

    var work: Work {
        Work(tasks: pieceFloats == 0 ? 0 : pieces, scratch: scratch, partials: pieces * pieceFloats)
    }
}

private func correlateDepthwise(_ arguments: CorrelationArguments, _ task: Int, _ memory: Scratch) {
    let plan = DepthwiseCorrelationPlan(arguments)
    var scratch = memory
    let runs = TapRuns(
        arguments.taps, arguments.tapCount, channels: arguments.groups, stride: arguments.stride.x)
    let meets = Meets(
        &scratch, runs, tapCount: arguments.tapCount, size: arguments.sourceSize, channels: arguments.groups,
        stride: arguments.stride)
    let zeros = scratch.take(lanes, of: Float.self)
    zeros.update(repeating: 0, count: lanes)
    let sums = arguments.partials + task * plan.pieceFloats
    sums.update(repeating: 0, count: plan.pieceFloats)
    var sweep = DepthwiseCorrelationSweep(
        source: arguments.source, cotangent: arguments.cotangent, sums: sums, zeros: zeros, meets: meets,
        pitch: plan.pitch)
    let size = arguments.count
    for index in task * plan.boxes.count / plan.pieces..<(task + 1) * plan.boxes.count / plan.pieces {
        let box = plan.boxes[index]
        for image in box.images {
            for z in box.z {
                for y in box.y {
                    sweep.sweepRow(image, z, y, box.x, ((image * size.z + z) * size.y + y) * size.x)
                }
            }
        }
    }
}

/// Rows of positions.
private struct DepthwiseCorrelationSweep {
    let source: UnsafePointer<Float>
    let cotangent: UnsafePointer<Float>
    let sums: UnsafeMutablePointer<Float>
    let zeros: UnsafePointer<Float>
    var meets: Meets
    /// Floats from one tap's sums to the next.
    let pitch: Int

    mutating func sweepRow(_ image: Int, _ z: Int, _ y: Int, _ positions: Range<Int>, _ row: Int) {
        var x = positions.lowerBound
        while x < positions.upperBound {
            let left = positions.upperBound - x
            let strip = left >= 8 ? 8 : left >= 4 ? 4 : 1
            meets.find(image, z, y, x, positions: strip)
            let place = (row + x) * meets.channels
            switch strip {
            case 8: sweepStrip(EightRows<Lanes>.self, EightRows<Tail>.self, place)
            case 4: sweepStrip(FourRows<Lanes>.self, FourRows<Tail>.self, place)
            default: sweepStrip(Row<Lanes>.self, Row<Tail>.self, place)
            }
            x += strip
        }
    }

    @inline(__always)
    private func sweepStrip<Tile: Rows, TailTile: Rows>(_: Tile.Type, _: TailTile.Type, _ place: Int)
    where Tile.Part == Lanes, TailTile.Part == Tail {
        switch (meets.runs.length, meets.runs.stride) {
        case (5, 1): correlateStrip(Tile.self, FiveTaps<Lanes>.self, stride: 1, place)
        case (5, _): correlateStrip(Tile.self, FiveTaps<Lanes>.self, stride: 2, place)
        case (3, 1): correlateStrip(Tile.self, ThreeTaps<Lanes>.self, stride: 1, place)
        case (3, _): correlateStrip(Tile.self, ThreeTaps<Lanes>.self, stride: 2, place)
        case (2, _): correlateStrip(Tile.self, TwoTaps<Lanes>.self, stride: 1, place)
        default:
            if meets.channels >= lanes {
                correlateStrip(Tile.self, OneTap<Lanes>.self, stride: 1, place)
            } else {
                correlateStrip(TailTile.self, OneTap<Tail>.self, stride: 1, place)
            }
        }
    }

    @inline(__always)
    private func correlateStrip<Tile: Rows, Filter: TapVectors>(
        _: Tile.Type, _: Filter.Type, stride: Int, _ place: Int
    ) where Tile.Part == Filter.Vector {
        let channels = meets.channels
        let step = meets.step
        let tail = Tile.Part.isTail ? channels : lanes
        let last = max(0, channels - lanes)
        var channel = 0
        var column = 0
        while true {
            let tile = Tile.load(cotangent + (place &+ channel), pitch: channels, tail: tail)
            for index in 0..<meets.count {
                let meet = meets[index]
                let memory = sums + (meet.tap &* pitch &+ column)
                var filter = Filter.load(memory, pitch: pitch, tail: tail)
                if meets.areInside {
                    let columns = InnerColumns(base: source + (meet.offset &+ channel), step: step)
                    tile.addRun(to: &filter, columns, 0, stride: stride, tail: tail)
                } else {
                    let columns = BorderColumns(
                        base: source + channel, step: step, offset: meet.offset, low: meet.low, high: meet.high,
                        zeros: zeros)
                    tile.addRun(to: &filter, columns, 0, stride: stride, tail: tail)
                }
                filter.store(memory, pitch: pitch, tail: tail)
            }
            if channel >= last { return }
            channel = min(channel + lanes, last)
            column += lanes
        }
    }
}

private func combineDepthwise(_ arguments: CorrelationArguments, _ task: Int) {
    let plan = DepthwiseCorrelationPlan(arguments)
    let last = max(0, arguments.groups - lanes)
    for tap in 0..<arguments.tapCount {
        let partials = arguments.partials + tap * plan.pitch
        let filter = arguments.filter + arguments.taps[tap].index * arguments.tapStride
        for channel in task * 64..<min(arguments.groups, (task + 1) * 64) {
            let vector = channel / lanes * lanes
            let column = vector + channel - min(vector, last)
            var sum = partials[column]
            for piece in 1..<max(1, plan.pieces) { sum += partials[piece * plan.pieceFloats + column] }
            filter[channel * arguments.groupStride] = sum
        }
    }
}
