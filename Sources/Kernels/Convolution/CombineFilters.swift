import AdjointKernelTables

// Adds the pieces of `filterGradient` in their order and writes filter element (g, m, j, t) at
//
//     g·groupStride + m·channelStride + j·columnStride + index(t)·tapStride
//
// The filter's axes may be in any order, so a task moves one vector of columns, some channels and all taps.

let combineFilterRoutine = Routine<FilterGradientArguments>(
    work: { Work(tasks: CombineDivision($0, pieces: 1).tasks.count) },
    divide: { CombineDivision($0, pieces: FilterGradientDivision($0).pieces) },
    run: { divided, task, _ in combineFilter(divided.pointee.arguments, divided.pointee.division, task) })

/// Combines the pieces of vectors of pixels, which are the same but have another number.
let combinePixelsRoutine = Routine<FilterGradientArguments>(
    work: combineFilterRoutine.work,
    divide: { CombineDivision($0, pieces: PixelDivision($0)?.pieces ?? 0) },
    run: { divided, task, _ in combineFilter(divided.pointee.arguments, divided.pointee.division, task) })

private struct CombineDivision {
    let parts: FilterGradientDivision
    let pieces: Int
    let taskChannels: Int
    /// Groups × vectors × parts of the channels.
    let tasks: TaskGrid

    init(_ arguments: FilterGradientArguments, pieces: Int) {
        parts = FilterGradientDivision(arguments)
        self.pieces = pieces
        taskChannels = max(16, 1024 / max(1, arguments.tapCount))
        let channelParts = arguments.tapCount == 0 ? 0 : partCount(arguments.channels, taskChannels)
        tasks = TaskGrid(arguments.groups, parts.vectors, channelParts)
    }
}

private func combineFilter(_ arguments: FilterGradientArguments, _ division: CombineDivision, _ task: Int) {
    let plan = division.parts
    let (group, vector, channelPart, _) = division.tasks[task]
    let start = panelStart(vector, of: plan.vectors)
    let pitch = panelWidth(plan.vectors - start) * lanes
    let partials = arguments.partials + (plan.panel(group: group, vector: start) + (vector - start) * lanes)
    let first = vector * lanes
    let columnStride = arguments.columnStride
    let columns = min(lanes, arguments.columns - first)
    let filter = arguments.filter + (group * arguments.groupStride + first * arguments.columnStride)
    let channels = range(ofPart: channelPart, of: division.taskChannels, below: arguments.channels)
    for begin in stride(from: channels.lowerBound, to: channels.upperBound, by: 16) {
        for tap in 0..<arguments.tapCount {
            let tapFilter = filter + arguments.taps[tap].index * arguments.tapStride
            for channel in begin..<min(begin + 16, channels.upperBound) {
                let row = partials + (tap * arguments.channels + channel) * pitch
                var sum = Lanes.load(row)
                for piece in 1..<max(1, division.pieces) { sum += .load(row + piece * plan.pieceFloats) }
                let target = tapFilter + channel * arguments.channelStride
                for column in 0..<columns { target[column &* columnStride] = sum[column] }
            }
        }
    }
}
