import AdjointKernelTables

// A copy is a set of assignments, so its axes may be walked in any order. They are sorted by destination stride, the
// smallest last, and joined where both sides walk two as one. Two of them make a plane: the last, b, and as a the axis
// along which the source is dense, if that is another one.
//
//     source dense along b:  rows are copied
//     source dense along a:  the plane is transposed          (this is NCHW <-> NHWC)
//     otherwise:             element by element

package let copyRoutine = Routine<CopyArguments>(work: divideCopy, run: copy)
package let fillRoutine = Routine<FillArguments>(work: divideFill, run: fill)

/// Sets `blocking`: rows and columns of a part of the plane, the number of planes in a task, and the axis a.
@Sendable
func divideCopy(_ arguments: inout CopyArguments) -> Work {
    var total = 1
    for axis in 0..<arguments.rank { total *= arguments.sizes[axis] }
    guard total > 0 else { return Work(tasks: 0) }
    sortAxes(&arguments)
    joinAxes(&arguments)

    let b = arguments.rank - 1
    var a = b - 1
    for axis in 0..<b where arguments.sourceStrides[axis] == 1 { a = axis }
    if arguments.sourceStrides[b] == 1 { a = b - 1 }
    arguments.blocking.pieces = a
    let rows = arguments.sizes[a]
    let columns = arguments.sizes[b]
    arguments.blocking.columns = min(columns, 32768)
    arguments.blocking.rows = min(rows, (32768 / arguments.blocking.columns + lanes - 1) / lanes * lanes)
    arguments.blocking.depth = max(1, 32768 / (rows * columns))
    let planes = total / (rows * columns)
    return Work(tasks: copyTasks(arguments.blocking, planes, rows, columns).count)
}

/// Parts of the planes × parts of the rows and columns of each.
@inline(__always)
private func copyTasks(_ blocking: Blocking, _ planes: Int, _ rows: Int, _ columns: Int) -> TaskGrid {
    TaskGrid(partCount(planes, blocking.depth), partCount(rows, blocking.rows), partCount(columns, blocking.columns))
}

/// Sorts the axes by the destination's strides, the largest first.
private func sortAxes(_ arguments: inout CopyArguments) {
    for end in 1..<max(arguments.rank, 1) {
        var axis = end
        while axis > 0,
            arguments.destinationStrides[axis].magnitude > arguments.destinationStrides[axis - 1].magnitude
        {
            arguments.sizes.swapAt(axis, axis - 1)
            arguments.sourceStrides.swapAt(axis, axis - 1)
            arguments.destinationStrides.swapAt(axis, axis - 1)
            axis -= 1
        }
    }
}

/// Joins axes, but leaves at least two, so that there is a plane.
private func joinAxes(_ arguments: inout CopyArguments) {
    let (sizes, sources, destinations) = (arguments.sizes, arguments.sourceStrides, arguments.destinationStrides)
    var joined = 0
    for axis in 0..<arguments.rank where sizes[axis] != 1 {
        let last = joined - 1
        if joined > 0, arguments.sourceStrides[last] == sources[axis] * sizes[axis],
            arguments.destinationStrides[last] == destinations[axis] * sizes[axis]
        {
            place(arguments.sizes[last] * sizes[axis], sources[axis], destinations[axis], at: last)
        } else {
            place(sizes[axis], sources[axis], destinations[axis], at: joined)
            joined += 1
        }
    }
    while joined < 2 {
        if joined == 1 {
            place(arguments.sizes[0], arguments.sourceStrides[0], arguments.destinationStrides[0], at: 1)
        }
        place(1, 0, 0, at: 0)
        joined += 1
    }
    arguments.rank = joined

    func place(_ size: Int, _ source: Int, _ destination: Int, at axis: Int) {
        arguments.sizes[axis] = size
        arguments.sourceStrides[axis] = source
        arguments.destinationStrides[axis] = destination
    }
}

@Sendable
func copy(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: CopyArguments.self)
    let blocking = arguments.pointee.blocking
    let rank = arguments.pointee.rank
    let a = blocking.pieces
    let b = rank - 1
    let rows = arguments.pointee.sizes[a]
    let columns = arguments.pointee.sizes[b]
    var planes = 1
    for axis in 0..<b where axis != a { planes *= arguments.pointee.sizes[axis] }

    let (planePart, rowPart, columnPart, _) = copyTasks(blocking, planes, rows, columns)[task]
    let rowRange = range(ofPart: rowPart, of: blocking.rows, below: rows)
    let columnRange = range(ofPart: columnPart, of: blocking.columns, below: columns)
    let plane = Plane(
        rows: rowRange.count, columns: columnRange.count,
        sourceRow: arguments.pointee.sourceStrides[a], sourceColumn: arguments.pointee.sourceStrides[b],
        destinationRow: arguments.pointee.destinationStrides[a],
        destinationColumn: arguments.pointee.destinationStrides[b])

    let (row, column) = (rowRange.lowerBound, columnRange.lowerBound)
    for index in range(ofPart: planePart, of: blocking.depth, below: planes) {
        var source = row * plane.sourceRow + column * plane.sourceColumn
        var destination = row * plane.destinationRow + column * plane.destinationColumn
        var rest = index
        for axis in stride(from: b - 1, through: 0, by: -1) where axis != a {
            let i = rest % arguments.pointee.sizes[axis]
            rest /= arguments.pointee.sizes[axis]
            source += i * arguments.pointee.sourceStrides[axis]
            destination += i * arguments.pointee.destinationStrides[axis]
        }
        plane.copy(arguments.pointee.source + source, arguments.pointee.destination + destination)
    }
}

@Sendable
func divideFill(_ arguments: inout FillArguments) -> Work {
    arguments.blocking.rows = 65536
    return Work(tasks: (max(arguments.count, 0) + 65535) / 65536)
}

@Sendable
func fill(_ pointer: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) {
    let arguments = pointer.assumingMemoryBound(to: FillArguments.self).pointee
    let start = task * arguments.blocking.rows
    fillRow(
        arguments.destination + start, arguments.value, min(arguments.blocking.rows, arguments.count - start))
}
