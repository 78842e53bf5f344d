import AdjointKernelTables

// A filter packed for `slide`, for each group one panel of columns after the other:
//
//     packed[g][panel][t][m][j] = filter[g·groupStride + m·channelStride + column·columnStride + index(t)·tapStride]
//
// The filter's axes may be in any order, so a task moves a piece whose lines all stay in the first-level cache:
// one vector of columns, some channels, all taps.

let packRoutine = Routine<PackArguments>(
    work: { Work(tasks: PackingDivision($0).tasks.count) }, divide: { PackingDivision($0) },
    run: { divided, task, _ in pack(divided.pointee.arguments, divided.pointee.division, task) })

private struct PackingDivision {
    let vectors: Int
    let taskChannels: Int
    /// Groups × vectors × parts of the channels.
    let tasks: TaskGrid

    init(_ arguments: PackArguments) {
        vectors = vectorCount(arguments.columns)
        taskChannels = max(16, 1024 / max(1, arguments.tapCount))
        let channelParts = arguments.tapCount == 0 ? 0 : partCount(arguments.channels, taskChannels)
        tasks = TaskGrid(arguments.groups, vectors, channelParts)
    }
}

private func pack(_ arguments: PackArguments, _ plan: PackingDivision, _ task: Int) {
    let (group, vector, channelPart, _) = plan.tasks[task]
    let depth = arguments.tapCount * arguments.channels

    let start = panelStart(vector, of: plan.vectors)
    let pitch = panelWidth(plan.vectors - start) * lanes
    let packed =
        arguments.packed + (depth * (group * plan.vectors + start) * lanes + (vector - start) * lanes)

    let first = vector * lanes
    let columnStride = arguments.columnStride
    let columns = min(lanes, arguments.columns - first)
    let filter = arguments.filter + (group * arguments.groupStride + first * arguments.columnStride)
    let channels = range(ofPart: channelPart, of: plan.taskChannels, below: arguments.channels)
    for begin in stride(from: channels.lowerBound, to: channels.upperBound, by: 16) {
        let block = begin..<min(begin + 16, channels.upperBound)
        for tap in 0..<arguments.tapCount {
            let tapFilter = filter + arguments.taps[tap].index * arguments.tapStride
            for channel in block {
                let row = packed + (tap * arguments.channels + channel) * pitch
                let source = tapFilter + channel * arguments.channelStride
                if columns < lanes { Lanes().store(row) }
                for column in 0..<columns { row[column] = source[column &* columnStride] }
            }
        }
    }
}
