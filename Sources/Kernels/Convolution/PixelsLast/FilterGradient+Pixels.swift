import AdjointKernelTables

// The dense form, solved for its filter, in vectors of pixels (see PixelDivision):
//
//     for each piece of the boxes and each group      a task
//         for each box
//             source -> planes, cotangent -> planes of the same cells, zero where a cell holds no position
//             for each block of cells                 their cotangent stays in the first-level cache
//                 for each tile of (t, m)
//                     for each vector of cells
//                         tile[(t, m), j] += plane[m][cells + offset(t)] · cotangent[j][cells]
//                     sums[(t, m), j] += tile
//         partials[piece][g][t][m][j] = the sum over the lanes of sums[(t, m), j]
//
// The cotangent of a cell without a position is zero, as in zeros around a source, so its products are zero.

let pixelFilterGradientRoutine = Routine<FilterGradientArguments>(
    work: { arguments in PixelDivision(arguments.layer)?.filterGradientWork(arguments) ?? Work(tasks: 0) },
    divide: { PixelDivision($0.layer) },
    run: { $0.pointee.division?.filterGradient($0.pointee.arguments, $1, $2) })

extension PixelDivision {
    fileprivate func filterGradientWork(_ arguments: FilterGradientArguments) -> Work {
        let layer = arguments.layer
        let depth = layer.tapCount * layer.channels
        return Work(
            tasks: pieceTasks.count,
            scratch: Scratch.bytes(depth + AddressTable.spare, of: Int.self)
                + Scratch.bytes(planes.floats(layer.channels), of: Float.self)
                + Scratch.bytes(cotangentPitch * layer.columns, of: Float.self)
                + Scratch.bytes(depth * layer.columns * lanes, of: Float.self),
            partials: pieces * layer.groups * depth * lanes)
    }

    /// Cells whose cotangent is used for all rows before the next ones are.
    private static let blockCells = 32 * lanes

    private var cotangentPitch: Int { partCount(planes.cells, lanes) * lanes }

    fileprivate func filterGradient(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        let layer = arguments.layer
        var scratch = memory
        let (piece, group, _, _) = pieceTasks[task]
        let (channels, columns) = (layer.channels, layer.columns)
        let depth = layer.tapCount * channels
        let pitch = cotangentPitch

        let offsets = scratch.take(depth + AddressTable.spare, of: Int.self)
        for row in 0..<depth + AddressTable.spare {
            let (tap, channel) = min(row, depth - 1).quotientAndRemainder(dividingBy: channels)
            offsets[row] = planes.offset(of: layer.taps[tap]) + channel * planes.pitch
        }
        let source = scratch.take(planes.floats(channels), of: Float.self)
        let cotangent = scratch.take(pitch * columns, of: Float.self)
        let sums = scratch.take(depth * columns * lanes, of: Float.self)
        sums.update(repeating: 0, count: depth * columns * lanes)

        let size = layer.count
        let all = layer.groups * columns
        for index in range(ofPiece: piece, of: pieces, boxes.count) {
            let box = boxes[index]
            planes.fill(
                source, box, from: arguments.source + group * channels, channels: channels,
                all: layer.groups * channels)
            cotangent.update(repeating: 0, count: pitch * columns)
            planes.forEachRow(box) { n, z, y, cell in
                let row = ((n * size.z + z) * size.y + y) * size.x + box.x.lowerBound
                transpose(
                    arguments.cotangent + (row * all + group * columns), pitch: all, rows: box.x.count,
                    columns: columns, to: cotangent + cell, pitch: pitch)
            }
            let end = partCount(planes.cells(box), lanes) * lanes
            for cell in stride(from: 0, to: end, by: PixelDivision.blockCells) {
                PixelFilterSweep(
                    source: UnsafePointer(source), offsets: UnsafePointer(offsets), rowCount: depth,
                    cotangent: UnsafePointer(cotangent), pitch: pitch, sums: sums,
                    cells: cell..<min(end, cell + PixelDivision.blockCells)
                ).sweep(pixelSums: columns)
            }
        }

        let partials = arguments.partials + (piece * layer.groups + group) * depth * lanes
        for row in 0..<depth {
            for column in 0..<columns {
                partials[row * lanes + column] = Lanes.load(sums + (row * columns + column) * lanes).total
            }
        }
    }
}

/// One group, over some cells of a box.
private struct PixelFilterSweep: TiledRows {
    var source: UnsafePointer<Float>
    var offsets: UnsafePointer<Int>
    /// Rows (t, m).
    var rowCount: Int
    var cotangent: UnsafePointer<Float>
    /// Floats from one column's cotangent to the next.
    var pitch: Int
    var sums: UnsafeMutablePointer<Float>
    /// Whole vectors.
    var cells: Range<Int>

    @inline(__always)
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(source, offsets + first)
        var tile = Tile.zero
        var cell = cells.lowerBound
        while cell < cells.upperBound {
            tile.addProducts(pointers, cell, of: .load(cotangent + cell, pitch: pitch))
            cell &+= lanes
        }
        let width = Tile.Part.vectors * lanes
        tile.add(to: sums + first * width, pitch: width, count: rowCount - first, tail: lanes)
    }
}
