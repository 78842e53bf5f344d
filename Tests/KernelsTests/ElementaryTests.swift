import AdjointKernelTables
import Foundation
import Testing

/// Errors against Double's library, in units in the last place, over all exponents and densely where they may be large.
@Suite struct ElementaryTests {
    struct Function: Sendable, CustomTestStringConvertible {
        let operation: PointwiseOperation
        let bound: Double
        let exact: @Sendable (Double) -> Double
        var testDescription: String { operation.rawValue }
    }

    static let functions = [
        Function(operation: .exp, bound: 1.5) { Foundation.exp($0) },
        Function(operation: .expm1, bound: 2) { Foundation.expm1($0) },
        Function(operation: .log, bound: 2) { Foundation.log($0) },
        Function(operation: .log1p, bound: 2) { Foundation.log1p($0) },
        Function(operation: .tanh, bound: 3) { Foundation.tanh($0) },
        Function(operation: .logistic, bound: 3) { 1 / (1 + Foundation.exp(-$0)) },
        Function(operation: .erf, bound: 2) { Foundation.erf($0) },
        Function(operation: .sqrt, bound: 0.5) { $0.squareRoot() },
        Function(operation: .floor, bound: 0) { $0.rounded(.down) },
        Function(operation: .truncate, bound: 0) { $0.rounded(.towardZero) },
        Function(operation: .abs, bound: 0) { abs($0) },
        Function(operation: .sign, bound: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    ]

    #if DEBUG
        static let samples = 4_000
    #else
        static let samples = 3_000_000
    #endif

    static let special: [Float] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, -.nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        .leastNormalMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        88.7, 88.72283, 88.72284, 88.8, 89, 90, 1000, -87.3, -87.4, -88, -100, -103.9, -104, -110, -1000,
        0.5, 1.5, 2.5, -0.5, -1.5, 8388607.5, 8388608, -8388607.5, 4194303.5, 1e9, -1e9,
        0.7071067, 0.70710677, 1.4142135, 1.4142137, 0.41421354, -0.29289323, 0.921875, 0.92187494, 3.9, 4, 4.1,
    ]

    /// All exponents; then a dense grid on [-20, 20] and one around 0 and 1.
    static func arguments() -> [Float] {
        var all = special
        let step = UInt32((UInt64(1) << 32) / UInt64(samples)) | 1
        for i in 0..<samples { all.append(Float(bitPattern: UInt32(i) &* step)) }
        for i in 0..<samples { all.append((Float(i) / Float(samples) - 0.5) * 40) }
        for i in 0..<samples / 2 {
            all.append((Float(i) / Float(samples) - 0.25) * 4)
            all.append(1 + (Float(i) / Float(samples) - 0.25) * 2)
        }
        return all
    }

    @Test(arguments: TestedKernels.all, functions)
    func errors(kernels: TestedKernels, function: Function) {
        let inputs = ElementaryTests.arguments()
        let program = TestedProgram(
            [inputs.count], [.init(memory: GuardedMemory(inputs), strides: [1])],
            [PointwiseInstruction(function.operation, destination: 1, a: 0)])
        let outputs = evaluate(kernels, program, registers: [1])[0].values
        var worst = (error: 0.0, input: Float(0), output: Float(0))
        for (x, y) in zip(inputs, outputs) {
            let exact = function.exact(Double(x))
            let rounded = Float(exact)
            if rounded.isNaN || rounded.isInfinite || rounded == 0 {
                if y.isNaN != rounded.isNaN || !rounded.isNaN && y != rounded {
                    worst = (.infinity, x, y)
                }
                continue
            }
            let error = y.isFinite ? abs(Double(y) - exact) / Double(rounded.ulp) : .infinity
            if error > worst.error { worst = (error, x, y) }
        }
        #expect(
            worst.error <= function.bound, "\(function.operation.rawValue)(\(worst.input)) = \(worst.output)")
        if ProcessInfo.processInfo.environment["ADJOINT_ERRORS"] != nil {
            print("\(kernels.testDescription) \(function.operation.rawValue): \(worst.error) ulp at \(worst.input)")
        }
    }

    @Test(arguments: TestedKernels.all)
    func power(kernels: TestedKernels) {
        var numbers = Numbers(seed: 3)
        var a = [Float]()
        var b = [Float]()
        let interesting: [Float] = [
            0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 2.5, -2.5, .infinity, -.infinity, .nan, 0x1p-140, -0x1p-140, 1e30,
            -1e30,
            16777216, 16777215, -16777215, 33554432, 0.99999994, 1.0000001, .greatestFiniteMagnitude,
        ]
        for x in interesting {
            for y in interesting {
                a.append(x)
                b.append(y)
            }
        }
        for _ in 0..<ElementaryTests.samples {
            a.append(Foundation.exp(Float.random(in: -20...20, using: &numbers)))
            b.append(Float.random(in: -5...5, using: &numbers))
            a.append(Float.random(in: -10...10, using: &numbers))
            b.append(Float(Int.random(in: -20...20, using: &numbers)))
        }
        let program = TestedProgram(
            [a.count],
            [.init(memory: GuardedMemory(a), strides: [1]), .init(memory: GuardedMemory(b), strides: [1])],
            [PointwiseInstruction(.power, destination: 2, a: 0, b: 1)])
        let outputs = evaluate(kernels, program, registers: [2])[0].values
        var failures = [String]()
        for (i, y) in outputs.enumerated() {
            let exact = pow(Double(a[i]), Double(b[i]))
            let rounded = Float(exact)
            let isRight =
                rounded.isNaN
                ? y.isNaN
                : rounded.isInfinite || rounded == 0
                    ? y == rounded && y.sign == rounded.sign : abs(Double(y) - exact) <= 1 * Double(rounded.ulp)
            if !isRight { failures.append("\(a[i])^\(b[i]) = \(y), not \(rounded)") }
        }
        #expect(failures.isEmpty, "\(failures.count): \(failures.prefix(8).joined(separator: "; "))")
    }
}

/// Runs a program on one table, and returns memory for each of the registers.
@discardableResult
func evaluate(
    _ kernels: TestedKernels, _ program: TestedProgram, registers: [Int], integers: Set<Int> = [],
    into memories: [GuardedMemory]? = nil, seed: UInt64 = 1
) -> [GuardedMemory] {
    let count = program.sizes.reduce(1, *)
    let outputs = memories ?? registers.map { _ in GuardedMemory(count) }
    let results = zip(registers, outputs).map {
        PointwiseResult(base: $1.floats, isInteger: integers.contains($0), register: $0)
    }
    results.withUnsafeBufferPointer {
        var arguments = PointwiseArguments(
            program: program.program, results: $0.baseAddress!, resultCount: $0.count)
        run(kernels.evaluate, &arguments, seed: seed)
    }
    for output in outputs { #expect(output.isIntact) }
    return outputs
}
