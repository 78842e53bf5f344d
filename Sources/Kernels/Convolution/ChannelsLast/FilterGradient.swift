import AdjointKernelTables

// The dense form, solved for its filter, in vectors of columns:
//
//     filter[g, t, m, j] = Σ_n Σ_q source[n, stride·q + offset(t), g·M + m] · cotangent[n, q, g·J + j]
//
// Rows of a tile are pairs (t, m), each with a pointer into the source; columns are the cotangent's vectors, read in place.
// The sum is over positions.
//
//     for each box of positions in a piece     a task: with some groups, some columns, some (t, m)
//         for each block of positions          their cotangent stays in the first-level cache
//             for each panel of columns
//                 for each tile of (t, m)
//                     for each position
//                         tile[(t, m), j] += source[position + offset(t), m] · cotangent[position, j]
//                     partials[piece][g][panel][t][m][j] += tile

let filterGradientRoutine = Routine(
    FilterGradientDivision.self, images: { $0.window.boxes.images(ofPiece: $0.tasks[$1].0, of: $0.pieces) })

/// How `filterGradient` divides its work.
struct FilterGradientDivision: Division {
    let window: Reach
    let depth: Int
    /// The number of vectors of columns in a group.
    let vectors: Int
    /// The numbers of groups, vectors of columns and rows (t, m) in a task.
    let taskGroups: Int
    let taskVectors: Int
    let taskRows: Int
    let vectorParts: Int
    /// The number of fixed pieces of the sum over boxes.
    let pieces: Int
    /// Pieces × parts of the groups × parts of the columns × parts of the rows.
    let tasks: TaskGrid
    /// The floats of partial sums in a piece.
    let pieceFloats: Int

    private static let smallTask = 50_000
    private static let taskCount = 32

    init(_ arguments: FilterGradientArguments) {
        let layer = arguments.layer
        let groups = layer.groups
        let channels = layer.channels
        let positions = layer.batch * layer.count.count
        depth = layer.tapCount * channels
        vectors = vectorCount(layer.columns)
        pieceFloats = groups * depth * vectors * lanes

        taskGroups = min(groups, max(1, 64 / max(channels, 1)))
        let groupParts = partCount(groups, taskGroups)
        let cost = max(1, depth * vectors * groups)
        let wanted = min(max(1, positions * cost / FilterGradientDivision.smallTask), FilterGradientDivision.taskCount)
        let limit = min(4096, max(256, FilterGradientDivision.smallTask / cost))
        window = Reach(layer, limit: min(limit, max(48, positions / wanted)), groups: taskGroups, clips: channels >= 32)

        // A padded copy is used for all rows and columns; without one these are independent tasks.
        taskVectors = window.reading == .padded ? vectors : min(vectors, 64 / lanes)
        vectorParts = partCount(vectors, taskVectors)
        let outer = max(1, groupParts * vectorParts)
        // Pieces cost memory; parts of the rows cost reading the same cotangent again.
        let affordable = max(1, 4 * MachineCosts.secondLevelFloats / max(1, pieceFloats))
        let most = max(1, min(window.boxes.count, affordable, partCount(wanted, outer)))
        // Where that costs little, no piece ends within an image.
        pieces = (most / 2..<most + 1).last { $0 > 0 && layer.batch % $0 == 0 } ?? most
        let rowTasks = partCount(wanted, outer * pieces)
        switch window.reading {
        case .padded: taskRows = depth
        case .whole: taskRows = min(depth, max(96, partCount(partCount(depth, rowTasks), 24) * 24))
        case .clipped: taskRows = channels * max(1, partCount(layer.tapCount, rowTasks))
        }
        tasks = TaskGrid(pieces, groupParts, vectorParts, partCount(depth, taskRows))
    }

    var work: Work {
        Work(
            tasks: tasks.count,
            scratch: AddressTable.bytes(window.boxes.positions)
                + Scratch.bytes(rowCapacity, of: Int.self)
                + Scratch.bytes(window.copyFloats, of: Float.self)
                + Scratch.bytes(window.boxes.positions * cotangentPitch, of: Float.self),
            partials: pieces * pieceFloats)
    }

    /// Floats of a position in a copy of the cotangent.
    fileprivate var cotangentPitch: Int { taskGroups * taskVectors * lanes }

    private var rowCapacity: Int { depth + AddressTable.spare }

    /// The place of a vector's partial sums in a piece, for a panel that begins with it.
    func panel(group: Int, vector: Int) -> Int { depth * (group * vectors + vector) * lanes }

    func run(_ arguments: FilterGradientArguments, _ task: Int, _ memory: Scratch) {
        var scratch = memory
        let (piece, groupPart, vectorPart, rowPart) = tasks[task]
        let channels = arguments.layer.channels
        let correlation = Correlation(
            arguments: arguments, plan: self, partials: arguments.partials + piece * pieceFloats,
            groups: range(ofPart: groupPart, of: taskGroups, below: arguments.layer.groups),
            vectors: range(ofPart: vectorPart, of: taskVectors, below: vectors))
        let rows = range(ofPart: rowPart, of: taskRows, below: depth)
        correlation.zero(rows)

        var table = AddressTable(&scratch, capacity: window.boxes.positions)
        let offsets = scratch.take(rowCapacity, of: Int.self)
        let copy = scratch.take(window.copyFloats, of: Float.self)
        let cotangentCopy = scratch.take(window.boxes.positions * cotangentPitch, of: Float.self)
        let firstChannel = correlation.groups.lowerBound * channels

        for index in range(ofPiece: piece, of: pieces, window.boxes.count) {
            let box = window.boxes[index]
            let cotangent = correlation.cotangent(box, cotangentCopy)
            if window.reading == .clipped {
                correlation.sweepClipped(box, &table, offsets, cotangent, rows: rows)
                continue
            }
            var source = arguments.source + firstChannel
            var lattice = window.sourceLattice
            if window.reading == .padded {
                lattice = window.copy(source, correlation.groups.count * channels, box, to: copy)
                source = UnsafePointer(copy)
            }
            // Row (t, m) of a tile finds its scalar this far from the position's.
            for row in rows {
                let (tap, channel) = row.quotientAndRemainder(dividingBy: channels)
                offsets[row - rows.lowerBound] = window.offset(of: window.layer.taps[tap], in: lattice) + channel
            }
            repeatLast(offsets, rows.count)
            table.fill(
                box, stride: window.layer.stride, shift: window.low, source: lattice, positions: cotangent.lattice)
            correlation.sweep(table, source: source, offsets: offsets, cotangent: cotangent, rows: rows)
        }
    }
}

/// A tile reads a few offsets more than there are.
func repeatLast(_ offsets: UnsafeMutablePointer<Int>, _ count: Int) {
    for spare in 0..<AddressTable.spare { offsets[count + spare] = offsets[count - 1] }
}

/// The cotangent of a box, and the layout of its positions.
private struct Cotangent {
    var base: UnsafePointer<Float>
    var lattice: Lattice
    /// The distance in floats from one group to the next.
    var group: Int
}

/// The part of the filter for which a task of `filterGradient` solves.
private struct Correlation {
    var arguments: FilterGradientArguments
    var plan: FilterGradientDivision
    /// The partial sums of the task's piece.
    var partials: UnsafeMutablePointer<Float>
    var groups: Range<Int>
    var vectors: Range<Int>

    /// The positions whose cotangent is used for all rows before the next positions are.
    static let blockPositions = 16 * lanes

    /// Calls `body` with each group's panels: their first vector and width.
    @inline(__always)
    func forEachGroup(_ body: (_ group: Int, _ vector: Int, _ width: Int) -> Void) {
        for group in groups { forEachPanel(vectors, of: plan.vectors) { body(group, $0, $1) } }
    }

    func zero(_ rows: Range<Int>) {
        forEachGroup { group, vector, width in
            let start = plan.panel(group: group, vector: vector) + rows.lowerBound * width * lanes
            (partials + start).update(repeating: 0, count: rows.count * width * lanes)
        }
    }

    /// The number of rows (t, m) with which a dense copy of the cotangent pays.
    private static let rowsWorthCopy = 128

    /// Whether positions are too far apart in place: a panel reads no more than a cache line of each, a task's rows use them
    /// often, and each would take a page of memory of its own.
    private var isScattered: Bool {
        widestPanel * lanes <= 16 && plan.vectorParts > 1 && plan.taskRows >= Correlation.rowsWorthCopy
    }

    /// The box's cotangent where it is; or a copy, among zeros if its last vectors would reach beyond its memory.
    func cotangent(_ box: Box, _ copy: UnsafeMutablePointer<Float>) -> Cotangent {
        let layer = arguments.layer
        let columns = layer.columns
        let all = layer.groups * columns
        let size = layer.count
        let dense = Lattice(dense: size, all)
        let first = groups.lowerBound * columns + vectors.lowerBound * lanes
        let end =
            dense.offset(box.images.upperBound - 1, box.z.upperBound - 1, box.y.upperBound - 1, box.x.upperBound - 1)
            + (groups.upperBound - 1) * columns + vectors.upperBound * lanes
        if !isScattered && end <= layer.batch * size.count * all {
            return Cotangent(base: arguments.cotangent + first, lattice: dense, group: columns)
        }

        let pitch = plan.cotangentPitch
        let group = plan.taskVectors * lanes
        let existing = min(columns - vectors.lowerBound * lanes, group)
        var target = copy
        box.forEachRow { n, z, y in
            for x in box.x {
                let source = arguments.cotangent + (dense.offset(n, z, y, x) + first)
                for index in 0..<groups.count {
                    (target + index * group).update(from: source + index * columns, count: existing)
                    (target + (index * group + existing)).update(repeating: 0, count: group - existing)
                }
                target += pitch
            }
        }
        let y = box.x.count * pitch
        let z = box.y.count * y
        let image = box.z.count * z
        let origin =
            box.images.lowerBound * image + box.z.lowerBound * z + box.y.lowerBound * y + box.x.lowerBound * pitch
        return Cotangent(
            base: UnsafePointer(copy), lattice: Lattice(origin: -origin, image: image, strides: Axes(z, y, pitch)),
            group: group)
    }

    /// Adds the contributions of a box's positions tap by tap, at those at which each tap is inside the source.
    func sweepClipped(
        _ box: Box, _ table: inout AddressTable, _ offsets: UnsafeMutablePointer<Int>, _ cotangent: Cotangent,
        rows: Range<Int>
    ) {
        let (window, channels) = (plan.window, arguments.layer.channels)
        for channel in 0..<channels { offsets[channel] = channel }
        repeatLast(offsets, channels)
        for tap in rows.lowerBound / channels..<rows.upperBound / channels {
            table.fill(
                window.clip(box, to: window.layer.taps[tap]), stride: window.layer.stride,
                shift: window.layer.taps[tap].offset, source: window.sourceLattice, positions: cotangent.lattice)
            sweep(
                table, source: arguments.source + groups.lowerBound * channels, offsets: offsets,
                cotangent: cotangent, rows: tap * channels..<(tap + 1) * channels)
        }
    }

    /// Adds the contributions of a table's positions to some rows, whose scalars are at `offsets`.
    func sweep(
        _ table: AddressTable, source: UnsafePointer<Float>, offsets: UnsafePointer<Int>, cotangent: Cotangent,
        rows: Range<Int>
    ) {
        let layer = arguments.layer
        var start = 0
        while start < table.count {
            let count = min(Correlation.blockPositions, table.count - start)
            forEachGroup { group, vector, width in
                let member = group - groups.lowerBound
                FilterGradientSweep(
                    source: source + member * layer.channels, rows: offsets, rowCount: rows.count,
                    sources: table.sources + start, positions: table.positions + start, count: count,
                    cotangent: cotangent.base + (member * cotangent.group + (vector - vectors.lowerBound) * lanes),
                    sums: partials + (plan.panel(group: group, vector: vector) + rows.lowerBound * width * lanes),
                    sourceAhead: count * layer.channels * layer.groups,
                    cotangentAhead: count * layer.columns * layer.groups
                ).sweep(panel: width)
            }
            start += Correlation.blockPositions
        }
    }
}

/// One panel, over one block of positions.
private struct FilterGradientSweep: TiledRows {
    var source: UnsafePointer<Float>
    var rows: UnsafePointer<Int>
    var rowCount: Int
    var sources: UnsafePointer<Int>
    var positions: UnsafePointer<Int>
    var count: Int
    var cotangent: UnsafePointer<Float>
    var sums: UnsafeMutablePointer<Float>
    /// The distance in floats from a position to the one a block further on, where both are dense.
    var sourceAhead: Int
    var cotangentAhead: Int

    @inline(__always)
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int) {
        let pointers = Tile.sources(source, rows + first)
        var tile = Tile.zero
        #if LANES512
            // Each tile prefetches one line of a position: of the source for a tile that comes soon, of the cotangent for
            // the next block; together the tiles prefetch everything. Narrower tiles have no time for that.
            let soon = first + 4 * Tile.rows
            let nextSource = source + (soon < rowCount ? rows[soon] : rows[soon % rowCount] + sourceAhead)
            let nextCotangent = cotangent + (cotangentAhead + first / Tile.rows * 16 % (Tile.Part.vectors * lanes))
        #endif
        for position in 0..<count {
            #if LANES512
                prefetch(nextSource + sources[position])
                prefetch(nextCotangent + positions[position])
            #endif
            tile.addMultiples(pointers, sources[position], of: .load(cotangent + positions[position], tail: lanes))
        }
        let width = Tile.Part.vectors * lanes
        tile.add(to: sums + first * width, pitch: width, count: rowCount - first, tail: lanes)
    }
}
