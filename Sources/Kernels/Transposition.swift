/// to[c·toPitch + r] = from[r·fromPitch + c], for every r below `rows` and c below `columns`, in blocks of 4 × 4.
@inline(never)
func transpose(
    _ from: UnsafePointer<Float>, pitch fromPitch: Int, rows: Int, columns: Int,
    to: UnsafeMutablePointer<Float>, pitch toPitch: Int
) {
    if columns == 1 && fromPitch == 1 {
        to.update(from: from, count: rows)
        return
    }
    if rows == 1 && toPitch == 1 {
        to.update(from: from, count: columns)
        return
    }
    let wholeRows = rows & ~3
    let wholeColumns = columns & ~3
    for r in stride(from: 0, to: wholeRows, by: 4) {
        let source = from + r * fromPitch
        let target = to + r
        for c in stride(from: 0, to: wholeColumns, by: 4) {
            let a = SIMD4<Float>.load(source + c)
            let b = SIMD4<Float>.load(source + (c &+ fromPitch))
            let d = SIMD4<Float>.load(source + (c &+ 2 &* fromPitch))
            let e = SIMD4<Float>.load(source + (c &+ 3 &* fromPitch))
            let place = target + c &* toPitch
            SIMD4(a[0], b[0], d[0], e[0]).store(place)
            SIMD4(a[1], b[1], d[1], e[1]).store(place + toPitch)
            SIMD4(a[2], b[2], d[2], e[2]).store(place + 2 &* toPitch)
            SIMD4(a[3], b[3], d[3], e[3]).store(place + 3 &* toPitch)
        }
        for c in wholeColumns..<columns {
            SIMD4(
                source[c], source[c &+ fromPitch], source[c &+ 2 &* fromPitch], source[c &+ 3 &* fromPitch]
            ).store(target + c &* toPitch)
        }
    }
    guard wholeRows < rows else { return }
    for c in 0..<columns {
        let target = to + c &* toPitch
        for r in wholeRows..<rows { target[r] = from[r &* fromPitch &+ c] }
    }
}
