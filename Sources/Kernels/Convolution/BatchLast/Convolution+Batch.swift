import AdjointKernelTables

// The dense form, solved for a grid, on images side by side:
//
//     destination[j, q, n] = Σ_m Σ_t source[m, stride·q + offset(t), n] · filter[j, m, t]
//
// A tile is columns × vectors of images at one position; the filter gives one scalar for each column.
//
//     for some rows of positions and some images      a task
//         for each row
//             which taps meet the source there
//             for each tile of columns
//                 for each position                   near the ends of a row fewer taps meet the source
//                     for each channel m and tap t
//                         tile[j, images] += filter[j, m, t] · source[m][position + offset(t)][images]

let slideBatchRoutine = Routine(BatchSlidingDivision.self)

/// The most vectors of images in a tile.
@inline(__always) var imageVectors: Int { widestPanel }

private struct BatchSlidingDivision: Division {
    let rows: Int
    let taskRows: Int
    /// Parts of the rows × parts of the images.
    let tasks: TaskGrid
    let work: Work

    /// The multiply-adds of a vector with which a task is worth its start.
    private static let smallTask = 16_000

    init(_ arguments: SlidingArguments) {
        let layer = arguments.layer
        rows = layer.count.z * layer.count.y
        let vectors = layer.batch / lanes
        let imageParts = partCount(vectors, imageVectors)
        let cost = layer.count.x * layer.columns * layer.channels * layer.tapCount * min(vectors, imageVectors)
        taskRows = max(1, BatchSlidingDivision.smallTask / max(1, cost), partCount(rows * imageParts, 64))
        tasks = TaskGrid(partCount(rows, taskRows), imageParts)
        work = Work(tasks: tasks.count, scratch: 2 * Scratch.bytes(layer.tapCount, of: Meeting.self))
    }

    func run(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let layer = arguments.layer
        let (rowPart, imagePart, _, _) = tasks[task]
        let ofRow = scratch.take(layer.tapCount, of: Meeting.self)
        let ofPosition = scratch.take(layer.tapCount, of: Meeting.self)
        let part = range(ofPart: imagePart, of: imageVectors, below: layer.batch / lanes)
        for row in range(ofPart: rowPart, of: taskRows, below: rows) {
            let (z, y) = row.quotientAndRemainder(dividingBy: layer.count.y)
            var sweep = BatchRowSweep(arguments, z, y, ofRow, ofPosition)
            forEachPanel(part, of: part.upperBound) { vector, width in
                sweep.image = vector * lanes
                sweep.sweep(images: width, columns: layer.columns)
            }
        }
    }
}

/// One row of positions.
private struct BatchRowSweep: Sweep {
    var window: SlidingArguments
    var layer: WindowLayer
    var taps: RowTaps
    var ofPosition: UnsafeMutablePointer<Meeting>
    var destination: UnsafeMutablePointer<Float>
    /// The number of the first image.
    var image = 0

    init(
        _ arguments: SlidingArguments, _ z: Int, _ y: Int, _ ofRow: UnsafeMutablePointer<Meeting>,
        _ ofPosition: UnsafeMutablePointer<Meeting>
    ) {
        window = arguments
        layer = arguments.layer
        taps = RowTaps(layer, z: z, y: y, pixel: layer.batch, ofRow)
        self.ofPosition = ofPosition
        destination = window.destination + (z * window.destinationStrides.z + y * window.destinationStrides.y)
    }

    @inline(never)
    func sweep<Tile: Rows, Last: Rows>(_: Tile.Type, _: Last.Type) {
        var column = 0
        while column < layer.columns {
            let filters = Tile.sources(
                window.filter + column * layer.filterStrides.column, pitch: layer.filterStrides.column,
                last: layer.columns - 1 - column)
            let target = destination + (column * window.destinationBatchStride + image)
            for x in 0..<layer.count.x {
                let (met, count) = taps.meeting(x, layer, border: ofPosition)
                slideTile(
                    Tile.self, filters, met, count, window.source + (x * layer.stride.x * layer.batch + image)
                ).store(
                    target + x * window.destinationStrides.x, pitch: window.destinationBatchStride,
                    count: layer.columns - column, tail: lanes)
            }
            column += Tile.rows
        }
    }

    @inline(__always)
    private func slideTile<Tile: Rows>(
        _: Tile.Type, _ filters: Tile.Sources, _ taps: UnsafePointer<Meeting>, _ count: Int,
        _ source: UnsafePointer<Float>
    ) -> Tile {
        var tile = Tile.zero
        guard count > 0, layer.channels > 0 else { return tile }
        let pitch = layer.sourceSize.count &* layer.batch
        var (plane, filter, channel) = (source, 0, 0)
        repeat {
            var tap = taps
            let end = taps + count
            repeat {
                tile.addMultiples(
                    filters, filter &+ tap.pointee.index, of: .load(plane + tap.pointee.offset, tail: lanes))
                tap += 1
            } while tap < end
            filter &+= layer.filterStrides.channel
            plane += pitch
            channel &+= 1
        } while channel < layer.channels
        return tile
    }
}
