import AdjointKernelTables

/// A tap that is inside the source, relative to a window.
struct Meeting {
    /// The source position on the last axis for the window at 0 there.
    var x: Int
    /// The distance in floats from the window's first channel to the tap's.
    var offset: Int
    /// The distance from the window's place among the positions of the image to the tap's.
    var position: Int
}

/// A window at one position, and its taps inside the source.
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

/// The taps of a row of windows that are inside the source on the outer axes.
private struct RowTaps {
    let taps: UnsafeMutablePointer<Meeting>
    private(set) var count = 0
    /// The windows for which all these taps are inside on the last axis, too.
    private(set) var whole: Range<Int>
    /// The offset of the tap that is furthest from its window's first channel.
    private(set) var furthest = 0

    init(_ arguments: SlidingArguments, z: Int, y: Int, _ memory: UnsafeMutablePointer<Meeting>) {
        taps = memory
        let size = arguments.sourceSize
        var (low, high) = (0, arguments.count.x)
        for t in 0..<arguments.tapCount {
            let tap = arguments.taps[t].offset
            let (tapZ, tapY) = (z * arguments.stride.z + tap.z, y * arguments.stride.y + tap.y)
            guard tapZ >= 0, tapZ < size.z, tapY >= 0, tapY < size.y else { continue }
            let position = (tapZ * size.y + tapY) * size.x + tap.x
            taps[count] = Meeting(x: tap.x, offset: position * arguments.groups, position: position)
            furthest = max(furthest, taps[count].offset)
            count += 1
            low = max(low, ceilingQuotient(-tap.x, arguments.stride.x))
            high = min(high, ceilingQuotient(size.x - tap.x, arguments.stride.x))
        }
        whole = low..<max(low, high)
    }

    /// Copies the taps that are inside the source for the window at a place of the last axis, and returns their number.
    func copy(meeting place: Int, of size: Int, to border: UnsafeMutablePointer<Meeting>) -> Int {
        var met = 0
        for t in 0..<count where place + taps[t].x >= 0 && place + taps[t].x < size {
            border[met] = taps[t]
            met += 1
        }
        return met
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
        let met = RowTaps(arguments, z: z, y: y, inner)
        let imageSource = arguments.source + image * size.count * channels
        let destination =
            arguments.destination + image * arguments.destinationBatchStride
            + z * arguments.destinationStrides.z + y * arguments.destinationStrides.y
        for x in 0..<arguments.count.x {
            let place = x * arguments.stride.x
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
