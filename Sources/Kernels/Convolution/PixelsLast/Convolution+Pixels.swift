import AdjointKernelTables

// The dense form, solved for a grid, in vectors of pixels (see PixelDivision):
//
//     for each box of positions and each group       a task
//         source -> planes
//         for each block of neighbouring cells
//             for each channel m and tap t
//                 tile[j, cells] += filter[g, t, m, j] · plane[m][cells + offset(t)]
//             results[j][cells] = tile
//         results -> destination

let slidePixelsRoutine = Routine<SlidingArguments>(
    work: { arguments in PixelDivision(arguments.layer)?.slidingWork(arguments) ?? Work(tasks: 0) },
    divide: { PixelDivision($0.layer) },
    run: { $0.pointee.division?.slide($0.pointee.arguments, $1, $2) })

extension PixelDivision {
    fileprivate func slidingWork(_ arguments: SlidingArguments) -> Work {
        let layer = arguments.layer
        let depth = layer.tapCount * layer.channels
        return Work(
            tasks: tasks.count,
            scratch: Scratch.bytes(layer.tapCount, of: Int.self)
                + Scratch.bytes(depth * layer.columns + lanes, of: Float.self)
                + Scratch.bytes(planes.floats(layer.channels), of: Float.self)
                + Scratch.bytes(resultPitch * layer.columns, of: Float.self))
    }

    private var resultPitch: Int { partCount(planes.cells, lanes) * lanes }

    fileprivate func slide(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        let layer = arguments.layer
        var scratch = memory
        let (boxIndex, group, _, _) = tasks[task]
        let box = boxes[boxIndex]
        let (channels, columns) = (layer.channels, layer.columns)
        let depth = layer.tapCount * channels

        let offsets = scratch.take(layer.tapCount, of: Int.self)
        for tap in 0..<layer.tapCount { offsets[tap] = planes.offset(of: layer.taps[tap]) }
        let filter = scratch.take(depth * columns + lanes, of: Float.self)
        tighten(arguments.filter + group * depth * lanes, arguments, to: filter)
        let source = scratch.take(planes.floats(channels), of: Float.self)
        planes.fill(
            source, box, from: arguments.source + group * channels, channels: channels, all: layer.groups * channels)
        let results = scratch.take(resultPitch * columns, of: Float.self)
        PixelSlidingSweep(
            planes: planes, source: UnsafePointer(source), channels: channels, offsets: UnsafePointer(offsets),
            tapCount: layer.tapCount, filter: UnsafePointer(filter), columns: columns, results: results,
            pitch: resultPitch, cells: planes.cells(box)
        ).sweep(pixelColumns: columns)

        let destination = Lattice(
            origin: group * columns, image: arguments.destinationBatchStride, strides: arguments.destinationStrides)
        planes.forEachRow(box) { n, z, y, cell in
            transpose(
                results + cell, pitch: resultPitch, rows: columns, columns: box.x.count,
                to: arguments.destination + destination.offset(n, z, y, box.x.lowerBound), pitch: destination.strides.x)
        }
    }

    /// The packed filter [t][m][lanes] as [m][t][columns], so that it and a channel's pixels stay in the first-level cache.
    private func tighten(
        _ packed: UnsafePointer<Float>, _ arguments: SlidingArguments, to filter: UnsafeMutablePointer<Float>
    ) {
        let layer = arguments.layer
        var row = filter
        for channel in 0..<layer.channels {
            for tap in 0..<layer.tapCount {
                // What is written beyond the columns is overwritten by the next row.
                Lanes.load(packed + (tap * layer.channels + channel) * lanes).store(row)
                row += layer.columns
            }
        }
    }
}

/// One group, over the cells of a box.
private struct PixelSlidingSweep: Sweep {
    var planes: PixelSource
    var source: UnsafePointer<Float>
    var channels: Int
    var offsets: UnsafePointer<Int>
    var tapCount: Int
    var filter: UnsafePointer<Float>
    var columns: Int
    var results: UnsafeMutablePointer<Float>
    /// The distance in floats from one column's results to the next.
    var pitch: Int
    var cells: Int

    @inline(never)
    func sweep<Full: Rows, Last: Rows>(_: Full.Type, _: Last.Type) {
        var cell = 0
        while cell < cells {
            if cells - cell > (Full.Part.vectors - 1) * lanes {
                slideTile(Full.self, cell)
                cell = next(cell + Full.Part.vectors * lanes)
            } else {
                slideTile(Last.self, cell)
                cell = next(cell + lanes)
            }
        }
    }

    /// The next vector with a position; all vectors are aligned.
    private func next(_ cell: Int) -> Int { planes.position(from: cell) / lanes * lanes }

    @inline(__always)
    private func slideTile<Tile: Rows>(_: Tile.Type, _ cell: Int) {
        let weights = Tile.neighbours(filter)
        var tile = Tile.zero
        var plane = source + cell
        var index = 0
        for _ in 0..<channels {
            for tap in 0..<tapCount {
                tile.addMultiples(weights, index, of: .load(plane + offsets[tap], tail: lanes))
                index &+= Tile.rows
            }
            plane += planes.pitch
        }
        tile.store(results + cell, pitch: pitch)
    }
}
