/// A part of two axes of a copy.
struct Plane {
    let rows: Int
    let columns: Int
    let sourceRow: Int
    let sourceColumn: Int
    let destinationRow: Int
    let destinationColumn: Int
    /// Two tiles of lanes × lanes floats.
    let tiles: UnsafeMutablePointer<Float>

    func copy(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
        if destinationColumn != 1 {
            copyElements(source, destination, 0, rows, 0, columns)
        } else if sourceColumn == 1 {
            for row in 0..<rows {
                copyRow(source + row * sourceRow, destination + row * destinationRow, columns)
            }
        } else if sourceColumn == 0 {
            for row in 0..<rows {
                fillRow(destination + row * destinationRow, source[row * sourceRow], columns)
            }
        } else if sourceRow == 1 {
            transpose(source, destination)
        } else {
            copyElements(source, destination, 0, rows, 0, columns)
        }
    }

    private func copyElements(
        _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>,
        _ firstRow: Int, _ lastRow: Int, _ firstColumn: Int, _ lastColumn: Int
    ) {
        // The longer axis inside.
        let isWide = lastColumn - firstColumn >= lastRow - firstRow
        let (outer, inner) =
            isWide ? (firstRow..<lastRow, firstColumn..<lastColumn) : (firstColumn..<lastColumn, firstRow..<lastRow)
        let (sourceOuter, sourceInner) = isWide ? (sourceRow, sourceColumn) : (sourceColumn, sourceRow)
        let (destinationOuter, destinationInner) =
            isWide ? (destinationRow, destinationColumn) : (destinationColumn, destinationRow)
        for i in outer {
            var from = source + (i * sourceOuter + inner.lowerBound * sourceInner)
            var to = destination + (i * destinationOuter + inner.lowerBound * destinationInner)
            for _ in inner {
                to.pointee = from.pointee
                from += sourceInner
                to += destinationInner
            }
        }
    }

    /// The source lies densely along rows, the destination along columns.
    private func transpose(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
        let wholeRows = rows / lanes * lanes
        let wholeColumns = columns / lanes * lanes
        // Along the side whose vectors lie further apart, so that it is read or written in a few long streams.
        if sourceColumn.magnitude > destinationRow.magnitude {
            for column in stride(from: 0, to: wholeColumns, by: lanes) {
                for row in stride(from: 0, to: wholeRows, by: lanes) {
                    transposeTile(source + (row + column * sourceColumn), destination + (row * destinationRow + column))
                }
            }
        } else {
            for row in stride(from: 0, to: wholeRows, by: lanes) {
                for column in stride(from: 0, to: wholeColumns, by: lanes) {
                    transposeTile(source + (row + column * sourceColumn), destination + (row * destinationRow + column))
                }
            }
        }
        copyElements(source, destination, 0, wholeRows, wholeColumns, columns)
        copyElements(source, destination, wholeRows, rows, 0, columns)
    }

    /// A transposition by perfect shuffles: to interleave vector i with vector i + lanes/2, for every i below
    /// lanes/2, turns the bits of (vector, lane) by one place; after log₂ lanes such rounds the two have changed roles.
    @inline(__always)
    private func transposeTile(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
        let first = tiles
        let second = tiles + lanes * lanes
        shuffle(source, sourceColumn, first, lanes)
        #if LANES512
            shuffle(first, lanes, second, lanes)
            shuffle(second, lanes, first, lanes)
        #elseif LANES256
            shuffle(first, lanes, second, lanes)
            shuffle(second, lanes, destination, destinationRow)
        #endif
        #if !LANES256
            shuffle(first, lanes, destination, destinationRow)
        #endif
    }

    @inline(__always)
    private func shuffle(
        _ source: UnsafePointer<Float>, _ sourceStep: Int,
        _ destination: UnsafeMutablePointer<Float>, _ destinationStep: Int
    ) {
        for i in 0..<lanes / 2 {
            let a = Lanes.load(source + i * sourceStep)
            let b = Lanes.load(source + (i + lanes / 2) * sourceStep)
            var low = Lanes()
            low.evenHalf = a.lowHalf
            low.oddHalf = b.lowHalf
            low.store(destination + 2 * i * destinationStep)
            var high = Lanes()
            high.evenHalf = a.highHalf
            high.oddHalf = b.highHalf
            high.store(destination + (2 * i + 1) * destinationStep)
        }
    }
}
