import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// Places the value of a node; for a choice also the largest elements themselves, if a node gathers them.
    func pool(_ index: Int, _ pooling: Pooling) {
        let node = graph.nodes[index]
        let operands = node.operands.map { view($0) }
        // Values with images last stay so; the layout of an index decides that of the values that depend on it.
        let isTurned = operands[operands.count - 1].hasImagesLast
        let given = isTurned ? operands.map { $0.turned } : operands
        let sizes = isTurned ? [node.shape[1], node.shape[0]] + node.shape.sizes.dropFirst(2) : node.shape.sizes
        func put(_ result: View, for node: Int) { place(node, at: isTurned ? result.turned : result) }
        guard case .choice(let window, let taps, let size) = pooling else {
            put(pooled(index, sizes, pooling, given), for: index)
            return
        }
        let readers = graph.nodes.indices.filter { graph.nodes[$0].operands.contains(index) }
        let gather = readers.first { reader in
            graph.nodes[reader].primitive == .pooling(.gather) && graph.nodes[reader].operands[0] == node.operands[0]
        }
        let isAsked = readers.contains { $0 != gather } || graph.outputs.contains { $0.node == index }
        let last = channelsLast(sizes.count)
        let source = dense(given[0], order: channelsLast(given[0].sizes.count))
        let (values, indices) = (allocate(sizes, order: last), allocate(sizes, order: last))
        let grid = SlidingGrid.grids(
            window, taps: taps, size: size, role: .output, source: Array(source.sizes.dropFirst(2)))[0]
        nodes += gather.map { [$0] } ?? []
        emitWindows(
            table.pooling.chooseInWindows, "choose in windows", grid, source: source, result: values,
            reads: [source], writes: isAsked ? [values, indices] : [values]
        ) { windows, addresses in
            ChoiceArguments(windows: windows, indices: isAsked ? addresses.integers(indices) : nil)
        }
        put(indices, for: index)
        if let gather { put(values, for: gather) }
    }

    /// Pools of values with channels last.
    private func pooled(_ index: Int, _ sizes: [Int], _ pooling: Pooling, _ operands: [View]) -> View {
        let last = channelsLast(sizes.count)
        let source = dense(operands[0], order: channelsLast(operands[0].sizes.count))
        switch pooling {
        case .windowSum(let window, let taps, let role, let size):
            guard window.axes.allSatisfy({ $0.inputSpacing == 1 }) else {
                preconditionFailure("pools do not spread their input")
            }
            let result = allocate(sizes, order: last)
            let plane = Array(source.sizes.dropFirst(2))
            for grid in grids(window, taps: taps, size: size, role: role, source: plane, for: result) {
                emitWindows(
                    table.pooling.sumWindows, "sum windows", grid, source: source, result: result, reads: [source],
                    writes: [result]
                ) { windows, _ in windows }
            }
            return result
        case .choice:
            preconditionFailure("a choice is placed with what it chooses")
        case .gather:
            return follow(table.pooling.gather, "gather", source, operands[1], sizes)
        case .scatter:
            guard
                case .pooling(.choice(let window, let taps, let count)) = graph.nodes[graph.nodes[index].operands[1]]
                    .primitive
            else { return follow(table.pooling.scatter, "scatter", source, operands[1], sizes) }
            let grid = SlidingGrid.grids(
                window, taps: taps, size: count, role: .output, source: Array(sizes.dropFirst(2)))[0]
            let result = allocate(sizes, order: last)
            guard grid.tiles(ChannelsLastGrid(result).size), sizes[1] >= table.lanes else {
                return follow(table.pooling.scatter, "scatter", source, operands[1], sizes)
            }
            let indices = dense(operands[1], order: last)
            emitWindows(
                table.pooling.scatterInWindows, "scatter in windows", grid, source: result, result: source,
                reads: [source, indices], writes: [result]
            ) { windows, addresses in
                ChoiceArguments(windows: windows, indices: addresses.integers(indices))
            }
            return result
        }
    }

    private func emitWindows<Arguments>(
        _ routine: Routine<Arguments>, _ kernel: String, _ grid: SlidingGrid, source: View, result: View,
        reads: [View], writes: [View], _ arguments: @escaping (SlidingArguments, Addresses) -> Arguments
    ) {
        let (from, to) = (ChannelsLastGrid(source), ChannelsLastGrid(result))
        let call = WindowCall(
            grid: grid, batch: source.sizes[0], groups: from.channels, channels: 1, columns: 1, source: from.size,
            filterStrides: FilterStrides(group: 0, channel: 0, column: 0, tap: 0))
        emit(
            routine, kernel, "\(list(source.sizes))", operations: call.operations / 2, reads: reads, writes: writes
        ) { addresses in
            arguments(call.sliding(addresses, source: source, filter: source, to: to), addresses)
        }
    }

    /// Gathers or scatters elements along an index.
    private func follow(
        _ routine: Routine<GatherArguments>, _ kernel: String, _ source: View, _ given: View, _ sizes: [Int]
    ) -> View {
        let index = dense(given, order: channelsLast(given.sizes.count))
        let result = allocate(sizes, order: channelsLast(sizes.count))
        func positions(_ view: View) -> Int { view.sizes.dropFirst(2).reduce(1, *) }
        emit(routine, kernel, "\(list(source.sizes))", reads: [source, index], writes: [result]) { addresses in
            GatherArguments(
                source: UnsafePointer(addresses.floats(source)), index: UnsafePointer(addresses.integers(index)),
                destination: addresses.floats(result), batch: source.sizes[0], sourcePositions: positions(source),
                destinationPositions: positions(result), channels: source.sizes[1])
        }
        return result
    }
}

extension SlidingGrid {
    /// Whether each position of a source of this size is in exactly one window: s taps side by side, s apart.
    fileprivate func tiles(_ source: Axes) -> Bool {
        func isWithin(_ offset: Int, _ stride: Int) -> Bool { offset >= 0 && offset < stride }
        return taps.count == stride.count && count.z * stride.z == source.z && count.y * stride.y == source.y
            && count.x * stride.x == source.x
            && taps.allSatisfy {
                isWithin($0.offset.z, stride.z) && isWithin($0.offset.y, stride.y) && isWithin($0.offset.x, stride.x)
            }
    }
}
