import AdjointKernelTables

// The dense form has two ways to fill a vector:
//
//     columns      a vector holds neighbouring columns; a tile is positions × vectors. Nothing has to be moved, but
//                  6 columns fill 6 of 16 lanes.
//     pixels       a vector holds neighbouring positions; a tile is columns × vectors. Every lane is filled, but the
//                  source is moved into planes first, and the result back.
//
// The cost of a position:
//
//     columns      depth                                                   multiply-adds of vectors
//     pixels       depth · columns / lanes · cells / positions + moves     where depth = taps · channels
//
// so pixels are for few columns, and many taps that meet each pixel. The plan chooses.

/// How a convolution runs in vectors of pixels: boxes of positions, and the planes that hold their source.
struct PixelDivision {
    let boxes: TaskBoxes
    /// The planes of one group.
    let planes: PixelSource
    /// The number of fixed pieces of the sum over boxes.
    let pieces: Int
    /// Boxes (or pieces of them) × groups.
    let tasks: TaskGrid
    let pieceTasks: TaskGrid
    let cost: PixelCost

    /// The multiply-adds of a vector with which a task is worth its start.
    private static let smallTask = 4_000
    static let taskCount = 32

    /// Nothing where columns fill a vector, or no planes fit.
    init?(_ layer: WindowLayer) {
        let (groups, channels, columns) = (layer.groups, layer.channels, layer.columns)
        let positions = layer.batch * layer.count.count
        let depth = layer.tapCount * channels
        guard columns > 0, columns <= lanes / 2, depth > 0, groups > 0, positions >= lanes else { return nil }
        let vectors = partCount(depth * columns, lanes)
        let wanted = max(1, PixelDivision.taskCount / groups)
        let least = max(8 * lanes, PixelDivision.smallTask / vectors)
        let limit = min(MachineCosts.firstLevelFloats / columns, max(least, positions / wanted))
        var boxes = TaskBoxes(batch: layer.batch, size: layer.count, limit: limit)
        var found = PixelSource(layer, boxes)
        while found == nil && boxes.positions > 4 * lanes {
            boxes = TaskBoxes(batch: layer.batch, size: layer.count, limit: boxes.positions / 2)
            found = PixelSource(layer, boxes)
        }
        guard let found else { return nil }

        self.cost = PixelCost(
            pixels: partCount(found.cells, lanes) * columns * depth, columns: boxes.positions * depth,
            moves: found.floats(channels) + boxes.positions * columns)
        self.boxes = boxes
        planes = found
        pieces = min(boxes.count, max(1, PixelDivision.taskCount / groups))
        tasks = TaskGrid(boxes.count, groups)
        pieceTasks = TaskGrid(pieces, groups)
    }
}
