/// A part of two axes of a copy.
struct Plane {
    let rows: Int
    let columns: Int
    let sourceRow: Int
    let sourceColumn: Int
    let destinationRow: Int
    let destinationColumn: Int

    func copy(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
        if destinationColumn != 1 {
            copyElements(source, destination)
        } else if sourceColumn == 1 {
            for row in 0..<rows {
                copyRow(source + row * sourceRow, destination + row * destinationRow, columns)
            }
        } else if sourceColumn == 0 {
            for row in 0..<rows {
                fillRow(destination + row * destinationRow, source[row * sourceRow], columns)
            }
        } else if sourceRow == 1 {
            transpose(
                source, pitch: sourceColumn, rows: columns, columns: rows, to: destination, pitch: destinationRow)
        } else {
            copyElements(source, destination)
        }
    }

    private func copyElements(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
        // The longer axis is the inner one.
        let isWide = columns >= rows
        let (outer, inner) = isWide ? (rows, columns) : (columns, rows)
        let (sourceOuter, sourceInner) = isWide ? (sourceRow, sourceColumn) : (sourceColumn, sourceRow)
        let (destinationOuter, destinationInner) =
            isWide ? (destinationRow, destinationColumn) : (destinationColumn, destinationRow)
        for i in 0..<outer {
            var from = source + i * sourceOuter
            var to = destination + i * destinationOuter
            for _ in 0..<inner {
                to.pointee = from.pointee
                from += sourceInner
                to += destinationInner
            }
        }
    }
}
