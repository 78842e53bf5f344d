/// Neighbours in the source that are also neighbours in the packed filter: `depth` floats from `offset`.
struct Run {
    var offset: Int
    var depth: Int
}

/// The runs of a window's taps, in order. They are cut so that each block has a whole number of them.
struct RowRuns {
    let base: UnsafeMutablePointer<Run>
    private(set) var count = 0
    private var depth = 0

    /// The rows of a panel's filter that are used for all positions of a box before the next rows are.
    static let blockDepth = 512

    init(_ scratch: inout Scratch, capacity: Int) { base = scratch.take(capacity, of: Run.self) }

    /// Adds the channels of a tap, which may continue the run before them.
    mutating func append(_ offset: Int, _ channels: Int) {
        var offset = offset
        var left = channels
        while left > 0 {
            let room = RowRuns.blockDepth - depth % RowRuns.blockDepth
            let part = min(left, room)
            if room < RowRuns.blockDepth && base[count - 1].offset + base[count - 1].depth == offset {
                base[count - 1].depth += part
            } else {
                base[count] = Run(offset: offset, depth: part)
                count += 1
            }
            depth += part
            offset += part
            left -= part
        }
    }
}
