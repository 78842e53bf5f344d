import AdjointKernelTables

// Adds the pieces of `filterGradient`, which lie as a packed filter does, in their order, and writes the sums where `pack`
// would find them.

let combineFilterRoutine = Routine<FilterGradientArguments>(
    work: { CombineDivision($0, pieces: 1).work },
    divide: { CombineDivision($0, pieces: FilterGradientDivision($0).pieces) },
    run: { divided, task, _ in divided.pointee.division.run(divided.pointee.arguments, task) })

/// Combines the pieces of vectors of pixels, which are the same but have another number.
let combinePixelsRoutine = Routine<FilterGradientArguments>(
    work: combineFilterRoutine.work,
    divide: { CombineDivision($0, pieces: PixelDivision($0.layer)?.pieces ?? 0) },
    run: { divided, task, _ in divided.pointee.division.run(divided.pointee.arguments, task) })

private struct CombineDivision {
    let rows: PackedRows
    let pieces: Int
    let pieceFloats: Int

    init(_ arguments: FilterGradientArguments, pieces: Int) {
        let layer = arguments.layer
        rows = PackedRows(layer)
        self.pieces = pieces
        pieceFloats = layer.groups * layer.tapCount * layer.channels * vectorCount(layer.columns) * lanes
    }

    var work: Work { Work(tasks: rows.tasks.count) }

    func run(_ arguments: FilterGradientArguments, _ task: Int) {
        let step = arguments.layer.filterStrides.column
        rows.forEach(task, arguments.layer) { place, element, columns in
            let row = arguments.partials + place
            var sum = Lanes.load(row)
            for piece in 1..<max(1, pieces) { sum += .load(row + piece * pieceFloats) }
            let target = arguments.filter + element
            for column in 0..<columns { target[column &* step] = sum[column] }
        }
    }
}
