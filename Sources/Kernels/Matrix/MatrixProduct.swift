import AdjointKernelTables

// result[i, j] = Σ_s left[i, s] · right[s, j], of matrices that are read in place. There are two ways to fill a vector:
//
//     columns      right has its columns side by side: a tile is rows × vectors of columns, left gives a scalar for each row
//     depth        both have s side by side: a tile is rows × columns, each a vector of sums that is added up in the end
//
// The last tile of each axis is moved back until it fits, and computes some elements once more.

let productRoutine = Routine(ProductDivision.self)

/// How the result is cut into tasks.
private struct ProductDivision: Division {
    let taskRows: Int
    let taskColumns: Int
    /// Parts of the rows × parts of the columns.
    let tasks: TaskGrid

    /// The multiply-adds of a vector with which a task is worth its start.
    private static let smallTask = 8_000
    private static let taskCount = 16

    init(_ arguments: ProductArguments) {
        // Reading a vector takes as long as multiplying it for two rows.
        let cost = partCount(arguments.depth * arguments.columns, lanes) * (arguments.rows + 2)
        let wanted = max(1, min(ProductDivision.taskCount, cost / ProductDivision.smallTask))
        func part(_ size: Int, _ unit: Int, _ parts: Int) -> Int {
            max(unit, partCount(partCount(size, unit), parts) * unit)
        }
        taskColumns = part(arguments.columns, 4 * lanes, wanted)
        let columnParts = partCount(arguments.columns, taskColumns)
        taskRows = part(arguments.rows, 12, partCount(wanted, max(1, columnParts)))
        tasks = TaskGrid(partCount(arguments.rows, taskRows), columnParts)
    }

    var work: Work { Work(tasks: tasks.count, scratch: Scratch.bytes(ProductSweep.tileFloats, of: Float.self)) }

    func run(_ arguments: ProductArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (rowPart, columnPart, _, _) = tasks[task]
        let sweep = ProductSweep(
            arguments: arguments, rows: range(ofPart: rowPart, of: taskRows, below: arguments.rows),
            columns: range(ofPart: columnPart, of: taskColumns, below: arguments.columns),
            sums: scratch.take(ProductSweep.tileFloats, of: Float.self))
        if arguments.rightColumn == 1 { sweep.sweepColumns() } else { sweep.sweepDepth() }
    }
}

/// A part of the result.
private struct ProductSweep {
    var arguments: ProductArguments
    var rows: Range<Int>
    var columns: Range<Int>
    var sums: UnsafeMutablePointer<Float>

    /// The floats of the largest tile whose sums are added up.
    static var tileFloats: Int { 16 * lanes }

    // MARK: Vectors of columns

    func sweepColumns() {
        guard columns.count >= lanes else {
            sweepColumns(EightRows<Tail>.self, at: columns.lowerBound, tail: columns.count)
            return
        }
        var column = columns.lowerBound
        while column < columns.upperBound {
            let vectors = min(vectorCount(columns.upperBound - column), columns.count / lanes)
            let width = rows.count == 1 && vectors >= 8 ? 8 : panelWidth(vectors)
            ColumnSweep(product: self, column: min(column, columns.upperBound - width * lanes))
                .sweep(matrix: width, rows: rows.count)
            column += width * lanes
        }
    }

    @inline(never)
    fileprivate func sweepColumns<Tile: Rows>(_: Tile.Type, at column: Int, tail: Int = lanes) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let first = Swift.max(rows.lowerBound, min(row, rows.upperBound - Tile.rows))
            let pointers = Tile.sources(
                arguments.left + first * arguments.leftRow, pitch: arguments.leftRow,
                last: rows.upperBound - 1 - first)
            var tile = Tile.zero
            var index = 0
            var vector = arguments.right + column
            for _ in 0..<arguments.depth {
                tile.addMultiples(pointers, index, of: .load(vector, tail: tail))
                index &+= arguments.leftDepth
                vector += arguments.rightDepth
            }
            tile.store(
                arguments.result + (first * arguments.resultRow + column), pitch: arguments.resultRow,
                count: rows.upperBound - first, tail: tail)
            row += Tile.rows
        }
    }

    // MARK: Vectors of the depth

    func sweepDepth() {
        var column = columns.lowerBound
        while column < columns.upperBound {
            column += DepthSweep(product: self, column: column).sweep(matrixSums: rows.count, columns: columns.count)
        }
    }

    @inline(never)
    fileprivate func sweepDepth<Tile: Rows>(_: Tile.Type, from next: Int) {
        let width = Tile.Part.vectors
        let column = min(next, columns.upperBound - width)
        let right = arguments.right + column * arguments.rightColumn
        let whole = arguments.depth / lanes * lanes
        let rest = lastLanes(arguments.depth - whole)
        var row = rows.lowerBound
        while row < rows.upperBound {
            let first = Swift.max(rows.lowerBound, min(row, rows.upperBound - Tile.rows))
            let pointers = Tile.sources(
                arguments.left + first * arguments.leftRow, pitch: arguments.leftRow,
                last: rows.upperBound - 1 - first)
            var tile = Tile.zero
            var index = 0
            while index < whole {
                tile.addProducts(pointers, index, of: .load(right + index, pitch: arguments.rightColumn))
                index &+= lanes
            }
            if whole < arguments.depth {
                // The last vector, without the lanes that the one before it has.
                let last = arguments.depth - lanes
                tile.addProducts(
                    pointers, last, of: .load(right + last, pitch: arguments.rightColumn), keeping: rest)
            }
            tile.store(sums, pitch: width * lanes)
            let result = arguments.result + (first * arguments.resultRow + column)
            for i in 0..<min(Tile.rows, rows.upperBound - first) {
                for j in 0..<width {
                    result[i * arguments.resultRow + j] = Lanes.load(sums + (i * width + j) * lanes).total
                }
            }
            row += Tile.rows
        }
    }
}

/// The vectors of columns from a first one on.
private struct ColumnSweep: Sweep {
    let product: ProductSweep
    let column: Int

    @inline(__always)
    func sweep<Tile: Rows, Last: Rows>(_: Tile.Type, _: Last.Type) { product.sweepColumns(Tile.self, at: column) }
}

/// The sums over the depth of the columns from a first one on.
private struct DepthSweep: Sweep {
    let product: ProductSweep
    let column: Int

    @inline(__always)
    func sweep<Tile: Rows, Last: Rows>(_: Tile.Type, _: Last.Type) { product.sweepDepth(Tile.self, from: column) }
}
