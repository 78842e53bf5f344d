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
//     filter     g = Gᵀ [Σ_tiles    (Bᵀ d B) ⊙ (A y Aᵀ)] G          (Winograd+FilterGradient)
//     input      d = B  [Σ_columns  (G g Gᵀ) ⊙ (A y Aᵀ)] Bᵀ         in which tiles overlap
//
// The last is not used: solved for its input, the form is itself a window that slides over the cotangent, with the filter
// rotated by 180°, so the first formula computes it too. The sums are (m + 2)² matrix products, one for each f:
//
//     for each box of tiles                                 a task: with a group, and some columns
//         inputs[f][tile][channel] = Bᵀ d B                 a box is as large as the second-level cache allows
//         for each panel of columns
//             for each f
//                 products[f][tile][column] = Σ_channel inputs[f][tile][channel] · filter[panel][f][channel][column]
//             destination = Aᵀ products A
//
// Channels are last, so a vector holds neighbouring channels, and no transform moves data between lanes. Inputs of a tile
// beyond the source are zero; its results beyond the destination are dropped.

func winogradKernels<Tile: WinogradTile>(_: Tile.Type) -> WinogradKernels {
    WinogradKernels(
        outputs: Tile.outputs, pack: Routine(WinogradPacking<Tile>.self),
        window: WindowKernels(
            slide: Routine(
                WinogradDivision<Tile>.self,
                images: { plan, task in
                    plan.boxes[plan.tasks[task].0].images
                }),
            filterGradient: Routine(
                WinogradFilterGradient<Tile>.self,
                images: { $0.boxes.images(ofPiece: $0.tasks[$1].0, of: $0.pieces) }),
            combineFilter: Routine(
                work: { WinogradFilterGradient<Tile>($0).combineWork },
                divide: { WinogradFilterGradient<Tile>($0) },
                run: { $0.pointee.division.combine($0.pointee.arguments, $1, $2) })))
}

/// How `slide` divides its work.
struct WinogradDivision<Tile: WinogradTile>: Division {
    /// Of tiles.
    let boxes: TaskBoxes
    let groups: Int
    /// The number of vectors of columns in a group, and in a task.
    let vectors: Int
    let taskVectors: Int
    /// Boxes × groups × parts of the columns.
    let tasks: TaskGrid
    /// The distances in floats from one tile's inputs, and from one tile's products, to the next.
    let inputPitch: Int
    let productPitch: Int

    /// The fewest and the most tiles that use a part of the filter while it is in the cache: half a panel's filter is read
    /// from memory for each multiply-add of 32 tiles.
    private static var leastTiles: Int { 24 }
    private static var mostTiles: Int { 64 }
    /// The number of columns with which transforming the inputs once more pays.
    private static var leastColumns: Int { 128 }
    private static var taskCount: Int { 8 }

    init(_ arguments: SlidingArguments) {
        let layer = arguments.layer
        groups = layer.groups
        vectors = vectorCount(layer.columns)
        inputPitch = vectorCount(layer.channels) * lanes
        productPitch = min(vectors, widestPanel) * lanes
        let grid = Tile.grid(layer.count)
        let wanted = partCount(Self.taskCount, max(1, groups))
        let most = max(1, vectors * lanes / Self.leastColumns)
        let tiles = layer.batch * grid.count / partCount(wanted, most)
        boxes = TaskBoxes(batch: layer.batch, size: grid, limit: min(Self.mostTiles, max(Self.leastTiles, tiles)))
        let panels = partCount(vectors, widestPanel)
        let parts = min(most, partCount(wanted, max(1, boxes.count)))
        taskVectors = min(vectors, partCount(panels, parts) * widestPanel)
        tasks = TaskGrid(boxes.count, groups, partCount(vectors, taskVectors))
    }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: Scratch.bytes(rowCapacity, of: Int.self)
                + Scratch.bytes(Tile.products * TileWalk.chunk, of: Float.self)
                + Scratch.bytes(Tile.products * inputLayer, of: Float.self)
                + Scratch.bytes(Tile.products * productLayer, of: Float.self))
    }

    /// The capacity for tiles, since a tile of registers may be larger than the rest of a box.
    private var rowCapacity: Int { boxes.positions + AddressTable.spare }

    /// The floats from one f to the next: a vector more than needed, so that a tile's are in different sets of the cache.
    private var inputLayer: Int { boxes.positions * inputPitch + lanes }
    private var productLayer: Int { rowCapacity * productPitch + lanes }

    func run(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (boxIndex, group, vectorPart, _) = tasks[task]
        let box = boxes[boxIndex]
        let rows = scratch.take(rowCapacity, of: Int.self)
        let square = scratch.take(Tile.products * TileWalk.chunk, of: Float.self)
        let inputs = scratch.take(Tile.products * inputLayer, of: Float.self)
        let products = scratch.take(Tile.products * productLayer, of: Float.self)

        for row in 0..<rowCapacity { rows[row] = min(row, box.positions - 1) * inputPitch }
        let channels = arguments.layer.channels
        TileWalk(
            arguments.source + group * channels, size: arguments.layer.sourceSize, pixel: groups * channels,
            channels: channels, first: arguments.layer.taps[0].offset, step: Tile.outputs, square: square
        ).transform(Tile.Input.self, box, to: inputs, layer: inputLayer, pitch: inputPitch)

        let filter = arguments.filter + group * Tile.products * channels * vectors * lanes
        forEachPanel(range(ofPart: vectorPart, of: taskVectors, below: vectors), of: vectors) { vector, width in
            for f in 0..<Tile.products {
                WinogradSweep(
                    inputs: UnsafePointer(inputs + f * inputLayer), rows: UnsafePointer(rows), rowCount: box.positions,
                    channels: channels, filter: filter + (vector * Tile.products + f * width) * channels * lanes,
                    products: products + f * productLayer
                ).sweep(product: width)
            }
            let column = vector * lanes
            TileWalk(
                base: arguments.destination + (group * arguments.layer.columns + column),
                lattice: Lattice(
                    origin: 0, image: arguments.destinationBatchStride, strides: arguments.destinationStrides),
                size: arguments.layer.count, channels: min(width * lanes, arguments.layer.columns - column),
                first: Axes(0, 0, 0), step: Tile.outputs, square: square
            ).store(Tile.Output.self, box, from: products, layer: productLayer, pitch: width * lanes)
        }
    }
}

extension WinogradTile {
    /// The numbers of tiles that cover a grid.
    static func grid(_ count: Axes) -> Axes {
        Axes(count.z, partCount(count.y, outputs), partCount(count.x, outputs))
    }
}

/// One panel of columns and one f, over the tiles of a box.
private struct WinogradSweep: TiledRows {
    var inputs: UnsafePointer<Float>
    /// The place of each tile's inputs.
    var rows: UnsafePointer<Int>
    var rowCount: Int
    var channels: Int
    var filter: UnsafePointer<Float>
    var products: UnsafeMutablePointer<Float>

    @inline(__always)
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
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
