import AdjointKernelTables
import Testing

/// Sums over every pattern of axes: exact on small integers, close on long sums.
@Suite struct ReductionTests {
    /// Sizes, and which axes are summed.
    static let patterns: [([Int], Set<Int>)] = [
        ([500, 6], [0]), ([3000, 16], [0]), ([70, 17], [0]), ([129, 129], [0]), ([40, 1], [0]),
        ([9, 2500], [0]), ([5, 1031], [0]), ([1, 5], [0]), ([40_000, 3], [0]),
        ([64, 10], [1]), ([3, 70_000], [1]), ([7, 4097], [1]), ([1000, 3], [1]), ([5, 1], [1]), ([33, 16], [1]),
        ([100_003], [0]), ([17], [0]), ([1], [0]), ([], []), ([5, 7], []),
        ([4, 6, 49], [0, 2]), ([3, 5, 2000], [0, 2]), ([2, 70_000, 3], [1]),
        ([4, 3, 5, 6], [0, 2]), ([4, 3, 5, 6], [1, 3]), ([2, 3, 4, 5, 6], [0, 2, 4]), ([2, 3, 4, 5, 6], [1, 3]),
        ([3, 40, 50, 7], [1, 2]), ([20, 3, 4, 16], [1, 2]), ([2, 2, 3, 2, 2, 2, 2, 2], [1, 2, 5, 7]),
        ([1, 6, 1, 7, 1], [1, 4]), ([8, 1, 9], [0, 1]), ([6, 5, 4], [0, 1, 2]), ([12, 5, 4, 3], [0]),
        ([0, 5], [0]), ([5, 0], [1]), ([5, 0], [0]), ([3, 0, 4], [1]), ([0], [0]), ([3, 0, 4], [0]),
    ]

    #if DEBUG
        static let limit = 12_000
    #else
        static let limit = Int.max
    #endif

    @Test(arguments: TestedKernels.all)
    func everyPattern(kernels: TestedKernels) {
        var numbers = Numbers(seed: 11)
        for (sizes, summed) in ReductionTests.patterns where sizes.reduce(1, *) <= ReductionTests.limit {
            for isPermuted in [false, true] {
                let count = sizes.reduce(1, *)
                let values = GuardedMemory(numbers.integers(count))
                let inner = GuardedMemory(numbers.integers(sizes.last ?? 1))
                let strides = denseStrides(sizes)
                let program = TestedProgram(
                    sizes,
                    [
                        .init(memory: values, strides: strides),
                        .init(memory: inner, strides: sizes.indices.map { $0 == sizes.count - 1 ? 1 : 0 }),
                    ],
                    [PointwiseInstruction(.multiply, destination: 2, a: 0, b: 1)])
                for register in [2, 0] {
                    check(kernels, program, register, summed, isPermuted: isPermuted)
                }
            }
        }
    }

    private func check(
        _ kernels: TestedKernels, _ program: TestedProgram, _ register: Int, _ summed: Set<Int>, isPermuted: Bool
    ) {
        let sizes = program.sizes
        let kept = sizes.indices.filter { !summed.contains($0) }
        let outputs = kept.reduce(1) { $0 * sizes[$1] }
        var strides = [Int](repeating: 0, count: sizes.count)
        var step = 1
        for axis in isPermuted ? kept : kept.reversed() {
            strides[axis] = step
            step *= sizes[axis]
        }
        var expected = [Float](repeating: 0, count: outputs)
        for (index, registers) in zip(indices(sizes), program.expected()) {
            expected[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }] += registers[register]
        }
        let first = sum(kernels, program, register, summed, strides, outputs, seed: 1)
        #expect(first == expected, "\(sizes) \(summed.sorted()) \(isPermuted)")
    }

    @Test(arguments: TestedKernels.all)
    func longSums(kernels: TestedKernels) {
        #if DEBUG
            let count = 100_000
        #else
            let count = 10_000_000
        #endif
        var numbers = Numbers(seed: 12)
        for values in [
            numbers.uniform(count, in: 0.5...1.5), [Float](repeating: 0.1, count: count),
            [Float](repeating: 1.1, count: count),
        ] {
            let memory = GuardedMemory(values)
            for columns in [1, 10, 16, 2000] {
                let program = TestedProgram(
                    [count / columns, columns], [.init(memory: memory, strides: [columns, 1])], [])
                let sums = sum(kernels, program, 0, [0], [0, 1], columns, seed: 2)
                for column in [0, columns - 1] {
                    let exact = stride(from: column, to: count, by: columns).reduce(0.0) { $0 + Double(values[$1]) }
                    #expect(abs(Double(sums[column]) / exact - 1) < 5e-7)
                }
            }
        }
    }

    @Test(arguments: TestedKernels.all)
    func infinityAndNaN(kernels: TestedKernels) {
        var values = [Float](repeating: 1, count: 300)
        values[7] = .infinity
        values[150] = .nan
        values[299] = -.infinity
        let program = TestedProgram([3, 100], [.init(memory: GuardedMemory(values), strides: [100, 1])], [])
        let rows = sum(kernels, program, 0, [1], [1, 0], 3, seed: 1)
        #expect(rows[0] == .infinity && rows[1].isNaN && rows[2] == -.infinity)
        let whole = TestedProgram([2, 4000], [.init(memory: GuardedMemory(values), strides: [0, 0])], [])
        #expect(sum(kernels, whole, 0, [0, 1], [0, 0], 1, seed: 1) == [8000])
    }

    /// Several sums, one with its squared distances from the mean, and a stored register in one pass.
    @Test(arguments: TestedKernels.all)
    func momentsAndStoredValues(kernels: TestedKernels) {
        var numbers = Numbers(seed: 13)
        for (sizes, summed) in ReductionTests.patterns where sizes.reduce(1, *) <= ReductionTests.limit {
            let count = sizes.reduce(1, *)
            let strides = denseStrides(sizes)
            let values = GuardedMemory(numbers.integers(count).map { $0 + 10_000 })
            let program = TestedProgram(
                sizes, [.init(memory: values, strides: strides)], immediates: [2],
                [PointwiseInstruction(.multiply, destination: 2, a: 0, b: 1)])
            let kept = sizes.indices.filter { !summed.contains($0) }
            let outputs = kept.reduce(1) { $0 * sizes[$1] }
            var places = [Int](repeating: 0, count: sizes.count)
            for (axis, stride) in zip(kept, denseStrides(kept.map { sizes[$0] })) { places[axis] = stride }
            var expected = [[Double]](repeating: [], count: outputs)
            for (index, registers) in zip(indices(sizes), program.expected()) {
                expected[zip(index, places).reduce(0) { $0 + $1.0 * $1.1 }].append(Double(registers[0]))
            }
            let stored = GuardedMemory(count)
            let memory = [GuardedMemory(outputs), GuardedMemory(outputs), GuardedMemory(outputs)]
            sum(
                kernels, program,
                [
                    SummedRegister(register: 2, destination: memory[0].floats),
                    SummedRegister(register: 0, destination: memory[1].floats, squares: memory[2].floats),
                ], [PointwiseResult(base: stored.floats, isInteger: false, register: 2)], summed, places, seed: 3)
            #expect(memory.allSatisfy { $0.isIntact } && stored.isIntact)
            #expect(stored.values == program.expected().map { $0[2] }, "\(sizes) \(summed.sorted())")
            for (place, terms) in expected.enumerated() {
                let total = terms.reduce(0, +)
                let mean = total / Double(terms.count)
                let squares = terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                #expect(
                    abs(Double(memory[0].values[place]) - 2 * total) <= 2e-7 * 2 * total, "\(sizes) \(summed.sorted())")
                #expect(abs(Double(memory[1].values[place]) - total) <= 2e-7 * total, "\(sizes) \(summed.sorted())")
                #expect(
                    abs(Double(memory[2].values[place]) - squares) <= 2e-6 * squares,
                    "\(sizes) \(summed.sorted()): \(memory[2].values[place]), expected \(squares)")
            }
        }
    }

    private func sum(
        _ kernels: TestedKernels, _ program: TestedProgram, _ register: Int, _ summed: Set<Int>, _ strides: [Int],
        _ outputs: Int, seed: UInt64
    ) -> [Float] {
        let destination = GuardedMemory(outputs)
        sum(
            kernels, program, [SummedRegister(register: register, destination: destination.floats)], [], summed,
            strides, seed: seed)
        #expect(destination.isIntact)
        return destination.values
    }

    private func sum(
        _ kernels: TestedKernels, _ program: TestedProgram, _ sums: [SummedRegister], _ results: [PointwiseResult],
        _ summed: Set<Int>, _ strides: [Int], seed: UInt64
    ) {
        var isSummed = InlineArray<8, Bool>(repeating: false)
        for axis in summed { isSummed[axis] = true }
        var memory = GuardedMemory(0)
        sums.withUnsafeBufferPointer { sums in
            results.withUnsafeBufferPointer { results in
                let nowhere = UnsafeMutablePointer<PointwiseResult>.allocate(capacity: 1)
                defer { nowhere.deallocate() }
                var arguments = ReductionArguments(
                    program: program.program, sums: sums.baseAddress!, sumCount: sums.count,
                    results: results.baseAddress ?? UnsafePointer(nowhere), resultCount: results.count,
                    isSummed: isSummed, destinationStrides: axes(strides), partials: memory.floats)
                let unjoined = arguments
                run(kernels.reduce, &arguments, seed: seed) { arguments, count in
                    memory = GuardedMemory(count)
                    arguments.partials = memory.floats
                }
                // The combination must not depend on whether its arguments have joined axes.
                if seed % 2 == 0 { run(kernels.combineReduction, &arguments, seed: seed) }
                var again = unjoined
                again.partials = memory.floats
                run(kernels.combineReduction, &again, seed: seed + 5)
            }
        }
        #expect(memory.isIntact)
    }
}
