import AdjointKernelTables

// The dense form, solved for its filter, on images side by side:
//
//     filter[j, m, t] = Σ_n Σ_q source[m, stride·q + offset(t), n] · cotangent[j, q, n]
//
// A tile is rows (t, m) × columns j, each a vector of sums over some images.
//
//     for each piece of the positions' rows, and some (t, m)      a task
//         for each row of positions and some images
//             for each tile of (t, m) and columns
//                 for each position that all its taps meet the source from, and vector of images
//                     tile[(t, m), j] += source[m][position + offset(t)] · cotangent[j][position]
//                 the other positions likewise, for one (t, m) at a time
//                 sums[(t, m), j] += tile
//         partials[piece][j][m][t] = the sum over the lanes of sums[(t, m), j]

let batchFilterGradientRoutine = Routine(BatchFilterDivision.self)

/// Adds the pieces in order.
let combineBatchRoutine = Routine<FilterGradientArguments>(
    work: { Work(tasks: $0.layer.tapCount * $0.layer.channels * $0.layer.columns == 0 ? 0 : 1) },
    divide: { BatchFilterDivision($0) },
    run: { divided, _, _ in divided.pointee.division.combine(divided.pointee.arguments) })

private struct BatchFilterDivision: Division {
    /// Rows of positions.
    let rows: Int
    /// The number of rows (t, m) of tiles, and of those in a task.
    let depth: Int
    let taskDepth: Int
    let taskRows: Int
    let pieces: Int
    /// Pieces × parts of the depth.
    let tasks: TaskGrid
    /// Sums of a task, and of a piece.
    let taskSums: Int
    let pieceSums: Int

    private static let taskCount = 16
    private static let smallTask = 16_000
    /// The multiply-adds of a sum with which a piece is worth adding up its lanes.
    private static let smallPiece = 200

    init(_ arguments: FilterGradientArguments) {
        let layer = arguments.layer
        let vectors = layer.batch / lanes
        let steps = layer.count.count * vectors
        rows = layer.count.z * layer.count.y
        depth = layer.tapCount * layer.channels
        let cost = steps * depth * layer.columns
        let wanted = max(1, min(BatchFilterDivision.taskCount, cost / BatchFilterDivision.smallTask))
        let most = max(1, min(wanted, rows, steps / BatchFilterDivision.smallPiece))
        taskRows = max(1, partCount(rows, most))
        pieces = max(1, partCount(rows, taskRows))
        let parts = partCount(wanted, pieces)
        // Whole tiles: a multiple of the rows of tiles of both kinds.
        taskDepth = max(1, min(depth, partCount(partCount(depth, parts), 12) * 12))
        tasks = TaskGrid(pieces, partCount(depth, taskDepth))
        taskSums = taskDepth * layer.columns
        pieceSums = depth * layer.columns
    }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: Scratch.bytes(taskDepth + AddressTable.spare, of: Int.self)
                + Scratch.bytes(taskDepth, of: Range<Int>.self) + Scratch.bytes(taskSums * lanes, of: Float.self),
            partials: pieces * pieceSums)
    }

    func combine(_ arguments: FilterGradientArguments) {
        copyRow(arguments.partials, arguments.filter, pieceSums)
        for piece in 1..<max(1, pieces) {
            let sums = arguments.partials + piece * pieceSums
            for element in 0..<pieceSums { arguments.filter[element] += sums[element] }
        }
    }

    func run(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        let layer = arguments.layer
        var scratch = memory
        let (piece, part, _, _) = tasks[task]
        let pairs = range(ofPart: part, of: taskDepth, below: depth)
        let offsets = scratch.take(taskDepth + AddressTable.spare, of: Int.self)
        let meeting = scratch.take(taskDepth, of: Range<Int>.self)
        let sums = scratch.take(taskSums * lanes, of: Float.self)
        sums.update(repeating: 0, count: taskSums * lanes)
        let (size, count, stride) = (layer.sourceSize, layer.count, layer.stride)

        for row in range(ofPart: piece, of: taskRows, below: rows) {
            let (z, y) = row.quotientAndRemainder(dividingBy: count.y)
            for index in 0..<pairs.count {
                let (t, m) = (pairs.lowerBound + index).quotientAndRemainder(dividingBy: layer.channels)
                let tap = layer.taps[t].offset
                let (tapZ, tapY) = (z * stride.z + tap.z, y * stride.y + tap.y)
                let isMet = tapZ >= 0 && tapZ < size.z && tapY >= 0 && tapY < size.y
                offsets[index] =
                    isMet ? (((m * size.z + tapZ) * size.y + tapY) * size.x + tap.x) * layer.batch : 0
                meeting[index] =
                    isMet ? positions(meeting: tap.x, stride: stride.x, size: size.x, count: count.x) : 0..<0
            }
            repeatLast(offsets, pairs.count)
            let block = imageVectors * lanes
            for image in Swift.stride(from: 0, to: layer.batch, by: block) {
                var sweep = BatchFilterSweep(
                    source: arguments.source + image,
                    cotangent: arguments.cotangent + (row * count.x * layer.batch + image),
                    offsets: UnsafePointer(offsets), meeting: UnsafePointer(meeting), depth: pairs.count,
                    columns: layer.columns, pitch: count.count * layer.batch, stride: stride.x * layer.batch,
                    batch: layer.batch, images: min(block, layer.batch - image), sums: sums)
                sweep.sweep()
            }
        }

        let partials = arguments.partials + piece * pieceSums
        for index in 0..<pairs.count {
            let (t, m) = (pairs.lowerBound + index).quotientAndRemainder(dividingBy: layer.channels)
            for column in 0..<layer.columns {
                let place = (column * layer.channels + m) * layer.tapCount + layer.taps[t].index
                partials[place] = Lanes.load(sums + (index * layer.columns + column) * lanes).total
            }
        }
    }
}

/// One row of positions, and some images.
private struct BatchFilterSweep: Sweep {
    var source: UnsafePointer<Float>
    var cotangent: UnsafePointer<Float>
    var offsets: UnsafePointer<Int>
    /// The positions at which each row (t, m) is inside the source.
    var meeting: UnsafePointer<Range<Int>>
    var depth: Int
    var columns: Int
    /// The first column whose sums are not begun.
    var column = 0
    /// The distance in floats from one column's cotangent to the next.
    var pitch: Int
    /// The distance in floats between the sources of neighbouring positions.
    var stride: Int
    var batch: Int
    var images: Int
    /// The sums as [row (t, m)][column].
    var sums: UnsafeMutablePointer<Float>

    mutating func sweep() {
        while column < columns { column += sweep(imageSums: columns, left: columns - column) }
    }

    @inline(never)
    func sweep<Full: Rows, Single: Rows>(_: Full.Type, _: Single.Type) {
        let cotangent = cotangent + column * pitch
        let sums = sums + column * lanes
        var first = 0
        while first < depth {
            let rows = min(Full.rows, depth - first)
            var common = meeting[first]
            for row in first + 1..<max(first + 1, first + rows) { common = common.clamped(to: meeting[row]) }
            addTile(Full.self, first, rows, common, cotangent, sums)
            for row in first..<first + rows {
                let all = meeting[row]
                if common.isEmpty {
                    addTile(Single.self, row, 1, all, cotangent, sums)
                } else {
                    addTile(Single.self, row, 1, all.lowerBound..<common.lowerBound, cotangent, sums)
                    addTile(Single.self, row, 1, common.upperBound..<all.upperBound, cotangent, sums)
                }
            }
            first += Full.rows
        }
    }

    @inline(__always)
    private func addTile<Tile: Rows>(
        _: Tile.Type, _ first: Int, _ rows: Int, _ positions: Range<Int>, _ cotangent: UnsafePointer<Float>,
        _ sums: UnsafeMutablePointer<Float>
    ) {
        guard !positions.isEmpty else { return }
        let pointers = Tile.sources(source, offsets + first)
        var tile = Tile.zero
        var (x, here, there) = (positions.lowerBound, positions.lowerBound &* stride, cotangent)
        there += positions.lowerBound &* batch
        repeat {
            var image = 0
            repeat {
                tile.addProducts(pointers, here &+ image, of: .load(there + image, pitch: pitch))
                image &+= lanes
            } while image < images
            here &+= stride
            there += batch
            x &+= 1
        } while x < positions.upperBound
        let width = columns * lanes
        tile.add(to: sums + first * width, pitch: width, count: rows, tail: lanes)
    }
}
