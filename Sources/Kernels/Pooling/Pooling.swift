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
        sumWindows: Routine(work: divideWindows, run: sumWindows),
        chooseInWindows: Routine(work: { divideWindows(&$0.windows) }, run: chooseInWindows),
        scatterInWindows: Routine(work: { divideWindows(&$0.windows) }, run: scatterInWindows),
        gather: Routine(work: divideGather, run: gatherByIndex),
        scatter: Routine(work: divideScatter, run: scatterByIndex))
}

/// `blocking.rows` is the number of rows (n, z, y) in a task.
@Sendable
func divideWindows(_ arguments: inout SlidingArguments) -> Work {
    let rows = arguments.batch * arguments.count.z * arguments.count.y
    let row = arguments.count.x * max(arguments.groups, lanes) * max(arguments.tapCount, 1)
    guard rows > 0, arguments.count.x > 0, arguments.groups > 0 else { return Work(tasks: 0) }
    arguments.blocking.rows = min(rows, max(1, 16384 / row))
    return Work(
        tasks: (rows - 1) / arguments.blocking.rows + 1,
        scratch: 2 * max(arguments.tapCount, 1) * MemoryLayout<Meeting>.stride)
}

@Sendable
func sumWindows(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: SlidingArguments.self).pointee
    forEachWindow(arguments, task, scratch) { window in
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

@Sendable
func chooseInWindows(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: ChoiceArguments.self).pointee
    let (values, indices) = (arguments.windows.destination, arguments.indices)
    forEachWindow(arguments.windows, task, scratch) { window in
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

@Sendable
func scatterInWindows(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: ChoiceArguments.self).pointee
    guard let indices = arguments.indices else { return }
    let values = arguments.windows.destination
    forEachWindow(arguments.windows, task, scratch) { window in
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

@Sendable
func divideGather(_ arguments: inout GatherArguments) -> Work {
    let count = arguments.batch * arguments.destinationPositions * arguments.channels
    return Work(tasks: count > 0 ? gatherTasks(arguments).count : 0)
}

/// Images × parts of the positions of one.
@inline(__always)
private func gatherTasks(_ arguments: GatherArguments) -> TaskGrid {
    TaskGrid(arguments.batch, partCount(arguments.destinationPositions, gatherRows(arguments)))
}

@inline(__always)
private func gatherRows(_ arguments: GatherArguments) -> Int { max(1, 16384 / arguments.channels) }

@Sendable
func gatherByIndex(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: GatherArguments.self).pointee
    let channels = arguments.channels
    let (image, part, _, _) = gatherTasks(arguments)[task]
    let source = arguments.source + image * arguments.sourcePositions * channels
    let limit = UInt32(arguments.sourcePositions)
    for position in range(ofPart: part, of: gatherRows(arguments), below: arguments.destinationPositions) {
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

/// The images and channels of a task, and the grid of these parts. With few channels: whole images, as many as make a task
/// worth its start. With many: parts of the channels of an image.
@inline(__always)
private func scatterCut(_ arguments: GatherArguments) -> (images: Int, channels: Int, tasks: TaskGrid) {
    func cut(_ images: Int, _ channels: Int) -> (Int, Int, TaskGrid) {
        (images, channels, TaskGrid(partCount(arguments.batch, images), partCount(arguments.channels, channels)))
    }
    let image = max(arguments.sourcePositions, arguments.destinationPositions, 1) * arguments.channels
    if image >= 32768, arguments.channels >= 64 { return cut(1, 32) }
    return cut(max(1, 16384 / image), arguments.channels)
}

@Sendable
func divideScatter(_ arguments: inout GatherArguments) -> Work {
    guard arguments.batch * arguments.destinationPositions * arguments.channels > 0 else { return Work(tasks: 0) }
    return Work(tasks: scatterCut(arguments).tasks.count)
}

@Sendable
func scatterByIndex(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: GatherArguments.self).pointee
    let cut = scatterCut(arguments)
    let channels = arguments.channels
    let (imagePart, channelPart, _, _) = cut.tasks[task]
    let part = range(ofPart: channelPart, of: cut.channels, below: channels)
    let limit = UInt32(arguments.destinationPositions)
    for image in range(ofPart: imagePart, of: cut.images, below: arguments.batch) {
        let destination = arguments.destination + image * arguments.destinationPositions * channels
        if part.count == channels {
            fillRow(destination, 0, arguments.destinationPositions * channels)
        } else {
            for position in 0..<arguments.destinationPositions {
                fillRow(destination + position * channels + part.lowerBound, 0, part.count)
            }
        }
        for position in 0..<arguments.sourcePositions {
            let row = (image * arguments.sourcePositions + position) * channels
            let indices = arguments.index + row
            let source = arguments.source + row
            for channel in part {
                let index = UInt32(bitPattern: indices[channel])
                if index < limit { destination[Int(index) &* channels &+ channel] += source[channel] }
            }
        }
    }
}
