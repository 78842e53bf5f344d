/// to[c·toPitch + r] = from[r·fromPitch + c], for every r below `rows` and c below `columns`.
@inline(never)
func transpose(
    _ from: UnsafePointer<Float>, pitch fromPitch: Int, rows: Int, columns: Int,
    to: UnsafeMutablePointer<Float>, pitch toPitch: Int
) {
    if columns == 1 && fromPitch == 1 {
        to.update(from: from, count: rows)
    } else if rows == 1 && toPitch == 1 {
        to.update(from: from, count: columns)
    } else if rows < 4 || columns < 4 {
        // The longer axis is the inner one.
        if rows < columns {
            for r in 0..<rows {
                for c in 0..<columns { to[c &* toPitch &+ r] = from[r &* fromPitch &+ c] }
            }
        } else {
            for c in 0..<columns {
                for r in 0..<rows { to[c &* toPitch &+ r] = from[r &* fromPitch &+ c] }
            }
        }
    } else {
        // Blocks of 4 × 4, the last of which overlap those before them. Few columns at a time, so that cache lines are
        // read, and written, whole; fewer where they are written far apart, and might be in one set of the cache.
        let width = toPitch > fromPitch ? 8 : 16
        for band in stride(from: 0, to: columns, by: width) {
            var r = 0
            while r < rows {
                let row = min(r, rows &- 4)
                var c = band
                while c < min(band &+ width, columns) {
                    let column = min(c, columns &- 4)
                    transposeBlock(
                        from + (row &* fromPitch &+ column), fromPitch, to + (column &* toPitch &+ row), toPitch)
                    c &+= 4
                }
                r &+= 4
            }
        }
    }
}

@inline(__always)
private func transposeBlock(
    _ from: UnsafePointer<Float>, _ fromPitch: Int, _ to: UnsafeMutablePointer<Float>, _ toPitch: Int
) {
    let a = SIMD4<Float>.load(from)
    let b = SIMD4<Float>.load(from + fromPitch)
    let c = SIMD4<Float>.load(from + 2 &* fromPitch)
    let d = SIMD4<Float>.load(from + 3 &* fromPitch)
    SIMD4(a[0], b[0], c[0], d[0]).store(to)
    SIMD4(a[1], b[1], c[1], d[1]).store(to + toPitch)
    SIMD4(a[2], b[2], c[2], d[2]).store(to + 2 &* toPitch)
    SIMD4(a[3], b[3], c[3], d[3]).store(to + 3 &* toPitch)
}
