import AdjointKernelTables
import Testing

@Suite struct MovementTests {
    struct Case: Sendable {
        var sizes: [Int]
        /// The order of the source's axes in memory, outermost first; nil for one that repeats there.
        var source: [Int]
        var destination: [Int]
        var repeats: Set<Int> = []
        var isReversed = false
    }

    static let cases: [Case] = {
        var cases = [
            Case(sizes: [1000], source: [0], destination: [0]),
            Case(sizes: [], source: [], destination: []),
            Case(sizes: [1, 1], source: [0, 1], destination: [1, 0]),
            Case(sizes: [7, 9], source: [0, 1], destination: [0, 1], repeats: [0]),
            Case(sizes: [7, 9], source: [0, 1], destination: [0, 1], repeats: [1]),
            Case(sizes: [7, 9], source: [0, 1], destination: [1, 0], repeats: [1]),
            Case(sizes: [7, 9], source: [0, 1], destination: [0, 1], isReversed: true),
            Case(sizes: [7, 40], source: [1, 0], destination: [0, 1], isReversed: true),
            Case(
                sizes: [2, 3, 2, 3, 2, 3, 2, 3], source: [7, 5, 3, 1, 0, 2, 4, 6],
                destination: [0, 1, 2, 3, 4, 5, 6, 7]),
            Case(sizes: [3, 0, 2], source: [0, 1, 2], destination: [2, 1, 0]),
            Case(sizes: [5, 6, 7], source: [1, 0, 2], destination: [0, 1, 2]),
            Case(sizes: [300, 200], source: [1, 0], destination: [0, 1]),
        ]
        // NCHW to NHWC and back.
        for channels in [1, 3, 6, 16, 17, 33] {
            for pixels in [1, 5, 16, 50] {
                cases.append(Case(sizes: [2, channels, pixels], source: [0, 1, 2], destination: [0, 2, 1]))
                cases.append(Case(sizes: [2, channels, pixels], source: [0, 2, 1], destination: [0, 1, 2]))
            }
        }
        return cases
    }()

    @Test(arguments: TestedKernels.all)
    func copies(kernels: TestedKernels) {
        var numbers = Numbers(seed: 20)
        for test in MovementTests.cases {
            let sources = strides(test.sizes, order: test.source, repeats: test.repeats)
            let destinations = strides(test.sizes, order: test.destination)
            let count = test.sizes.reduce(1, *)
            let source = GuardedMemory(numbers.integers(max(count, 1)))
            let destination = GuardedMemory(count)
            var expected = [Float](repeating: .nan, count: count)
            let reversal = test.isReversed ? -1 : 1
            let start = test.isReversed ? count - 1 : 0
            for index in indices(test.sizes) {
                let from = zip(index, sources).reduce(start) { $0 + $1.0 * $1.1 * reversal }
                expected[zip(index, destinations).reduce(0) { $0 + $1.0 * $1.1 }] = source.floats[from]
            }
            var arguments = CopyArguments(
                source: source.floats + start, destination: destination.floats, rank: test.sizes.count,
                sizes: axes(test.sizes), sourceStrides: axes(sources.map { $0 * reversal }),
                destinationStrides: axes(destinations))
            run(kernels.copy, &arguments, seed: 4)
            #expect(destination.isIntact)
            #expect(destination.values == expected, "\(test)")
        }
    }

    /// Copies into a destination with gaps, and one that is walked backwards: nothing between is touched.
    @Test(arguments: TestedKernels.all)
    func copiesWithGaps(kernels: TestedKernels) {
        var numbers = Numbers(seed: 21)
        let source = GuardedMemory(numbers.integers(20 * 30))
        for (row, column, start) in [(100, 3, 0), (-40, 1, 19 * 40), (1, -20, 29 * 20), (40, 1, 0)] {
            let destination = GuardedMemory(2200)
            var arguments = CopyArguments(
                source: source.floats, destination: destination.floats + start, rank: 2, sizes: axes([20, 30]),
                sourceStrides: axes([30, 1]), destinationStrides: axes([row, column]))
            run(kernels.copy, &arguments)
            var written = Set<Int>()
            for index in indices([20, 30]) {
                let place = start + index[0] * row + index[1] * column
                written.insert(place)
                #expect(destination.floats[place] == source.floats[index[0] * 30 + index[1]])
            }
            #expect((0..<2200).allSatisfy { written.contains($0) || destination.floats[$0].isNaN })
            #expect(destination.isIntact)
        }
    }

    @Test(arguments: TestedKernels.all)
    func fills(kernels: TestedKernels) {
        for count in [0, 1, 4, 15, 33, 70_001] {
            let memory = GuardedMemory(count)
            var arguments = FillArguments(destination: memory.floats, count: count, value: 2.5)
            run(kernels.fill, &arguments)
            #expect(memory.isIntact && memory.values.allSatisfy { $0 == 2.5 })
        }
    }

    /// Dense strides of axes in another order of memory.
    private func strides(_ sizes: [Int], order: [Int], repeats: Set<Int> = []) -> [Int] {
        var strides = [Int](repeating: 0, count: sizes.count)
        var step = 1
        for axis in order.reversed() where !repeats.contains(axis) {
            strides[axis] = step
            step *= sizes[axis]
        }
        return strides
    }
}
