import AdjointKernelTables

package let combineReductionRoutine = Routine<ReductionArguments>(work: divideCombination, run: combineReduction)

/// Columns that are added up side by side.
private let chunk = 256

@inline(__always)
private func unitsInTask(_ division: ReductionDivision) -> Int {
    let terms = max(1, division.summedLeading * division.pieces)
    return max(1, 16384 / (terms * max(1, min(division.columns, chunk))))
}

/// Sets sums of nothing to zero, too. May be asked before or after `reduce`'s own division.
@Sendable
func divideCombination(_ arguments: inout ReductionArguments) -> Work {
    let division = ReductionDivision(arguments)
    let units = division.keptLeading * ((division.columns + chunk - 1) / chunk)
    guard units > 0, !division.isDirect || division.boxes == 0 else { return Work(tasks: 0) }
    return Work(tasks: (units - 1) / unitsInTask(division) + 1, scratch: 2 * chunk * 4)
}

@Sendable
func combineReduction(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: ReductionArguments.self)
    let division = ReductionDivision(arguments.pointee)
    let chunks = (division.columns + chunk - 1) / chunk
    let first = task * unitsInTask(division)
    let last = min(first + unitsInTask(division), division.keptLeading * chunks)
    let target = ReductionTarget(arguments, division)
    let sums = scratch.assumingMemoryBound(to: Float.self)
    let lost = sums + chunk

    for unit in first..<last {
        let kept = unit / chunks
        let column = unit % chunks * chunk
        let width = min(chunk, division.columns - column)
        fillRow(sums, 0, 2 * chunk)
        for summed in 0..<division.summedLeading {
            let box = target.box(kept: kept, summed: summed)
            for piece in 0..<division.pieces {
                let row = (box * division.pieces + piece) * division.columns + column
                add(arguments.pointee.partials + row, width, sums, lost)
            }
        }
        for i in 0..<width { target.store(compensated(sums[i], lost[i]), kept, column + i) }
    }
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

/// Where sums belong: between indices of kept points and places in memory.
struct ReductionTarget {
    private let arguments: UnsafePointer<ReductionArguments>
    private let division: ReductionDivision
    /// From a column to the next in the destination, where that is the same for all.
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

    @inline(__always)
    func store(_ sum: Float, _ kept: Int, _ column: Int) {
        let within =
            isUniform
            ? column * columnStride : offset(column, arguments.pointee.program.rank, division.leadingRank)
        arguments.pointee.destination[offset(kept, division.leadingRank, 0) + within] = sum
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
