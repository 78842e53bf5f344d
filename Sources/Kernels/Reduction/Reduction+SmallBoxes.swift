import AdjointKernelTables

/// Whole boxes, each at most half a block.
func reduceSmallBoxes(
    _ arguments: UnsafePointer<ReductionArguments>, _ division: ReductionDivision, _ task: Int,
    _ scratch: UnsafeMutableRawPointer
) {
    let boxLength = division.rows * division.columns
    let points = division.points(ofTask: task)
    let end = points.upperBound
    var position = points.lowerBound
    let registers = Registers(
        ofProgramAt: arguments, blockLength: division.blockLength, count: min(division.blockPoints, end - position),
        scratch)
    let target = ReductionTarget(arguments, division)
    let tables = Registers.scratch(arguments.pointee.program, blockLength: division.blockLength)
    let sums = (scratch + tables).assumingMemoryBound(to: Float.self)
    let pitch = division.accumulators
    let results = UnsafeBufferPointer(start: arguments.pointee.results, count: arguments.pointee.resultCount)
    let summed = UnsafeBufferPointer(start: arguments.pointee.sums, count: arguments.pointee.sumCount)
    // `sumRows` reads a little beyond the last value, so the summed values must be in scratch.
    let areComputed = summed.allSatisfy { registers.flags[$0.register] & Registers.isWritten != 0 }
    func store(_ row: UnsafeMutablePointer<Float>, _ destination: UnsafeMutablePointer<Float>, _ box: Int) {
        for column in 0..<division.columns { target.store(row[column], destination, box, column) }
    }

    while position < end {
        let count = min(division.blockPoints, end - position)
        registers.load(position, count, isWhole: areComputed && results.count == 0 && count % lanes == 0)
        registers.execute(vectorCount(count) * lanes)
        for box in position / boxLength..<(position + count) / boxLength {
            var number = 0
            for sum in summed {
                let values = UnsafePointer(registers.pointers[sum.register]) + (box * boxLength - position)
                let partials =
                    arguments.pointee.partials + (box * division.numbers + number) * division.columns
                number += sum.numbers
                sumRows(values, division.rows, division.columns, sums)
                if division.isDirect { store(sums, sum.destination, box) }
                if let squares = sum.squares {
                    sumSquares(values, division.rows, division.columns, sums, pitch)
                    if division.isDirect { store(sums + 2 * pitch, squares, box) }
                }
                if division.isDirect { continue }
                for k in 0..<sum.numbers {
                    copyRow(sums + k * pitch, partials + k * division.columns, division.columns)
                }
            }
        }
        registers.store(results, position, count)
        position += count
    }
}

/// Sums of rows; with one column, of the values of that column. Reads, and writes, beyond the last column up to a whole
/// vector.
private func sumRows(
    _ values: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ sums: UnsafeMutablePointer<Float>
) {
    if columns == 1 {
        sums[0] = sumRow(values, rows, { $0 }, each: { $0 })
        return
    }
    for column in stride(from: 0, to: columns, by: lanes) {
        var sum = Lanes()
        for row in 0..<rows { sum += Lanes.load(values + row * columns + column) }
        sum.store(sums + column)
    }
}

/// Turns the sum of each column into its mean, the sum of the distances from it, and that of their squares.
private func sumSquares(
    _ values: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ sums: UnsafeMutablePointer<Float>, _ pitch: Int
) {
    if columns == 1 {
        let mean = sums[0] / Float(rows)
        sums[0] = mean
        sums[pitch] = sumRow(values, rows, { $0 - mean }, each: { $0 - mean })
        sums[2 * pitch] = sumRow(
            values, rows, { ($0 - mean) * ($0 - mean) }, each: { ($0 - mean) * ($0 - mean) })
        return
    }
    for column in stride(from: 0, to: columns, by: lanes) {
        let mean = Lanes.load(sums + column) / Float(rows)
        var sum = Lanes()
        var squares = Lanes()
        for row in 0..<rows {
            let distance = Lanes.load(values + row * columns + column) - mean
            sum += distance
            squares = accumulate(squares, distance, distance)
        }
        mean.store(sums + column)
        sum.store(sums + pitch + column)
        squares.store(sums + 2 * pitch + column)
    }
}

@inline(__always)
private func sumRow(
    _ values: UnsafePointer<Float>, _ count: Int, _ vectors: (Lanes) -> Lanes, each: (Float) -> Float
) -> Float {
    var sum: Float = 0
    var i = 0
    if count >= lanes {
        var vector = Lanes()
        while i + lanes <= count {
            vector += vectors(Lanes.load(values + i))
            i += lanes
        }
        sum = vector.total
    }
    while i < count {
        sum += each(values[i])
        i += 1
    }
    return sum
}
