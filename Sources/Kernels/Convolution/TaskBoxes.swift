import AdjointKernelTables

/// Positions that are solved for together: some images, and a range on each axis.
struct Box {
    var images: Range<Int>
    var z: Range<Int>
    var y: Range<Int>
    var x: Range<Int>

    var positions: Int { images.count * z.count * y.count * x.count }

    /// Calls `body` with the image, the plane and the number of every row, in order.
    @inline(__always)
    func forEachRow(_ body: (_ n: Int, _ z: Int, _ y: Int) -> Void) {
        for n in images {
            for z in z {
                for y in y { body(n, z, y) }
            }
        }
    }
}

/// A batch of grids, cut into boxes of at most `limit` positions. A box has several rows only if these are whole, several
/// planes only if these are whole, and likewise several images.
struct TaskBoxes {
    let batch: Int
    let size: Axes
    /// The sizes of the largest box.
    let images: Int
    let largest: Axes
    /// The numbers of boxes along the batch, and along each axis.
    private let along: TaskGrid

    init(batch: Int, size: Axes, limit: Int) {
        self.batch = batch
        self.size = size
        let x = TaskBoxes.evenPart(of: size.x, atMost: limit)
        let y = x < size.x ? 1 : TaskBoxes.evenPart(of: size.y, atMost: limit / max(x, 1))
        let z = y < size.y || x < size.x ? 1 : TaskBoxes.evenPart(of: size.z, atMost: limit / max(x * y, 1))
        let whole = z == size.z && y == size.y && x == size.x
        images = whole ? TaskBoxes.evenPart(of: batch, atMost: limit / max(x * y * z, 1)) : min(batch, 1)
        largest = Axes(min(z, size.z), min(y, size.y), x)
        along = TaskGrid(
            partCount(batch, images), partCount(size.z, largest.z), partCount(size.y, largest.y),
            partCount(size.x, largest.x))
    }

    var count: Int { along.count }

    /// The number of positions in the largest box.
    var positions: Int { images * largest.count }

    subscript(index: Int) -> Box {
        let (image, z, y, x) = along[index]
        return Box(
            images: range(ofPart: image, of: images, below: batch),
            z: range(ofPart: z, of: largest.z, below: size.z),
            y: range(ofPart: y, of: largest.y, below: size.y),
            x: range(ofPart: x, of: largest.x, below: size.x))
    }

    /// The images of the boxes in one of some pieces.
    func images(ofPiece piece: Int, of pieces: Int) -> Range<Int> {
        let boxes = range(ofPiece: piece, of: pieces, count)
        guard let first = boxes.first, let last = boxes.last else { return 0..<batch }
        return self[first].images.lowerBound..<self[last].images.upperBound
    }

    /// The size of the parts when `total` is cut evenly into as few as possible with at most `limit` each, or one.
    private static func evenPart(of total: Int, atMost limit: Int) -> Int {
        partCount(total, partCount(total, max(limit, 1)))
    }
}
