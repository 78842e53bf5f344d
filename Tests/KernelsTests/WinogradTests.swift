import AdjointKernelTables
import Testing

@Suite struct WinogradTests {
    @Test(arguments: Instructions.supported)
    func `Every role is near the sum in Double`(instructions: Instructions) {
        for window in WindowCase.winograd {
            let source = fractions(window.sourceCount, seed: 1)
            let filter = fractions(window.filterCount, seed: 2)
            let cotangent = fractions(window.cotangentCount, seed: 3)
            var grid = [Double](repeating: 0, count: window.cotangentCount)
            var gradient = [Double](repeating: 0, count: window.filterCount)
            window.forEachProduct { s, r, f in
                grid[r] += Double(source[s]) * Double(filter[f])
                gradient[f] += Double(source[s]) * Double(cotangent[r])
            }
            for kernels in instructions.convolution.winograd {
                let bound = kernels.outputs == 4 ? 1e-5 : 2e-6
                let slid = window.slide(
                    kernels.pack, kernels.window.slide, lanes: instructions.lanes, places: kernels.products,
                    source: source,
                    filter: filter, order: .shuffled)
                #expect(deviation(slid, grid) < bound, "\(window), \(instructions), F(\(kernels.outputs))")
                let correlated = window.filterGradient(
                    kernels.window.filterGradient, kernels.window.combineFilter, source: source, cotangent: cotangent,
                    order: .shuffled)
                #expect(deviation(correlated, gradient) < bound, "\(window), \(instructions), F(\(kernels.outputs))")
            }
        }
    }

    @Test(arguments: Instructions.supported)
    func `The order of the tasks changes no bit`(instructions: Instructions) {
        for window in WindowCase.winograd.suffix(4) {
            let source = fractions(window.sourceCount, seed: 1)
            let filter = fractions(window.filterCount, seed: 2)
            let cotangent = fractions(window.cotangentCount, seed: 3)
            for kernels in instructions.convolution.winograd {
                var results: Set<[UInt32]> = []
                for order in TaskOrder.allCases {
                    let grid = window.slide(
                        kernels.pack, kernels.window.slide, lanes: instructions.lanes, places: kernels.products,
                        source: source, filter: filter, order: order)
                    let gradient = window.filterGradient(
                        kernels.window.filterGradient, kernels.window.combineFilter, source: source,
                        cotangent: cotangent,
                        order: order)
                    results.insert((grid + gradient).map(\.bitPattern))
                }
                #expect(results.count == 1, "\(window), F(\(kernels.outputs))")
            }
        }
    }

    /// Sums of halves and quarters of small integers are exact.
    @Test(arguments: Instructions.supported)
    func `Tiles of 2 x 2 are exact on small integers`(instructions: Instructions) {
        let kernels = instructions.convolution.winograd[1]
        for window in WindowCase.winograd {
            let sums = Sums(window)
            let slid = window.slide(
                kernels.pack, kernels.window.slide, lanes: instructions.lanes, places: kernels.products,
                source: sums.source,
                filter: sums.filter, order: .backwards)
            #expect(slid == sums.grid, "\(window), \(instructions)")
            let correlated = window.filterGradient(
                kernels.window.filterGradient, kernels.window.combineFilter, source: sums.source,
                cotangent: sums.cotangent,
                order: .backwards)
            #expect(correlated == sums.gradient, "\(window), \(instructions)")
        }
    }

    /// Nine taps of a larger filter, such as those of a strided layer's phases, are packed like a filter of their own.
    @Test(arguments: Instructions.supported)
    func `Taps of a larger filter are found where they are`(instructions: Instructions) {
        let lanes = instructions.lanes
        for (size, first, step) in [
            ([3, 3], [2, 2], [-1, -1]), ([5, 5], [0, 0], [2, 2]), ([5, 5], [4, 4], [-2, -2]),
            ([6, 6], [5, 4], [-2, -2]), ([3, 5], [0, 4], [1, -2]), ([5, 3], [4, 0], [-2, 1]),
            ([9, 8], [1, 7], [3, -3]),
        ] {
            let taps = (0..<9).map { tap in
                Tap(
                    offset: Axes(0, tap / 3, tap % 3),
                    index: (first[0] + tap / 3 * step[0]) * size[1] + first[1] + tap % 3 * step[1])
            }
            let (groups, channels, columns, count) = (2, 18, 2 * lanes + 3, size[0] * size[1])
            let filter = fractions(groups * columns * channels * count, seed: 7)
            let alone = (0..<groups * columns * channels).flatMap { place in
                taps.map { filter[place * count + $0.index] }
            }
            for kernels in instructions.convolution.winograd {
                func packed(_ filter: [Float], _ taps: [Tap], _ count: Int) -> [UInt32] {
                    let filter = Memory(filter)
                    let packed = Memory(groups * kernels.products * channels * 3 * lanes)
                    taps.withUnsafeBufferPointer {
                        var packing = PackArguments(
                            filter: filter.base, packed: packed.base,
                            layer: WindowLayer(
                                taps: $0.baseAddress!, tapCount: 9, batch: 1, groups: groups, channels: channels,
                                columns: columns, sourceSize: Axes(1, 1, 1), count: Axes(1, 1, 1),
                                stride: Axes(1, 1, 1),
                                filterStrides: FilterStrides(
                                    group: columns * channels * count, channel: count, column: channels * count,
                                    tap: 1)))
                        let work = kernels.pack.work(&packing)
                        run(kernels.pack, packing, work, .shuffled)
                    }
                    for memory in [filter, packed] { memory.check() }
                    return packed.values.map(\.bitPattern)
                }
                let own = taps.indices.map { Tap(offset: taps[$0].offset, index: $0) }
                #expect(packed(filter, taps, count) == packed(alone, own, 9), "\(size), F(\(kernels.outputs))")
            }
        }
    }

    /// The largest difference, relative to the largest number.
    private func deviation(_ got: [Float], _ expected: [Double]) -> Double {
        let largest = expected.reduce(0) { max($0, $1.magnitude) }
        let worst = zip(got, expected).reduce(0.0) {
            let distance = (Double($1.0) - $1.1).magnitude
            return distance.isNaN ? .infinity : max($0, distance)
        }
        return worst == 0 ? 0 : worst / largest
    }
}

extension WindowCase {
    /// 3 × 3 windows: one tile, remainders of every size, paddings from a crop to more than the filter, uneven ones, tails of
    /// vectors, groups, nothing; and at last large ones.
    static let winograd: [WindowCase] = {
        let widths = [
            (1, 1, 1, 1), (3, 1, 3, 8), (1, 2, 8, 17), (2, 1, 17, 3), (1, 3, 1, 2), (0, 1, 3, 3), (1, 1, 24, 24),
        ]
        var all: [WindowCase] = []
        for before in [0, 1, 2, -1, 4] {
            for after in [1, 0, 2] {
                for size in 1...9 {
                    let height = all.count % 7 + 1
                    let count = [height + before + after - 2, size + before + after - 2]
                    guard count.min()! > 0 else { continue }
                    var window = WindowCase(
                        size: [height, size], kernel: [3, 3], padding: [before, before], count: count)
                    (window.batch, window.groups, window.channels, window.columns) = widths[all.count % widths.count]
                    all.append(window)
                }
            }
        }
        let nothing = [
            WindowCase(channels: 2, size: [0, 3], kernel: [3, 3], padding: [2, 1], count: [2, 3]),
            WindowCase(channels: 2, size: [4, 3], kernel: [3, 3], count: [0, 1]),
            WindowCase(channels: 0, columns: 4, size: [4, 4], kernel: [3, 3], padding: [1, 1], count: [4, 4]),
            WindowCase(channels: 4, columns: 0, size: [4, 4], kernel: [3, 3], padding: [1, 1], count: [4, 4]),
            WindowCase(groups: 0, size: [4, 3], kernel: [3, 3], count: [2, 1]),
        ]
        return all + nothing + [
            WindowCase(
                batch: 3, channels: 9, columns: 37, size: [19, 22], kernel: [3, 3], padding: [1, 1], count: [19, 22]),
            WindowCase(
                batch: 5, channels: 140, columns: 20, size: [4, 4], kernel: [3, 3], padding: [1, 1], count: [4, 4]),
            WindowCase(
                batch: 2, groups: 2, channels: 6, columns: 260, size: [6, 5], kernel: [3, 3], padding: [1, 0],
                count: [6, 3]),
            WindowCase(batch: 1, channels: 4, columns: 5, size: [3, 301], kernel: [3, 3], count: [1, 299]),
        ]
    }()
}
