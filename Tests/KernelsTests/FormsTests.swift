import AdjointKernelTables
import Testing

/// Programs that run as a whole in the processor's registers, against scalar loops.
@Suite struct FormsTests {
    /// A program over rows of channels: the operands that are the same in every row, and the registers that are kept.
    struct Case: Sendable {
        let name: String
        let isRepeated: [Bool]
        let immediates: [Float]
        let instructions: [PointwiseInstruction]
        let kept: [Int]
    }

    /// x + a in register 8, (x + a)·b + c in register 9.
    private static let normal = [
        PointwiseInstruction(.add, destination: 8, a: 0, b: 1),
        PointwiseInstruction(.multiplyAdd, destination: 9, a: 8, b: 2, c: 3),
    ]
    /// y where 0 < register 9 < 6.
    private static let clipped = [
        PointwiseInstruction(.selectLessOrEqual, destination: 10, a: 7, b: 9, c: 6, d: 4),
        PointwiseInstruction(.selectLessOrEqual, destination: 10, a: 9, b: 6, c: 6, d: 10),
    ]
    /// x, three numbers of a channel, y, and a fourth number; then 0 and 6.
    private static let operands = [false, true, true, true, false, true]

    static let cases = [
        Case(
            name: "relu", isRepeated: operands, immediates: [0, 6],
            instructions: [
                normal[0], PointwiseInstruction(.selectLessOrEqual, destination: 9, a: 8, b: 6, c: 6, d: 8),
            ], kept: [9]),
        Case(
            name: "relu6 of a normalized value", isRepeated: operands, immediates: [0, 6],
            instructions: normal + [
                PointwiseInstruction(.selectLessOrEqual, destination: 10, a: 9, b: 6, c: 6, d: 9),
                PointwiseInstruction(.selectLessOrEqual, destination: 11, a: 7, b: 9, c: 7, d: 10),
            ], kept: [11]),
        Case(
            name: "residual", isRepeated: operands, immediates: [0, 6],
            instructions: normal + [
                PointwiseInstruction(.add, destination: 9, a: 9, b: 4),
                PointwiseInstruction(.selectLessOrEqual, destination: 9, a: 9, b: 6, c: 6, d: 9),
            ], kept: [9]),
        Case(
            name: "terms of both sums", isRepeated: operands, immediates: [0, 6],
            instructions: normal + clipped + [PointwiseInstruction(.multiply, destination: 11, a: 8, b: 10)],
            kept: [10, 11]),
        Case(
            name: "derivative", isRepeated: operands, immediates: [0, 6],
            instructions: normal + clipped + [
                PointwiseInstruction(.multiply, destination: 8, a: 8, b: 5),
                PointwiseInstruction(.multiplyAdd, destination: 8, a: 2, b: 10, c: 8),
                PointwiseInstruction(.add, destination: 8, a: 8, b: 1),
            ], kept: [8]),
        Case(
            name: "momentum", isRepeated: [false, false, false, true, true], immediates: [0.5, 2],
            instructions: [
                PointwiseInstruction(.multiplyAdd, destination: 7, a: 5, b: 1, c: 2),
                PointwiseInstruction(.select, destination: 8, a: 3, b: 7, c: 1),
                PointwiseInstruction(.multiplyAdd, destination: 9, a: 4, b: 8, c: 0),
            ], kept: [8, 9]),
        Case(
            name: "momentum, the gradient being a product", isRepeated: [false, false, false, true, true, true],
            immediates: [0.5, 2],
            instructions: [
                PointwiseInstruction(.multiply, destination: 8, a: 2, b: 5),
                PointwiseInstruction(.multiplyAdd, destination: 8, a: 6, b: 1, c: 8),
                PointwiseInstruction(.select, destination: 9, a: 3, b: 8, c: 1),
                PointwiseInstruction(.multiplyAdd, destination: 10, a: 4, b: 9, c: 0),
            ], kept: [9, 10]),
    ]

    private static let sizes = [[1, 1], [7, 5], [3, 16], [130, 48], [9, 144], [4, 2064], [2, 3, 32]]

    private func program(_ form: Case, _ sizes: [Int], _ numbers: inout Numbers) -> TestedProgram {
        let operands = form.isRepeated.map { isRepeated in
            let axes = Set(isRepeated ? Array(sizes.indices.dropLast()) : [])
            let count = isRepeated ? sizes[sizes.count - 1] : sizes.reduce(1, *)
            return TestedProgram.Operand(
                memory: GuardedMemory(numbers.integers(count)), strides: denseStrides(sizes, repeats: axes))
        }
        return TestedProgram(sizes, operands, immediates: form.immediates, form.instructions)
    }

    @Test(arguments: TestedKernels.all, cases)
    func storedResultsAreThoseOfTheInstructions(kernels: TestedKernels, form: Case) {
        var numbers = Numbers(seed: 21)
        for sizes in Self.sizes {
            let program = program(form, sizes, &numbers)
            let outputs = evaluate(kernels, program, registers: form.kept)
            let expected = program.expected()
            for (output, register) in zip(outputs, form.kept) {
                #expect(output.values == expected.map { $0[register] }, "\(form.name) \(sizes)")
            }
        }
    }

    @Test(arguments: TestedKernels.all, cases)
    func formsAreFound(kernels: TestedKernels, form: Case) {
        var numbers = Numbers(seed: 22)
        let program = program(form, [9, 48], &numbers)
        let memory = GuardedMemory([Float](repeating: 0, count: 9 * 48))
        let results = form.kept.map {
            PointwiseResult(base: UnsafeMutableRawPointer(memory.floats), isInteger: false, register: $0)
        }
        results.withUnsafeBufferPointer { buffer in
            var arguments = PointwiseArguments(
                program: program.program, results: buffer.baseAddress!, resultCount: buffer.count)
            _ = kernels.evaluate.work(&arguments)
            #expect(arguments.program.form.number >= 0, "\(form.name)")
            #expect(arguments.program.form.row == 48, "\(form.name)")
        }
    }
}
