import AdjointKernelTables

/// A tap that meets the source, seen from a window.
struct Meeting {
    /// The source position on the last axis when the window stands at 0 there.
    var x: Int
    /// From the source's position to the tap's, in floats.
    var offset: Int
    /// From the window's place among the positions of the image to the tap's.
    var position: Int
    /// The tap's place in the filter.
    var index: Int
}

/// The taps of a row of windows that meet the source on the outer axes.
struct RowTaps {
    private let taps: UnsafeMutablePointer<Meeting>
    private var count = 0
    /// The windows at which all of them do on the last axis, too.
    private var whole: Range<Int>
    /// The offset of the tap that is furthest from its window's first channel.
    private(set) var furthest = 0

    /// - Parameter pixel: floats from one source position to the next.
    init(_ layer: WindowLayer, z: Int, y: Int, pixel: Int, _ memory: UnsafeMutablePointer<Meeting>) {
        taps = memory
        let (size, stride) = (layer.sourceSize, layer.stride)
        var (low, high) = (0, layer.count.x)
        for t in 0..<layer.tapCount {
            let tap = layer.taps[t].offset
            let (tapZ, tapY) = (z * stride.z + tap.z, y * stride.y + tap.y)
            guard tapZ >= 0, tapZ < size.z, tapY >= 0, tapY < size.y else { continue }
            let position = (tapZ * size.y + tapY) * size.x + tap.x
            taps[count] = Meeting(
                x: tap.x, offset: position * pixel, position: position, index: layer.taps[t].index)
            furthest = max(furthest, taps[count].offset)
            count += 1
            let met = positions(meeting: tap.x, stride: stride.x, size: size.x, count: layer.count.x)
            (low, high) = (max(low, met.lowerBound), min(high, met.upperBound))
        }
        whole = low..<max(low, high)
    }

    /// Those that meet the source in window `x` of the row: all, or some that are copied to `border`.
    @inline(__always)
    func meeting(
        _ x: Int, _ layer: WindowLayer, border: UnsafeMutablePointer<Meeting>
    ) -> (taps: UnsafePointer<Meeting>, count: Int) {
        if x >= whole.lowerBound && x < whole.upperBound { return (UnsafePointer(taps), count) }
        let (place, size) = (x * layer.stride.x, layer.sourceSize.x)
        var met = 0
        for t in 0..<count where place + taps[t].x >= 0 && place + taps[t].x < size {
            border[met] = taps[t]
            met += 1
        }
        return (UnsafePointer(border), met)
    }
}
