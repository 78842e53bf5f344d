import AdjointKernelTables

// Windows are walked position by position, in vectors of channels:
//
//     row (n, z, y) of destination positions | x        taps inside the source at this z, y: a list
//                                              x        at the borders of x: the taps of the list that are inside there
//
// A last vector that is not whole is moved back over channels that are done. Where there are fewer channels than lanes,
// a vector extends into the next position, which is solved for later; only the last few positions of a task go channel
// by channel.

package var poolingKernels: PoolingKernels {
    PoolingKernels(
        sumWindows: Routine(
            work: { WindowRows($0).work }, divide: { WindowRows($0) },
            run: { sumWindows($0.pointee.arguments, $0.pointee.division, $1, $2) }),
        chooseInWindows: Routine(
            work: { WindowRows($0.windows).work }, divide: { WindowRows($0.windows) },
            run: { chooseInWindows($0.pointee.arguments, $0.pointee.division, $1, $2) }),
        scatterInWindows: Routine(
            work: { WindowRows($0.windows).work }, divide: { WindowRows($0.windows) },
            run: { scatterInWindows($0.pointee.arguments, $0.pointee.division, $1, $2) }),
        gather: Routine(GatherDivision.self), scatter: Routine(ScatterDivision.self))
}

private func sumWindows(_ arguments: SlidingArguments, _ rows: WindowRows, _ task: Int, _ memory: Scratch) {
    forEachWindow(arguments, rows, task, memory) { window in
        window.forEachVector(
            vector: { channel in
                var sum = Lanes()
                for t in 0..<window.count { sum += Lanes.load(window.source + window.taps[t].offset + channel) }
                sum.store(window.destination + channel)
            },
            scalar: { channel in
                var sum: Float = 0
                for t in 0..<window.count { sum += window.source[window.taps[t].offset + channel] }
                window.destination[channel] = sum
            })
    }
}

private func chooseInWindows(_ arguments: ChoiceArguments, _ rows: WindowRows, _ task: Int, _ memory: Scratch) {
    let (values, indices) = (arguments.windows.destination, arguments.indices)
    forEachWindow(arguments.windows, rows, task, memory) { window in
        guard window.count > 0 else { return }
        let start = window.destination - values
        window.forEachVector(
            vector: { channel in
                var best = Lanes.load(window.source + window.taps[0].offset + channel)
                var index = IntegerLanes(repeating: window.position(0))
                for t in 1..<max(window.count, 1) {
                    let value = Lanes.load(window.source + window.taps[t].offset + channel)
                    // Greater, or the first NaN.
                    let isBetter = .!(value .<= best) .& (best .== best)
                    best.replace(with: value, where: isBetter)
                    index.replace(with: window.position(t), where: isBetter)
                }
                best.store(window.destination + channel)
                if let indices {
                    UnsafeMutableRawPointer(indices + (start + channel)).storeBytes(of: index, as: IntegerLanes.self)
                }
            },
            scalar: { channel in
                var best = window.source[window.taps[0].offset + channel]
                var index = window.position(0)
                for t in 1..<max(window.count, 1) {
                    let value = window.source[window.taps[t].offset + channel]
                    if !(value <= best), best == best {
                        best = value
                        index = window.position(t)
                    }
                }
                window.destination[channel] = best
                if let indices { indices[start + channel] = index }
            })
    }
}

private func scatterInWindows(_ arguments: ChoiceArguments, _ rows: WindowRows, _ task: Int, _ memory: Scratch) {
    guard let indices = arguments.indices else { return }
    let values = arguments.windows.destination
    forEachWindow(arguments.windows, rows, task, memory) { window in
        let start = window.destination - values
        let target = UnsafeMutablePointer(mutating: window.source)
        window.forEachInnerVector(
            vector: { channel in
                let value = Lanes.load(values + (start + channel))
                let index = UnsafeRawPointer(indices + (start + channel)).loadUnaligned(as: IntegerLanes.self)
                for t in 0..<window.count {
                    let isChosen = index .== IntegerLanes(repeating: window.position(t))
                    Lanes().replacing(with: value, where: isChosen).store(target + window.taps[t].offset + channel)
                }
            },
            scalar: { channel in
                for t in 0..<window.count {
                    let isChosen = indices[start + channel] == window.position(t)
                    target[window.taps[t].offset + channel] = isChosen ? values[start + channel] : 0
                }
            })
    }
}

private struct GatherDivision: Division {
    let taskPositions: Int
    /// Images, and parts of the positions of one.
    let tasks: TaskGrid

    init(_ arguments: GatherArguments) {
        taskPositions = max(1, 16384 / max(1, arguments.channels))
        let parts = arguments.channels > 0 ? partCount(arguments.destinationPositions, taskPositions) : 0
        tasks = TaskGrid(arguments.batch, parts)
    }

    var work: Work { Work(tasks: tasks.count) }

    func run(_ arguments: GatherArguments, _ task: Int, _ memory: Scratch) {
        let channels = arguments.channels
        let (image, part, _, _) = tasks[task]
        let source = arguments.source + image * arguments.sourcePositions * channels
        let limit = UInt32(arguments.sourcePositions)
        for position in range(ofPart: part, of: taskPositions, below: arguments.destinationPositions) {
            let row = (image * arguments.destinationPositions + position) * channels
            let indices = arguments.index + row
            let destination = arguments.destination + row
            for channel in 0..<channels {
                // Below the limit, so this is an index into the source and cannot overflow.
                let index = UInt32(bitPattern: indices[channel])
                destination[channel] = index < limit ? source[Int(index) &* channels &+ channel] : 0
            }
        }
    }
}

/// Few channels: whole images, as many as make a task worth its start. Many: parts of the channels of an image.
private struct ScatterDivision: Division {
    /// Of a task.
    let images: Int
    let channels: Int
    /// Parts of the batch, parts of the channels.
    let tasks: TaskGrid

    init(_ arguments: GatherArguments) {
        let image = max(arguments.sourcePositions, arguments.destinationPositions, 1) * max(1, arguments.channels)
        let isCut = image >= 32768 && arguments.channels >= 64
        images = isCut ? 1 : max(1, 16384 / image)
        channels = isCut ? 32 : arguments.channels
        let batch = arguments.destinationPositions > 0 ? arguments.batch : 0
        tasks = TaskGrid(partCount(batch, images), partCount(arguments.channels, channels))
    }

    var work: Work { Work(tasks: tasks.count) }

    func run(_ arguments: GatherArguments, _ task: Int, _ memory: Scratch) {
        let all = arguments.channels
        let (imagePart, channelPart, _, _) = tasks[task]
        let part = range(ofPart: channelPart, of: channels, below: all)
        let limit = UInt32(arguments.destinationPositions)
        for image in range(ofPart: imagePart, of: images, below: arguments.batch) {
            let destination = arguments.destination + image * arguments.destinationPositions * all
            if part.count == all {
                fillRow(destination, 0, arguments.destinationPositions * all)
            } else {
                for position in 0..<arguments.destinationPositions {
                    fillRow(destination + position * all + part.lowerBound, 0, part.count)
                }
            }
            for position in 0..<arguments.sourcePositions {
                let row = (image * arguments.sourcePositions + position) * all
                let indices = arguments.index + row
                let source = arguments.source + row
                for channel in part {
                    let index = UInt32(bitPattern: indices[channel])
                    if index < limit { destination[Int(index) &* all &+ channel] += source[channel] }
                }
            }
        }
    }
}
