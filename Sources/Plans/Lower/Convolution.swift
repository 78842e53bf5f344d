import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// The trilinear form: a window that slides over the input (role output) or the output (role input), or the correlation
    /// of both (role filter). With one channel and one filter in each group it runs in vectors of channels.
    func convolved(_ node: Graph.Node, _ convolution: Primitive.Convolution) -> View {
        let operands = node.operands.map { view($0) }
        let shapes = node.operands.map { graph.nodes[$0].shape }
        guard convolution.window.axes.allSatisfy({ $0.inputSpacing == 1 }) else {
            return spread(node, convolution, operands)
        }
        let extents = convolution.extents(shapes[0], shapes[1])
        let layer = DenseLayer(
            groups: convolution.groups, extents: extents, window: convolution.window,
            detail: "\(shapes[0]) \(shapes[1])")
        if Algorithm.isBatch(layer, convolution.role, operands: operands, lanes: table.lanes) {
            return convolvedBatch(node, convolution.role, layer, operands)
        }
        let last = channelsLast(node.shape.rank)
        switch convolution.role {
        case .output:
            return slide(layer, .output, source: dense(operands[0], order: last), filter: operands[1], node)
        case .input:
            return slide(layer, .input, source: dense(operands[1], order: last), filter: operands[0], node)
        case .filter:
            let result = allocate(node.shape.sizes)
            let w = FilterStrides(result, filters: extents.filters)
            filterGradient(
                layer, input: dense(operands[0], order: last), cotangent: dense(operands[1], order: last),
                filter: result, strides: w)
            return result
        }
    }

    /// Solves for a grid: packs the filter and slides it, with one call for each residue of the stride.
    private func slide(
        _ layer: DenseLayer, _ role: Primitive.Convolution.Role, source: View, filter: View, _ node: Graph.Node
    ) -> View {
        let from = ChannelsLastGrid(source)
        let hasFixedFilter = isFixed[node.operands[role == .output ? 1 : 0]]
        let result = allocate(node.shape.sizes, order: channelsLast(node.shape.rank))
        let to = ChannelsLastGrid(result)
        let dense = rowMajor(filter)
        let w = FilterStrides(dense, filters: layer.extents.filters)
        let solvesOutput = role == .output
        let (channels, columns) =
            solvesOutput
            ? (layer.extents.channels, layer.extents.filters) : (layer.extents.filters, layer.extents.channels)
        let size = Array(node.shape.sizes.dropFirst(2))
        for grid in grids(layer.window, taps: layer.extents.taps, size: size, role: role, for: result) {
            let start = to.start(grid.start)
            func arguments(_ addresses: Addresses, filter: View) -> SlidingArguments {
                SlidingArguments(
                    source: UnsafePointer(addresses.floats(source)), filter: UnsafePointer(addresses.floats(filter)),
                    destination: addresses.floats(start), taps: UnsafePointer(addresses.tables.copy(grid.taps)),
                    tapCount: grid.taps.count, batch: layer.extents.batch, groups: layer.groups, channels: channels,
                    columns: columns, sourceSize: from.size, count: grid.count, stride: grid.stride,
                    destinationBatchStride: to.batchStride, destinationStrides: to.strides(step: grid.step))
            }
            let algorithm = Algorithm(
                for: layer, grid, source: from.size, table: table, isExact: isExact, hasFixedFilter: hasFixedFilter
            ) {
                table.convolution.pixels.cost(arguments(provisional, filter: dense))
            }
            let packed = pack(
                dense, grid.taps, groups: layer.groups, channels: channels, columns: columns,
                groupStride: w.group, channelStride: solvesOutput ? w.channel : w.filter,
                columnStride: solvesOutput ? w.filter : w.channel, tapStride: w.tap, isDepthwise: layer.isDepthwise,
                algorithm.winograd(table.convolution))
            emit(
                algorithm.slide(table.convolution), "\(algorithm.name(table.convolution)) \(role.rawValue)",
                layer.detail,
                operations: 2 * layer.extents.batch * layer.groups * grid.count.count * grid.taps.count * channels
                    * columns,
                reads: [source, packed], writes: [start], isInexact: algorithm.winograd(table.convolution) != nil,
                batch: layer.extents.batch
            ) { arguments($0, filter: packed) }
        }
        return result
    }

    /// Packs the filter for the sliding kernels, with these taps in this order.
    func pack(
        _ filter: View, _ taps: [Tap], groups: Int, channels: Int, columns: Int, groupStride: Int,
        channelStride: Int, columnStride: Int, tapStride: Int, isDepthwise: Bool, _ winograd: WinogradKernels? = nil
    ) -> View {
        if isDepthwise {
            // [tap][channel]
            let packed = allocate([taps.count, groups])
            for (place, tap) in taps.enumerated() {
                let row = View(buffer: packed.buffer, offset: place * groups, sizes: [groups], strides: [1])
                let source = View(
                    buffer: filter.buffer, offset: filter.offset + tap.index * tapStride, sizes: [groups],
                    strides: [groupStride])
                copy(source, to: row)
            }
            return packed
        }
        let lanes = table.lanes
        let count =
            groups * (winograd?.products ?? taps.count) * channels * ((columns + lanes - 1) / lanes * lanes)
        let packed = View.rowMajor(buffer(count), sizes: [count])
        emit(
            winograd?.pack ?? table.convolution.pack, "pack filter", "\(list(filter.sizes))", reads: [filter],
            writes: [packed]
        ) {
            addresses in
            PackArguments(
                filter: UnsafePointer(addresses.floats(filter)), packed: addresses.floats(packed),
                taps: UnsafePointer(addresses.tables.copy(taps)), tapCount: taps.count, groups: groups,
                channels: channels, columns: columns, groupStride: groupStride, channelStride: channelStride,
                columnStride: columnStride, tapStride: tapStride)
        }
        return packed
    }

    /// Solves for the filter.
    func filterGradient(_ layer: DenseLayer, input: View, cotangent: View, filter: View, strides w: FilterStrides) {
        let (x, y) = (ChannelsLastGrid(input), ChannelsLastGrid(cotangent))
        let extents = layer.extents
        let grid = SlidingGrid.grids(layer.window, taps: extents.taps, size: extents.output, role: .output)[0]
        func arguments(_ addresses: Addresses, partials: UnsafeMutablePointer<Float>) -> FilterGradientArguments {
            FilterGradientArguments(
                source: UnsafePointer(addresses.floats(input)), cotangent: UnsafePointer(addresses.floats(cotangent)),
                filter: addresses.floats(filter), partials: partials,
                taps: UnsafePointer(addresses.tables.copy(grid.taps)), tapCount: grid.taps.count,
                batch: extents.batch, groups: layer.groups, channels: extents.channels, columns: extents.filters,
                sourceSize: x.size, count: y.size, stride: grid.stride, groupStride: w.group,
                channelStride: w.channel, columnStride: w.filter, tapStride: w.tap)
        }
        let algorithm = Algorithm(
            for: layer, grid, source: x.size, table: table, isExact: isExact, hasFixedFilter: false
        ) {
            table.convolution.pixels.filterCost(arguments(provisional, partials: provisional.floats(filter)))
        }
        let kernels = algorithm.filterGradient(table.convolution)
        filterGradient(
            kernels.parts, kernels.combine, "\(algorithm.name(table.convolution)) filter", layer.detail,
            reads: [input, cotangent], filter,
            isInexact: algorithm.winograd(table.convolution) != nil,
            operations: 2 * extents.batch * layer.groups * y.size.count * grid.taps.count * extents.channels
                * extents.filters, batch: extents.batch, arguments)
    }

    /// Appends the two steps of a correlation: partial sums, and adding them.
    func filterGradient(
        _ routine: Routine<FilterGradientArguments>, _ combine: Routine<FilterGradientArguments>, _ kernel: String,
        _ detail: String, reads: [View], _ filter: View, isInexact: Bool = false, operations: Int,
        batch: Int? = nil,
        _ arguments: @escaping (Addresses, _ partials: UnsafeMutablePointer<Float>) -> FilterGradientArguments
    ) {
        let needed = work(routine) { arguments($0, $0.floats(filter)) }
        let partials = View.rowMajor(buffer(needed.partials), sizes: [needed.partials])
        emit(
            routine, kernel, detail, operations: operations, reads: reads, writes: [partials], isInexact: isInexact,
            batch: batch
        ) {
            arguments($0, $0.floats(partials))
        }
        emit(combine, "combine filter", "\(list(filter.sizes))", reads: [partials], writes: [filter]) {
            arguments($0, $0.floats(partials))
        }
    }

    /// A form whose input positions are e apart (e·i): the same form on an input grid with e − 1 zeros inserted, where the
    /// input is an operand; where it is solved for, every e-th position of the result.
    private func spread(_ node: Graph.Node, _ convolution: Primitive.Convolution, _ operands: [View]) -> View {
        let spacing = convolution.window.axes.map { $0.inputSpacing }
        let plain = Window(
            convolution.window.axes.map {
                Window.Axis(stride: $0.stride, dilation: $0.dilation, padding: $0.padding)
            })
        func spreadSizes(_ sizes: [Int]) -> [Int] {
            zip(sizes, spacing).map { $0 == 0 ? 0 : ($0 - 1) * $1 + 1 }
        }
        let lead = [0, 0]
        var nodes = node.operands.map { graph.nodes[$0].shape.sizes }
        var views = operands
        var size = convolution.size
        if convolution.role == .input {
            size = spreadSizes(size)
        } else {
            nodes[0] = Array(nodes[0].prefix(2)) + spreadSizes(Array(nodes[0].dropFirst(2)))
            let none = [Int](repeating: 0, count: nodes[0].count)
            views[0] = padded(operands[0], none, none, lead + spacing.map { $0 - 1 }, sizes: nodes[0])
        }
        let form = Primitive.Convolution(
            window: plain, groups: convolution.groups, role: convolution.role, size: size)
        let extents = form.extents(Shape(nodes[0]), Shape(nodes[1]))
        let layer = DenseLayer(groups: form.groups, extents: extents, window: plain, detail: "spread")
        let last = channelsLast(node.shape.rank)
        switch convolution.role {
        case .output:
            return slide(layer, .output, source: dense(views[0], order: last), filter: views[1], node)
        case .filter:
            let result = allocate(node.shape.sizes)
            filterGradient(
                layer, input: dense(views[0], order: last), cotangent: dense(views[1], order: last), filter: result,
                strides: FilterStrides(result, filters: extents.filters))
            return result
        case .input:
            let whole = Graph.Node(
                node.primitive, node.operands,
                Signature(Shape(Array(node.shape.sizes.prefix(2)) + size), node.type))
            var result = slide(layer, .input, source: dense(views[1], order: last), filter: views[0], whole)
            result.sizes = node.shape.sizes
            for axis in spacing.indices { result.strides[axis + 2] *= spacing[axis] }
            return result
        }
    }
}

/// The sizes of a layer, as kernels are told them.
struct DenseLayer {
    let groups: Int
    let extents: Primitive.Convolution.Extents
    let window: Window
    let detail: String

    var isDepthwise: Bool { groups > 1 && extents.channels == 1 && extents.filters == 1 }
}

/// The strides of a row-major filter [groups·K, C, taps…].
struct FilterStrides {
    let group: Int
    let filter: Int
    let channel: Int
    let tap = 1

    init(_ view: View, filters: Int) {
        channel = view.sizes.dropFirst(2).reduce(1, *)
        filter = channel * view.sizes[1]
        group = filter * filters
    }
}
