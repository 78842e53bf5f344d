import AdjointKernelTables

/// The squares of a channels-last grid that tiles read or write.
struct TileWalk {
    var base: UnsafeMutablePointer<Float>
    var lattice: Lattice
    var size: Axes
    var channels: Int
    /// The first position of the first tile, and the distance to that of the next tile.
    var first: Axes
    var step: Int
    /// Memory for a square of `chunk` channels.
    var square: UnsafeMutablePointer<Float>

    /// The number of channels of a square at a border that are copied at a time.
    @inline(__always) static var chunk: Int { 4 * lanes }

    /// Writes each tile's transformed square, channel after channel: element (y, x) of a tile to layer y·after + x,
    /// with `pitch` floats for each tile.
    @inline(__always)
    func transform<Transform: LineTransform>(
        _: Transform.Type, _ box: Box, to target: UnsafeMutablePointer<Float>, layer: Int, pitch: Int
    ) {
        let edge = Transform.before
        fetch(box, edge: edge)
        var tile = target
        forEachSquare(box, edge: edge) { square, ys, xs in
            let isWhole = ys.count == edge && xs.count == edge
            for begin in stride(from: 0, to: channels, by: Self.chunk) {
                let count = min(Self.chunk, channels - begin)
                var from = square.moved(by: begin)
                if !isWhole || count % lanes != 0 {
                    let copy = TileSquare(self.square, row: edge * Self.chunk, step: Self.chunk)
                    from.copy(ys, xs, count: count, side: edge, to: copy)
                    from = copy
                }
                let to = TileSquare(tile + begin, row: Transform.after &* layer, step: layer)
                for channel in stride(from: 0, to: count, by: lanes) {
                    Transform.square(from.moved(by: channel), to.moved(by: channel))
                }
            }
            tile += pitch
        }
    }

    /// The other direction: transforms the contents of the layers, and writes each tile's square.
    @inline(__always)
    func store<Transform: LineTransform>(
        _: Transform.Type, _ box: Box, from source: UnsafeMutablePointer<Float>, layer: Int, pitch: Int
    ) {
        let edge = Transform.after
        fetch(box, edge: edge)
        var tile = source
        forEachSquare(box, edge: edge) { square, ys, xs in
            let isWhole = ys.count == edge && xs.count == edge
            for begin in stride(from: 0, to: channels, by: Self.chunk) {
                let count = min(Self.chunk, channels - begin)
                let isCopied = !isWhole || count % lanes != 0
                let target = square.moved(by: begin)
                let copy = TileSquare(self.square, row: edge * Self.chunk, step: Self.chunk)
                let to = isCopied ? copy : target
                let from = TileSquare(tile + begin, row: Transform.before &* layer, step: layer)
                for channel in stride(from: 0, to: count, by: lanes) {
                    Transform.square(from.moved(by: channel), to.moved(by: channel))
                }
                if isCopied { target.restore(ys, xs, count: count, from: copy) }
            }
            tile += pitch
        }
    }

    /// Calls `body` with each tile's square, and the ranges of its rows and columns that exist.
    @inline(__always)
    private func forEachSquare(
        _ box: Box, edge: Int, _ body: (_ square: TileSquare, _ ys: Range<Int>, _ xs: Range<Int>) -> Void
    ) {
        for n in box.images {
            for tileY in box.y {
                for tileX in box.x {
                    let (y, x) = (tileY * step + first.y, tileX * step + first.x)
                    body(
                        TileSquare(base + lattice.offset(n, 0, y, x), row: lattice.strides.y, step: lattice.strides.x),
                        max(0, -y)..<max(0, -y, min(edge, size.y - y)), max(0, -x)..<max(0, -x, min(edge, size.x - x)))
                }
            }
        }
    }

    /// Reads a float of every cache line of a box in order. A processor prefetches memory that is read in order, which squares
    /// are not; and where lines come from memory, that takes longer than the transform itself.
    @inline(never)
    private func fetch(_ box: Box, edge: Int) {
        func range(_ tiles: Range<Int>, _ first: Int, _ size: Int) -> Range<Int> {
            let begin = min(max(0, tiles.lowerBound * step + first), size)
            return begin..<max(begin, min(size, (tiles.upperBound - 1) * step + first + edge))
        }
        let (ys, xs) = (range(box.y, first.y, size.y), range(box.x, first.x, size.x))
        let isDense = channels == lattice.strides.x
        let (pieces, length) = isDense ? (1, xs.count * channels) : (xs.count, channels)
        var sum: Float = 0
        for n in box.images {
            for y in ys {
                var piece = base + lattice.offset(n, 0, y, xs.lowerBound)
                for _ in 0..<pieces {
                    for place in stride(from: 0, to: length, by: 16) { sum += piece[place] }
                    piece += lattice.strides.x
                }
            }
        }
        // The sum is stored, so that the compiler keeps the reads.
        square[0] = sum
    }
}

extension TileWalk {
    /// A dense grid that is only read.
    init(
        _ base: UnsafePointer<Float>, size: Axes, pixel: Int, channels: Int, first: Axes, step: Int,
        square: UnsafeMutablePointer<Float>
    ) {
        self.init(
            base: UnsafeMutablePointer(mutating: base),
            lattice: Lattice(dense: size, pixel), size: size, channels: channels, first: first, step: step,
            square: square)
    }
}
