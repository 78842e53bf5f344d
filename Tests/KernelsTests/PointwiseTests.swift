import AdjointKernelTables
import Testing

/// Every operation, operand path and tail against scalar loops; results between guard words.
@Suite struct PointwiseTests {
    @Test(arguments: TestedKernels.all)
    func everyOperationOnEverySize(kernels: TestedKernels) {
        var numbers = Numbers(seed: 5)
        let rough: Set<PointwiseOperation> = [.exp, .expm1, .log, .log1p, .tanh, .logistic, .erf, .power]
        for operation in PointwiseOperation.allCases where !rough.contains(operation) {
            for count in [1, 3, 4, 5, 8, 15, 16, 17, 31, 33, 50] {
                var operands = [[Float]]()
                for _ in 0..<3 {
                    var values = numbers.integers(count)
                    for i in values.indices where Int.random(in: 0..<4, using: &numbers) == 0 {
                        values[i] = [.nan, .infinity, -.infinity, 0, -0.0, 0.5].randomElement(using: &numbers)!
                    }
                    operands.append(values)
                }
                let program = TestedProgram(
                    [count], operands.map { .init(memory: GuardedMemory($0), strides: [1]) },
                    [PointwiseInstruction(operation, destination: 3, a: 0, b: 1, c: 2, d: 1)])
                let output = evaluate(kernels, program, registers: [3])[0]
                #expect(agree(output.values, program.expected().map { $0[3] }), "\(operation.rawValue) \(count)")
            }
        }
    }

    /// Spaces, and for each operand the axes along which it repeats.
    static let spaces: [([Int], [Set<Int>])] = [
        ([50, 6], [[], [0], [1]]),
        ([7, 9, 6], [[], [0, 1], [1], [0, 1, 2]]),
        ([3, 5, 37], [[0], [1], [2], [0, 2]]),
        ([2, 3, 4, 5, 6], [[], [0, 2, 4], [1, 3], [0, 1]]),
        ([4, 1, 33, 1], [[], [0], [2]]),
        ([5, 700], [[0], [], [1]]),
        ([3, 1100], [[0], []]),
        ([130, 131], [[0], [1], []]),
        ([1, 1], [[], [0, 1]]),
        ([], [[], []]),
        ([2, 2, 2, 2, 2, 2, 2, 3], [[0, 2, 4, 6], [], [1, 3, 5, 7]]),
    ]

    @Test(arguments: TestedKernels.all)
    func broadcastOperands(kernels: TestedKernels) {
        var numbers = Numbers(seed: 6)
        for (sizes, repeats) in PointwiseTests.spaces {
            for isInteger in [false, true] {
                let operands = repeats.enumerated().map { k, axes in
                    let extent = sizes.enumerated().reduce(1) { axes.contains($1.0) ? $0 : $0 * $1.1 }
                    let values = numbers.integers(extent)
                    let isInteger = isInteger && k % 2 == 0
                    return TestedProgram.Operand(
                        memory: isInteger ? GuardedMemory(values.map { Int32($0) }) : GuardedMemory(values),
                        strides: denseStrides(sizes, repeats: axes), isInteger: isInteger)
                }
                // Sum of products with an immediate, so that each operand counts.
                let sum = operands.count + 1
                var instructions = [PointwiseInstruction(.add, destination: sum, a: 0, b: operands.count)]
                for k in 1..<operands.count {
                    instructions.append(PointwiseInstruction(.multiply, destination: sum, a: sum, b: operands.count))
                    instructions.append(PointwiseInstruction(.add, destination: sum, a: sum, b: k))
                }
                let program = TestedProgram(sizes, operands, immediates: [3], instructions)
                let outputs = evaluate(kernels, program, registers: [sum, 0], integers: [0])
                let expected = program.expected()
                #expect(agree(outputs[0].values, expected.map { $0[sum] }), "\(sizes)")
                #expect(outputs[1].integerValues == expected.map { Int32($0[0]) }, "\(sizes)")
            }
        }
    }

    @Test(arguments: TestedKernels.all)
    func stridedOperands(kernels: TestedKernels) {
        var numbers = Numbers(seed: 7)
        let memory = GuardedMemory(numbers.integers(4000))
        // A transposed operand, one with steps, and a reversed one.
        let program = TestedProgram(
            [9, 7, 11],
            [
                .init(memory: memory, strides: [1, 9, 63]), .init(memory: memory, strides: [400, 50, 3]),
                .init(memory: memory, offset: 692, strides: [-77, -11, -1]),
            ],
            [
                PointwiseInstruction(.add, destination: 3, a: 0, b: 1),
                PointwiseInstruction(.multiply, destination: 4, a: 3, b: 2),
            ])
        let output = evaluate(kernels, program, registers: [4])[0]
        #expect(output.values == program.expected().map { $0[4] })
    }

    /// Registers that are operands or immediates and are written again.
    @Test(arguments: TestedKernels.all)
    func registersAreReused(kernels: TestedKernels) {
        var numbers = Numbers(seed: 8)
        let sizes = [400, 6]
        let dense = GuardedMemory(numbers.integers(2400))
        let before = dense.values
        let program = TestedProgram(
            sizes,
            [
                .init(memory: dense, strides: [6, 1]),
                .init(memory: GuardedMemory(numbers.integers(6)), strides: [0, 1]),
                .init(memory: GuardedMemory(numbers.integers(1)), strides: [0, 0]),
            ],
            immediates: [2],
            [
                PointwiseInstruction(.add, destination: 0, a: 0, b: 1),
                PointwiseInstruction(.add, destination: 1, a: 1, b: 2),
                PointwiseInstruction(.multiply, destination: 2, a: 2, b: 3),
                PointwiseInstruction(.add, destination: 3, a: 3, b: 0),
            ])
        let outputs = evaluate(kernels, program, registers: [0, 1, 2, 3, 0])
        let expected = program.expected()
        for (output, register) in zip(outputs, [0, 1, 2, 3, 0]) {
            #expect(output.values == expected.map { $0[register] })
        }
        #expect(dense.values == before)
    }

    /// An optimizer's update: results are in the memory of operands, also of each other's.
    @Test(arguments: TestedKernels.all, [5, 16, 100, 40_003])
    func resultsInPlace(kernels: TestedKernels, count: Int) {
        var numbers = Numbers(seed: 9)
        let parameters = GuardedMemory(numbers.integers(count))
        let moments = GuardedMemory(numbers.integers(count))
        let gradient = GuardedMemory(numbers.integers(count))
        let program = TestedProgram(
            [count], [parameters, moments, gradient].map { .init(memory: $0, strides: [1]) }, immediates: [0.5],
            [
                PointwiseInstruction(.multiply, destination: 4, a: 1, b: 3),
                PointwiseInstruction(.add, destination: 4, a: 4, b: 2),
                PointwiseInstruction(.multiply, destination: 5, a: 4, b: 3),
                PointwiseInstruction(.negate, destination: 5, a: 5),
                PointwiseInstruction(.add, destination: 6, a: 0, b: 5),
            ])
        let expected = program.expected()
        evaluate(kernels, program, registers: [6, 4], into: [parameters, moments], seed: 3)
        #expect(parameters.values == expected.map { $0[6] })
        #expect(moments.values == expected.map { $0[4] })

        let exchange = TestedProgram(
            [count], [parameters, moments].map { .init(memory: $0, strides: [1]) },
            [PointwiseInstruction(.add, destination: 2, a: 0, b: 1)])
        let after = exchange.expected()
        evaluate(kernels, exchange, registers: [1, 0], into: [parameters, moments])
        #expect(parameters.values == after.map { $0[1] })
        #expect(moments.values == after.map { $0[0] })
    }

    /// A result in the memory of an operand must wait for later instructions that read the operand.
    @Test(arguments: TestedKernels.all)
    func resultWaitsForItsReaders(kernels: TestedKernels) {
        var numbers = Numbers(seed: 10)
        let memory = GuardedMemory(numbers.integers(1000))
        let program = TestedProgram(
            [1000], [.init(memory: memory, strides: [1])],
            [
                PointwiseInstruction(.add, destination: 1, a: 0, b: 0),
                PointwiseInstruction(.multiply, destination: 2, a: 1, b: 0),
            ])
        let expected = program.expected()
        let outputs = evaluate(kernels, program, registers: [1, 2], into: [memory, GuardedMemory(1000)])
        #expect(outputs[0].values == expected.map { $0[1] })
        #expect(outputs[1].values == expected.map { $0[2] })
    }

    @Test(arguments: TestedKernels.all)
    func nothingToDo(kernels: TestedKernels) {
        let program = TestedProgram(
            [3, 0, 2], [.init(memory: GuardedMemory(0), strides: [0, 2, 1])],
            [PointwiseInstruction(.negate, destination: 1, a: 0)])
        #expect(evaluate(kernels, program, registers: [1])[0].values.isEmpty)
    }

    @Test(arguments: TestedKernels.all)
    func integersAreRoundedTowardZeroAndHeld(kernels: TestedKernels) {
        let values: [Float] = [0, -0.5, 1.9, -1.9, 1e10, -1e10, .nan, .infinity, -.infinity, 16777216, -2147483648]
        let program = TestedProgram(
            [values.count], [.init(memory: GuardedMemory(values), strides: [1])],
            [PointwiseInstruction(.negate, destination: 1, a: 0), PointwiseInstruction(.negate, destination: 1, a: 1)])
        let output = evaluate(kernels, program, registers: [1], integers: [1])[0]
        #expect(output.integerValues == [0, 0, 1, -1, .max, .min, 0, .max, .min, 16777216, .min])
    }
}
