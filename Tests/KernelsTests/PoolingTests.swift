import AdjointKernelTables
import Testing

/// Windows of every kind against scalar loops: with low and high padding, strides that do not divide, dilation, one to
/// three axes, and channels around every vector size.
@Suite struct PoolingTests {
    struct Window: Sendable, CustomTestStringConvertible {
        var source: Axes
        var kernel: Axes
        var stride: Axes
        var dilation = Axes(1, 1, 1)
        var low = Axes(0, 0, 0)
        var high = Axes(0, 0, 0)
        /// Whether each position is met by exactly one window.
        var tiles: Bool {
            let size = Axes(count.z * stride.z, count.y * stride.y, count.x * stride.x)
            return kernel == stride && size == source && dilation == Axes(1, 1, 1) && low == Axes(0, 0, 0)
        }

        var testDescription: String { "\(source) \(kernel) \(stride)" }

        var count: Axes {
            func size(_ i: Int, _ k: Int, _ s: Int, _ d: Int, _ low: Int, _ high: Int) -> Int {
                (i + low + high - (k - 1) * d - 1) / s + 1
            }
            return Axes(
                size(source.z, kernel.z, stride.z, dilation.z, low.z, high.z),
                size(source.y, kernel.y, stride.y, dilation.y, low.y, high.y),
                size(source.x, kernel.x, stride.x, dilation.x, low.x, high.x))
        }

        var taps: [Tap] {
            indices([kernel.z, kernel.y, kernel.x]).enumerated().map { index, k in
                Tap(
                    offset: Axes(
                        k[0] * dilation.z - low.z, k[1] * dilation.y - low.y, k[2] * dilation.x - low.x),
                    index: index)
            }
        }
    }

    static let windows = [
        Window(source: Axes(1, 6, 8), kernel: Axes(1, 2, 2), stride: Axes(1, 2, 2)),
        Window(source: Axes(1, 7, 9), kernel: Axes(1, 3, 3), stride: Axes(1, 2, 2), low: Axes(0, 1, 1)),
        Window(
            source: Axes(1, 5, 6), kernel: Axes(1, 3, 3), stride: Axes(1, 1, 1), low: Axes(0, 1, 1),
            high: Axes(0, 1, 1)),
        Window(
            source: Axes(1, 5, 9), kernel: Axes(1, 2, 3), stride: Axes(1, 3, 2), dilation: Axes(1, 2, 2),
            low: Axes(0, 1, 2), high: Axes(0, 0, 3)),
        Window(
            source: Axes(3, 4, 5), kernel: Axes(2, 2, 2), stride: Axes(1, 2, 1), low: Axes(1, 0, 1),
            high: Axes(0, 1, 0)),
        Window(source: Axes(1, 1, 11), kernel: Axes(1, 1, 4), stride: Axes(1, 1, 5)),
        Window(source: Axes(1, 4, 4), kernel: Axes(1, 4, 4), stride: Axes(1, 4, 4)),
    ]

    #if DEBUG
        static let channels = [1, 6, 8, 17]
    #else
        static let channels = [1, 3, 4, 5, 6, 8, 15, 16, 17, 24, 35, 64]
    #endif

    @Test(arguments: TestedKernels.all, windows)
    func windowsAndIndices(kernels: TestedKernels, window: Window) {
        var numbers = Numbers(seed: 30)
        for channels in PoolingTests.channels {
            for batch in [0, 1, 3] {
                var values = numbers.integers(batch * window.source.count * channels)
                for i in values.indices where Int.random(in: 0..<20, using: &numbers) == 0 {
                    values[i] = [.nan, -.infinity].randomElement(using: &numbers)!
                }
                check(kernels, window, batch, channels, values)
            }
        }
    }

    private func check(
        _ kernels: TestedKernels, _ window: Window, _ batch: Int, _ channels: Int, _ values: [Float]
    ) {
        let count = window.count
        let source = GuardedMemory(values)
        let outputs = batch * count.count * channels
        var sums = [Float](repeating: 0, count: outputs)
        var maxima = [Float](repeating: 0, count: outputs)
        var choices = [Int32](repeating: -1, count: outputs)
        for index in indices([batch, count.z, count.y, count.x, channels]) {
            let place = zip(index, denseStrides([batch, count.z, count.y, count.x, channels])).reduce(0) {
                $0 + $1.0 * $1.1
            }
            var best = Float.nan
            for tap in window.taps {
                let z = index[1] * window.stride.z + tap.offset.z
                let y = index[2] * window.stride.y + tap.offset.y
                let x = index[3] * window.stride.x + tap.offset.x
                guard (0..<window.source.z).contains(z), (0..<window.source.y).contains(y),
                    (0..<window.source.x).contains(x)
                else { continue }
                let position = (z * window.source.y + y) * window.source.x + x
                let value = values[(index[0] * window.source.count + position) * channels + index[4]]
                sums[place] += value
                if choices[place] < 0 || value > best || value.isNaN && !best.isNaN {
                    best = value
                    choices[place] = Int32(position)
                }
            }
            maxima[place] = best
        }

        let taps = window.taps
        let (summed, largest, alone, chosen) = (
            GuardedMemory(outputs), GuardedMemory(outputs), GuardedMemory(outputs), GuardedMemory(outputs)
        )
        var numbers = Numbers(seed: 33)
        let (spread, cotangent) = (GuardedMemory(source.values.count), GuardedMemory(numbers.integers(outputs)))
        taps.withUnsafeBufferPointer { taps in
            func windows(_ source: GuardedMemory, _ destination: GuardedMemory) -> SlidingArguments {
                SlidingArguments(
                    source: source.floats, filter: source.floats, destination: destination.floats,
                    layer: WindowLayer(
                        taps: taps.baseAddress!, tapCount: taps.count, batch: batch, groups: channels, channels: 1,
                        columns: 1, sourceSize: window.source, count: count, stride: window.stride,
                        filterStrides: FilterStrides(group: 0, channel: 0, column: 0, tap: 0)),
                    destinationBatchStride: count.count * channels,
                    destinationStrides: Axes(count.y * count.x * channels, count.x * channels, channels))
            }
            var sum = windows(source, summed)
            run(kernels.pooling.sumWindows, &sum, seed: 2)
            var choice = ChoiceArguments(windows: windows(source, largest), indices: chosen.integers)
            run(kernels.pooling.chooseInWindows, &choice, seed: 2)
            var value = ChoiceArguments(windows: windows(source, alone), indices: nil)
            run(kernels.pooling.chooseInWindows, &value, seed: 2)
            var scatter = ChoiceArguments(windows: windows(spread, cotangent), indices: chosen.integers)
            if window.tiles { run(kernels.pooling.scatterInWindows, &scatter, seed: 2) }
        }
        for memory in [summed, largest, alone, chosen, spread] { #expect(memory.isIntact) }
        #expect(agree(summed.values, sums), "sum, \(channels) channels, batch \(batch)")
        #expect(chosen.integerValues == choices, "choice, \(channels) channels, batch \(batch)")
        #expect(agree(largest.values, maxima) && agree(alone.values, maxima), "\(channels) channels, batch \(batch)")
        if window.tiles {
            var sums = [Float](repeating: 0, count: spread.values.count)
            for (place, choice) in choices.enumerated() {
                let image = place / (count.count * channels) * window.source.count
                sums[(image + Int(choice)) * channels + place % channels] += cotangent.floats[place]
            }
            #expect(spread.values == sums, "scatter, \(channels) channels, batch \(batch)")
        }
        checkIndices(kernels, window, batch, channels, source, choices)
    }

    private func checkIndices(
        _ kernels: TestedKernels, _ window: Window, _ batch: Int, _ channels: Int, _ source: GuardedMemory,
        _ choices: [Int32]
    ) {
        let (inner, outer) = (window.count.count, window.source.count)
        let index = GuardedMemory(choices)
        let gathered = GuardedMemory(choices.count)
        var gather = GatherArguments(
            source: source.floats, index: index.integers, destination: gathered.floats, batch: batch,
            sourcePositions: outer, destinationPositions: inner, channels: channels)
        run(kernels.pooling.gather, &gather, seed: 3)
        var numbers = Numbers(seed: 31)
        let cotangent = GuardedMemory(numbers.integers(choices.count))
        let scattered = GuardedMemory(batch * outer * channels)
        var scatter = GatherArguments(
            source: cotangent.floats, index: index.integers, destination: scattered.floats, batch: batch,
            sourcePositions: inner, destinationPositions: outer, channels: channels)
        run(kernels.pooling.scatter, &scatter, seed: 3)

        var chosen = [Float]()
        var sums = [Float](repeating: 0, count: batch * outer * channels)
        for (place, choice) in choices.enumerated() {
            let from =
                (place / (inner * channels) * outer + Int(choice)) * channels + place % channels
            chosen.append(source.floats[from])
            sums[from] += cotangent.floats[place]
        }
        #expect(gathered.isIntact && agree(gathered.values, chosen))
        #expect(scattered.isIntact && scattered.values == sums)
    }

    /// A destination whose positions are apart: memory between them is not touched.
    @Test(arguments: TestedKernels.all)
    func sumsIntoGaps(kernels: TestedKernels) {
        var numbers = Numbers(seed: 32)
        let source = GuardedMemory(numbers.integers(2 * 4 * 4 * 5))
        let destination = GuardedMemory(2 * 64 * 5)
        let taps = [Tap(offset: Axes(0, 0, 0), index: 0), Tap(offset: Axes(0, -1, 1), index: 1)]
        taps.withUnsafeBufferPointer {
            var arguments = SlidingArguments(
                source: source.floats, filter: source.floats, destination: destination.floats + 5,
                layer: WindowLayer(
                    taps: $0.baseAddress!, tapCount: 2, batch: 2, groups: 5, channels: 1, columns: 1,
                    sourceSize: Axes(1, 4, 4), count: Axes(1, 4, 4), stride: Axes(1, 1, 1),
                    filterStrides: FilterStrides(group: 0, channel: 0, column: 0, tap: 0)),
                destinationBatchStride: 64 * 5, destinationStrides: Axes(64 * 5, 16 * 5, 2 * 5))
            run(kernels.pooling.sumWindows, &arguments)
        }
        var expected = [Float](repeating: .nan, count: 2 * 64 * 5)
        for i in indices([2, 4, 4, 5]) {
            let from = ((i[0] * 4 + i[1]) * 4 + i[2]) * 5 + i[3]
            var sum = source.floats[from]
            if i[1] > 0, i[2] < 3 { sum += source.floats[from - 15] }
            expected[5 + i[0] * 320 + i[1] * 80 + i[2] * 10 + i[3]] = sum
        }
        #expect(agree(destination.values, expected) && destination.isIntact)
    }

    @Test(arguments: TestedKernels.all)
    func indicesOutside(kernels: TestedKernels) {
        let source = GuardedMemory([Float](repeating: 1, count: 8))
        let index = GuardedMemory([Int32(-1), 4, 3, 0])
        let destination = GuardedMemory(4)
        var gather = GatherArguments(
            source: source.floats, index: index.integers, destination: destination.floats, batch: 1,
            sourcePositions: 4, destinationPositions: 2, channels: 2)
        run(kernels.pooling.gather, &gather)
        #expect(destination.values == [0, 0, 1, 1])
        var scatter = GatherArguments(
            source: source.floats, index: index.integers, destination: destination.floats, batch: 1,
            sourcePositions: 2, destinationPositions: 2, channels: 2)
        run(kernels.pooling.scatter, &scatter)
        #expect(destination.values == [0, 1, 0, 0])
        // No source at all: the gradient is zero.
        let zeros = GuardedMemory(6)
        var empty = GatherArguments(
            source: source.floats, index: index.integers, destination: zeros.floats, batch: 1,
            sourcePositions: 0, destinationPositions: 3, channels: 2)
        run(kernels.pooling.scatter, &empty)
        #expect(zeros.values == [0, 0, 0, 0, 0, 0])
    }
}
