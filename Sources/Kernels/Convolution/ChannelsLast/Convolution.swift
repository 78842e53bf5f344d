import AdjointKernelTables

// The dense form, solved for a grid, in vectors of columns:
//
//     destination[n, q, g·J + j] = Σ_t Σ_m source[n, stride·q + offset(t), g·M + m] · filter[g, t, m, j]
//
// Channels are last, so the product needs no matrix of patches (no im2col; this is an implicit GEMM): a tile of positions ×
// columns reads its positions' channels in place, one scalar for each row, and the packed filter's vectors in order.
//
//     for each box of positions            a task: with some groups, some columns
//         copy its source among zeros      only where a tap leaves the source
//         for each panel of columns
//             for each block of (t, m)     the panel's filter stays in the cache
//                 for each tile of positions
//                     for each (t, m)
//                         tile[position, j] += source[position + offset(t), m] · filter[t, m, j]

let slideRoutine = Routine(SlidingDivision.self, images: { $0.window.boxes[$0.tasks[$1].0].images })

/// How `slide` divides its work.
private struct SlidingDivision: Division {
    let window: Reach
    let depth: Int
    /// The number of vectors of columns in a group.
    let vectors: Int
    /// The numbers of groups, and of vectors of columns, in a task.
    let taskGroups: Int
    let taskVectors: Int
    /// Boxes × parts of the groups × parts of the columns.
    let tasks: TaskGrid

    /// The multiply-adds of a vector with which a task is worth its start.
    private static let smallTask = 8_000
    /// The multiply-adds of a box that is large enough.
    private static let largeTask = 60_000
    private static let taskCount = 32

    init(_ arguments: SlidingArguments) {
        let layer = arguments.layer
        let groups = layer.groups
        let channels = layer.channels
        let positions = layer.batch * layer.count.count
        depth = layer.tapCount * channels
        vectors = vectorCount(layer.columns)

        taskGroups = min(groups, max(1, 64 / max(channels, 1)))
        let groupParts = partCount(groups, taskGroups)
        let panels = max(1, MachineCosts.secondLevelFloats / max(1, depth * widestPanel * lanes))
        taskVectors = min(vectors, panels * widestPanel)
        let vectorParts = partCount(vectors, taskVectors)

        let cost = max(1, depth * taskVectors * taskGroups)
        let wanted = max(1, SlidingDivision.taskCount / max(1, groupParts * vectorParts))
        let most = min(4096, max(256, SlidingDivision.largeTask / cost))
        let least = max(48, SlidingDivision.smallTask / cost)
        window = Reach(
            layer, limit: min(most, max(least, positions / wanted)), groups: taskGroups, clips: channels >= 96)
        tasks = TaskGrid(window.boxes.count, groupParts, vectorParts)
    }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: AddressTable.bytes(window.boxes.positions)
                + Scratch.bytes(runCapacity, of: Run.self)
                + Scratch.bytes(window.copyFloats, of: Float.self))
    }

    private var runCapacity: Int { window.layer.tapCount + depth / RowRuns.blockDepth + 1 }

    func run(_ arguments: SlidingArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (boxIndex, groupPart, vectorPart, _) = tasks[task]
        let box = window.boxes[boxIndex]
        let groups = range(ofPart: groupPart, of: taskGroups, below: arguments.layer.groups)
        let taskVectors = range(ofPart: vectorPart, of: taskVectors, below: vectors)
        let destination = Lattice(
            origin: 0, image: arguments.destinationBatchStride, strides: arguments.destinationStrides)

        var table = AddressTable(&scratch, capacity: window.boxes.positions)
        var runs = RowRuns(&scratch, capacity: runCapacity)
        guard window.reading != .clipped else {
            slideClipped(arguments, box, &table, &runs, groups: groups, vectors: taskVectors, destination)
            return
        }
        var source = arguments.source + groups.lowerBound * arguments.layer.channels
        var lattice = window.sourceLattice
        if window.reading == .padded {
            let copy = scratch.take(window.copyFloats, of: Float.self)
            lattice = window.copy(source, groups.count * arguments.layer.channels, box, to: copy)
            source = UnsafePointer(copy)
        }
        for tap in 0..<window.layer.tapCount {
            runs.append(window.offset(of: window.layer.taps[tap], in: lattice), arguments.layer.channels)
        }
        table.fill(box, stride: window.layer.stride, shift: window.low, source: lattice, positions: destination)
        for group in groups {
            slideGroup(
                arguments, table, runs, source: source + (group - groups.lowerBound) * arguments.layer.channels,
                group: group, vectors: taskVectors, row: 0, isFirst: true)
        }
    }

    /// Tap by tap, at the positions from which each meets the source.
    private func slideClipped(
        _ arguments: SlidingArguments, _ box: Box, _ table: inout AddressTable, _ runs: inout RowRuns,
        groups: Range<Int>, vectors: Range<Int>, _ destination: Lattice
    ) {
        let channels = arguments.layer.channels
        table.fill(box, stride: window.layer.stride, shift: Axes(0, 0, 0), source: destination, positions: destination)
        let columns = vectors.lowerBound * lanes..<min(arguments.layer.columns, vectors.upperBound * lanes)
        for group in groups {
            table.zero(arguments.destination + (group * arguments.layer.columns + columns.lowerBound), columns.count)
        }
        runs.append(0, channels)
        for tap in 0..<window.layer.tapCount {
            table.fill(
                window.clip(box, to: window.layer.taps[tap]), stride: window.layer.stride,
                shift: window.layer.taps[tap].offset, source: window.sourceLattice, positions: destination)
            for group in groups {
                slideGroup(
                    arguments, table, runs, source: arguments.source + group * channels, group: group,
                    vectors: vectors, row: tap * channels, isFirst: false)
            }
        }
    }

    /// Solves one group at the positions of a table. The runs' first row is `row` of the group's packed filter.
    private func slideGroup(
        _ arguments: SlidingArguments, _ table: AddressTable, _ runs: RowRuns, source: UnsafePointer<Float>,
        group: Int, vectors part: Range<Int>, row: Int, isFirst: Bool
    ) {
        let filter = arguments.filter + group * depth * vectors * lanes
        forEachPanel(part, of: vectors) { vector, width in
            let column = vector * lanes
            let panel = filter + (depth * column + row * width * lanes)
            var sweep = SlidingSweep(
                source: source, sources: table.sources, positions: table.positions, rowCount: table.count,
                runs: UnsafePointer(runs.base), runsEnd: UnsafePointer(runs.base), filter: panel,
                destination: arguments.destination + (group * arguments.layer.columns + column),
                tail: panelTail(arguments.layer.columns - column, width: width), isFirst: isFirst)
            repeat {
                let depth = sweep.takeBlock(runs)
                sweep.sweep(panel: width)
                sweep.isFirst = false
                sweep.filter += depth * width * lanes
            } while sweep.runsEnd < runs.base + runs.count
        }
    }
}

/// One panel and one block of its filter's rows, over the positions of a table.
private struct SlidingSweep: TiledRows {
    var source: UnsafePointer<Float>
    var sources: UnsafePointer<Int>
    var positions: UnsafePointer<Int>
    var rowCount: Int
    var runs: UnsafePointer<Run>
    var runsEnd: UnsafePointer<Run>
    var filter: UnsafePointer<Float>
    var destination: UnsafeMutablePointer<Float>
    var tail: Int
    /// Whether nothing was stored before.
    var isFirst: Bool

    /// Takes the runs of the next block, and returns the number of their rows.
    mutating func takeBlock(_ all: RowRuns) -> Int {
        runs = runsEnd
        var depth = 0
        while runsEnd < all.base + all.count && depth < RowRuns.blockDepth {
            depth += runsEnd.pointee.depth
            runsEnd += 1
        }
        return depth
    }

    @inline(__always)
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(source, sources + first)
        var tile = Tile.zero
        var row = filter
        var run = runs
        while run < runsEnd {
            var index = run.pointee.offset
            let end = index &+ run.pointee.depth
            repeat {
                tile.addMultiples(pointers, index, of: .load(row, tail: lanes))
                row += Tile.Part.vectors * lanes
                index &+= 1
            } while index < end
            run += 1
        }
        if isFirst {
            tile.store(destination, positions + first, count: rowCount - first, tail: tail)
        } else {
            tile.add(to: destination, positions + first, count: rowCount - first, tail: tail)
        }
    }
}
