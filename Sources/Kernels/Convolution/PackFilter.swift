import AdjointKernelTables

// A filter packed for `slide`, for each group one panel of columns after the other:
//
//     packed[g][panel][t][m][j] = filter[g, m, j, t]
//
// The filter's axes may be in any order, so a task moves a piece whose lines all stay in the first-level cache:
// one vector of columns, some channels, all taps.

let packRoutine = Routine(PackingDivision.self)

private struct PackingDivision: Division {
    let rows: PackedRows

    init(_ arguments: PackArguments) { rows = PackedRows(arguments.layer) }

    var work: Work { Work(tasks: rows.tasks.count) }

    func run(_ arguments: PackArguments, _ task: Int, _ memory: Scratch) {
        let step = arguments.layer.filterStrides.column
        rows.forEach(task, arguments.layer) { place, element, columns in
            let (row, source) = (arguments.packed + place, arguments.filter + element)
            if columns < lanes { Lanes().store(row) }
            for column in 0..<columns { row[column] = source[column &* step] }
        }
    }
}

/// The vectors of columns of a packed filter, or of its gradient, in tasks.
struct PackedRows {
    private let vectors: Int
    private let taskChannels: Int
    /// Groups, vectors, parts of the channels.
    let tasks: TaskGrid

    init(_ layer: WindowLayer) {
        vectors = vectorCount(layer.columns)
        taskChannels = max(16, 1024 / max(1, layer.tapCount))
        let channelParts = layer.tapCount == 0 ? 0 : partCount(layer.channels, taskChannels)
        tasks = TaskGrid(layer.groups, vectors, channelParts)
    }

    /// Calls `body` with each vector of a task: its place in the packed filter, that of its first element in the filter, and
    /// how many of its columns exist.
    @inline(__always)
    func forEach(
        _ task: Int, _ layer: WindowLayer,
        _ body: (_ packed: Int, _ filter: Int, _ columns: Int) -> Void
    ) {
        let (group, vector, channelPart, _) = tasks[task]
        let strides = layer.filterStrides
        let start = panelStart(vector, of: vectors)
        let pitch = panelWidth(vectors - start) * lanes
        let depth = layer.tapCount * layer.channels
        let packed = depth * (group * vectors + start) * lanes + (vector - start) * lanes
        let first = vector * lanes
        let filter = group * strides.group + first * strides.column
        let channels = range(ofPart: channelPart, of: taskChannels, below: layer.channels)
        for begin in stride(from: channels.lowerBound, to: channels.upperBound, by: 16) {
            for tap in 0..<layer.tapCount {
                let tapFilter = filter + layer.taps[tap].index * strides.tap
                for channel in begin..<min(begin + 16, channels.upperBound) {
                    body(
                        packed + (tap * layer.channels + channel) * pitch, tapFilter + channel * strides.channel,
                        min(lanes, layer.columns - first))
                }
            }
        }
    }
}
