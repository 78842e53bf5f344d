import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for a grid:
//
//     destination[n, q, c] = Σ_t source[n, stride·q + offset(t), c] · filter[t, c]
//
// The tiles are those of the dense form, one vector wide, multiplied element by element; their rows are the positions of a
// strip.

let slideDepthwiseRoutine = Routine(DepthwiseDivision.self, images: { $0.boxes[$1].images })

/// Positions in blocks of whole strips.
struct StripBoxes {
    private let boxes: TaskBoxes
    private let rows: Int

    /// Blocks of about `limit` positions.
    init(batch: Int, size: Axes, limit: Int) {
        rows = size.y
        boxes = TaskBoxes(
            batch: batch, size: Axes(size.z, partCount(size.y, StripBoxes.positions), size.x),
            limit: max(1, limit / StripBoxes.positions))
    }

    /// The number of positions in a strip.
    static var positions: Int { 4 }

    var count: Int { boxes.count }

    func images(ofPiece piece: Int, of pieces: Int) -> Range<Int> { boxes.images(ofPiece: piece, of: pieces) }

    subscript(index: Int) -> Box {
        var box = boxes[index]
        box.y = box.y.lowerBound * StripBoxes.positions..<min(rows, box.y.upperBound * StripBoxes.positions)
        return box
    }
}

/// How `slideDepthwise` divides its work: in blocks that stay in the second-level cache, and are worth the start of a task.
private struct DepthwiseDivision: Division {
    let boxes: StripBoxes
    let work: Work

    init(_ arguments: SlidingArguments) {
        let layer = arguments.layer
        let positions = layer.batch * layer.count.count
        let channels = max(1, layer.groups)
        boxes = StripBoxes(
            batch: layer.batch, size: layer.count,
            limit: max(16384 / channels, min(131_072 / channels, positions / 16)))
        work = Work(tasks: boxes.count, scratch: Meets.bytes(layer.tapCount))
    }

    func run(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        var sweep = DepthwiseSweep(arguments: arguments, meets: Meets(&scratch, arguments.layer))
        let box = boxes[task]
        for image in box.images {
            for z in box.z {
                for y in stride(from: box.y.lowerBound, to: box.y.upperBound, by: StripBoxes.positions) {
                    sweep.sweepStrips(image, z, y..<min(y + StripBoxes.positions, box.y.upperBound), box.x)
                }
            }
        }
    }
}

private struct DepthwiseSweep: StripSweep {
    let arguments: SlidingArguments
    var meets: Meets

    /// Sweeps strips side by side.
    mutating func sweepStrips(_ image: Int, _ z: Int, _ y: Range<Int>, _ x: Range<Int>) {
        meets.find(image, z, y.lowerBound, positions: StripBoxes.positions)
        let row = Lattice(
            origin: 0, image: arguments.destinationBatchStride, strides: arguments.destinationStrides
        ).offset(image, z, y.lowerBound, 0)
        sweep(FourRows<Lanes>.self, FourRows<Tail>.self, row: row, count: y.count, x)
    }

    @inline(__always)
    func sweepTile<Tile: Rows, Filter: TapVectors, Stride: LineStride>(
        _: Tile.Type, _: Filter.Type, _: Stride.Type, row: Int, count: Int, x: Int, column: Int
    ) where Tile.Part == Filter.Vector {
        let channels = meets.channels
        let channel = min(column, max(0, channels &- lanes))
        let step = meets.step
        let tail = Filter.Vector.isTail ? channels : lanes
        let place = x &* meets.stride.x
        let source = arguments.source + (place &* channels &+ channel)
        var tile = Tile.zero
        for index in 0..<meets.count {
            let meet = meets[index]
            guard UInt(bitPattern: meet.x &+ place) < UInt(bitPattern: meets.size.x) else { continue }
            let taps = Filter.load(
                arguments.filter + (meet.tap &* channels &+ channel), pitch: meets.runs.pitch &* channels, tail: tail)
            if meets.areInside {
                tile.addRun(InnerLines<Stride>(base: source + meet.offset, step: step), 0, times: taps, tail: tail)
            } else {
                let lines = BorderLines<Stride>(
                    base: source, step: step, offset: meet.offset, low: meet.low, high: meet.high, zeros: meets.zeros)
                tile.addRun(lines, 0, times: taps, tail: tail)
            }
        }
        let x = x &* arguments.destinationStrides.x
        tile.store(
            arguments.destination + (row &+ x &+ channel), pitch: arguments.destinationStrides.y, count: count,
            tail: tail)
    }
}
