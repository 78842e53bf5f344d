import AdjointKernelTables

package let combineReductionRoutine = Routine<ReductionArguments>(
    work: divideCombination, divide: { ReductionDivision($0) }, run: combineReduction)

/// The number of columns that are added up side by side.
private let chunk = 256

@inline(__always)
private func unitsInTask(_ division: ReductionDivision) -> Int {
    let terms = max(1, division.summedLeading * division.pieces)
    return max(1, 16384 / (terms * max(1, min(division.columns, chunk))))
}

/// Sets sums without terms to zero, too. May be called before or after `reduce`'s own division.
@Sendable
func divideCombination(_ arguments: inout ReductionArguments) -> Work {
    arguments.findForm()
    let division = ReductionDivision(arguments)
    let units = division.keptLeading * partCount(division.columns, chunk)
    guard units > 0, !division.isDirect || division.boxes == 0 else { return Work(tasks: 0) }
    return Work(tasks: partCount(units, unitsInTask(division)), scratch: 5 * chunk * 4)
}

@Sendable
private func combineReduction(
    _ divided: UnsafePointer<Divided<ReductionArguments, ReductionDivision>>, _ task: Int, _ scratch: Scratch
) {
    // The arguments are the first member.
    let arguments = UnsafeRawPointer(divided).assumingMemoryBound(to: ReductionArguments.self)
    let division = divided.pointee.division
    let chunks = partCount(division.columns, chunk)
    let target = ReductionTarget(arguments, division)
    let sums = scratch.rest.assumingMemoryBound(to: Float.self)
    for unit in range(ofPart: task, of: unitsInTask(division), below: division.keptLeading * chunks) {
        let kept = unit / chunks
        let column = unit % chunks * chunk
        let width = min(chunk, division.columns - column)
        var number = 0
        for k in 0..<arguments.pointee.sumCount {
            let sum = arguments.pointee.sums[k]
            let pieces = Pieces(
                arguments: arguments, division: division, target: target, kept: kept, column: column, number: number)
            number += sum.numbers
            fillRow(sums, 0, 2 * chunk)
            if let squares = sum.squares {
                combineMoments(pieces, width, sums)
                for i in 0..<width {
                    target.store(sums[i], sum.destination, kept, column + i)
                    target.store(sums[chunk + i], squares, kept, column + i)
                }
            } else {
                pieces.forEach { _, numbers in add(numbers, width, sums, sums + chunk) }
                for i in 0..<width {
                    target.store(compensated(sums[i], sums[chunk + i]), sum.destination, kept, column + i)
                }
            }
        }
    }
}

/// The partial results of all pieces of one result, for some columns.
private struct Pieces {
    let arguments: UnsafePointer<ReductionArguments>
    let division: ReductionDivision
    let target: ReductionTarget
    let kept: Int
    let column: Int
    let number: Int

    /// With how many values each summed in a column, and where the first of its numbers stand; the next ones follow
    /// `division.columns` further on.
    @inline(__always)
    func forEach(_ body: (_ rows: Int, _ numbers: UnsafeMutablePointer<Float>) -> Void) {
        for summed in 0..<division.summedLeading {
            let box = target.box(kept: kept, summed: summed)
            for piece in 0..<division.pieces {
                let row = ((box * division.pieces + piece) * division.numbers + number) * division.columns + column
                body(division.rows(inPiece: piece), arguments.pointee.partials + row)
            }
        }
    }
}

/// Σ x in the first row of `sums`, Σ (x − mean)² in the second, from shift, sum and squares of each piece: see Moments. The
/// first piece's shift is subtracted everywhere, so that differences are of small numbers.
private func combineMoments(_ pieces: Pieces, _ width: Int, _ sums: UnsafeMutablePointer<Float>) {
    let columns = pieces.division.columns
    let shifts = sums + 2 * chunk
    let (means, lost) = (sums + 3 * chunk, sums + 4 * chunk)
    var total = 0
    fillRow(shifts, 0, 3 * chunk)
    pieces.forEach { rows, numbers in
        if total == 0 { copyRow(numbers, shifts, width) }
        total += rows
        for i in 0..<width {
            addCompensated(Float(rows) * (numbers[i] - shifts[i]) + numbers[columns + i], to: &means[i], lost: &lost[i])
        }
    }
    let count = Float(max(1, total))
    for i in 0..<width {
        let sum = compensated(means[i], lost[i])
        means[i] = sum / count
        sums[i] = count * shifts[i] + sum
    }
    fillRow(lost, 0, width)
    pieces.forEach { rows, numbers in
        for i in 0..<width {
            let distance = numbers[i] - shifts[i] + numbers[columns + i] / Float(rows) - means[i]
            addCompensated(
                numbers[2 * columns + i] + Float(rows) * distance * distance, to: &sums[chunk + i], lost: &lost[i])
        }
    }
    for i in 0..<width { sums[chunk + i] = compensated(sums[chunk + i], lost[i]) }
}

private func add(
    _ values: UnsafePointer<Float>, _ count: Int,
    _ sums: UnsafeMutablePointer<Float>, _ lost: UnsafeMutablePointer<Float>
) {
    var i = 0
    while i + lanes <= count {
        var sum = Lanes.load(sums + i)
        var error = Lanes.load(lost + i)
        addCompensated(Lanes.load(values + i), to: &sum, lost: &error)
        sum.store(sums + i)
        error.store(lost + i)
        i += lanes
    }
    while i < count {
        addCompensated(values[i], to: &sums[i], lost: &lost[i])
        i += 1
    }
}

/// The places of sums: a map from indices of kept points to memory.
struct ReductionTarget {
    private let arguments: UnsafePointer<ReductionArguments>
    private let division: ReductionDivision
    /// The distance from a column to the next in the destination, where that is the same for all.
    private var columnStride = 0
    private var isUniform = true

    init(_ arguments: UnsafePointer<ReductionArguments>, _ division: ReductionDivision) {
        self.arguments = arguments
        self.division = division
        var extent = 1
        for axis in stride(from: arguments.pointee.program.rank - 1, through: division.leadingRank, by: -1) {
            let size = arguments.pointee.program.sizes[axis]
            if arguments.pointee.isSummed[axis] || size == 1 { continue }
            let step = arguments.pointee.destinationStrides[axis]
            if extent == 1 { columnStride = step }
            if step != columnStride * extent { isUniform = false }
            extent *= size
        }
    }

    /// Stores the first `count` of neighbouring columns.
    func store(_ sums: Lanes, _ count: Int, _ destination: UnsafeMutablePointer<Float>, _ kept: Int, _ column: Int) {
        for i in 0..<count { store(sums[i], destination, kept, column + i) }
    }

    @inline(__always)
    func store(_ sum: Float, _ destination: UnsafeMutablePointer<Float>, _ kept: Int, _ column: Int) {
        let within =
            isUniform
            ? column * columnStride : offset(column, arguments.pointee.program.rank, division.leadingRank)
        destination[offset(kept, division.leadingRank, 0) + within] = sum
    }

    /// The place of an index over the kept axes among [low, high).
    private func offset(_ index: Int, _ high: Int, _ low: Int) -> Int {
        var rest = index
        var offset = 0
        for axis in stride(from: high - 1, through: low, by: -1) where !arguments.pointee.isSummed[axis] {
            let size = arguments.pointee.program.sizes[axis]
            offset += rest % size * arguments.pointee.destinationStrides[axis]
            rest /= size
        }
        return offset
    }

    /// The leading index with these two parts.
    func box(kept: Int, summed: Int) -> Int {
        var kept = kept
        var summed = summed
        var box = 0
        var step = 1
        for axis in stride(from: division.leadingRank - 1, through: 0, by: -1) {
            let size = arguments.pointee.program.sizes[axis]
            if arguments.pointee.isSummed[axis] {
                box += summed % size * step
                summed /= size
            } else {
                box += kept % size * step
                kept /= size
            }
            step *= size
        }
        return box
    }
}
