import AdjointKernelTables

// The dense form with a 3 × 3 filter and stride 1 in fewer multiplications (Winograd 1980; A. Lavin and S. Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2015). A tile of m × m outputs meets (m + 2)² inputs d and has as many
// products, instead of 9·m². With the transforms Bᵀ, G and A (see Winograd+Transforms) the trilinear form of a tile is
//
//     T(d, g, y) = Σ_f (Bᵀ d B)_f · (G g Gᵀ)_f · (A y Aᵀ)_f          f = 1 … (m + 2)²
//
// Each role is its derivative by one operand, so all three are transposes of the same algorithm:
//
//     output     Y = Aᵀ [Σ_channels (G g Gᵀ) ⊙ (Bᵀ d B)] A
//     filter     g = Gᵀ [Σ_tiles    (Bᵀ d B) ⊙ (A y Aᵀ)] G          (Winograd+Filter)
//     input      d = B  [Σ_columns  (G g Gᵀ) ⊙ (A y Aᵀ)] Bᵀ         in which tiles overlap
//
// The last is not used: solved for its input, the form is itself a window that slides over the cotangent with the filter
// turned round, so the first formula serves it too. The sums are (m + 2)² matrix products, one for each f:
//
//     for each box of tiles                                 a task: with a group, and some columns
//         inputs[f][tile][channel] = Bᵀ d B                 a box is as large as the second-level cache allows
//         for each panel of columns
//             for each f
//                 products[f][tile][column] = Σ_channel inputs[f][tile][channel] · filter[panel][f][channel][column]
//             destination = Aᵀ products A
//
// Channels are last, so a vector holds neighbouring channels and no transform moves anything between lanes. What a tile
// reads beyond the source is zero; what it computes beyond the destination is dropped.

func winogradKernels<Tile: WinogradTile>(_: Tile.Type) -> WinogradKernels {
    WinogradKernels(
        outputs: Tile.outputs,
        pack: Routine(
            work: { WinogradPacking<Tile>($0).work },
            run: { arguments, task, scratch in
                let arguments = arguments.assumingMemoryBound(to: PackArguments.self).pointee
                WinogradPacking<Tile>(arguments).run(arguments, task, Scratch(scratch))
            }),
        slide: Routine(
            work: { WinogradPlan<Tile>($0).work },
            run: { arguments, task, scratch in
                let arguments = arguments.assumingMemoryBound(to: SlidingArguments.self).pointee
                WinogradPlan<Tile>(arguments).run(arguments, task, Scratch(scratch))
            },
            images: { arguments, task, _ in
                let plan = WinogradPlan<Tile>(arguments)
                return plan.boxes[task / (plan.groups * plan.vectorParts)].images
            }),
        correlate: Routine(
            work: { WinogradCorrelation<Tile>($0).work },
            run: { arguments, task, scratch in
                let arguments = arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee
                WinogradCorrelation<Tile>(arguments).run(arguments, task, Scratch(scratch))
            },
            images: { arguments, task, _ in
                let plan = WinogradCorrelation<Tile>(arguments)
                let piece = task / (plan.groups * plan.channelParts * plan.vectorParts)
                return plan.boxes.images(ofPiece: piece, of: plan.pieces)
            }),
        combineFilter: Routine(
            work: { WinogradCorrelation<Tile>($0).combineWork },
            run: { arguments, task, scratch in
                let arguments = arguments.assumingMemoryBound(to: CorrelationArguments.self).pointee
                WinogradCorrelation<Tile>(arguments).combine(arguments, task, Scratch(scratch))
            }))
}

/// How `slide` divides its work.
struct WinogradPlan<Tile: WinogradTile> {
    /// Of tiles.
    let boxes: Boxes
    /// Vectors of columns in a group, and those that one task solves for.
    let vectors: Int
    let taskVectors: Int
    let vectorParts: Int
    let groups: Int
    /// Floats from one tile's inputs, and from one tile's products, to the next.
    let inputPitch: Int
    let productPitch: Int

    /// Tiles that use each part of the filter while it is in the cache.
    private static var boxTiles: Int { 48 }

    init(_ arguments: SlidingArguments) {
        groups = arguments.groups
        vectors = vectorCount(arguments.columns)
        taskVectors = vectors
        vectorParts = partCount(vectors, taskVectors)
        inputPitch = vectorCount(arguments.channels) * lanes
        productPitch = min(vectors, widestPanel) * lanes
        boxes = Boxes(batch: arguments.batch, size: Tile.grid(arguments.count), limit: Self.boxTiles)
    }

    var work: Work {
        Work(
            tasks: boxes.count * groups * vectorParts,
            scratch: Scratch.bytes(boxes.positions + PositionTable.spare, of: Int.self)
                + Scratch.bytes(Tile.products * lanes, of: Float.self)
                + Scratch.bytes(Tile.products * inputLayer, of: Float.self)
                + Scratch.bytes(Tile.products * productLayer, of: Float.self))
    }

    /// Floats from one f to the next: a vector more than there are, so that a tile's lie in different sets of the cache.
    var inputLayer: Int { boxes.positions * inputPitch + lanes }
    var productLayer: Int { (boxes.positions + PositionTable.spare) * productPitch + lanes }

    func run(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (rest, vectorPart) = task.quotientAndRemainder(dividingBy: vectorParts)
        let (boxIndex, group) = rest.quotientAndRemainder(dividingBy: groups)
        let box = boxes[boxIndex]
        let rows = scratch.take(boxes.positions + PositionTable.spare, of: Int.self)
        let between = scratch.take(Tile.products * lanes, of: Float.self)
        let inputs = scratch.take(Tile.products * inputLayer, of: Float.self)
        let products = scratch.take(Tile.products * productLayer, of: Float.self)

        let count = box.positions
        for row in 0..<count + PositionTable.spare { rows[row] = min(row, count - 1) * inputPitch }
        let source = TileSource(
            base: arguments.source + group * arguments.channels, size: arguments.sourceSize,
            pixel: groups * arguments.channels, channels: arguments.channels, first: arguments.taps[0].offset,
            step: Tile.outputs)
        source.transform(
            Tile.Input.self, box, to: inputs, layer: inputLayer, pitch: inputPitch, between: between)

        let filter = arguments.filter + group * Tile.products * arguments.channels * vectors * lanes
        var vector = vectorPart * taskVectors
        let end = min(vectors, vector + taskVectors)
        while vector < end {
            let width = panelWidth(vectors - vector)
            for f in 0..<Tile.products {
                WinogradSweep(
                    inputs: UnsafePointer(inputs + f * inputLayer), rows: UnsafePointer(rows), rowCount: count,
                    channels: arguments.channels,
                    filter: filter + (vector * Tile.products + f * width) * arguments.channels * lanes,
                    products: products + f * productLayer
                ).sweepTiles(width: width)
            }
            store(arguments, group, vector, width, box, between, UnsafePointer(products))
            vector += width
        }
    }

    /// Aᵀ products A, where the destination is.
    private func store(
        _ arguments: SlidingArguments, _ group: Int, _ vector: Int, _ width: Int, _ box: Box,
        _ between: UnsafeMutablePointer<Float>, _ products: UnsafePointer<Float>
    ) {
        let strides = arguments.destinationStrides
        let count = arguments.count
        var from = products
        for n in box.images {
            for tileY in box.y {
                for tileX in box.x {
                    let (y, x) = (tileY * Tile.outputs, tileX * Tile.outputs)
                    let (rows, columns) = (min(Tile.outputs, count.y - y), min(Tile.outputs, count.x - x))
                    let isWhole = rows == Tile.outputs && columns == Tile.outputs
                    let place = n * arguments.destinationBatchStride + y * strides.y + x * strides.x
                    for part in 0..<width {
                        let column = (vector + part) * lanes
                        let tail = min(lanes, arguments.columns - column)
                        let square = StridedSquare(from, row: Tile.side &* productLayer, step: productLayer)
                        let target = StridedSquare(
                            arguments.destination + (place + group * arguments.columns + column), row: strides.y,
                            step: strides.x)
                        if isWhole && tail == lanes {
                            Tile.Output.square(square, target, between: between)
                        } else {
                            Tile.Output.square(
                                square, target.clipped(0..<rows, 0..<columns, tail: tail), between: between)
                        }
                        from += lanes
                    }
                }
            }
        }
    }
}

extension WinogradTile {
    /// Tiles that cover a grid.
    static func grid(_ count: Axes) -> Axes {
        Axes(count.z, partCount(count.y, outputs), partCount(count.x, outputs))
    }
}

/// The squares of a channels-last grid that tiles read.
struct TileSource {
    var base: UnsafePointer<Float>
    var size: Axes
    /// Floats from one position to the next.
    var pixel: Int
    var channels: Int
    /// The first tile's first position, and how far the next one's lies.
    var first: Axes
    var step: Int

    /// Writes each tile's transformed square, channel after channel: element (y, x) of a tile in layer y·after + x,
    /// `pitch` floats a tile.
    @inline(__always)
    func transform<Transform: LineTransform>(
        _: Transform.Type, _ box: Box, to target: UnsafeMutablePointer<Float>, layer: Int, pitch: Int,
        between: UnsafeMutablePointer<Float>
    ) {
        let edge = Transform.before
        let row = size.x * pixel
        var tile = target
        for n in box.images {
            for tileY in box.y {
                for tileX in box.x {
                    let (y, x) = (tileY * step + first.y, tileX * step + first.x)
                    let ys = max(0, -y)..<max(0, -y, min(edge, size.y - y))
                    let xs = max(0, -x)..<max(0, -x, min(edge, size.x - x))
                    let isWhole = ys == 0..<edge && xs == 0..<edge
                    let from = base + ((n * size.y + y) * row + x * pixel)
                    for channel in stride(from: 0, to: channels, by: lanes) {
                        let tail = min(lanes, channels - channel)
                        let square = StridedSquare(from + channel, row: row, step: pixel)
                        let target = StridedSquare(tile + channel, row: Transform.after &* layer, step: layer)
                        if isWhole && tail == lanes {
                            Transform.square(square, target, between: between)
                        } else {
                            Transform.square(square.clipped(ys, xs, tail: tail), target, between: between)
                        }
                    }
                    tile += pitch
                }
            }
        }
    }
}

/// One panel of columns and one f, over the tiles of a box.
private struct WinogradSweep: TiledProduct {
    var inputs: UnsafePointer<Float>
    /// Where each tile's inputs begin.
    var rows: UnsafePointer<Int>
    var rowCount: Int
    var channels: Int
    var filter: UnsafePointer<Float>
    var products: UnsafeMutablePointer<Float>

    @inline(__always)
    func multiplyTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(inputs, rows + first)
        let width = Tile.Part.vectors * lanes
        var tile = Tile.zero
        var row = filter
        for channel in 0..<channels {
            tile.addMultiples(pointers, channel, of: .load(row, tail: lanes))
            row += width
        }
        tile.store(products + first * width, pitch: width)
    }
}
