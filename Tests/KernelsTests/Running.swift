import AdjointKernelTables
import Testing

/// The order in which the pieces of a kernel's work run.
enum TaskOrder: CaseIterable {
    case forwards
    case backwards
    case shuffled

    func tasks(_ count: Int) -> [Int] {
        switch self {
        case .forwards: return Array(0..<count)
        case .backwards: return (0..<count).reversed()
        case .shuffled:
            var generator = Numbers(seed: 11)
            return (0..<count).shuffled(using: &generator)
        }
    }
}

/// Runs all of a kernel's work, with scratch memory of arbitrary contents.
func run<Arguments>(_ routine: Routine<Arguments>, _ arguments: Arguments, _ work: Work, _ order: TaskOrder) {
    let scratch = Memory(work.scratch / MemoryLayout<Float>.stride, alignment: 64)
    let stored = Stored(arguments, routine)
    for task in order.tasks(work.tasks) { routine.run(stored.pointer, task, UnsafeMutableRawPointer(scratch.base)) }
    scratch.check()
}

/// Arguments in the form that a routine reads.
final class Stored {
    let pointer: UnsafeRawPointer
    private var blocks: [UnsafeMutableRawPointer] = []

    init<Arguments>(_ arguments: Arguments, _ routine: Routine<Arguments>) {
        var blocks: [UnsafeMutableRawPointer] = []
        pointer = routine.store(arguments) { bytes in
            let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            blocks.append(block)
            return block
        }
        self.blocks = blocks
    }

    deinit { for block in blocks { block.deallocate() } }
}

extension WindowCase {
    /// The form solved for its grid: dense [n][position][g·columns], copied from positions that are apart.
    func slide(
        _ kernels: ConvolutionKernels, lanes: Int, source: [Float], filter: [Float], order: TaskOrder = .forwards
    ) -> [Float] {
        slide(
            kernels.pack, kernels.columns.slide, lanes: lanes, places: tapCount, source: source, filter: filter,
            order: order)
    }

    /// What kernels are told of it.
    func layer(_ taps: UnsafePointer<Tap>) -> WindowLayer {
        WindowLayer(
            taps: taps, tapCount: tapCount, batch: batch, groups: groups, channels: channels, columns: columns,
            sourceSize: sizeAxes, count: countAxes, stride: strideAxes,
            filterStrides: FilterStrides(
                group: columns * channels * tapCount, channel: tapCount, column: channels * tapCount, tap: 1))
    }

    /// The same in vectors of pixels; nil where they cannot be used.
    func slidePixels(
        _ kernels: ConvolutionKernels, lanes: Int, source: [Float], filter: [Float]
    ) -> [Float]? {
        let isServed = taps.withUnsafeBufferPointer { taps in
            kernels.pixelCost(layer(taps.baseAddress ?? WindowCase.noTaps)) != nil
        }
        guard isServed else { return nil }
        return slide(
            kernels.pack, kernels.pixels.slide, lanes: lanes, places: tapCount, source: source, filter: filter,
            order: .shuffled)
    }

    /// The same with a packed filter that has `places` in place of the taps.
    func slide(
        _ pack: Routine<PackArguments>, _ slide: Routine<SlidingArguments>, lanes: Int, places: Int, source: [Float],
        filter: [Float], order: TaskOrder
    ) -> [Float] {
        let source = Memory(source)
        let filter = Memory(filter)
        let taps = taps
        let all = groups * columns
        // Every other column of positions, and two floats between neighbours, must not be touched.
        let x = 2 * (all + 2)
        let strides = Axes(countAxes.y * countAxes.x * x, countAxes.x * x, x)
        let destination = Memory(batch * positions * x)
        let padded = (columns + lanes - 1) / lanes * lanes
        let packed = Memory(groups * places * channels * padded)
        taps.withUnsafeBufferPointer { taps in
            let tapBase = taps.baseAddress ?? WindowCase.noTaps
            var packing = PackArguments(
                filter: filter.base, packed: packed.base, layer: layer(tapBase))
            let packingWork = pack.work(&packing)
            run(pack, packing, packingWork, order)
            var sliding = SlidingArguments(
                source: source.base, filter: packed.base, destination: destination.base,
                layer: layer(tapBase),
                destinationBatchStride: positions * x, destinationStrides: strides)
            let work = slide.work(&sliding)
            run(slide, sliding, work, order)
        }
        for memory in [source, filter, destination, packed] { memory.check() }
        return gathered(destination, x)
    }

    /// The same for one channel and one filter a group.
    func slideDepthwise(
        _ kernels: ConvolutionKernels, source: [Float], filter: [Float], order: TaskOrder = .forwards
    ) -> [Float] {
        let source = Memory(source)
        let taps = taps
        let byTap = Memory(
            (0..<tapCount * groups).map { filter[$0 % groups * tapCount + taps[$0 / groups].index] })
        let x = 2 * (groups + 2)
        let destination = Memory(batch * positions * x)
        taps.withUnsafeBufferPointer { taps in
            var sliding = SlidingArguments(
                source: source.base, filter: byTap.base, destination: destination.base,
                layer: layer(taps.baseAddress ?? WindowCase.noTaps),
                destinationBatchStride: positions * x,
                destinationStrides: Axes(countAxes.y * countAxes.x * x, countAxes.x * x, x))
            let work = kernels.depthwise.slide.work(&sliding)
            run(kernels.depthwise.slide, sliding, work, order)
        }
        for memory in [source, byTap, destination] { memory.check() }
        return gathered(destination, x)
    }

    /// The form solved for its filter.
    func filterGradient(
        _ routine: Routine<FilterGradientArguments>, _ combine: Routine<FilterGradientArguments>,
        source: [Float], cotangent: [Float], order: TaskOrder = .forwards
    ) -> [Float] {
        let source = Memory(source)
        let cotangent = Memory(cotangent)
        let filter = Memory(filterCount)
        let taps = taps
        taps.withUnsafeBufferPointer { taps in
            var arguments = FilterGradientArguments(
                source: source.base, cotangent: cotangent.base, filter: filter.base, partials: filter.base,
                layer: layer(taps.baseAddress ?? WindowCase.noTaps))
            let work = routine.work(&arguments)
            let partials = Memory(work.partials)
            arguments.partials = partials.base
            run(routine, arguments, work, order)
            let combining = combine.work(&arguments)
            run(combine, arguments, combining, order)
            partials.check()
        }
        for memory in [source, cotangent, filter] { memory.check() }
        return filter.values
    }

    /// The results at positions that are apart. Floats between them are still NaN.
    private func gathered(_ destination: Memory, _ pitch: Int) -> [Float] {
        let values = destination.values
        let all = groups * columns
        return values.indices.compactMap { index in
            if index % pitch < all { return values[index] }
            return values[index].isNaN ? nil : .infinity
        }
    }

    private static var noTaps: UnsafePointer<Tap> {
        UnsafePointer(UnsafeMutablePointer<Tap>.allocate(capacity: 1))
    }
}
