import AdjointKernelTables

/// A window at one position, and the taps that meet the source there.
struct PoolWindow {
    let taps: UnsafePointer<Meeting>
    let count: Int
    let source: UnsafePointer<Float>
    let destination: UnsafeMutablePointer<Float>
    let place: Int
    let channels: Int
    /// Whether a whole vector may be read at every tap, and written, although it is more than the channels.
    let reachesOver: Bool

    @inline(always)
    func position(_ tap: Int) -> Int32 { Int32(truncatingIfNeeded: place + taps[tap].position) }

    /// Calls a body for vectors inside the channels only, since the memory behind a tap's channels may be written already.
    @inline(always)
    func forEachInnerVector(vector: (_ channel: Int) -> Void, scalar: (_ channel: Int) -> Void) {
        if channels >= lanes {
            forEachVector(vector: vector, scalar: scalar)
        } else {
            for channel in 0..<channels { scalar(channel) }
        }
    }

    @inline(always)
    func forEachVector(vector: (_ channel: Int) -> Void, scalar: (_ channel: Int) -> Void) {
        if channels >= lanes || reachesOver {
            let last = max(channels - lanes, 0)
            var channel = 0
            repeat {
                vector(min(channel, last))
                channel += lanes
            } while channel < channels
        } else {
            for channel in 0..<channels { scalar(channel) }
        }
    }
}

/// How windows are divided into tasks.
struct WindowRows: Sendable {
    /// Of destination positions (n, z, y): all, and those of a task.
    let all: Int
    let inTask: Int
    let work: Work

    init(_ arguments: SlidingArguments) {
        let layer = arguments.layer
        let isEmpty = layer.count.x == 0 || layer.groups == 0
        all = isEmpty ? 0 : layer.batch * layer.count.z * layer.count.y
        let row = max(1, layer.count.x) * max(layer.groups, lanes) * max(layer.tapCount, 1)
        inTask = min(all, max(1, 16384 / row))
        work = Work(tasks: partCount(all, inTask), scratch: 2 * Scratch.bytes(layer.tapCount, of: Meeting.self))
    }
}

/// Calls `body` for every window of a task, in the order of the destination.
@inline(always)
func forEachWindow(
    _ arguments: SlidingArguments, _ rows: WindowRows, _ task: Int, _ memory: Scratch, _ body: (PoolWindow) -> Void
) {
    let layer = arguments.layer
    let channels = layer.groups
    let size = layer.sourceSize
    var scratch = memory
    let inner = scratch.take(layer.tapCount, of: Meeting.self)
    let border = scratch.take(layer.tapCount, of: Meeting.self)

    let taskRows = range(ofPart: task, of: rows.inTask, below: rows.all)
    let isDense =
        arguments.destinationStrides.x == channels
        && arguments.destinationStrides.y == layer.count.x * channels
        && arguments.destinationStrides.z == layer.count.y * layer.count.x * channels
        && arguments.destinationBatchStride == layer.count.count * channels
    let sourceEnd = arguments.source + layer.batch * size.count * channels
    let destinationEnd = arguments.destination + (isDense ? taskRows.upperBound * layer.count.x * channels : 0)

    for row in taskRows {
        let y = row % layer.count.y
        let z = row / layer.count.y % layer.count.z
        let image = row / layer.count.y / layer.count.z
        let met = RowTaps(layer, z: z, y: y, pixel: channels, inner)
        let imageSource = arguments.source + image * size.count * channels
        let destination =
            arguments.destination + image * arguments.destinationBatchStride
            + z * arguments.destinationStrides.z + y * arguments.destinationStrides.y
        for x in 0..<layer.count.x {
            let place = x * layer.stride.x
            let (taps, count) = met.meeting(x, layer, border: border)
            let source = imageSource + place * channels
            let target = destination + x * arguments.destinationStrides.x
            body(
                PoolWindow(
                    taps: taps, count: count, source: source, destination: target, place: place, channels: channels,
                    reachesOver: isDense && target + lanes <= destinationEnd
                        && source + (met.furthest + lanes) <= sourceEnd))
        }
    }
}
