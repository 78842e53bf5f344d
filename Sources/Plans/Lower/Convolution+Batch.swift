import AdjointGraphs
import AdjointKernelTables

// Layers of few channels leave most lanes of a vector of channels empty. For many images their activations are laid out with
// the images last, in memory as [C][spatial…][N], from the first such convolution on until one has enough channels.

/// The order of axes [C, spatial…, N].
func imagesLast(_ rank: Int) -> [Int] { Array(1..<rank) + [0] }

extension View {
    var hasImagesLast: Bool {
        sizes[0] > 1 && isDense(order: imagesLast(sizes.count)) && !isDense(order: channelsLast(sizes.count))
    }

    /// The view with images and channels exchanged, for kernels that work on each channel alone: they take images as channels.
    var turned: View { permuted([1, 0] + Array(2..<sizes.count)) }
}

extension Lowering {
    /// The trilinear form on images side by side.
    func convolvedBatch(
        _ node: Graph.Node, _ role: Primitive.Convolution.Role, _ layer: DenseLayer, _ operands: [View]
    ) -> View {
        switch role {
        case .output:
            return slideBatch(layer, .output, source: operands[0], filter: operands[1], node)
        case .input:
            return slideBatch(layer, .input, source: operands[1], filter: operands[0], node)
        case .filter:
            let result = allocate(node.shape.sizes)
            batchFilterGradient(layer, input: operands[0], cotangent: operands[1], filter: result)
            return result
        }
    }

    private func slideBatch(
        _ layer: DenseLayer, _ role: Primitive.Convolution.Role, source: View, filter: View, _ node: Graph.Node
    ) -> View {
        let order = imagesLast(node.shape.rank)
        let source = dense(source, order: order)
        let filter = rowMajor(filter)
        let result = allocate(node.shape.sizes, order: order)
        let w = FilterStrides(filter, filters: layer.extents.filters)
        let (channels, columns) =
            role == .output
            ? (layer.extents.channels, layer.extents.filters) : (layer.extents.filters, layer.extents.channels)
        // Images take the place of channels in these grids.
        let (from, to) = (ChannelsLastGrid(source.turned), ChannelsLastGrid(result.turned))
        let size = Array(node.shape.sizes.dropFirst(2))
        for grid in grids(layer.window, taps: layer.extents.taps, size: size, role: role, for: result) {
            let start = to.start(grid.start)
            emit(
                table.batch.slide, "convolution \(role.rawValue)", layer.detail,
                operations: 2 * layer.extents.batch * grid.count.count * grid.taps.count * channels * columns,
                reads: [source, filter], writes: [start]
            ) { addresses in
                BatchSlidingArguments(
                    SlidingArguments(
                        source: UnsafePointer(addresses.floats(source)),
                        filter: UnsafePointer(addresses.floats(filter)), destination: addresses.floats(start),
                        taps: UnsafePointer(addresses.tables.copy(grid.taps)), tapCount: grid.taps.count,
                        batch: layer.extents.batch, groups: 1, channels: channels, columns: columns,
                        sourceSize: from.size, count: grid.count, stride: grid.stride,
                        destinationBatchStride: to.batchStride, destinationStrides: to.strides(step: grid.step)),
                    filterColumn: role == .output ? w.filter : w.channel,
                    filterChannel: role == .output ? w.channel : w.filter, filterTap: w.tap)
            }
        }
        return result
    }

    private func batchFilterGradient(_ layer: DenseLayer, input: View, cotangent: View, filter: View) {
        let order = imagesLast(input.sizes.count)
        let (input, cotangent) = (dense(input, order: order), dense(cotangent, order: order))
        let (x, y) = (ChannelsLastGrid(input.turned), ChannelsLastGrid(cotangent.turned))
        let extents = layer.extents
        let grid = SlidingGrid.grids(layer.window, taps: extents.taps, size: extents.output, role: .output)[0]
        let w = FilterStrides(filter, filters: extents.filters)
        filterGradient(
            table.batch.filterGradient, table.batch.combine, "convolution filter", layer.detail,
            reads: [input, cotangent],
            filter,
            operations: 2 * extents.batch * y.size.count * grid.taps.count * extents.channels * extents.filters
        ) { addresses, partials in
            FilterGradientArguments(
                source: UnsafePointer(addresses.floats(input)), cotangent: UnsafePointer(addresses.floats(cotangent)),
                filter: addresses.floats(filter), partials: partials,
                taps: UnsafePointer(addresses.tables.copy(grid.taps)), tapCount: grid.taps.count,
                batch: extents.batch, groups: 1, channels: extents.channels, columns: extents.filters,
                sourceSize: x.size, count: y.size, stride: grid.stride, groupStride: w.group,
                channelStride: w.channel, columnStride: w.filter, tapStride: w.tap)
        }
    }
}
