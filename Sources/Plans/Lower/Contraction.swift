import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// A sum over shared axes is a layer with one tap: y[m, j] = Σ_s x[m, s]·w[s, j] slides over m where x has its summed
    /// axes innermost, and correlates over s where both have them outermost.
    func contracted(_ node: Graph.Node, _ contraction: Contraction) -> View {
        let (x, w) = (view(node.operands[0]), view(node.operands[1]))
        let letters = Letters(contraction, x, w)
        if letters.batch.isEmpty { return contracted(x, w, contraction, letters, detail: contraction.notation) }
        // Batch axes: one product for each of their indices, written into its own part of the result.
        let result = allocate(node.shape.sizes)
        var index = Odometer(Shape(letters.batch.map { letters.sizes[$0] ?? 0 }))
        for _ in 0..<letters.batch.reduce(1, { $0 * (letters.sizes[$1] ?? 0) }) {
            func part(_ view: View, _ list: [Int]) -> View {
                var part = view
                for (axis, letter) in letters.batch.enumerated() {
                    if let place = list.firstIndex(of: letter) { part.offset += index[axis] * view.strides[place] }
                }
                let kept = list.indices.filter { !letters.batch.contains(list[$0]) }
                part.sizes = kept.map { view.sizes[$0] }
                part.strides = kept.map { view.strides[$0] }
                return part
            }
            func without(_ list: [Int]) -> [Int] { list.filter { !letters.batch.contains($0) } }
            let one = Contraction(
                first: without(contraction.first), second: without(contraction.second),
                result: without(contraction.result))
            let product = contracted(
                part(x, contraction.first), part(w, contraction.second), one, letters, detail: contraction.notation)
            copy(product, to: part(result, contraction.result))
            index.advance()
        }
        return result
    }

    private func contracted(
        _ x: View, _ w: View, _ contraction: Contraction, _ letters: Letters, detail: String
    ) -> View {
        if let product = multiplied(x, w, contraction, letters, detail: detail) { return product }
        let (rows, depth, columns) = letters.counts
        // The axes of the result in memory: [free axes of x][free axes of w].
        let order = axes(contraction.result, letters.firstOnly + letters.secondOnly)
        let result = allocate(contraction.result.map { letters.sizes[$0] ?? 1 }, order: order)

        let xSummedFirst = axes(contraction.first, letters.summed + letters.firstOnly)
        let wSummedFirst = axes(contraction.second, letters.summed + letters.secondOnly)
        if depth > 1, x.isDense(order: xSummedFirst), w.isDense(order: wSummedFirst) {
            // Both are [summed][free] in memory: the summed axes are the "pixels".
            let form = Primitive.Convolution(
                window: Window([Window.Axis()]), groups: 1, role: .filter, size: [1])
            filterGradient(
                DenseLayer(form, [[1, rows, depth], [1, columns, depth]], detail: detail),
                input: grid(x, positions: depth, channels: rows),
                cotangent: grid(w, positions: depth, channels: columns),
                filter: result, lying: FilterStrides(group: 0, channel: columns, column: 1, tap: 1))
            return result
        }
        let source = dense(x, order: axes(contraction.first, letters.firstOnly + letters.summed))
        let merged = matrix(w, wSummedFirst, depth, columns)
        let call = WindowCall(
            grid: SlidingGrid(
                start: Axes(0, 0, 0), step: Axes(1, 1, 1), count: Axes(1, 1, rows), stride: Axes(1, 1, 1),
                taps: [Tap(offset: Axes(0, 0, 0), index: 0)]),
            batch: 1, groups: 1, channels: depth, columns: columns, source: Axes(1, 1, rows),
            filterStrides: FilterStrides(group: 0, channel: merged.strides[0], column: merged.strides[1], tap: 0))
        let algorithm = Algorithm.dense(table.convolution.pixelCost(call.layer(provisional)))
        let packed = pack(merged, call, algorithm)
        let to = ChannelsLastGrid(grid(result, positions: rows, channels: columns))
        emit(
            algorithm.window(table.convolution).slide, "contraction", detail, operations: call.operations,
            reads: [source, packed], writes: [result]
        ) { call.sliding($0, source: source, filter: packed, to: to) }
        return result
    }

    /// The number of rows above which packing a filter pays.
    private static let fewRows = 512
    /// The number of terms up to which a sum is added up in one go.
    private static let fewTerms = 4096
    /// The costs of adding up the lanes of an element's sum, and of beginning a step, in moves of a float.
    private static let totalCost = 4
    private static let stepCost = 512

    /// A product of matrices in place, if that is possible and pays.
    ///
    ///     result[i, j] = Σ_s left[i, s] · right[s, j]
    ///
    /// Either operand may be the left one, which decides the layout of the result: row-major, or transposed. Beside a
    /// transposed operand, whose images are last, the result is better transposed too.
    private func multiplied(
        _ x: View, _ w: View, _ contraction: Contraction, _ letters: Letters, detail: String
    ) -> View? {
        let (rows, depth, columns) = letters.counts
        guard rows * columns * depth > 0, depth <= Lowering.fewTerms else { return nil }
        let first = (view: x, letters: contraction.first, free: letters.firstOnly, count: rows)
        let second = (view: w, letters: contraction.second, free: letters.secondOnly, count: columns)
        let isTurned = !letters.firstOnly.isEmpty && contraction.result == letters.secondOnly + letters.firstOnly
        let natural = isTurned ? (left: second, right: first) : (left: first, right: second)
        let turned = (left: natural.right, right: natural.left)

        let pairs = x.isRowMajor == w.isRowMajor ? [natural, turned] : [turned, natural]
        for (left, right) in pairs where left.count <= Lowering.fewRows {
            let a = left.view.permuted(axes(left.letters, left.free + letters.summed))
            let b = right.view.permuted(axes(right.letters, letters.summed + right.free))
            guard let a = a.reshaped(to: [left.count, depth]), let b = b.reshaped(to: [depth, right.count]) else {
                continue
            }
            // Adding up lanes, instead of moving the right operand.
            let totals = Lowering.totalCost * rows * columns
            let isDot =
                left.free == natural.left.free && a.strides[1] == 1 && b.strides[0] == 1 && depth >= table.lanes
                && totals <= depth * right.count + Lowering.stepCost
            if b.strides[1] == 1 || right.count == 1 || isDot {
                return product(a, b, axes(contraction.result, left.free + right.free), contraction, letters, detail)
            }
        }
        let (left, right) = natural
        guard left.count <= Lowering.fewRows else { return nil }
        let order = axes(right.letters, letters.summed + right.free)
        let a = matrix(left.view, axes(left.letters, left.free + letters.summed), left.count, depth)
        let b = matrix(dense(right.view, order: order), order, depth, right.count)
        return product(a, b, axes(contraction.result, left.free + right.free), contraction, letters, detail)
    }

    private func product(
        _ a: View, _ b: View, _ order: [Int], _ contraction: Contraction, _ letters: Letters, _ detail: String
    ) -> View {
        let result = allocate(contraction.result.map { letters.sizes[$0] ?? 1 }, order: order)
        let (rows, depth, columns) = (a.sizes[0], a.sizes[1], b.sizes[1])
        emit(
            table.convolution.product, "contraction", detail, operations: 2 * rows * depth * columns, reads: [a, b],
            writes: [result]
        ) { addresses in
            ProductArguments(
                left: UnsafePointer(addresses.floats(a)), right: UnsafePointer(addresses.floats(b)),
                result: addresses.floats(result), rows: rows, depth: depth, columns: columns, leftRow: a.strides[0],
                leftDepth: a.strides[1], rightDepth: b.strides[0], rightColumn: columns == 1 ? 1 : b.strides[1],
                resultRow: columns)
        }
        return result
    }

    private func axes(_ list: [Int], _ wanted: [Int]) -> [Int] { wanted.compactMap { list.firstIndex(of: $0) } }

    /// A view as a matrix: its axes in this order, joined to rows and columns.
    private func matrix(_ view: View, _ order: [Int], _ rows: Int, _ columns: Int) -> View {
        let ordered = view.permuted(order)
        return ordered.reshaped(to: [rows, columns])
            ?? View.rowMajor(rowMajor(ordered).buffer, sizes: [rows, columns])
    }

    /// Dense memory as one row of positions with channels.
    private func grid(_ view: View, positions: Int, channels: Int) -> View {
        View(
            buffer: view.buffer, offset: view.offset, sizes: [1, channels, positions],
            strides: [positions * channels, 1, channels])
    }
}

/// The letters of a contraction by their roles.
private struct Letters {
    let batch: [Int]
    let summed: [Int]
    let firstOnly: [Int]
    let secondOnly: [Int]
    private(set) var sizes: [Int: Int] = [:]

    /// The numbers of rows, of terms of a sum, and of columns.
    var counts: (rows: Int, depth: Int, columns: Int) {
        func count(_ list: [Int]) -> Int { list.reduce(1) { $0 * (sizes[$1] ?? 1) } }
        return (count(firstOnly), count(summed), count(secondOnly))
    }

    init(_ contraction: Contraction, _ x: View, _ w: View) {
        let (first, second, result) = (contraction.first, contraction.second, contraction.result)
        batch = result.filter { first.contains($0) && second.contains($0) }
        summed = first.filter { !result.contains($0) }
        firstOnly = result.filter { !second.contains($0) }
        secondOnly = result.filter { !first.contains($0) }
        for (letter, size) in zip(first + second, x.sizes + w.sizes) { sizes[letter] = size }
    }
}
