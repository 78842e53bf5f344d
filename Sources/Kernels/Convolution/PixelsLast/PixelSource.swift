import AdjointKernelTables

// The source of a box of positions, a plane for each channel, so that a vector holds neighbouring positions:
//
//     plane[m][φ][n][z][y][x] = source[n, stride·((z, y, x) + q₀) + φ + low, m]        zero outside of the source
//
// where q₀ is the box's first position. A window of stride s is a window of stride 1 over s phases φ of the source: with
// offset − low = stride·a + φ, position q meets its tap in phase φ at q + a. So every tap is one shift of all positions:
//
//     position f = n·image + z·strides.z + y·strides.y + x     finds tap t at     f + offset(t)
//
// Rows are as long as the positions need; the zeros after one row also serve as the zeros before the next, and so for
// planes and images: 14 × 14 positions of a 5 × 5 window over 10 × 10 pixels fill rows of 14, not of 18. What remains
// between one row's positions and the next are cells without a position: they are computed and never stored.
struct PixelSource {
    private let boxes: TaskBoxes
    private let sourceSize: Axes
    private let stride: Axes
    private let low: Axes
    private let phases: Axes
    /// The sizes of a phase in cells.
    private let extent: Axes
    /// The layout of positions in a phase.
    let lattice: Lattice
    /// The number of cells from the first position of the largest box to its last.
    var cells: Int { cells(boxes[0]) }
    private let phaseFloats: Int
    /// The distance in cells from one channel to the next.
    let pitch: Int

    /// Nothing if the planes of a group's channels would be too large.
    init?(_ layer: WindowLayer, _ boxes: TaskBoxes) {
        let (low, high) = layer.corners
        let (stride, sourceSize) = (layer.stride, layer.sourceSize)
        func cells(_ count: Int, _ stride: Int, _ low: Int, _ high: Int) -> Double {
            Double(count + (high - low) / stride) * Double(min(stride, high - low + 1))
        }
        let count = boxes.largest
        let floats =
            Double(layer.channels * boxes.images) * cells(count.z, stride.z, low.z, high.z)
            * cells(count.y, stride.y, low.y, high.y) * cells(count.x, stride.x, low.x, high.x)
        guard floats <= Double(MachineCosts.secondLevelFloats) else { return nil }

        let z = PlaneAxis(count.z, of: boxes.size.z, low.z, high.z, stride.z, sourceSize.z)
        let y = PlaneAxis(count.y, of: boxes.size.y, low.y, high.y, stride.y, sourceSize.y)
        let x = PlaneAxis(count.x, of: boxes.size.x, low.x, high.x, stride.x, sourceSize.x)
        self.boxes = boxes
        self.sourceSize = sourceSize
        self.stride = stride
        self.low = low
        phases = Axes(z.phases, y.phases, x.phases)
        extent = Axes(z.extent, y.extent, x.extent)
        let row = x.pitch
        let plane = y.pitch * row
        let image = z.pitch * plane
        lattice = Lattice(origin: 0, image: image, strides: Axes(plane, row, 1))
        phaseFloats = lattice.offset(boxes.images - 1, z.extent - 1, y.extent - 1, x.extent - 1) + 1
        pitch = phases.count * phaseFloats
    }

    /// The floats of this many channels. A vector may begin at the last position.
    func floats(_ channels: Int) -> Int { channels * pitch + lanes }

    /// The number of cells from the first position of a box to its last.
    func cells(_ box: Box) -> Int {
        lattice.offset(box.images.count - 1, box.z.count - 1, box.y.count - 1, box.x.count - 1) + 1
    }

    /// The distance from a position to its tap.
    func offset(of tap: Tap) -> Int {
        let (az, z) = (tap.offset.z - low.z).quotientAndRemainder(dividingBy: stride.z)
        let (ay, y) = (tap.offset.y - low.y).quotientAndRemainder(dividingBy: stride.y)
        let (ax, x) = (tap.offset.x - low.x).quotientAndRemainder(dividingBy: stride.x)
        return phase(z, y, x) + lattice.offset(0, az, ay, ax)
    }

    private func phase(_ z: Int, _ y: Int, _ x: Int) -> Int {
        ((z * phases.y + y) * phases.x + x) * phaseFloats
    }

    /// The first cell from `cell` on with a position.
    func position(from cell: Int) -> Int {
        let (n, inImage) = cell.quotientAndRemainder(dividingBy: lattice.image)
        let (z, inPlane) = inImage.quotientAndRemainder(dividingBy: lattice.strides.z)
        if z >= boxes.largest.z { return (n + 1) * lattice.image }
        let (y, x) = inPlane.quotientAndRemainder(dividingBy: lattice.strides.y)
        if y >= boxes.largest.y { return n * lattice.image + (z + 1) * lattice.strides.z }
        return x < boxes.largest.x ? cell : position(from: cell - x + lattice.strides.y)
    }

    /// Fills the planes of `channels` with the part of the source, of `all` channels, that a box needs.
    func fill(
        _ planes: UnsafeMutablePointer<Float>, _ box: Box, from source: UnsafePointer<Float>, channels: Int, all: Int
    ) {
        planes.update(repeating: 0, count: floats(channels))
        let first = Axes(
            stride.z * box.z.lowerBound + low.z, stride.y * box.y.lowerBound + low.y,
            stride.x * box.x.lowerBound + low.x)
        for n in box.images {
            for cz in 0..<extent.z * phases.z {
                let (z, phaseZ) = cz.quotientAndRemainder(dividingBy: phases.z)
                let sz = first.z + stride.z * z + phaseZ
                guard sz >= 0, sz < sourceSize.z else { continue }
                for cy in 0..<extent.y * phases.y {
                    let (y, phaseY) = cy.quotientAndRemainder(dividingBy: phases.y)
                    let sy = first.y + stride.y * y + phaseY
                    guard sy >= 0, sy < sourceSize.y else { continue }
                    let row = source + ((n * sourceSize.z + sz) * sourceSize.y + sy) * sourceSize.x * all
                    for phaseX in 0..<phases.x {
                        let x = positions(
                            meeting: first.x + phaseX, stride: stride.x, size: sourceSize.x, count: extent.x)
                        guard !x.isEmpty else { continue }
                        let target =
                            phase(phaseZ, phaseY, phaseX)
                            + lattice.offset(n - box.images.lowerBound, z, y, x.lowerBound)
                        transpose(
                            row + (first.x + phaseX + stride.x * x.lowerBound) * all, pitch: stride.x * all,
                            rows: x.count, columns: channels, to: planes + target, pitch: pitch)
                    }
                }
            }
        }
    }

    /// Calls `body` with every row of a box: image, plane and row, and the cell at which it begins.
    @inline(__always)
    func forEachRow(_ box: Box, _ body: (_ n: Int, _ z: Int, _ y: Int, _ cell: Int) -> Void) {
        box.forEachRow { n, z, y in
            body(n, z, y, lattice.offset(n - box.images.lowerBound, z - box.z.lowerBound, y - box.y.lowerBound, 0))
        }
    }
}

/// One axis of the planes.
private struct PlaneAxis {
    let phases: Int
    let extent: Int
    /// The distance in cells from one row (plane, image) to the next.
    let pitch: Int

    /// An axis with `all` positions, of which `count` are solved for together.
    init(_ count: Int, of all: Int, _ low: Int, _ high: Int, _ stride: Int, _ size: Int) {
        let reach = (high - low) / stride
        phases = min(stride, high - low + 1)
        extent = count + reach
        // Cells before and after the source, in every phase. A box that does not span the axis has only one row.
        let before = -low >= phases ? (-low - phases) / stride + 1 : 0
        let after = extent - (max(0, size - low) + stride - 1) / stride
        pitch = count == all ? extent - max(0, min(before, after, reach)) : extent
    }
}
