import AdjointKernelTables
import Testing

/// The dense form on images side by side.
@Suite struct ImagesTests {
    /// Few sums, and up to five vectors of images.
    static let windows: [WindowCase] = {
        let product = WindowCase.product.filter { $0.groups == 1 && $0.channels * $0.columns <= 64 }
        let few = WindowCase.fewColumns.filter {
            $0.groups == 1 && $0.channels * $0.columns <= 24 && $0.positions < 500
        }
        let layers = [
            WindowCase(channels: 1, columns: 6, size: [12, 12], kernel: [5, 5], padding: [2, 2], count: [12, 12]),
            WindowCase(channels: 6, columns: 16, size: [8, 7], kernel: [5, 3], count: [4, 5]),
            WindowCase(channels: 16, columns: 6, size: [4, 5], kernel: [5, 3], padding: [4, 2], count: [8, 7]),
        ]
        return product + WindowCase.oddities.filter { $0.groups == 1 } + few.prefix(12) + layers
    }()

    @Test(arguments: Instructions.supported)
    func `The form on images side by side is exact in every role`(instructions: Instructions) {
        for (index, window) in Self.windows.enumerated() {
            var window = window
            window.batch = instructions.lanes * (1 + index % 5)
            if index % 5 > 1, window.channels * window.columns > 24 { window.batch = instructions.lanes }
            let sums = Sums(window)
            for order in TaskOrder.allCases {
                #expect(
                    window.slideBatch(instructions.convolution.batch.slide, sums.source, sums.filter, order)
                        == sums.grid,
                    "\(window), \(instructions)")
                #expect(
                    window.batchFilterGradient(instructions.convolution.batch, sums.source, sums.cotangent, order)
                        == sums.gradient,
                    "\(window), \(instructions)")
            }
        }
    }
}

extension WindowCase {
    fileprivate func slideBatch(
        _ routine: Routine<SlidingArguments>, _ source: [Float], _ filter: [Float], _ order: TaskOrder
    ) -> [Float] {
        let source = Memory(imagesLast(source, channels: channels))
        let filter = Memory(filter)
        let destination = Memory(cotangentCount)
        let taps = taps
        taps.withUnsafeBufferPointer { taps in
            var arguments = SlidingArguments(
                source: source.base, filter: filter.base, destination: destination.base,
                layer: layer(taps.baseAddress ?? WindowCase.noTap),
                destinationBatchStride: positions * batch,
                destinationStrides: Axes(countAxes.y * countAxes.x * batch, countAxes.x * batch, batch))
            let work = routine.work(&arguments)
            run(routine, arguments, work, order)
        }
        for memory in [source, filter, destination] { memory.check() }
        return channelsLast(destination.values, channels: columns)
    }

    fileprivate func batchFilterGradient(
        _ kernels: WindowKernels, _ source: [Float], _ cotangent: [Float], _ order: TaskOrder
    ) -> [Float] {
        let source = Memory(imagesLast(source, channels: channels))
        let cotangent = Memory(imagesLast(cotangent, channels: columns))
        let filter = Memory(filterCount)
        let taps = taps
        taps.withUnsafeBufferPointer { taps in
            var arguments = FilterGradientArguments(
                source: source.base, cotangent: cotangent.base, filter: filter.base, partials: filter.base,
                layer: layer(taps.baseAddress ?? WindowCase.noTap))
            let work = kernels.filterGradient.work(&arguments)
            let partials = Memory(work.partials)
            arguments.partials = partials.base
            run(kernels.filterGradient, arguments, work, order)
            let combining = kernels.combineFilter.work(&arguments)
            run(kernels.combineFilter, arguments, combining, order)
            partials.check()
        }
        for memory in [source, cotangent, filter] { memory.check() }
        return filter.values
    }

    /// [n][position][c] as [c][position][n]
    private func imagesLast(_ values: [Float], channels: Int) -> [Float] {
        turned(values, batch, channels)
    }

    /// [c][position][n] as [n][position][c]
    private func channelsLast(_ values: [Float], channels: Int) -> [Float] {
        turned(values, channels, batch)
    }

    private func turned(_ values: [Float], _ outer: Int, _ inner: Int) -> [Float] {
        guard !values.isEmpty else { return [] }
        let middle = values.count / (outer * inner)
        return values.indices.map { place in
            values[(place % outer * middle + place / outer % middle) * inner + place / (outer * middle)]
        }
    }

    private static var noTap: UnsafePointer<Tap> {
        UnsafePointer(UnsafeMutablePointer<Tap>.allocate(capacity: 1))
    }
}
