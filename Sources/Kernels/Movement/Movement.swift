import AdjointKernelTables

// A copy is a set of assignments, so its axes may be walked in any order. They are sorted by destination stride, the
// smallest last, and joined where both sides walk two as one. Two of them make a plane: the last, b, and as a the axis
// along which the source is dense, if that is another one.
//
//     source dense along b:  rows are copied
//     source dense along a:  the plane is transposed          (this is NCHW <-> NHWC)
//     otherwise:             element by element

package let copyRoutine = Routine(CopyDivision.self)

private struct CopyDivision: Division {
    /// The axes, sorted and joined.
    private var rank: Int
    private var sizes: AxisList
    private var sourceStrides: AxisList
    private var destinationStrides: AxisList
    /// The axis a.
    private var a = 0
    /// How many planes a task does, and the rows and columns of a part of one.
    private var taskPlanes = 1
    private var taskRows = 1
    private var taskColumns = 1
    private var planes = 0
    /// Parts of the planes, and of the rows and columns of each.
    private var tasks = TaskGrid(0)

    init(_ arguments: CopyArguments) {
        (rank, sizes) = (arguments.rank, arguments.sizes)
        (sourceStrides, destinationStrides) = (arguments.sourceStrides, arguments.destinationStrides)
        var total = 1
        for axis in 0..<rank { total *= sizes[axis] }
        guard total > 0 else { return }
        sortAxes()
        joinAxes()

        let b = rank - 1
        a = b - 1
        for axis in 0..<b where sourceStrides[axis] == 1 { a = axis }
        if sourceStrides[b] == 1 { a = b - 1 }
        let (rows, columns) = (sizes[a], sizes[b])
        taskColumns = min(columns, 32768)
        taskRows = min(rows, vectorCount(32768 / taskColumns) * lanes)
        taskPlanes = max(1, 32768 / (rows * columns))
        planes = total / (rows * columns)
        tasks = TaskGrid(partCount(planes, taskPlanes), partCount(rows, taskRows), partCount(columns, taskColumns))
    }

    /// By the size of the destination's stride, the largest first.
    private mutating func sortAxes() {
        for end in 1..<max(rank, 1) {
            var axis = end
            while axis > 0, destinationStrides[axis].magnitude > destinationStrides[axis - 1].magnitude {
                sizes.swapAt(axis, axis - 1)
                sourceStrides.swapAt(axis, axis - 1)
                destinationStrides.swapAt(axis, axis - 1)
                axis -= 1
            }
        }
    }

    /// Leaves at least two axes, so that there is a plane.
    private mutating func joinAxes() {
        var joined = 0
        for axis in 0..<rank where sizes[axis] != 1 {
            let (size, source, destination) = (sizes[axis], sourceStrides[axis], destinationStrides[axis])
            let last = joined - 1
            if joined > 0, sourceStrides[last] == source * size, destinationStrides[last] == destination * size {
                place(sizes[last] * size, source, destination, at: last)
            } else {
                place(size, source, destination, at: joined)
                joined += 1
            }
        }
        while joined < 2 {
            if joined == 1 { place(sizes[0], sourceStrides[0], destinationStrides[0], at: 1) }
            place(1, 0, 0, at: 0)
            joined += 1
        }
        rank = joined
    }

    private mutating func place(_ size: Int, _ source: Int, _ destination: Int, at axis: Int) {
        sizes[axis] = size
        sourceStrides[axis] = source
        destinationStrides[axis] = destination
    }

    var work: Work { Work(tasks: tasks.count) }

    func run(_ arguments: CopyArguments, _ task: Int, _ memory: Scratch) {
        let b = rank - 1
        let (planePart, rowPart, columnPart, _) = tasks[task]
        let rows = range(ofPart: rowPart, of: taskRows, below: sizes[a])
        let columns = range(ofPart: columnPart, of: taskColumns, below: sizes[b])
        let plane = Plane(
            rows: rows.count, columns: columns.count, sourceRow: sourceStrides[a], sourceColumn: sourceStrides[b],
            destinationRow: destinationStrides[a], destinationColumn: destinationStrides[b])

        let (row, column) = (rows.lowerBound, columns.lowerBound)
        for index in range(ofPart: planePart, of: taskPlanes, below: planes) {
            var source = row * plane.sourceRow + column * plane.sourceColumn
            var destination = row * plane.destinationRow + column * plane.destinationColumn
            var rest = index
            for axis in stride(from: b - 1, through: 0, by: -1) where axis != a {
                let i = rest % sizes[axis]
                rest /= sizes[axis]
                source += i * sourceStrides[axis]
                destination += i * destinationStrides[axis]
            }
            plane.copy(arguments.source + source, arguments.destination + destination)
        }
    }
}

package let fillRoutine = Routine<FillArguments>(
    work: { Work(tasks: partCount(max($0.count, 0), filledFloats)) },
    run: { pointer, task, _ in
        let arguments = pointer.assumingMemoryBound(to: FillArguments.self).pointee
        let part = range(ofPart: task, of: filledFloats, below: arguments.count)
        fillRow(arguments.destination + part.lowerBound, arguments.value, part.count)
    })

/// Floats of a task.
@inline(__always) private var filledFloats: Int { 65536 }
