import AdjointKernelTables

// result[i, j] = Σ_s left[i, s] · right[s, j], of matrices that are read where they are. There are two ways to fill a vector:
//
//     columns      right has its columns side by side: a tile is rows × vectors of columns, left gives a scalar a row
//     depth        both have s side by side: a tile is rows × columns, each a vector of sums that is added up at last
//
// The last tile of each axis is moved back until it fits, and computes some elements once more.

let productRoutine = Routine<ProductArguments>(
    work: { arguments in
        Work(
            tasks: ProductDivision(arguments).tasks.count,
            scratch: Scratch.bytes(ProductSweep.tileFloats, of: Float.self))
    },
    run: { arguments, task, scratch in
        let arguments = arguments.assumingMemoryBound(to: ProductArguments.self).pointee
        let plan = ProductDivision(arguments)
        let (rowPart, columnPart, _, _) = plan.tasks[task]
        let sweep = ProductSweep(
            arguments: arguments,
            rows: range(ofPart: rowPart, of: plan.taskRows, below: arguments.rows),
            columns: range(ofPart: columnPart, of: plan.taskColumns, below: arguments.columns),
            sums: scratch.assumingMemoryBound(to: Float.self))
        if arguments.rightColumn == 1 { sweep.sweepColumns() } else { sweep.sweepDepth() }
    })

/// How the result is cut into tasks.
private struct ProductDivision {
    let taskRows: Int
    let taskColumns: Int
    /// Parts of the rows, parts of the columns.
    let tasks: TaskGrid

    /// Multiply-adds of a vector that make a task worth handing out.
    private static let smallTask = 8_000
    private static let taskCount = 16

    init(_ arguments: ProductArguments) {
        // To read a vector takes as long as two rows need to multiply it.
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
}

/// A part of the result.
private struct ProductSweep {
    var arguments: ProductArguments
    var rows: Range<Int>
    var columns: Range<Int>
    var sums: UnsafeMutablePointer<Float>

    /// Of the largest tile whose sums are added up.
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
            sweepColumns(width: width, at: min(column, columns.upperBound - width * lanes))
            column += width * lanes
        }
    }

    private func sweepColumns(width: Int, at column: Int) {
        switch (width, rows.count) {
        case (8, _): sweepColumns(Row<EightVectors>.self, at: column)
        #if LANES512 || arch(arm64)
            case (4, 1): sweepColumns(Row<FourVectors>.self, at: column)
            case (4, 2...3): sweepColumns(ThreeRows<FourVectors>.self, at: column)
            case (4, _): sweepColumns(SixRows<FourVectors>.self, at: column)
            case (2, 1): sweepColumns(Row<TwoVectors>.self, at: column)
            case (2, 2...4): sweepColumns(FourRows<TwoVectors>.self, at: column)
            case (2, _): sweepColumns(EightRows<TwoVectors>.self, at: column)
        #else
            case (2, 1): sweepColumns(Row<TwoVectors>.self, at: column)
            case (2, 2...3): sweepColumns(ThreeRows<TwoVectors>.self, at: column)
            case (2, _): sweepColumns(SixRows<TwoVectors>.self, at: column)
        #endif
        case (_, 1): sweepColumns(Row<Lanes>.self, at: column)
        default: sweepColumns(EightRows<Lanes>.self, at: column)
        }
    }

    @inline(never)
    private func sweepColumns<Tile: Rows>(_: Tile.Type, at column: Int, tail: Int = lanes) {
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
            if rows.count == 1, columns.count >= 8 {
                column = sweepDepth(Row<EightVectors>.self, from: column)
            } else if columns.count >= 4 {
                #if LANES512 || arch(arm64)
                    column =
                        rows.count > 2
                        ? sweepDepth(FourRows<FourVectors>.self, from: column)
                        : sweepDepth(TwoRows<FourVectors>.self, from: column)
                #else
                    column = sweepDepth(TwoRows<FourVectors>.self, from: column)
                #endif
            } else {
                column = sweepDepth(FourRows<Lanes>.self, from: column)
            }
        }
    }

    /// - Returns: the first column that is not solved for.
    @inline(never)
    private func sweepDepth<Tile: Rows>(_: Tile.Type, from next: Int) -> Int {
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
                // The last vector, without what the one before it has of it.
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
        return column + width
    }
}
