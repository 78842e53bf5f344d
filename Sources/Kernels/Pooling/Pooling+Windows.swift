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

/// Calls `body` for every window of a task, in the order of the destination.
@inline(always)
func forEachWindow(
    _ arguments: SlidingArguments, _ task: Int, _ scratch: UnsafeMutableRawPointer, _ body: (PoolWindow) -> Void
) {
    let channels = arguments.groups
    let size = arguments.sourceSize
    let inner = scratch.assumingMemoryBound(to: Meeting.self)
    let border = inner + arguments.tapCount

    let rows = arguments.batch * arguments.count.z * arguments.count.y
    let firstRow = task * arguments.blocking.rows
    let lastRow = min(firstRow + arguments.blocking.rows, rows)
    let isDense =
        arguments.destinationStrides.x == channels
        && arguments.destinationStrides.y == arguments.count.x * channels
        && arguments.destinationStrides.z == arguments.count.y * arguments.count.x * channels
        && arguments.destinationBatchStride == arguments.count.count * channels
    let sourceEnd = arguments.source + arguments.batch * size.count * channels
    let destinationEnd = arguments.destination + (isDense ? lastRow * arguments.count.x * channels : 0)

    for row in firstRow..<lastRow {
        let y = row % arguments.count.y
        let z = row / arguments.count.y % arguments.count.z
        let image = row / arguments.count.y / arguments.count.z

        // The taps that meet the source at this y and z, and the x at which all of them do.
        var count = 0
        var low = 0
        var high = arguments.count.x
        for t in 0..<arguments.tapCount {
            let tap = arguments.taps[t].offset
            let (tapZ, tapY) = (z * arguments.stride.z + tap.z, y * arguments.stride.y + tap.y)
            guard tapZ >= 0, tapZ < size.z, tapY >= 0, tapY < size.y else { continue }
            let position = (tapZ * size.y + tapY) * size.x + tap.x
            inner[count] = Meeting(x: tap.x, offset: position * channels, position: position)
            count += 1
            low = max(low, ceilingQuotient(-tap.x, arguments.stride.x))
            high = min(high, ceilingQuotient(size.x - tap.x, arguments.stride.x))
        }
        var furthest = 0
        for t in 0..<count { furthest = max(furthest, inner[t].offset) }

        let imageSource = arguments.source + image * size.count * channels
        let destination =
            arguments.destination + image * arguments.destinationBatchStride
            + z * arguments.destinationStrides.z + y * arguments.destinationStrides.y
        for x in 0..<arguments.count.x {
            let place = x * arguments.stride.x
            var taps = inner
            var met = count
            if x < low || x >= high {
                taps = border
                met = 0
                for t in 0..<count where place + inner[t].x >= 0 && place + inner[t].x < size.x {
                    border[met] = inner[t]
                    met += 1
                }
            }
            let source = imageSource + place * channels
            let target = destination + x * arguments.destinationStrides.x
            body(
                PoolWindow(
                    taps: taps, count: met, source: source, destination: target, place: place, channels: channels,
                    reachesOver: isDense && target + lanes <= destinationEnd
                        && source + (furthest + lanes) <= sourceEnd))
        }
    }
}

/// ⌈a / b⌉ for positive b.
@inline(__always)
private func ceilingQuotient(_ a: Int, _ b: Int) -> Int { a > 0 ? (a - 1) / b + 1 : a / b }
