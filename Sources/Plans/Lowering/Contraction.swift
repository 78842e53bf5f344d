import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// A sum over shared axes is a layer with one tap: y[m, j] = Σ_s x[m, s]·w[s, j] slides over m where x has its summed
    /// axes innermost, and correlates over s where both have them outermost.
    func contracted(_ node: Graph.Node, _ contraction: Contraction) -> View {
        let (x, w) = (view(node.operands[0]), view(node.operands[1]))
        let letters = Letters(contraction, x, w)
        if letters.batch.isEmpty { return contracted(x, w, contraction, letters, detail: contraction.notation) }
        // Batch axes: one product for each of their indices, each into its own part of the result.
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
        func axes(_ list: [Int], _ wanted: [Int]) -> [Int] { wanted.compactMap { list.firstIndex(of: $0) } }
        func count(_ list: [Int]) -> Int { list.reduce(1) { $0 * (letters.sizes[$1] ?? 1) } }
        let (rows, depth, columns) = (count(letters.firstOnly), count(letters.summed), count(letters.secondOnly))
        // The result lies as [free axes of x][free axes of w].
        let order = axes(contraction.result, letters.firstOnly + letters.secondOnly)
        let result = allocate(contraction.result.map { letters.sizes[$0] ?? 1 }, order: order)

        let xSummedFirst = axes(contraction.first, letters.summed + letters.firstOnly)
        let wSummedFirst = axes(contraction.second, letters.summed + letters.secondOnly)
        if depth > 1, x.isDense(order: xSummedFirst), w.isDense(order: wSummedFirst) {
            // Both as [summed][free]: the "pixels" are the summed axes.
            let form = Primitive.Convolution(
                window: Window([Window.Axis()]), groups: 1, role: .filter, size: [1])
            let extents = form.extents([1, rows, depth], [1, columns, depth])
            correlate(
                DenseLayer(groups: 1, extents: extents, window: form.window, detail: detail),
                input: grid(x, positions: depth, channels: rows),
                cotangent: grid(w, positions: depth, channels: columns),
                filter: result, strides: FilterStrides(channel: columns, filter: 1))
            return result
        }
        let source = dense(x, order: axes(contraction.first, letters.firstOnly + letters.summed))
        // w in any memory that is regular in its summed and in its free axes.
        let packable = w.permuted(wSummedFirst)
        let merged =
            packable.reshaped(to: [depth, columns])
            ?? View.rowMajor(rowMajor(packable).buffer, sizes: [depth, columns])
        let tap = [Tap(offset: Axes(0, 0, 0), index: 0)]
        let packed = pack(
            merged, tap, groups: 1, channels: depth, columns: columns, groupStride: 0,
            channelStride: merged.strides[0], columnStride: merged.strides[1], tapStride: 0, isDepthwise: false)
        emit(
            table.convolution.slide, "contraction", detail, operations: 2 * rows * depth * columns,
            reads: [source, packed], writes: [result]
        ) { addresses in
            SlidingArguments(
                source: UnsafePointer(addresses.floats(source)), filter: UnsafePointer(addresses.floats(packed)),
                destination: addresses.floats(result), taps: UnsafePointer(addresses.tables.copy(tap)), tapCount: 1,
                batch: 1, groups: 1, channels: depth, columns: columns,
                sourceSize: Axes(1, 1, rows), count: Axes(1, 1, rows), stride: Axes(1, 1, 1),
                destinationBatchStride: rows * columns,
                destinationStrides: Axes(rows * columns, rows * columns, columns))
        }
        return result
    }

    /// Dense memory as one row of positions with channels.
    private func grid(_ view: View, positions: Int, channels: Int) -> View {
        View(
            buffer: view.buffer, offset: view.offset, sizes: [1, channels, positions],
            strides: [positions * channels, 1, channels])
    }
}

/// The letters of a contraction by what they do.
private struct Letters {
    let batch: [Int]
    let summed: [Int]
    let firstOnly: [Int]
    let secondOnly: [Int]
    private(set) var sizes: [Int: Int] = [:]

    init(_ contraction: Contraction, _ x: View, _ w: View) {
        let (first, second, result) = (contraction.first, contraction.second, contraction.result)
        batch = result.filter { first.contains($0) && second.contains($0) }
        summed = first.filter { !result.contains($0) }
        firstOnly = result.filter { !second.contains($0) }
        secondOnly = result.filter { !first.contains($0) }
        for (letter, size) in zip(first + second, x.sizes + w.sizes) { sizes[letter] = size }
    }
}

extension FilterStrides {
    fileprivate init(channel: Int, filter: Int) {
        self.channel = channel
        self.filter = filter
        group = 0
    }
}
