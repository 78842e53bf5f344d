import AdjointKernelTables

extension PointwiseProgram {
    var pointCount: Int {
        var count = 1
        for axis in 0..<rank { count *= sizes[axis] }
        return count
    }

    /// The images to which points belong, where the space is a batch of images.
    func images(_ points: Range<Int>, of batch: Int) -> Range<Int> {
        let image = pointCount / batch
        return points.lowerBound / image..<partCount(points.upperBound, image)
    }

    /// About `wish` of the space's `count` units: an even part of an image, or several images.
    func share(_ wish: Int, of count: Int) -> Int {
        let image = count / batch
        guard batch > 1, image > 0 else { return wish }
        if image <= wish { return wish / image * image }
        let parts = partCount(image, wish)
        return (parts...4 * parts).first { image % $0 == 0 }.map { image / $0 } ?? wish
    }

    /// The points in a block: so many that all registers and patterns together take about 24 KiB of L1. A form goes through
    /// whole rows, in place of operands and results.
    var blockLength: Int {
        if form.row > 0 { return form.row * max(1, 4096 / form.row) }
        return max(128, min(instructionCount == 0 ? 2048 : 512, 6144 / max(registerCount + operandCount, 1) / 64 * 64))
    }

    /// Drops axes of one point, and joins an axis with the next where every operand walks the two as one.
    mutating func joinAxes() {
        joinAxes(isJoinable: { _, _ in true }, move: { _, _ in })
    }

    /// The same for callers with further numbers for each axis: `isJoinable` says whether two neighbours may be joined, the
    /// outer one in its new place; `move` gets each axis' old and new place (a joined axis has its inner one's numbers).
    @inline(__always)
    mutating func joinAxes(isJoinable: (_ outer: Int, _ inner: Int) -> Bool, move: (_ from: Int, _ to: Int) -> Void) {
        let operands = UnsafeMutablePointer(mutating: operands)
        var joined = 0
        for axis in 0..<rank where sizes[axis] != 1 {
            var place = joined
            if joined > 0, isJoinable(joined - 1, axis) {
                var isOne = true
                for k in 0..<operandCount
                where operands[k].strides[joined - 1] != operands[k].strides[axis] * sizes[axis] { isOne = false }
                if isOne { place = joined - 1 }
            }
            sizes[place] = place == joined ? sizes[axis] : sizes[place] * sizes[axis]
            for k in 0..<operandCount { operands[k].strides[place] = operands[k].strides[axis] }
            move(axis, place)
            joined = place + 1
        }
        rank = joined
    }
}
