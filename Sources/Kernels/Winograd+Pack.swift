import AdjointKernelTables

// A filter as Winograd's `slide` reads it, panel after panel:
//
//     packed[g][panel][f][m][j] = (G w Gᵀ)_f          w[t] = filter[g, m, j, taps[t].index]
//
// A task transforms one vector of columns and some channels.

struct WinogradPacking<Tile: WinogradTile> {
    let vectors: Int
    let channelParts: Int
    let groups: Int

    private static var taskChannels: Int { 64 }

    init(_ arguments: PackArguments) {
        groups = arguments.groups
        vectors = vectorCount(arguments.columns)
        channelParts = partCount(arguments.channels, Self.taskChannels)
    }

    var work: Work {
        Work(
            tasks: groups * vectors * channelParts,
            scratch: Scratch.bytes(Tile.products * lanes, of: Float.self) + Scratch.bytes(9 * lanes, of: Float.self))
    }

    func run(_ arguments: PackArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (rest, channelPart) = task.quotientAndRemainder(dividingBy: channelParts)
        let (group, vector) = rest.quotientAndRemainder(dividingBy: vectors)
        let between = scratch.take(Tile.products * lanes, of: Float.self)
        let window = scratch.take(9 * lanes, of: Float.self)
        let start = panelStart(vector, of: vectors)
        let width = panelWidth(vectors - start) * lanes
        let layer = arguments.channels * width
        let packed =
            arguments.packed
            + ((group * vectors + start) * Tile.products * arguments.channels * lanes + (vector - start) * lanes)

        let first = vector * lanes
        let columns = min(lanes, arguments.columns - first)
        let filter = arguments.filter + (group * arguments.groupStride + first * arguments.columnStride)
        let begin = channelPart * Self.taskChannels
        // Taps ascend or descend on each axis.
        func at(_ tap: Int) -> Int { arguments.taps[tap].index }
        window.update(repeating: 0, count: 9 * lanes)
        for channel in begin..<min(arguments.channels, begin + Self.taskChannels) {
            // One tap of all columns is a vector.
            transpose(
                filter + channel * arguments.channelStride, pitch: arguments.columnStride, rows: columns, columns: 9,
                to: window, pitch: lanes)
            let taps = StridedSquare(
                UnsafePointer(window + at(0) * lanes), row: (at(3) - at(0)) * lanes, step: (at(1) - at(0)) * lanes)
            let target = StridedSquare(packed + channel * width, row: Tile.side &* layer, step: layer)
            Tile.Filter.square(taps, target, between: between)
        }
    }
}
