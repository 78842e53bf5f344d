import AdjointKernelTables

// Winograd's form solved for its filter:
//
//     filter[m, j] = Gᵀ (Σ_tiles (Bᵀ d B) ⊙ (A y Aᵀ)) G
//
//     for each box of tiles in a piece      a task: with a group, some channels and some columns
//         inputs[f][tile][m] = Bᵀ d B
//         cotangents[f][tile][j] = A y Aᵀ
//         for each panel of columns, for each f
//             sums[panel][f][m][j] += Σ_tile inputs[f][tile][m] · cotangents[f][tile][j]
//     partials[piece][g][vector of j][m][t] = Gᵀ sums G
//
// The sums are a task's own and stay in its cache; of a piece, which `combine` adds to others in order, only nine taps stay.

struct WinogradFilterGradient<Tile: WinogradTile>: Division {
    /// Of tiles.
    let boxes: TaskBoxes
    let groups: Int
    let channels: Int
    /// The number of vectors of columns in a group.
    let vectors: Int
    /// The numbers of channels, and of vectors of columns, in a task.
    let taskChannels: Int
    let taskVectors: Int
    /// The number of fixed pieces of the sum over boxes.
    let pieces: Int
    /// Pieces × groups × parts of the channels × parts of the columns.
    let tasks: TaskGrid
    /// Groups × vectors × parts of the channels.
    let combineTasks: TaskGrid

    private static var taskCount: Int { 8 }
    private static var partChannels: Int { 128 }
    private static var partColumns: Int { 128 }
    /// The tiles whose products are summed before they are added to the sums in memory.
    private static var boxTiles: Int { 64 }

    init(_ arguments: FilterGradientArguments) {
        let layer = arguments.layer
        groups = layer.groups
        channels = layer.channels
        vectors = vectorCount(layer.columns)
        taskChannels = min(vectorCount(channels) * lanes, Self.partChannels)
        taskVectors = min(vectors, Self.partColumns / lanes)
        let channelParts = partCount(channels, taskChannels)
        let vectorParts = partCount(vectors, taskVectors)
        boxes = TaskBoxes(batch: layer.batch, size: Tile.grid(layer.count), limit: Self.boxTiles)
        pieces = max(1, min(boxes.count, partCount(Self.taskCount, max(1, groups * channelParts * vectorParts))))
        tasks = TaskGrid(pieces, groups, channelParts, vectorParts)
        combineTasks = TaskGrid(groups, vectors, partCount(channels, Self.combineChannels))
    }

    var pieceFloats: Int { groups * vectors * channels * 9 * lanes }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: Scratch.bytes(rowCapacity, of: Int.self)
                + Scratch.bytes(Tile.products * TileWalk.chunk, of: Float.self)
                + Scratch.bytes(Tile.products * inputLayer, of: Float.self)
                + Scratch.bytes(Tile.products * cotangentLayer, of: Float.self)
                + Scratch.bytes(Tile.products * sumLayer * taskVectors, of: Float.self),
            partials: pieces * pieceFloats)
    }

    private var rowCapacity: Int { taskChannels + AddressTable.spare }

    /// The floats from one f to the next: a vector more than the data needs, so that a tile's are in different sets of the
    /// cache, and the last row has neighbours.
    private var inputLayer: Int { boxes.positions * taskChannels + lanes }
    private var cotangentLayer: Int { boxes.positions * taskVectors * lanes + lanes }
    /// The same, for each vector of a panel.
    private var sumLayer: Int { (taskChannels + 1) * lanes }

    /// The place of the taps of a vector of columns in a piece.
    func taps(_ group: Int, _ vector: Int) -> Int { (group * vectors + vector) * channels * 9 * lanes }

    func run(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (piece, group, channelPart, vectorPart) = tasks[task]
        let rows = scratch.take(rowCapacity, of: Int.self)
        let square = scratch.take(Tile.products * TileWalk.chunk, of: Float.self)
        let inputs = scratch.take(Tile.products * inputLayer, of: Float.self)
        let cotangents = scratch.take(Tile.products * cotangentLayer, of: Float.self)
        let sums = scratch.take(Tile.products * sumLayer * taskVectors, of: Float.self)

        let firstChannel = channelPart * taskChannels
        let rowCount = min(taskChannels, channels - firstChannel)
        let firstVector = vectorPart * taskVectors
        let end = min(vectors, firstVector + taskVectors)
        let pitch = taskVectors * lanes
        let source = TileWalk(
            arguments.source + (group * channels + firstChannel), size: arguments.layer.sourceSize,
            pixel: groups * channels, channels: rowCount, first: arguments.layer.taps[0].offset, step: Tile.outputs,
            square: square)
        let cotangent = TileWalk(
            arguments.cotangent + (group * arguments.layer.columns + firstVector * lanes), size: arguments.layer.count,
            pixel: groups * arguments.layer.columns,
            channels: min(pitch, arguments.layer.columns - firstVector * lanes),
            first: Axes(0, 0, 0), step: Tile.outputs, square: square)
        let boxRange = range(ofPiece: piece, of: pieces, boxes.count)
        if boxRange.isEmpty { sums.update(repeating: 0, count: Tile.products * sumLayer * taskVectors) }
        for index in boxRange {
            let box = boxes[index]
            source.transform(Tile.Input.self, box, to: inputs, layer: inputLayer, pitch: taskChannels)
            cotangent.transform(Tile.Cotangent.self, box, to: cotangents, layer: cotangentLayer, pitch: pitch)
            forEachPanel(firstVector..<end, of: vectors) { vector, width in
                for row in 0..<rowCapacity { rows[row] = row * width * lanes }
                let panel = sums + (vector - firstVector) * Tile.products * sumLayer
                for f in 0..<Tile.products {
                    WinogradFilterSweep(
                        inputs: UnsafePointer(inputs + f * inputLayer), inputPitch: taskChannels, rowCount: rowCount,
                        cotangents: UnsafePointer(
                            cotangents + (f * cotangentLayer + (vector - firstVector) * lanes)),
                        cotangentPitch: pitch, count: box.positions, sums: panel + f * width * sumLayer,
                        rows: UnsafePointer(rows), isFirst: index == boxRange.lowerBound
                    ).sweep(product: width)
                }
            }
        }
        transformBack(
            sums, to: arguments.partials + (piece * pieceFloats + firstChannel * 9 * lanes), group,
            vectors: firstVector..<end, channels: rowCount)
    }

    /// Writes the taps of a task's channels and vectors of columns.
    private func transformBack(
        _ sums: UnsafeMutablePointer<Float>, to partials: UnsafeMutablePointer<Float>, _ group: Int,
        vectors part: Range<Int>, channels: Int
    ) {
        forEachPanel(part, of: vectors) { vector, width in
            for column in 0..<width {
                let from = TileSquare(
                    sums + ((vector - part.lowerBound) * Tile.products * sumLayer + column * lanes),
                    row: Tile.side &* width &* sumLayer, step: width &* sumLayer)
                let to = TileSquare(partials + taps(group, vector + column), row: 3 * lanes, step: lanes)
                for row in 0..<channels {
                    Tile.Gradient.square(from.moved(by: row &* width &* lanes), to.moved(by: row &* 9 &* lanes))
                }
            }
        }
    }

    // MARK: The filter

    private static var combineChannels: Int { 32 }

    var combineWork: Work {
        Work(tasks: combineTasks.count, scratch: Scratch.bytes(9 * lanes, of: Float.self))
    }

    func combine(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        let layer = arguments.layer
        var scratch = memory
        let window = scratch.take(9 * lanes, of: Float.self)
        let (group, vector, part, _) = combineTasks[task]
        let columns = min(lanes, layer.columns - vector * lanes)
        let filter =
            arguments.filter
            + (group * layer.filterStrides.group + vector * lanes * layer.filterStrides.column)
        for channel in range(ofPart: part, of: Self.combineChannels, below: channels) {
            let partials = arguments.partials + (taps(group, vector) + channel * 9 * lanes)
            for tap in 0..<9 {
                var sum = Lanes.load(partials + tap * lanes)
                for piece in 1..<max(1, pieces) { sum += .load(partials + (piece &* pieceFloats &+ tap &* lanes)) }
                sum.store(window + layer.taps[tap].index * lanes)
            }
            // The vector of all columns at one tap.
            transpose(
                window, pitch: lanes, rows: 9, columns: columns, to: filter + channel * layer.filterStrides.channel,
                pitch: layer.filterStrides.column)
        }
    }
}

/// One panel of columns and one f, over the tiles of a box.
private struct WinogradFilterSweep: TiledRows {
    var inputs: UnsafePointer<Float>
    var inputPitch: Int
    /// The number of channels.
    var rowCount: Int
    var cotangents: UnsafePointer<Float>
    var cotangentPitch: Int
    /// The number of tiles.
    var count: Int
    var sums: UnsafeMutablePointer<Float>
    /// The place of each channel's sums.
    var rows: UnsafePointer<Int>
    /// Whether nothing was stored before.
    var isFirst: Bool

    @inline(__always)
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.neighbours(inputs + first)
        var tile = Tile.zero
        var index = 0
        var cotangent = cotangents
        for _ in 0..<count {
            tile.addMultiples(pointers, index, of: .load(cotangent, tail: lanes))
            index &+= inputPitch
            cotangent += cotangentPitch
        }
        if isFirst {
            tile.store(sums, rows + first, count: rowCount - first, tail: lanes)
        } else {
            tile.add(to: sums, rows + first, count: rowCount - first, tail: lanes)
        }
    }
}
