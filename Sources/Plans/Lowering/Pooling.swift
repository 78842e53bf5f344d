import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    func pooled(_ node: Graph.Node, _ pooling: Pooling) -> View {
        // What lies with images last stays so, and an index decides for what follows it.
        let operands = node.operands.map { view($0) }
        guard operands[operands.count - 1].hasImagesLast else {
            return pooled(node.shape.sizes, pooling, operands)
        }
        return pooled(
            [node.shape[1], node.shape[0]] + node.shape.sizes.dropFirst(2), pooling, operands.map { $0.turned }
        )
        .turned
    }

    /// Pools of channels that lie last.
    private func pooled(_ sizes: [Int], _ pooling: Pooling, _ operands: [View]) -> View {
        let last = channelsLast(sizes.count)
        let source = dense(operands[0], order: channelsLast(operands[0].sizes.count))
        switch pooling {
        case .windowSum(let window, let taps, let role, let size):
            guard window.axes.allSatisfy({ $0.inputSpacing == 1 }) else {
                preconditionFailure("pools do not spread their input")
            }
            let result = allocate(sizes, order: last)
            for grid in SlidingGrid.grids(window, taps: taps, size: size, role: role) {
                slideWindows(table.pooling.sumWindows, "sum windows", grid, source: source, result: result)
            }
            return result
        case .choice(let window, let taps, let size):
            let result = allocate(sizes, order: last)
            let grid = SlidingGrid.grids(window, taps: taps, size: size, role: .output)[0]
            slideWindows(table.pooling.chooseInWindows, "choose in windows", grid, source: source, result: result)
            return result
        case .gather:
            return follow(table.pooling.gather, "gather", source, operands[1], sizes)
        case .scatter:
            return follow(table.pooling.scatter, "scatter", source, operands[1], sizes)
        }
    }

    private func slideWindows(
        _ routine: Routine<SlidingArguments>, _ kernel: String, _ grid: SlidingGrid, source: View, result: View
    ) {
        let (from, to) = (ChannelsLastGrid(source), ChannelsLastGrid(result))
        let start = to.start(grid.start)
        emit(
            routine, kernel, "\(list(source.sizes))",
            operations: source.sizes[0] * from.channels * grid.count.count * grid.taps.count,
            reads: [source], writes: [start]
        ) { addresses in
            let data = UnsafePointer(addresses.floats(source))
            return SlidingArguments(
                source: data, filter: data, destination: addresses.floats(start),
                taps: UnsafePointer(addresses.tables.copy(grid.taps)), tapCount: grid.taps.count,
                batch: source.sizes[0], groups: from.channels, channels: 1, columns: 1, sourceSize: from.size,
                count: grid.count, stride: grid.stride, destinationBatchStride: to.batchStride,
                destinationStrides: to.strides(step: grid.step))
        }
    }

    /// Moves elements along an index.
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
