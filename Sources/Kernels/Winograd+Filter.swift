import AdjointKernelTables

// Winograd's form solved for its filter:
//
//     filter[m, j] = Gᵀ (Σ_tiles (Bᵀ d B) ⊙ (A y Aᵀ)) G
//
//     for each box of tiles in a piece      a task: with a group, some channels and some columns
//         inputs[f][tile][m] = Bᵀ d B
//         cotangents[f][tile][j] = A y Aᵀ
//         for each panel of columns, for each f
//             partials[piece][g][panel][f][m][j] += Σ_tile inputs[f][tile][m] · cotangents[f][tile][j]
//
// `combine` adds the pieces in their order, and transforms the sum back.

struct WinogradCorrelation<Tile: WinogradTile> {
    /// Of tiles.
    let boxes: Boxes
    let groups: Int
    let channels: Int
    /// Vectors of columns in a group.
    let vectors: Int
    /// Channels, and vectors of columns, that one task solves for.
    let taskChannels: Int
    let taskVectors: Int
    let channelParts: Int
    let vectorParts: Int
    /// Fixed pieces of the sum over boxes.
    let pieces: Int

    private static var taskCount: Int { 8 }
    /// Tiles whose products are summed before they are added to what is in memory.
    private static var boxTiles: Int { 64 }
    /// What all pieces hold: more would go to memory and back.
    private static var partialFloats: Int { 4_194_304 }
    /// Channels and columns that are worth transforming tiles for.
    private static var leastPart: Int { 64 }

    init(_ arguments: CorrelationArguments) {
        groups = arguments.groups
        channels = arguments.channels
        vectors = vectorCount(arguments.columns)
        boxes = Boxes(batch: arguments.batch, size: Tile.grid(arguments.count), limit: Self.boxTiles)
        let wanted = partCount(Self.taskCount, max(1, groups))
        let affordable = Self.partialFloats / max(1, groups * Tile.products * channels * vectors * lanes)
        pieces = max(1, min(wanted, boxes.count, affordable))
        // Parts take the place of pieces: of channels rather than of columns, whose transforms read less.
        let parts = partCount(wanted, pieces)
        let columns = parts >= 8 && vectors * lanes >= 2 * Self.leastPart ? 2 : 1
        let panels = partCount(vectors, widestPanel)
        taskVectors = min(vectors, partCount(panels, columns) * widestPanel)
        vectorParts = partCount(vectors, taskVectors)
        let most = max(1, channels / Self.leastPart)
        taskChannels = partCount(vectorCount(channels), min(most, partCount(parts, columns))) * lanes
        channelParts = partCount(channels, taskChannels)
    }

    var pieceFloats: Int { groups * Tile.products * channels * vectors * lanes }

    var work: Work {
        Work(
            tasks: pieces * groups * channelParts * vectorParts,
            scratch: Scratch.bytes(rowCapacity, of: Int.self)
                + Scratch.bytes(Tile.products * TileGrid.chunk, of: Float.self)
                + Scratch.bytes(Tile.products * inputLayer, of: Float.self)
                + Scratch.bytes(Tile.products * cotangentLayer, of: Float.self),
            partials: pieces * pieceFloats)
    }

    private var rowCapacity: Int { taskChannels + PositionTable.spare }

    /// Floats from one f to the next: a vector more than there are, so that a tile's lie in different sets of the cache,
    /// and the last row's neighbours exist.
    private var inputLayer: Int { boxes.positions * taskChannels + lanes }
    private var cotangentLayer: Int { boxes.positions * taskVectors * lanes + lanes }

    /// Where the partial sums of a panel begin in a piece.
    func start(_ group: Int, _ vector: Int) -> Int {
        (group * vectors + vector) * Tile.products * channels * lanes
    }

    func run(_ arguments: CorrelationArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (rest, vectorPart) = task.quotientAndRemainder(dividingBy: vectorParts)
        let (others, channelPart) = rest.quotientAndRemainder(dividingBy: channelParts)
        let (piece, group) = others.quotientAndRemainder(dividingBy: groups)
        let rows = scratch.take(rowCapacity, of: Int.self)
        let square = scratch.take(Tile.products * TileGrid.chunk, of: Float.self)
        let inputs = scratch.take(Tile.products * inputLayer, of: Float.self)
        let cotangents = scratch.take(Tile.products * cotangentLayer, of: Float.self)

        let firstChannel = channelPart * taskChannels
        let rowCount = min(taskChannels, channels - firstChannel)
        let firstVector = vectorPart * taskVectors
        let end = min(vectors, firstVector + taskVectors)
        let pitch = taskVectors * lanes
        let source = TileGrid(
            arguments.source + (group * channels + firstChannel), size: arguments.sourceSize,
            pixel: groups * channels, channels: rowCount, first: arguments.taps[0].offset, step: Tile.outputs,
            square: square)
        let cotangent = TileGrid(
            arguments.cotangent + (group * arguments.columns + firstVector * lanes), size: arguments.count,
            pixel: groups * arguments.columns, channels: min(pitch, arguments.columns - firstVector * lanes),
            first: Axes(0, 0, 0), step: Tile.outputs, square: square)
        let boxRange = piece * boxes.count / pieces..<(piece + 1) * boxes.count / pieces
        if boxRange.isEmpty {
            (arguments.partials + start(group, firstVector)).update(
                repeating: 0, count: Tile.products * channels * (end - firstVector) * lanes)
        }
        for index in boxRange {
            let box = boxes[index]
            source.transform(Tile.Input.self, box, to: inputs, layer: inputLayer, pitch: taskChannels)
            cotangent.transform(Tile.Cotangent.self, box, to: cotangents, layer: cotangentLayer, pitch: pitch)
            var vector = firstVector
            while vector < end {
                let width = panelWidth(vectors - vector)
                for row in 0..<rowCapacity { rows[row] = row * width * lanes }
                let sums = arguments.partials + (piece * pieceFloats + start(group, vector))
                for f in 0..<Tile.products {
                    WinogradCorrelationSweep(
                        inputs: UnsafePointer(inputs + f * inputLayer), inputPitch: taskChannels, rowCount: rowCount,
                        cotangents: UnsafePointer(
                            cotangents + (f * cotangentLayer + (vector - firstVector) * lanes)),
                        cotangentPitch: pitch, count: box.positions,
                        sums: sums + (f * channels + firstChannel) * width * lanes, rows: UnsafePointer(rows),
                        isFirst: index == boxRange.lowerBound
                    ).sweepTiles(width: width)
                }
                vector += width
            }
        }
    }
}

/// One panel of columns and one f, over the tiles of a box.
private struct WinogradCorrelationSweep: TiledProduct {
    var inputs: UnsafePointer<Float>
    var inputPitch: Int
    /// Channels.
    var rowCount: Int
    var cotangents: UnsafePointer<Float>
    var cotangentPitch: Int
    /// Tiles.
    var count: Int
    var sums: UnsafeMutablePointer<Float>
    /// Where each channel's sums begin.
    var rows: UnsafePointer<Int>
    /// Nothing was stored before.
    var isFirst: Bool

    @inline(__always)
    func multiplyTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
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
