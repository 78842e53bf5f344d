import AdjointKernelTables

// One channel and one filter a group, in vectors of channels c, solved for its filter:
//
//     filter[t, c] = Σ_n Σ_q source[n, stride·q + offset(t), c] · cotangent[n, q, c]
//
// A tile holds the cotangent of a strip of positions; its products with each run of taps are added to the run's sums, which
// stay in the first-level cache: source and cotangent are read once.

let depthwiseFilterGradientRoutine = Routine(
    DepthwiseFilterDivision.self, images: { $0.boxes.images(ofPiece: $1, of: $0.pieces) })

let combineDepthwiseRoutine = Routine<FilterGradientArguments>(
    work: { Work(tasks: $0.layer.groups * $0.layer.tapCount == 0 ? 0 : partCount($0.layer.groups, 64)) },
    divide: { DepthwiseFilterDivision($0) },
    run: { divided, task, _ in divided.pointee.division.combine(divided.pointee.arguments, task) })

/// How `depthwiseFilterGradient` divides its work.
private struct DepthwiseFilterDivision: Division {
    let boxes: StripBoxes
    /// The number of fixed pieces of the sum over boxes, each of [tap][vector of channels] partial sums.
    let pieces: Int
    /// The floats of one tap's sums. The last vector may repeat channels of the one before it.
    let pitch: Int
    let pieceFloats: Int

    init(_ arguments: FilterGradientArguments) {
        let layer = arguments.layer
        let positions = layer.batch * layer.count.count
        boxes = StripBoxes(batch: layer.batch, size: layer.count, limit: max(32, positions / 32))
        pieces = max(1, min(boxes.count, 32))
        pitch = partCount(layer.groups, lanes) * lanes
        pieceFloats = layer.tapCount * pitch
    }

    var work: Work {
        Work(
            tasks: pieceFloats == 0 ? 0 : pieces, scratch: Meets.bytes(pieceFloats / max(pitch, 1)),
            partials: pieces * pieceFloats)
    }

    func run(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let sums = arguments.partials + task * pieceFloats
        sums.update(repeating: 0, count: pieceFloats)
        var sweep = DepthwiseFilterSweep(
            arguments: arguments, sums: sums, pitch: pitch, meets: Meets(&scratch, arguments.layer))
        for index in range(ofPiece: task, of: pieces, boxes.count) {
            let box = boxes[index]
            for image in box.images {
                for z in box.z {
                    var y = box.y.lowerBound
                    while y < box.y.upperBound { y += sweep.sweepStrips(image, z, y..<box.y.upperBound, box.x) }
                }
            }
        }
    }

    func combine(_ arguments: FilterGradientArguments, _ task: Int) {
        let layer = arguments.layer
        let last = max(0, layer.groups - lanes)
        for tap in 0..<layer.tapCount {
            let partials = arguments.partials + tap * pitch
            let filter = arguments.filter + layer.taps[tap].index * layer.filterStrides.tap
            for channel in range(ofPart: task, of: 64, below: layer.groups) {
                let vector = channel / lanes * lanes
                let column = vector + channel - min(vector, last)
                var sum = partials[column]
                for piece in 1..<max(1, pieces) { sum += partials[piece * pieceFloats + column] }
                filter[channel * layer.filterStrides.group] = sum
            }
        }
    }
}

private struct DepthwiseFilterSweep: StripSweep {
    let arguments: FilterGradientArguments
    let sums: UnsafeMutablePointer<Float>
    /// The distance in floats from one tap's sums to the next.
    let pitch: Int
    var meets: Meets

    /// Sweeps strips side by side, of the height for which there are tiles; returns the height.
    mutating func sweepStrips(_ image: Int, _ z: Int, _ y: Range<Int>, _ x: Range<Int>) -> Int {
        let size = arguments.layer.count
        let height = y.count >= 8 ? 8 : y.count >= 4 ? 4 : 1
        meets.find(image, z, y.lowerBound, positions: height)
        let row = ((image * size.z + z) * size.y + y.lowerBound) * size.x
        switch height {
        case 8: sweep(EightRows<Lanes>.self, EightRows<Tail>.self, row: row, count: height, x)
        case 4: sweep(FourRows<Lanes>.self, FourRows<Tail>.self, row: row, count: height, x)
        default: sweep(Row<Lanes>.self, Row<Tail>.self, row: row, count: height, x)
        }
        return height
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
        let tile = Tile.load(
            arguments.cotangent + ((row &+ x) &* channels &+ channel), pitch: arguments.layer.count.x &* channels,
            tail: tail)
        for index in 0..<meets.count {
            let meet = meets[index]
            guard UInt(bitPattern: meet.x &+ place) < UInt(bitPattern: meets.size.x) else { continue }
            let memory = sums + (meet.tap &* pitch &+ column)
            var filter = Filter.load(memory, pitch: meets.runs.pitch &* pitch, tail: tail)
            if meets.areInside {
                tile.addRun(to: &filter, InnerLines<Stride>(base: source + meet.offset, step: step), 0, tail: tail)
            } else {
                let lines = BorderLines<Stride>(
                    base: source, step: step, offset: meet.offset, low: meet.low, high: meet.high, zeros: meets.zeros)
                tile.addRun(to: &filter, lines, 0, tail: tail)
            }
            filter.store(memory, pitch: meets.runs.pitch &* pitch, tail: tail)
        }
    }
}
