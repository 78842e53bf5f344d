/// The operations of a pointwise program, named as in Graphs, so that a plan translates by name.
/// Truth values are 1 and 0.
public enum PointwiseOperation: String, CaseIterable, Sendable {
    case add, multiply, negate, divide, power, maximum, minimum
    case exp, expm1, log, log1p, sqrt, tanh, logistic, erf, abs, sign, floor
    case less, lessOrEqual, equal, and, or, not
    /// a ≠ 0 ? b : c
    case select
    /// The integer nearest to zero, as a float.
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

/// The most axes that an iteration space has, after neighbours that can be walked as one were joined.
public let maximumAxes = 8

/// A number for each axis of an iteration space, outermost first; only the first `rank` are used.
public typealias AxisList = InlineArray<8, Int>

/// How an operand is read while its iteration space is walked: a float at `base + Σ index · stride`.
public struct PointwiseOperand {
    public var base: UnsafeRawPointer
    /// One for each axis of the iteration space; 0 repeats.
    public var strides: AxisList
    /// The memory holds Int32, which becomes a float (exact to 2^24) on reading.
    public var isInteger: Bool
    /// The register that receives it.
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
    /// The kernel's own: set by `work`. It stands first, so that a program's address is its form's.
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
    /// Images, where the space is a batch of them, else 1: tasks begin with an image where that makes them no worse.
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

/// A loop that computes all of a program at once: which, and where it finds what it needs.
public struct PointwiseForm: Sendable {
    /// −1 for none.
    public var number = -1
    /// Points after which repeated leaves are read again, or 0.
    public var row = 0
    /// The registers of leaves, and their steps from row to row.
    public var leaves = InlineArray<12, Int>(repeating: 0)
    public var steps = InlineArray<12, Int>(repeating: 0)
    public var results = InlineArray<3, Int>(repeating: 0)
    /// Whether what it computes is only added up.
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

/// A program whose registers are stored, each densely in the order of the iteration space. A result may stand in the
/// memory of an operand that is read in the same dense order.
public struct PointwiseArguments {
    public var program: PointwiseProgram
    public var results: UnsafePointer<PointwiseResult>
    public var resultCount: Int

    public init(program: PointwiseProgram, results: UnsafePointer<PointwiseResult>, resultCount: Int) {
        (self.program, self.results, self.resultCount) = (program, results, resultCount)
    }
}
