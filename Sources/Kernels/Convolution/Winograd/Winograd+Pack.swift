import AdjointKernelTables

// A filter packed for Winograd's `slide`, panel after panel:
//
//     packed[g][panel][f][m][j] = (G w Gᵀ)_f          w[t] = filter[g, m, j, taps[t].index]
//
// The nine taps may be some of a larger filter's, at equal distances on each axis: from the first of them to the last, all
// are moved. A task transforms a few panels of columns and a chunk of channels into memory of its own, and copies that to
// the packed filter in runs, because results of one f are far from those of another.

struct WinogradPacking<Tile: WinogradTile>: Division {
    let vectors: Int
    /// Groups × panels × chunks of channels.
    let tasks: TaskGrid
    /// The places of the filter's taps from the first to the last that is read.
    let taps: ClosedRange<Int>

    private static var chunk: Int { 16 }

    init(_ arguments: PackArguments) {
        let layer = arguments.layer
        vectors = vectorCount(layer.columns)
        tasks = TaskGrid(layer.groups, partCount(vectors, widestPanel), partCount(layer.channels, Self.chunk))
        // Taps ascend or descend on each axis.
        let (a, b) = (layer.taps[0].index, layer.taps[2].index)
        let (c, d) = (layer.taps[6].index, layer.taps[8].index)
        taps = min(a, b, c, d)...max(a, b, c, d)
    }

    private var windowFloats: Int { taps.count * lanes }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: Scratch.bytes(windowFloats, of: Float.self)
                + Scratch.bytes(Tile.products * (Self.chunk * widestPanel + 1) * lanes, of: Float.self))
    }

    func run(_ arguments: PackArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (group, panel, part, _) = tasks[task]
        let window = scratch.take(windowFloats, of: Float.self)
        let factors = scratch.take(Tile.products * (Self.chunk * widestPanel + 1) * lanes, of: Float.self)
        func at(_ tap: Int) -> Int { arguments.layer.taps[tap].index - taps.lowerBound }
        let square = TileSquare(window + at(0) * lanes, row: (at(3) - at(0)) * lanes, step: (at(1) - at(0)) * lanes)
        let begin = part * Self.chunk
        let end = min(arguments.layer.channels, begin + Self.chunk)

        forEachPanel(range(ofPart: panel, of: widestPanel, below: vectors), of: vectors) { vector, width in
            let pitch = width * lanes
            // Squares of which no two elements are in the same set of the cache.
            let layer = Self.chunk * pitch + lanes
            for part in 0..<width {
                let first = (vector + part) * lanes
                let columns = min(lanes, arguments.layer.columns - first)
                if columns < lanes { window.update(repeating: 0, count: windowFloats) }
                for channel in begin..<end {
                    // The vector of all columns at one tap.
                    transpose(
                        arguments.filter
                            + (group * arguments.layer.filterStrides.group + first
                                * arguments.layer.filterStrides.column
                                + channel * arguments.layer.filterStrides.channel + taps.lowerBound),
                        pitch: arguments.layer.filterStrides.column, rows: columns, columns: taps.count, to: window,
                        pitch: lanes)
                    let target = factors + ((channel - begin) * pitch + part * lanes)
                    Tile.Filter.square(square, TileSquare(target, row: Tile.side &* layer, step: layer))
                }
            }
            let packed =
                arguments.packed + (group * vectors + vector) * Tile.products * arguments.layer.channels * lanes
            for f in 0..<Tile.products {
                (packed + (f * arguments.layer.channels + begin) * pitch).update(
                    from: factors + f * layer, count: (end - begin) * pitch)
            }
        }
    }
}
