/// The computation of a node of a graph. The list is closed: code that evaluates, differentiates, compiles or draws graphs
/// switches over it, and the compiler finds every place that a new case needs.
public enum Primitive: Hashable, Sendable {
    /// A value given by name when the graph is used.
    case input(String)
    /// A value that is part of the graph.
    case constant(Tensor)
    /// Uniform floats in [0, 1) that depend on two int32 scalars, a key and a counter, and on this node's stream.
    case random(Shape, stream: UInt32)

    /// The same numbers as another element type.
    case convert(ElementType)
    /// The same value, with derivative zero.
    case stop

    case pointwise(Pointwise)
    case reduction(Reduction)
    case movement(Movement)
    case contraction(Contraction)
    case convolution(Convolution)
    case pooling(Pooling)
}

extension Primitive {
    /// The name in prints and errors.
    public var name: String {
        switch self {
        case .input: "input"
        case .constant: "constant"
        case .random: "random"
        case .convert: "convert"
        case .stop: "stop"
        case .pointwise(let operation): operation.rawValue
        case .reduction(let reduction): reduction.name
        case .movement(let movement): movement.name
        case .contraction: "contraction"
        case .convolution: "convolution"
        case .pooling(let pooling): pooling.name
        }
    }
}

extension Primitive {
    /// Equality that tells constants by their bits.
    package func isIdentical(to other: Primitive) -> Bool {
        guard case .constant(let a) = self, case .constant(let b) = other else { return self == other }
        return a.isIdentical(to: b)
    }
}

/// Shape and element type of a value.
public struct Signature: Hashable, Sendable, CustomStringConvertible {
    public let shape: Shape
    public let type: ElementType

    public init(_ shape: Shape, _ type: ElementType) {
        (self.shape, self.type) = (shape, type)
    }

    public var description: String { "\(type.rawValue)\(shape)" }
}

extension Primitive {
    /// The signature of the result for operands of these signatures.
    ///
    /// - Throws: an error that names the first operand or attribute that does not fit.
    package func result(of operands: [Signature]) throws(ArgumentError) -> Signature {
        let result: Signature
        switch self {
        case .input:
            // An input's signature is declared, and not derived from operands.
            throw error("operands", expected: "a declared shape", given: "none")
        case .constant(let tensor):
            result = Signature(tensor.shape, tensor.elementType)
        case .random(let shape, _):
            try expect(operands, count: 2)
            for operand in operands where operand != Signature([], .int32) {
                throw error("key and counter", expected: "int32[]", given: "\(operand)")
            }
            result = Signature(shape, .float32)
        case .convert(let type):
            try expect(operands, count: 1)
            result = Signature(operands[0].shape, type)
        case .stop:
            try expect(operands, count: 1)
            result = operands[0]
        case .pointwise(let operation):
            try expect(operands, count: operation.arity)
            result = try operation.result(of: operands)
        case .reduction(let reduction):
            try expect(operands, count: 1)
            result = try reduction.result(of: operands[0])
        case .movement(let movement):
            result = try movement.result(of: operands)
        case .contraction(let contraction):
            try expect(operands, count: 2)
            result = try contraction.result(of: operands[0], operands[1])
        case .convolution(let convolution):
            try expect(operands, count: 2)
            result = try convolution.result(of: operands[0], operands[1])
        case .pooling(let pooling):
            result = try pooling.result(of: operands)
        }
        guard result.shape.checkedCount != nil else {
            throw error("result", expected: "a number of elements that memory can address", given: "\(result.shape)")
        }
        return result
    }

    func error(_ argument: String, expected: String, given: String) -> ArgumentError {
        ArgumentError(name, argument, expected: expected, given: given)
    }

    func expect(_ operands: [Signature], count: Int) throws(ArgumentError) {
        guard operands.count == count else {
            throw error("operands", expected: "\(count)", given: "\(operands.count)")
        }
    }
}
