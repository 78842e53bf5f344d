import AdjointKernelTables

extension Reach {
    /// Copies the part of the source's first `existing` channels that a box needs, padded with zeros, as
    /// [image][z][y][x][channel]; returns the layout of its positions.
    func copy(
        _ source: UnsafePointer<Float>, _ existing: Int, _ box: Box, to copy: UnsafeMutablePointer<Float>
    ) -> Lattice {
        var target = Lattice(dense: extent, channels)
        let (image, z, y, x) = (target.image, target.strides.z, target.strides.y, target.strides.x)
        let (from, sourceSize) = (sourceLattice, layer.sourceSize)
        let first = Axes(
            layer.stride.z * box.z.lowerBound + low.z, layer.stride.y * box.y.lowerBound + low.y,
            layer.stride.x * box.x.lowerBound + low.x)
        // The source's positions in a row of the copy, and where they begin in it.
        let begin = min(max(first.x, 0), sourceSize.x)
        let end = max(begin, min(first.x + extent.x, sourceSize.x))
        let zerosBefore = min(max(begin - first.x, 0), extent.x) * channels
        let floats = (end - begin) * channels
        for n in box.images {
            for iz in 0..<extent.z {
                let isInside = first.z + iz >= 0 && first.z + iz < sourceSize.z
                for iy in 0..<extent.y {
                    let row = copy + ((n - box.images.lowerBound) * image + iz * z + iy * y)
                    guard isInside, first.y + iy >= 0, first.y + iy < sourceSize.y, floats > 0 else {
                        row.update(repeating: 0, count: y)
                        continue
                    }
                    row.update(repeating: 0, count: zerosBefore)
                    let place = from.offset(n, first.z + iz, first.y + iy, begin)
                    copyPositions(source + place, existing, end - begin, to: row + zerosBefore)
                    (row + (zerosBefore + floats)).update(repeating: 0, count: y - zerosBefore - floats)
                }
            }
        }
        target.origin = -(box.images.lowerBound * image + first.z * z + first.y * y + first.x * x)
        return target
    }

    private func copyPositions(
        _ source: UnsafePointer<Float>, _ existing: Int, _ count: Int, to copy: UnsafeMutablePointer<Float>
    ) {
        let pitch = layer.groups * layer.channels
        if existing == pitch {
            copy.update(from: source, count: count * channels)
        } else {
            for x in 0..<count {
                (copy + x * channels).update(from: source + x * pitch, count: existing)
            }
        }
    }
}
