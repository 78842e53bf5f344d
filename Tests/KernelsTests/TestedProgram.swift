import AdjointKernelTables
import Foundation

/// A pointwise program with its operands' memory, and its meaning in scalar loops.
final class TestedProgram {
    struct Operand {
        var memory: GuardedMemory
        var offset = 0
        var strides: [Int]
        var isInteger = false
    }

    let sizes: [Int]
    let operands: [Operand]
    let immediates: [Float]
    let instructions: [PointwiseInstruction]
    let registerCount: Int
    private let operandMemory: UnsafeMutablePointer<PointwiseOperand>
    private let immediateMemory: UnsafeMutablePointer<PointwiseImmediate>
    private let instructionMemory: UnsafeMutablePointer<PointwiseInstruction>

    /// Registers: operands, then immediates, then as many as the instructions use.
    init(_ sizes: [Int], _ operands: [Operand], immediates: [Float] = [], _ instructions: [PointwiseInstruction]) {
        self.sizes = sizes
        self.operands = operands
        self.immediates = immediates
        self.instructions = instructions
        registerCount = max(
            operands.count + immediates.count, (instructions.map { $0.destination }.max() ?? 0) + 1)
        operandMemory = .allocate(capacity: operands.count + 1)
        immediateMemory = .allocate(capacity: immediates.count + 1)
        instructionMemory = .allocate(capacity: instructions.count + 1)
        for (i, immediate) in immediates.enumerated() {
            immediateMemory[i] = PointwiseImmediate(register: operands.count + i, value: immediate)
        }
        for (i, instruction) in instructions.enumerated() { instructionMemory[i] = instruction }
    }

    deinit {
        operandMemory.deallocate()
        immediateMemory.deallocate()
        instructionMemory.deallocate()
    }

    /// A fresh program: `work` may rewrite the strides.
    var program: PointwiseProgram {
        for (i, operand) in operands.enumerated() {
            operandMemory[i] = PointwiseOperand(
                base: UnsafeRawPointer(operand.memory.floats + operand.offset), strides: axes(operand.strides),
                isInteger: operand.isInteger, register: i)
        }
        return PointwiseProgram(
            operands: operandMemory, operandCount: operands.count,
            immediates: immediateMemory, immediateCount: immediates.count,
            instructions: instructionMemory, instructionCount: instructions.count,
            registerCount: registerCount, rank: sizes.count, sizes: axes(sizes))
    }

    /// Every point's registers, computed in scalars.
    func expected() -> [[Float]] {
        indices(sizes).map { index in
            var registers = [Float](repeating: .nan, count: registerCount)
            for (k, operand) in operands.enumerated() {
                let place = zip(index, operand.strides).reduce(operand.offset) { $0 + $1.0 * $1.1 }
                registers[k] =
                    operand.isInteger ? Float(operand.memory.integers[place]) : operand.memory.floats[place]
            }
            for (k, immediate) in immediates.enumerated() { registers[operands.count + k] = immediate }
            for i in instructions {
                registers[i.destination] = scalar(
                    i.operation, registers[i.a], registers[i.b], registers[i.c], registers[i.d])
            }
            return registers
        }
    }
}

/// The meaning of an operation.
func scalar(_ operation: PointwiseOperation, _ a: Float, _ b: Float, _ c: Float, _ d: Float) -> Float {
    let x = Double(a)
    switch operation {
    case .add: return a + b
    case .multiply: return a * b
    case .negate: return -a
    case .divide: return a / b
    case .power: return b == 0 ? 1 : a.isNaN || b.isNaN ? .nan : Float(pow(x, Double(b)))
    case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
    case .exp: return Float(exp(x))
    case .expm1: return Float(expm1(x))
    case .log: return Float(log(x))
    case .log1p: return Float(log1p(x))
    case .sqrt: return a.squareRoot()
    case .tanh: return Float(tanh(x))
    case .logistic: return Float(1 / (1 + exp(-x)))
    case .erf: return Float(erf(x))
    case .abs: return abs(a)
    case .sign: return a > 0 ? 1 : a < 0 ? -1 : a
    case .floor: return a.rounded(.down)
    case .less: return a < b ? 1 : 0
    case .lessOrEqual: return a <= b ? 1 : 0
    case .equal: return a == b ? 1 : 0
    case .and: return a != 0 && b != 0 ? 1 : 0
    case .or: return a != 0 || b != 0 ? 1 : 0
    case .not: return a == 0 ? 1 : 0
    case .select: return a != 0 ? b : c
    case .truncate: return a.rounded(.towardZero)
    case .multiplyAdd: return a * b + c
    case .selectLessOrEqual: return a <= b ? c : d
    case .selectLess: return a < b ? c : d
    }
}

/// The same number, or NaN in both.
func agree(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
}
