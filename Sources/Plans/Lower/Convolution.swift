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
        let layer = DenseLayer(convolution, shapes, detail: "\(shapes[0]) \(shapes[1])")
        let isBatch = Algorithm.isBatch(layer, convolution.role, operands: operands, lanes: table.lanes)
        return solved(node, layer, convolution.role, operands, sizes: node.shape.sizes, isBatch: isBatch)
    }

    /// A form whose input positions lie side by side.
    ///
    /// - Parameters:
    ///   - sizes: of the result.
    ///   - isBatch: whether it runs on images side by side.
    private func solved(
        _ node: Graph.Node, _ layer: DenseLayer, _ role: Primitive.Convolution.Role, _ operands: [View], sizes: [Int],
        isBatch: Bool = false
    ) -> View {
        let order = isBatch ? imagesLast(sizes.count) : channelsLast(sizes.count)
        guard role != .filter else {
            let result = allocate(sizes)
            filterGradient(
                layer, input: dense(operands[0], order: order), cotangent: dense(operands[1], order: order),
                filter: result, isBatch: isBatch)
            return result
        }
        let (place, filter) = role == .output ? (0, 1) : (1, 0)
        let source = dense(operands[place], order: order)
        let result = allocate(sizes, order: order)
        slide(
            layer, role, source: source, filter: rowMajor(operands[filter]),
            hasFixedFilter: isFixed[node.operands[filter]], to: result, isBatch: isBatch)
        return result
    }

    /// Solves for a grid: packs the filter and slides it, with one call for each residue of the stride.
    private func slide(
        _ layer: DenseLayer, _ role: Primitive.Convolution.Role, source: View, filter: View, hasFixedFilter: Bool,
        to result: View, isBatch: Bool
    ) {
        let (from, to) = (ChannelsLastGrid(source, isTurned: isBatch), ChannelsLastGrid(result, isTurned: isBatch))
        let size = Array(result.sizes.dropFirst(2))
        for grid in grids(layer.window, taps: layer.extents.taps, size: size, role: role, for: result) {
            let call = WindowCall(layer, role, grid, source: from.size)
            let algorithm = algorithm(for: layer, call, isBatch: isBatch, hasFixedFilter: hasFixedFilter)
            let packed = pack(filter, call, algorithm)
            emit(
                algorithm.window(table.convolution).slide, "\(algorithm.name(table.convolution)) \(role.rawValue)",
                layer.detail, operations: call.operations, reads: [source, packed], writes: [to.start(grid.start)],
                isInexact: algorithm.winograd(table.convolution) != nil, batch: call.batch
            ) { call.sliding($0, source: source, filter: packed, to: to) }
        }
    }

    private func algorithm(
        for layer: DenseLayer, _ call: WindowCall, isBatch: Bool, hasFixedFilter: Bool = false
    ) -> Algorithm {
        if isBatch { return .batch }
        return Algorithm(
            for: layer, call, table: table, isExact: isExact, hasFixedFilter: hasFixedFilter,
            pixels: { table.convolution.pixelCost(call.layer(provisional)) })
    }

    /// The filter as the sliding kernels read it, for the taps of a call in their order.
    func pack(_ filter: View, _ call: WindowCall, _ algorithm: Algorithm) -> View {
        let taps = call.grid.taps
        if case .batch = algorithm { return filter }
        if case .depthwise = algorithm {
            // [tap][channel]
            let packed = allocate([taps.count, call.groups])
            for (place, tap) in taps.enumerated() {
                let row = View(buffer: packed.buffer, offset: place * call.groups, sizes: [call.groups], strides: [1])
                let source = View(
                    buffer: filter.buffer, offset: filter.offset + tap.index * call.filterStrides.tap,
                    sizes: [call.groups],
                    strides: [call.filterStrides.group])
                copy(source, to: row)
            }
            return packed
        }
        let winograd = algorithm.winograd(table.convolution)
        let columns = (call.columns + table.lanes - 1) / table.lanes * table.lanes
        let count = call.groups * (winograd?.products ?? taps.count) * call.channels * columns
        let packed = View.rowMajor(buffer(count), sizes: [count])
        emit(
            winograd?.pack ?? table.convolution.pack, "pack filter", "\(list(filter.sizes))", reads: [filter],
            writes: [packed]
        ) { addresses in
            PackArguments(
                filter: UnsafePointer(addresses.floats(filter)), packed: addresses.floats(packed),
                layer: call.layer(addresses))
        }
        return packed
    }

    /// Solves for the filter, in two steps: partial sums, and their sum.
    ///
    /// - Parameter strides: of a filter that is not row-major.
    func filterGradient(
        _ layer: DenseLayer, input: View, cotangent: View, filter: View, lying strides: FilterStrides? = nil,
        isBatch: Bool = false
    ) {
        let extents = layer.extents
        let grid = SlidingGrid.grids(layer.window, taps: extents.taps, size: extents.output, role: .output)[0]
        var call = WindowCall(layer, .output, grid, source: ChannelsLastGrid(input, isTurned: isBatch).size)
        call.filterStrides = strides ?? call.filterStrides
        let algorithm = algorithm(for: layer, call, isBatch: isBatch)
        func arguments(_ addresses: Addresses, partials: View) -> FilterGradientArguments {
            FilterGradientArguments(
                source: UnsafePointer(addresses.floats(input)), cotangent: UnsafePointer(addresses.floats(cotangent)),
                filter: addresses.floats(filter), partials: addresses.floats(partials), layer: call.layer(addresses))
        }
        let kernels = algorithm.window(table.convolution)
        let needed = work(kernels.filterGradient) { arguments($0, partials: filter) }
        let partials = View.rowMajor(buffer(needed.partials), sizes: [needed.partials])
        emit(
            kernels.filterGradient, "\(algorithm.name(table.convolution)) filter", layer.detail,
            operations: call.operations,
            reads: [input, cotangent], writes: [partials],
            isInexact: algorithm.winograd(table.convolution) != nil, batch: call.batch
        ) { arguments($0, partials: partials) }
        emit(
            kernels.combineFilter, "combine filter", "\(list(filter.sizes))", reads: [partials], writes: [filter]
        ) {
            arguments($0, partials: partials)
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
        /// Of values with images, channels and positions.
        func spreadSizes(_ sizes: [Int]) -> [Int] {
            sizes.prefix(2) + zip(sizes.dropFirst(2), spacing).map { $0 == 0 ? 0 : ($0 - 1) * $1 + 1 }
        }
        var operandSizes = node.operands.map { graph.nodes[$0].shape.sizes }
        var (views, sizes, size) = (operands, node.shape.sizes, convolution.size)
        if convolution.role == .input {
            sizes = spreadSizes(sizes)
            size = Array(sizes.dropFirst(2))
        } else {
            operandSizes[0] = spreadSizes(operandSizes[0])
            let none = [Int](repeating: 0, count: sizes.count)
            views[0] = padded(operands[0], none, none, [0, 0] + spacing.map { $0 - 1 }, sizes: operandSizes[0])
        }
        let form = Primitive.Convolution(
            window: plain, groups: convolution.groups, role: convolution.role, size: size)
        let layer = DenseLayer(form, operandSizes.map { Shape($0) }, detail: "spread")
        var result = solved(node, layer, form.role, views, sizes: sizes)
        if form.role == .input {
            result.sizes = node.shape.sizes
            for axis in spacing.indices { result.strides[axis + 2] *= spacing[axis] }
        }
        return result
    }
}

/// The sizes of a layer, as kernels are told them.
struct DenseLayer {
    let groups: Int
    let extents: Primitive.Convolution.Extents
    let window: Window
    let detail: String

    init(_ form: Primitive.Convolution, _ operands: [Shape], detail: String) {
        (groups, window, extents) = (form.groups, form.window, form.extents(operands[0], operands[1]))
        self.detail = detail
    }

    var isDepthwise: Bool { groups > 1 && extents.channels == 1 && extents.filters == 1 }
}

// Layers of few channels leave most lanes of a vector of channels empty. On many images their activations lie with the
// images last, in memory as [C][spatial…][N], from the first such convolution on until one has channels enough.

/// [C, spatial…, N]
func imagesLast(_ rank: Int) -> [Int] { Array(1..<rank) + [0] }

extension View {
    var hasImagesLast: Bool {
        sizes[0] > 1 && isDense(order: imagesLast(sizes.count)) && !isDense(order: channelsLast(sizes.count))
    }

    /// Images and channels exchanged. What works on each channel alone sees images that lie last as channels.
    var turned: View { permuted([1, 0] + Array(2..<sizes.count)) }
}
