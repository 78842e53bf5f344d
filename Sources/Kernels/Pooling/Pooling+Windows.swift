import AdjointKernelTables

/// A tap that meets the source, seen from a window.
struct Meeting {
    /// The source position on the last axis when the window stands at 0 there.
    var x: Int
    /// From the window's first channel to the tap's, in floats.
    var offset: Int
    /// From the window's place among the positions of the image to the tap's.
    var position: Int
}

/// A window at one position, and the taps that meet the source there.
struct PoolWindow {
    let taps: UnsafePointer<Meeting>
    let count: Int
    let source: UnsafePointer<Float>
    let destination: UnsafeMutablePointer<Float>
    let place: Int
    let channels: Int
    /// Whether a whole vector may be read at every tap, and written, though it is more than the channels.
    let reachesOver: Bool

    @inline(always)
    func position(_ tap: Int) -> Int32 { Int32(truncatingIfNeeded: place + taps[tap].position) }

    /// Without reaching over: what lies behind a tap's channels may be written already.
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

/// The taps of a row of windows that meet the source on the outer axes.
private struct RowTaps {
    let taps: UnsafeMutablePointer<Meeting>
    private(set) var count = 0
    /// The windows at which all of them do on the last axis, too.
    private(set) var whole: Range<Int>
    /// The offset of the tap that is furthest from its window's first channel.
    private(set) var furthest = 0

    init(_ arguments: SlidingArguments, z: Int, y: Int, _ memory: UnsafeMutablePointer<Meeting>) {
        taps = memory
        let size = arguments.layer.sourceSize
        var (low, high) = (0, arguments.layer.count.x)
        for t in 0..<arguments.layer.tapCount {
            let tap = arguments.layer.taps[t].offset
            let (tapZ, tapY) = (z * arguments.layer.stride.z + tap.z, y * arguments.layer.stride.y + tap.y)
            guard tapZ >= 0, tapZ < size.z, tapY >= 0, tapY < size.y else { continue }
            let position = (tapZ * size.y + tapY) * size.x + tap.x
            taps[count] = Meeting(x: tap.x, offset: position * arguments.layer.groups, position: position)
            furthest = max(furthest, taps[count].offset)
            count += 1
            low = max(low, ceilingQuotient(-tap.x, arguments.layer.stride.x))
            high = min(high, ceilingQuotient(size.x - tap.x, arguments.layer.stride.x))
        }
        whole = low..<max(low, high)
    }

    /// Copies those that meet the source where the window stands at a place of the last axis, and counts them.
    func copy(meeting place: Int, of size: Int, to border: UnsafeMutablePointer<Meeting>) -> Int {
        var met = 0
        for t in 0..<count where place + taps[t].x >= 0 && place + taps[t].x < size {
            border[met] = taps[t]
            met += 1
        }
        return met
    }
}

/// How windows are divided into tasks.
struct WindowRows: Sendable {
    /// Of destination positions (n, z, y): all, and those of a task.
    let all: Int
    let inTask: Int
    let work: Work

    init(_ arguments: SlidingArguments) {
        let isEmpty = arguments.layer.count.x == 0 || arguments.layer.groups == 0
        all = isEmpty ? 0 : arguments.layer.batch * arguments.layer.count.z * arguments.layer.count.y
        let row =
            max(1, arguments.layer.count.x) * max(arguments.layer.groups, lanes) * max(arguments.layer.tapCount, 1)
        inTask = min(all, max(1, 16384 / row))
        work = Work(
            tasks: partCount(all, inTask), scratch: 2 * Scratch.bytes(arguments.layer.tapCount, of: Meeting.self))
    }
}

/// Calls `body` for every window of a task, in the order of the destination.
@inline(always)
func forEachWindow(
    _ arguments: SlidingArguments, _ rows: WindowRows, _ task: Int, _ memory: Scratch, _ body: (PoolWindow) -> Void
) {
    let channels = arguments.layer.groups
    let size = arguments.layer.sourceSize
    var scratch = memory
    let inner = scratch.take(arguments.layer.tapCount, of: Meeting.self)
    let border = scratch.take(arguments.layer.tapCount, of: Meeting.self)

    let taskRows = range(ofPart: task, of: rows.inTask, below: rows.all)
    let isDense =
        arguments.destinationStrides.x == channels
        && arguments.destinationStrides.y == arguments.layer.count.x * channels
        && arguments.destinationStrides.z == arguments.layer.count.y * arguments.layer.count.x * channels
        && arguments.destinationBatchStride == arguments.layer.count.count * channels
    let sourceEnd = arguments.source + arguments.layer.batch * size.count * channels
    let destinationEnd =
        arguments.destination + (isDense ? taskRows.upperBound * arguments.layer.count.x * channels : 0)

    for row in taskRows {
        let y = row % arguments.layer.count.y
        let z = row / arguments.layer.count.y % arguments.layer.count.z
        let image = row / arguments.layer.count.y / arguments.layer.count.z
        let met = RowTaps(arguments, z: z, y: y, inner)
        let imageSource = arguments.source + image * size.count * channels
        let destination =
            arguments.destination + image * arguments.destinationBatchStride
            + z * arguments.destinationStrides.z + y * arguments.destinationStrides.y
        for x in 0..<arguments.layer.count.x {
            let place = x * arguments.layer.stride.x
            let isWhole = x >= met.whole.lowerBound && x < met.whole.upperBound
            let source = imageSource + place * channels
            let target = destination + x * arguments.destinationStrides.x
            body(
                PoolWindow(
                    taps: isWhole ? inner : border,
                    count: isWhole ? met.count : met.copy(meeting: place, of: size.x, to: border), source: source,
                    destination: target, place: place, channels: channels,
                    reachesOver: isDense && target + lanes <= destinationEnd
                        && source + (met.furthest + lanes) <= sourceEnd))
        }
    }
}

/// ⌈a / b⌉ for positive b.
@inline(__always)
private func ceilingQuotient(_ a: Int, _ b: Int) -> Int { a > 0 ? (a - 1) / b + 1 : a / b }
