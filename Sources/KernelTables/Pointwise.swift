/// The operations of a pointwise program, named as in Graphs, so that a plan translates by name.
/// Truth values are 1 and 0.
public enum PointwiseOperation: String, CaseIterable, Sendable {
    case add, multiply, negate, divide, power, maximum, minimum
    case exp, expm1, log, log1p, sqrt, tanh, logistic, erf, abs, sign, floor
    case less, lessOrEqual, equal, and, or, not
    /// a ≠ 0 ? b : c
    case select
    /// The number without its fraction, as a float.
    case truncate
    /// a·b + c, rounded twice, as the two instructions that it stands for
    case multiplyAdd
    /// a ≤ b ? c : d, and a < b ? c : d
    case selectLessOrEqual, selectLess
}

/// registers[destination] = operation(registers[a], registers[b], registers[c], registers[d]); unused operands repeat the
/// first.
public struct PointwiseInstruction: Hashable, Sendable {
    public var operation: PointwiseOperation
    public var destination: Int
    public var a: Int
    public var b: Int
    public var c: Int
    public var d: Int

    public init(
        _ operation: PointwiseOperation, destination: Int, a: Int, b: Int? = nil, c: Int? = nil, d: Int? = nil
    ) {
        (self.operation, self.destination, self.a) = (operation, destination, a)
        self.b = b ?? a
        self.c = c ?? a
        self.d = d ?? a
    }
}

/// The most axes of an iteration space, after axes that can be walked as one were joined.
public let maximumAxes = 8

/// A number for each axis of an iteration space, outermost first; only the first `rank` are used.
public typealias AxisList = InlineArray<8, Int>

/// How an operand is read while its iteration space is walked: a float at `base + Σ index · stride`.
public struct PointwiseOperand {
    public var base: UnsafeRawPointer
    /// The strides, one for each axis of the iteration space; 0 repeats.
    public var strides: AxisList
    /// Whether the memory holds Int32, which is converted to float (exact to 2^24) on reading.
    public var isInteger: Bool
    /// The register into which it is read.
    public var register: Int

    public init(base: UnsafeRawPointer, strides: AxisList, isInteger: Bool, register: Int) {
        (self.base, self.strides, self.isInteger, self.register) = (base, strides, isInteger, register)
    }
}

/// A register that is written to memory, densely, in the order of the iteration space.
public struct PointwiseResult {
    public var base: UnsafeMutableRawPointer
    public var isInteger: Bool
    public var register: Int

    public init(base: UnsafeMutableRawPointer, isInteger: Bool, register: Int) {
        (self.base, self.isInteger, self.register) = (base, isInteger, register)
    }
}

/// A program that is run for every point of an iteration space, a block in L1 at a time.
///
/// Registers below `operandCount` are not special: each operand names its register. `immediates` sets registers
/// that hold one number throughout.
public struct PointwiseProgram {
    /// The kernel's own form, set by `work`. It is the first member, so that a program's address is also its form's.
    public var form = PointwiseForm()
    public var operands: UnsafePointer<PointwiseOperand>
    public var operandCount: Int
    public var immediates: UnsafePointer<PointwiseImmediate>
    public var immediateCount: Int
    public var instructions: UnsafePointer<PointwiseInstruction>
    public var instructionCount: Int
    public var registerCount: Int
    public var rank: Int
    public var sizes: AxisList
    /// The number of images, where the space is a batch of them, else 1: tasks begin with an image where that costs nothing.
    public var batch = 1

    public init(
        operands: UnsafePointer<PointwiseOperand>, operandCount: Int,
        immediates: UnsafePointer<PointwiseImmediate>, immediateCount: Int,
        instructions: UnsafePointer<PointwiseInstruction>, instructionCount: Int,
        registerCount: Int, rank: Int, sizes: AxisList
    ) {
        (self.operands, self.operandCount, self.immediates) = (operands, operandCount, immediates)
        (self.immediateCount, self.instructions) = (immediateCount, instructions)
        (self.instructionCount, self.registerCount, self.rank) = (instructionCount, registerCount, rank)
        self.sizes = sizes
    }
}

/// A loop that computes the whole program at once: its number, and the places of its operands.
public struct PointwiseForm: Sendable {
    /// The number of the loop; −1 for none.
    public var number = -1
    /// The number of points after which repeated leaves are read again, or 0.
    public var row = 0
    /// The registers of leaves, and their steps from row to row.
    public var leaves = InlineArray<12, Int>(repeating: 0)
    public var steps = InlineArray<12, Int>(repeating: 0)
    public var results = InlineArray<3, Int>(repeating: 0)
    /// Whether its results are only added up.
    public var isSummed = false

    public init() {}
}

public struct PointwiseImmediate: Hashable, Sendable {
    public var register: Int
    public var value: Float

    public init(register: Int, value: Float) {
        (self.register, self.value) = (register, value)
    }
}

/// A program whose registers are stored, each densely in the order of the iteration space. A result may be in the memory of
/// an operand that is read in the same dense order.
public struct PointwiseArguments {
    public var program: PointwiseProgram
    public var results: UnsafePointer<PointwiseResult>
    public var resultCount: Int

    public init(program: PointwiseProgram, results: UnsafePointer<PointwiseResult>, resultCount: Int) {
        (self.program, self.results, self.resultCount) = (program, results, resultCount)
    }
}
