import AdjointKernelTables

// Every sum is brought into one form, from the innermost axes outward:
//
//     leading axes (kept and summed, mixed) | rows: R summed points | columns: C kept points
//
// A box is the R·C points of one leading index; they are consecutive. A sum over the innermost axes has C = 1.
// Each box gives C numbers for each piece of its rows and each of the numbers that its sums need, in
// partials[leading index][piece][number][column]; `combineReduction` adds up the pieces and the summed leading axes. Where
// neither exist, the sums are written to their destinations at once.
//
// In a box, blocks of whole rows are evaluated, and the results stored. The sums' registers are added into U accumulators,
// by a form without being stored, with U a multiple of C and of the vector, so that accumulator j always belongs to column
// j mod C and small C costs nothing; for C without such a U a block is one row, or a part of one. After 16 additions the
// accumulators are added to compensated sums.
//
// A block may be longer or shorter, as the program that computes it needs: U, the 16 additions and everything else that
// determines the order of a sum depend on the sizes alone. So the same sum has the same bits with any program.

package let reduceRoutine = Routine<ReductionArguments>(
    work: divideReduction, divide: { ReductionDivision($0) }, run: reduce,
    images: { arguments, task, batch in
        arguments.program.images(ReductionDivision(arguments).points(ofTask: task), of: batch)
    })

/// The division of a sum, from sizes alone except for the length of a block: joining axes changes none of these numbers.
struct ReductionDivision {
    /// R and C of above.
    var rows = 1
    var columns = 1
    /// The number of leading axes.
    var leadingRank = 0
    var keptLeading = 1
    var summedLeading = 1
    var blockLength = 1
    /// The number of accumulators, and of points in a block.
    var accumulators = 1
    var blockPoints = 1
    /// The number of points from which a piece takes its shift (see Moments).
    var shiftPoints = 1
    /// The number of columns evaluated together: C, or a part of it where C is more than a block.
    var width = 1
    var rowsInPiece = 1
    /// Whether boxes are small: these are evaluated many at a time, and summed by themselves.
    var isSmall = false
    var boxesInTask = 1
    /// The count of numbers that a piece leaves for a column.
    var numbers = 0

    /// The most points that a block may have in any program.
    private static let commonBlock = 512
    /// The number of values that are added to an accumulator before it is settled.
    static let rounds = 16

    /// The number of rounds of the accumulators in a block, so that blocks end where accumulators are settled.
    private static func roundsThatFit(_ accumulators: Int, in length: Int) -> Int {
        var fitting = rounds
        while fitting > 1, fitting * accumulators > length { fitting /= 2 }
        return fitting
    }

    init(_ arguments: ReductionArguments) {
        takeAxes(arguments)
        blockLength = arguments.program.blockLength
        chooseBlocks()
        rowsInPiece = max(1, 8192 / max(1, columns), min(65536 / max(1, columns), rows / 32))
        if leadingRank == 0 { rowsInPiece = arguments.program.share(rowsInPiece, of: rows) }
        let box = rows * columns
        if box > 0, box <= Self.commonBlock / 2, keptLeading * summedLeading > 1 {
            isSmall = true
            blockLength = max(blockLength, box)
            blockPoints = blockLength / box * box
            boxesInTask = max(1, 16384 / blockPoints) * (blockLength / box)
        }
        for k in 0..<arguments.sumCount { numbers += arguments.sums[k].numbers }
    }

    /// Takes the axes from the last on: those that are summed, with kept ones after or before them; all others are leading.
    private mutating func takeAxes(_ arguments: ReductionArguments) {
        var axis = arguments.program.rank
        func isOne(_ axis: Int) -> Bool { arguments.program.sizes[axis] == 1 }
        while axis > 0, isOne(axis - 1) || arguments.isSummed[axis - 1] {
            axis -= 1
            rows *= arguments.program.sizes[axis]
        }
        if rows == 1 {
            axis = arguments.program.rank
            while axis > 0, isOne(axis - 1) || !arguments.isSummed[axis - 1] {
                axis -= 1
                columns *= arguments.program.sizes[axis]
            }
            while axis > 0, isOne(axis - 1) || arguments.isSummed[axis - 1] {
                axis -= 1
                rows *= arguments.program.sizes[axis]
            }
        }
        leadingRank = axis
        for axis in 0..<leadingRank {
            if arguments.isSummed[axis] {
                summedLeading *= arguments.program.sizes[axis]
            } else {
                keptLeading *= arguments.program.sizes[axis]
            }
        }
    }

    /// Chooses blocks of whole rows where their sums fit beside each other, else of chunks of a row.
    private mutating func chooseBlocks() {
        let common = max(1, columns) / greatestCommonDivisor(max(1, columns), lanes) * lanes
        if common <= Self.commonBlock || common == columns && columns <= blockLength {
            accumulators = common * max(1, partCount(64, common))
            width = max(1, columns)
            shiftPoints = Self.roundsThatFit(accumulators, in: Self.commonBlock) * accumulators
            blockLength = max(blockLength, shiftPoints)
            blockPoints = Self.roundsThatFit(accumulators, in: blockLength) * accumulators
        } else {
            width = min(columns, blockLength)
            accumulators = vectorCount(width) * lanes
            shiftPoints = width
            blockPoints = width
        }
    }

    /// The points through which a task goes, in one box or in several.
    func points(ofTask task: Int) -> Range<Int> {
        let box = rows * columns
        if isSmall {
            let boxes = boxes(ofTask: task)
            return boxes.lowerBound * box..<boxes.upperBound * box
        }
        let (index, piece, _, _) = tasks[task]
        let first = index * box + piece * rowsInPiece * columns
        return first..<first + rows(inPiece: piece) * columns
    }

    /// The small boxes of a task.
    func boxes(ofTask task: Int) -> Range<Int> { range(ofPart: task, of: boxesInTask, below: boxes) }

    /// Boxes (or parts of their number) × pieces × chunks of columns.
    var tasks: TaskGrid {
        isSmall ? TaskGrid(partCount(boxes, boxesInTask)) : TaskGrid(boxes, pieces, chunks)
    }

    var boxes: Int { keptLeading * summedLeading }
    var pieces: Int { partCount(rows, rowsInPiece) }
    var chunks: Int { partCount(columns, width) }
    var isDirect: Bool { summedLeading == 1 && pieces == 1 }
    /// The number of values in a column of a piece; the last piece has fewer.
    func rows(inPiece piece: Int) -> Int { min(rowsInPiece, rows - piece * rowsInPiece) }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

/// Joins axes as `evaluate` does, if neighbours are both summed or both kept, and are contiguous in the destination.
@Sendable
func divideReduction(_ arguments: inout ReductionArguments) -> Work {
    guard arguments.program.pointCount > 0 else { return Work(tasks: 0) }
    var isSummed = arguments.isSummed
    var strides = arguments.destinationStrides
    let sizes = arguments.program.sizes
    arguments.program.joinAxes(
        isJoinable: { outer, axis in
            isSummed[outer] == isSummed[axis]
                && (isSummed[axis] || strides[outer] == strides[axis] * sizes[axis])
        },
        move: { from, to in
            isSummed[to] = isSummed[from]
            strides[to] = strides[from]
        })
    arguments.isSummed = isSummed
    arguments.destinationStrides = strides
    arguments.findForm()

    let division = ReductionDivision(arguments)
    return Work(
        tasks: division.tasks.count,
        scratch: Registers.scratch(arguments.program, blockLength: division.blockLength)
            + PieceSums.bytes(arguments, accumulators: division.accumulators),
        partials: division.isDirect ? 0 : division.boxes * division.pieces * division.numbers * division.columns,
        isForm: arguments.program.form.number >= 0)
}

extension ReductionArguments {
    /// Finds a form whose rows are those of the sums' boxes, each in one block.
    mutating func findForm() {
        program.findForm(
            keeping: (0..<resultCount).map { results[$0].register } + (0..<sumCount).map { sums[$0].register })
        let division = ReductionDivision(self)
        if program.form.row > 0, division.isSmall || division.columns != program.form.row {
            program.form = PointwiseForm()
        }
        program.form.isSummed = program.form.row > 0 && resultCount == 0
        for k in 0..<sumCount {
            let isComputed = (0..<3).contains { program.form.results[$0] == sums[k].register }
            let isTwice = (0..<k).contains { sums[$0].register == sums[k].register }
            if !isComputed || isTwice || sums[k].squares != nil { program.form.isSummed = false }
        }
    }
}

@Sendable
private func reduce(
    _ divided: UnsafePointer<Divided<ReductionArguments, ReductionDivision>>, _ task: Int, _ scratch: Scratch
) {
    // The arguments are the first member.
    let arguments = UnsafeRawPointer(divided).assumingMemoryBound(to: ReductionArguments.self)
    let division = divided.pointee.division
    if division.isSmall {
        reduceSmallBoxes(arguments, division, task, scratch.rest)
    } else {
        reducePiece(arguments, division, task, scratch.rest)
    }
}

/// One piece of one box, or of a chunk of its columns.
private func reducePiece(
    _ arguments: UnsafePointer<ReductionArguments>, _ division: ReductionDivision, _ task: Int,
    _ scratch: UnsafeMutableRawPointer
) {
    let (box, piece, chunk, _) = division.tasks[task]
    let firstRow = piece * division.rowsInPiece
    let rows = division.rows(inPiece: piece)
    let firstColumn = chunk * division.width
    let width = min(division.width, division.columns - firstColumn)
    let points = division.width == division.columns ? division.blockPoints : width
    let start = (box * division.rows + firstRow) * division.columns + firstColumn
    let end = (box * division.rows + firstRow + rows - 1) * division.columns + firstColumn + width
    let step = division.width == division.columns ? points : division.columns

    let registers = Registers(
        ofProgramAt: arguments, blockLength: division.blockLength, count: min(points, end - start), scratch)
    let tables = Registers.scratch(arguments.pointee.program, blockLength: division.blockLength)
    let sums = PieceSums(
        arguments, accumulators: division.accumulators, columns: division.width, Scratch(scratch + tables))
    let results = UnsafeBufferPointer(start: arguments.pointee.results, count: arguments.pointee.resultCount)
    sums.mark(registers)
    registers.prepare(results)
    if sums.hasSquares {
        let count = min(division.shiftPoints, end - start)
        registers.load(start, count, isWhole: false)
        registers.execute(vectorCount(count) * lanes)
        sums.shift(registers, count)
    }
    var position = start
    var rounds = 0
    while position < end {
        let count = min(points, end - position)
        if arguments.pointee.program.form.isSummed {
            registers.load(position, count, isWhole: true)
            sums.add(form: registers, count)
        } else {
            registers.evaluate(position, count, next: step, results) { before, count in
                sums.add(registers, count, after: before)
            }
        }
        rounds += partCount(count, division.accumulators)
        if rounds >= ReductionDivision.rounds {
            sums.settle()
            rounds = 0
        }
        position += step
    }
    sums.settle()
    store(sums, of: piece, box, columns: firstColumn..<firstColumn + width, rows: rows, arguments, division)
}

/// Stores the sums of a piece: where there are other pieces, as partial sums of these columns.
private func store(
    _ sums: PieceSums, of piece: Int, _ box: Int, columns: Range<Int>, rows: Int,
    _ arguments: UnsafePointer<ReductionArguments>, _ division: ReductionDivision
) {
    let target = ReductionTarget(arguments, division)
    let (firstColumn, width) = (columns.lowerBound, columns.count)
    let partials =
        arguments.pointee.partials + (box * division.pieces + piece) * division.numbers * division.columns + firstColumn
    for column in stride(from: 0, to: width, by: lanes) {
        let count = min(lanes, width - column)
        var number = 0
        for k in 0..<arguments.pointee.sumCount {
            let sum = arguments.pointee.sums[k]
            let partials = partials + (number * division.columns + column)
            number += sum.numbers
            if let squares = sum.squares {
                let moments = sums[k].moments(column, count: rows)
                if division.isDirect {
                    target.store(moments.total(rows), count, sum.destination, box, firstColumn + column)
                    target.store(moments.squares, count, squares, box, firstColumn + column)
                } else {
                    moments.shift.store(partials, tail: count)
                    moments.sum.store(partials + division.columns, tail: count)
                    moments.squares.store(partials + 2 * division.columns, tail: count)
                }
            } else if division.isDirect {
                target.store(sums[k].totals(column), count, sum.destination, box, firstColumn + column)
            } else {
                sums[k].totals(column).store(partials, tail: count)
            }
        }
    }
}
