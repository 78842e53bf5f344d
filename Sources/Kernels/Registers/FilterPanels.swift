// How the columns of a group are cut into panels, one after the other:
//
//     columns, rounded up to vectors   | 4 vectors | 4 vectors | … | 2 | 1 |
//     packed: a panel of width w is    depth × w floats, row after row

/// The number of vectors that hold this many columns.
@inline(__always)
func vectorCount(_ columns: Int) -> Int { (columns + lanes - 1) / lanes }

/// The number of parts of `size` that cover `total`.
@inline(__always)
func partCount(_ total: Int, _ size: Int) -> Int { size == 0 ? 0 : (total + size - 1) / size }

/// The width in vectors of the panel that starts where `remaining` vectors are left.
@inline(__always)
func panelWidth(_ remaining: Int) -> Int {
    remaining >= widestPanel ? widestPanel : remaining >= 2 ? 2 : 1
}

/// Calls `body` with each panel in a part of so many vectors: its first vector and its width.
@inline(__always)
func forEachPanel(_ part: Range<Int>, of vectors: Int, _ body: (_ vector: Int, _ width: Int) -> Void) {
    var vector = part.lowerBound
    while vector < part.upperBound {
        let width = panelWidth(vectors - vector)
        body(vector, width)
        vector += width
    }
}

/// The first vector of the panel that holds `vector`.
func panelStart(_ vector: Int, of vectors: Int) -> Int {
    var start = 0
    while start + panelWidth(vectors - start) <= vector { start += panelWidth(vectors - start) }
    return start
}

/// The floats of a panel's last vector that exist, where `columns` are left at the start of the panel of `width` vectors.
@inline(__always)
func panelTail(_ columns: Int, width: Int) -> Int {
    min(lanes, columns - (width - 1) * lanes)
}
