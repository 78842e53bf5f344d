/// A routine's tasks: a grid of parts, walked row by row, the first part outermost.
///
/// Counting tasks, doing one, and listing the images that it touches use the same grid. Where images are listed, the parts
/// that go through them come first, so that no bound falls from one task to the next.
struct TaskGrid {
    private let sizes: (Int, Int, Int, Int)

    init(_ first: Int, _ second: Int = 1, _ third: Int = 1, _ last: Int = 1) { sizes = (first, second, third, last) }

    var count: Int { sizes.0 * sizes.1 * sizes.2 * sizes.3 }

    /// The numbers of the parts of a task.
    subscript(task: Int) -> (Int, Int, Int, Int) {
        let (planes, last) = task.quotientAndRemainder(dividingBy: sizes.3)
        let (rows, third) = planes.quotientAndRemainder(dividingBy: sizes.2)
        let (first, second) = rows.quotientAndRemainder(dividingBy: sizes.1)
        return (first, second, third, last)
    }
}

/// The range of `total` items in one of some pieces, which are as even as possible.
@inline(__always)
func range(ofPiece piece: Int, of pieces: Int, _ total: Int) -> Range<Int> {
    piece * total / pieces..<(piece + 1) * total / pieces
}

/// The range of `total` items in a part, where parts have `size` items, and only the last may have fewer.
@inline(__always)
func range(ofPart part: Int, of size: Int, below total: Int) -> Range<Int> {
    part * size..<min(total, (part + 1) * size)
}
