import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for a grid:
//
//     destination[n, q, c] = Σ_t source[n, stride·q + offset(t), c] · filter[t, c]
//
// The tiles are those of the dense form, one vector wide, multiplied element by element: rows are positions along x.
// Taps that follow each other along x meet the same columns of the source, which are loaded once for all of them.
// Whole rows of channels stream by: source and destination are walked as they lie in memory.

let slideDepthwiseRoutine = Routine<SlidingArguments>(
    work: { arguments in DepthwisePlan(arguments).work },
    run: { arguments, task, scratch in
        slideDepthwise(arguments.assumingMemoryBound(to: SlidingArguments.self).pointee, task, Scratch(scratch))
    })

/// How `slideDepthwise` divides its work.
private struct DepthwisePlan {
    let boxes: Boxes
    let scratch: Int

    init(_ arguments: SlidingArguments) {
        let positions = arguments.batch * arguments.count.count
        let comfortable = 131_072 / max(1, arguments.groups)
        boxes = Boxes(
            batch: arguments.batch, size: arguments.count, limit: max(8, min(comfortable, positions / 16)))
        scratch = Meets.bytes(arguments.tapCount) + Scratch.bytes(lanes, of: Float.self)
    }

    var work: Work { Work(tasks: boxes.count, scratch: scratch) }
}

private func slideDepthwise(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
    var scratch = memory
    let runs = TapRuns(
        arguments.taps, arguments.tapCount, channels: arguments.groups, stride: arguments.stride.x)
    let meets = Meets(
        &scratch, runs, tapCount: arguments.tapCount, size: arguments.sourceSize, channels: arguments.groups,
        stride: arguments.stride)
    let zeros = scratch.take(lanes, of: Float.self)
    zeros.update(repeating: 0, count: lanes)
    var sweep = DepthwiseSweep(
        source: arguments.source, filter: arguments.filter, destination: arguments.destination, zeros: zeros,
        meets: meets, pitch: arguments.destinationStrides.x)
    let box = DepthwisePlan(arguments).boxes[task]
    let lattice = Lattice(origin: 0, image: arguments.destinationBatchStride, strides: arguments.destinationStrides)
    for image in box.images {
        for z in box.z {
            for y in box.y { sweep.sweepRow(image, z, y, box.x, lattice.offset(image, z, y, 0)) }
        }
    }
}

/// Rows of positions.
private struct DepthwiseSweep {
    let source: UnsafePointer<Float>
    let filter: UnsafePointer<Float>
    let destination: UnsafeMutablePointer<Float>
    let zeros: UnsafePointer<Float>
    var meets: Meets
    /// Floats from one position to the next in the destination.
    let pitch: Int

    mutating func sweepRow(_ image: Int, _ z: Int, _ y: Int, _ positions: Range<Int>, _ row: Int) {
        var x = positions.lowerBound
        while x < positions.upperBound {
            let left = positions.upperBound - x
            let isFull = left > 4
            meets.find(image, z, y, x, positions: isFull ? 8 : 4)
            let place = row + x * pitch
            if isFull {
                sweepStrip(EightRows<Lanes>.self, EightRows<Tail>.self, left, place)
                x += 8
            } else {
                sweepStrip(FourRows<Lanes>.self, FourRows<Tail>.self, left, place)
                x += 4
            }
        }
    }

    @inline(__always)
    private func sweepStrip<Tile: Rows, TailTile: Rows>(_: Tile.Type, _: TailTile.Type, _ count: Int, _ place: Int)
    where Tile.Part == Lanes, TailTile.Part == Tail {
        switch (meets.runs.length, meets.runs.stride) {
        case (5, 1): slideStrip(Tile.self, FiveTaps<Lanes>.self, stride: 1, count, place)
        case (5, _): slideStrip(Tile.self, FiveTaps<Lanes>.self, stride: 2, count, place)
        case (3, 1): slideStrip(Tile.self, ThreeTaps<Lanes>.self, stride: 1, count, place)
        case (3, _): slideStrip(Tile.self, ThreeTaps<Lanes>.self, stride: 2, count, place)
        case (2, _): slideStrip(Tile.self, TwoTaps<Lanes>.self, stride: 1, count, place)
        default:
            if meets.channels >= lanes {
                slideStrip(Tile.self, OneTap<Lanes>.self, stride: 1, count, place)
            } else {
                slideStrip(TailTile.self, OneTap<Tail>.self, stride: 1, count, place)
            }
        }
    }

    @inline(__always)
    private func slideStrip<Tile: Rows, Filter: TapVectors>(
        _: Tile.Type, _: Filter.Type, stride: Int, _ count: Int, _ place: Int
    ) where Tile.Part == Filter.Vector {
        let channels = meets.channels
        let step = meets.step
        let tail = Tile.Part.isTail ? channels : lanes
        let last = max(0, channels - lanes)
        var channel = 0
        while true {
            var tile = Tile.zero
            for index in 0..<meets.count {
                let meet = meets[index]
                let taps = Filter.load(
                    filter + (meet.tap &* channels &+ channel), pitch: channels, tail: tail)
                if meets.areInside {
                    let columns = InnerColumns(base: source + (meet.offset &+ channel), step: step)
                    tile.addRun(columns, 0, stride: stride, times: taps, tail: tail)
                } else {
                    let columns = BorderColumns(
                        base: source + channel, step: step, offset: meet.offset, low: meet.low, high: meet.high,
                        zeros: zeros)
                    tile.addRun(columns, 0, stride: stride, times: taps, tail: tail)
                }
            }
            tile.store(destination + (place &+ channel), pitch: pitch, count: count, tail: tail)
            if channel >= last { return }
            channel = min(channel + lanes, last)
        }
    }
}
