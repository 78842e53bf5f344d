import AdjointKernelTables

// Adds the pieces of Winograd's `correlate` in their order, transforms the sums back, and writes filter element
// (g, m, j, t) at
//
//     g·groupStride + m·channelStride + j·columnStride + index(t)
//
// Sums of one f lie far from those of another, so they are gathered for some channels at a time.

extension WinogradCorrelation {
    private var chunk: Int { 16 }
    private var panels: Int { partCount(vectors, widestPanel) }
    private var chunks: Int { partCount(channels, chunk) }

    var combineWork: Work {
        Work(
            tasks: groups * panels * chunks,
            scratch: Scratch.bytes(9 * lanes, of: Float.self)
                + Scratch.bytes(Tile.products * (chunk * widestPanel + 1) * lanes, of: Float.self))
    }

    func combine(_ arguments: CorrelationArguments, _ task: Int, _ memory: Scratch) {
        let (rest, part) = task.quotientAndRemainder(dividingBy: chunks)
        let (group, panel) = rest.quotientAndRemainder(dividingBy: panels)
        let (begin, end) = (part * chunk, min(channels, (part + 1) * chunk))
        var scratch = memory
        let window = scratch.take(9 * lanes, of: Float.self)
        let sums = scratch.take(Tile.products * (chunk * widestPanel + 1) * lanes, of: Float.self)
        // Taps ascend or descend on each axis.
        func at(_ tap: Int) -> Int { arguments.taps[tap].index }
        let taps = Square(
            window + at(0) * lanes, row: (at(3) - at(0)) * lanes, step: (at(1) - at(0)) * lanes)
        var vector = panel * widestPanel
        let endVector = min(vectors, vector + widestPanel)
        while vector < endVector {
            let width = panelWidth(vectors - vector)
            let pitch = width * lanes
            // Squares of which no two elements lie in the same set of the cache.
            let layer = chunk * pitch + lanes
            for f in 0..<Tile.products {
                let from = arguments.partials + (start(group, vector) + (f * channels + begin) * pitch)
                let sum = sums + f * layer
                for place in stride(from: 0, to: (end - begin) * pitch, by: lanes) {
                    var total = Lanes.load(from + place)
                    for piece in 1..<max(1, pieces) { total += .load(from + (piece &* pieceFloats &+ place)) }
                    total.store(sum + place)
                }
            }
            for channel in begin..<end {
                for part in 0..<width {
                    let square = Square(
                        sums + ((channel - begin) * pitch + part * lanes), row: Tile.side &* layer, step: layer)
                    Tile.Gradient.square(square, taps)
                    let first = (vector + part) * lanes
                    let filter =
                        arguments.filter
                        + (group * arguments.groupStride + first * arguments.columnStride
                            + channel * arguments.channelStride)
                    transpose(
                        window, pitch: lanes, rows: 9, columns: min(lanes, arguments.columns - first), to: filter,
                        pitch: arguments.columnStride)
                }
            }
            vector += width
        }
    }
}
