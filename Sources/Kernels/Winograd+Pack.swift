import AdjointKernelTables

// A filter as Winograd's `slide` reads it, panel after panel:
//
//     packed[g][panel][f][m][j] = (G w Gᵀ)_f          w[t] = filter[g, m, j, taps[t].index]
//
// A task transforms some panels' width of columns and a chunk of channels into memory of its own, from where it goes to
// the packed filter in runs, because results of one f lie far from those of another.

struct WinogradPacking<Tile: WinogradTile> {
    let groups: Int
    let vectors: Int
    let panels: Int
    let chunks: Int

    private static var chunk: Int { 16 }

    init(_ arguments: PackArguments) {
        groups = arguments.groups
        vectors = vectorCount(arguments.columns)
        panels = partCount(vectors, widestPanel)
        chunks = partCount(arguments.channels, Self.chunk)
    }

    var work: Work {
        Work(
            tasks: groups * panels * chunks,
            scratch: Scratch.bytes(9 * lanes, of: Float.self)
                + Scratch.bytes(Tile.products * (Self.chunk * widestPanel + 1) * lanes, of: Float.self))
    }

    func run(_ arguments: PackArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (rest, part) = task.quotientAndRemainder(dividingBy: chunks)
        let (group, panel) = rest.quotientAndRemainder(dividingBy: panels)
        let window = scratch.take(9 * lanes, of: Float.self)
        let factors = scratch.take(Tile.products * (Self.chunk * widestPanel + 1) * lanes, of: Float.self)
        // Taps ascend or descend on each axis.
        func at(_ tap: Int) -> Int { arguments.taps[tap].index }
        let taps = Square(
            window + at(0) * lanes, row: (at(3) - at(0)) * lanes, step: (at(1) - at(0)) * lanes)
        let begin = part * Self.chunk
        let end = min(arguments.channels, begin + Self.chunk)

        var vector = panel * widestPanel
        while vector < min(vectors, (panel + 1) * widestPanel) {
            let width = panelWidth(vectors - vector)
            let pitch = width * lanes
            // Squares of which no two elements lie in the same set of the cache.
            let layer = Self.chunk * pitch + lanes
            for part in 0..<width {
                let first = (vector + part) * lanes
                let columns = min(lanes, arguments.columns - first)
                if columns < lanes { window.update(repeating: 0, count: 9 * lanes) }
                for channel in begin..<end {
                    // One tap of all columns is a vector.
                    transpose(
                        arguments.filter
                            + (group * arguments.groupStride + first * arguments.columnStride
                                + channel * arguments.channelStride),
                        pitch: arguments.columnStride, rows: columns, columns: 9, to: window, pitch: lanes)
                    let target = factors + ((channel - begin) * pitch + part * lanes)
                    Tile.Filter.square(taps, Square(target, row: Tile.side &* layer, step: layer))
                }
            }
            let packed = arguments.packed + (group * vectors + vector) * Tile.products * arguments.channels * lanes
            for f in 0..<Tile.products {
                (packed + (f * arguments.channels + begin) * pitch).update(
                    from: factors + f * layer, count: (end - begin) * pitch)
            }
            vector += width
        }
    }
}
