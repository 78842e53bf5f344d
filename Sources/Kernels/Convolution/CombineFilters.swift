import AdjointKernelTables

// Adds the pieces of `filterGradient` in their order and writes filter element (g, m, j, t) at
//
//     g·groupStride + m·channelStride + j·columnStride + index(t)·tapStride
//
// The filter's axes may lie in any order, so a task moves one vector of columns, some channels and all taps.

let combineFilterRoutine = Routine<FilterGradientArguments>(
    work: { Work(tasks: combineTasks($0, FilterGradientDivision($0)).count) },
    run: { arguments, task, _ in
        let arguments = arguments.assumingMemoryBound(to: FilterGradientArguments.self).pointee
        combineFilter(arguments, task, pieces: FilterGradientDivision(arguments).pieces)
    })

/// Vectors of pixels leave the same pieces, but not as many.
let combinePixelsRoutine = Routine<FilterGradientArguments>(
    work: combineFilterRoutine.work,
    run: { arguments, task, _ in
        let arguments = arguments.assumingMemoryBound(to: FilterGradientArguments.self).pointee
        combineFilter(arguments, task, pieces: PixelDivision(arguments)?.pieces ?? 0)
    })

private func taskChannels(_ arguments: FilterGradientArguments) -> Int {
    max(16, 1024 / max(1, arguments.tapCount))
}

/// Groups, vectors, parts of the channels.
private func combineTasks(_ arguments: FilterGradientArguments, _ plan: FilterGradientDivision) -> TaskGrid {
    let parts = arguments.tapCount == 0 ? 0 : partCount(arguments.channels, taskChannels(arguments))
    return TaskGrid(arguments.groups, plan.vectors, parts)
}

private func combineFilter(_ arguments: FilterGradientArguments, _ task: Int, pieces: Int) {
    let plan = FilterGradientDivision(arguments)
    let (group, vector, channelPart, _) = combineTasks(arguments, plan)[task]
    let start = panelStart(vector, of: plan.vectors)
    let pitch = panelWidth(plan.vectors - start) * lanes
    let partials = arguments.partials + (plan.panel(group: group, vector: start) + (vector - start) * lanes)
    let first = vector * lanes
    let columnStride = arguments.columnStride
    let columns = min(lanes, arguments.columns - first)
    let filter = arguments.filter + (group * arguments.groupStride + first * arguments.columnStride)
    let channels = range(ofPart: channelPart, of: taskChannels(arguments), below: arguments.channels)
    for begin in stride(from: channels.lowerBound, to: channels.upperBound, by: 16) {
        for tap in 0..<arguments.tapCount {
            let tapFilter = filter + arguments.taps[tap].index * arguments.tapStride
            for channel in begin..<min(begin + 16, channels.upperBound) {
                let row = partials + (tap * arguments.channels + channel) * pitch
                var sum = Lanes.load(row)
                for piece in 1..<max(1, pieces) { sum += .load(row + piece * plan.pieceFloats) }
                let target = tapFilter + channel * arguments.channelStride
                for column in 0..<columns { target[column &* columnStride] = sum[column] }
            }
        }
    }
}
