/// Operations on the elements at the same place of operands of equal shape.
public enum Pointwise: String, Hashable, Sendable, CaseIterable {
    case add, multiply, negate, divide, power, maximum, minimum
    case exp, expm1, log, log1p, sqrt, tanh, logistic, erf, abs, sign, floor
    case less, lessOrEqual, equal, and, or, not
    /// The second operand where the first is true, else the third.
    case select

    public var arity: Int {
        switch self {
        case .add, .multiply, .divide, .power, .maximum, .minimum, .less, .lessOrEqual, .equal, .and, .or: 2
        case .select: 3
        default: 1
        }
    }

    /// The types of the operands and the result.
    private enum Typing { case arithmetic, comparison, logic, choice }

    private var typing: Typing {
        switch self {
        case .less, .lessOrEqual, .equal: .comparison
        case .and, .or, .not: .logic
        case .select: .choice
        default: .arithmetic
        }
    }

    func result(of operands: [Signature]) throws(ArgumentError) -> Signature {
        let primitive = Primitive.pointwise(self)
        let last = operands[arity - 1]
        for operand in operands where operand.shape != last.shape {
            throw primitive.error("operands", expected: "equal shapes", given: "\(operand.shape) and \(last.shape)")
        }
        let compared = typing == .choice ? Array(operands.dropFirst()) : operands
        for operand in compared where operand.type != last.type {
            throw primitive.error("operands", expected: "equal types", given: "\(operand) and \(last)")
        }
        switch typing {
        case .arithmetic:
            guard last.type.isFloatingPoint else {
                throw primitive.error("operands", expected: "float32 or float64", given: last.type.rawValue)
            }
            return last
        case .comparison:
            return Signature(last.shape, .bool)
        case .logic:
            guard last.type == .bool else {
                throw primitive.error("operands", expected: "bool", given: last.type.rawValue)
            }
            return last
        case .choice:
            guard operands[0].type == .bool else {
                throw primitive.error("mask", expected: "bool", given: operands[0].type.rawValue)
            }
            return last
        }
    }

    /// The meaning of each operation on numbers; truth values are 1 and 0. Unused operands are ignored.
    public func callAsFunction(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Double {
        switch self {
        case .add: a + b
        case .multiply: a * b
        case .negate: -a
        case .divide: a / b
        case .power: Elementary.power(a, b)
        case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
        case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
        case .exp: Elementary.exp(a)
        case .expm1: Elementary.expm1(a)
        case .log: Elementary.log(a)
        case .log1p: Elementary.log1p(a)
        case .sqrt: a.squareRoot()
        case .tanh: Elementary.tanh(a)
        case .logistic: Elementary.logistic(a)
        case .erf: Elementary.erf(a)
        case .abs: a.magnitude
        case .sign: a > 0 ? 1 : a < 0 ? -1 : a
        case .floor: a.rounded(.down)
        case .less: a < b ? 1 : 0
        case .lessOrEqual: a <= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .and: a != 0 && b != 0 ? 1 : 0
        case .or: a != 0 || b != 0 ? 1 : 0
        case .not: a == 0 ? 1 : 0
        case .select: a != 0 ? b : c
        }
    }
}

/// The functions of one operand, as models write them.
extension Value {
    public func exp() -> Value { apply(.pointwise(.exp)) }
    /// eˣ − 1, exact near 0
    public func expm1() -> Value { apply(.pointwise(.expm1)) }
    public func log() -> Value { apply(.pointwise(.log)) }
    /// ln(1 + x), exact near 0
    public func log1p() -> Value { apply(.pointwise(.log1p)) }
    public func sqrt() -> Value { apply(.pointwise(.sqrt)) }
    public func tanh() -> Value { apply(.pointwise(.tanh)) }
    /// σ(x) = 1∕(1 + e⁻ˣ)
    public func logistic() -> Value { apply(.pointwise(.logistic)) }
    public func erf() -> Value { apply(.pointwise(.erf)) }
    public func abs() -> Value { apply(.pointwise(.abs)) }
    /// 1 or −1; at 0 and NaN the operand itself
    public func sign() -> Value { apply(.pointwise(.sign)) }
    public func floor() -> Value { apply(.pointwise(.floor)) }
}

extension Array where Element: Scalar {
    /// The reference loop: element by element.
    func evaluated(_ operation: Pointwise, _ others: [[Element]]) -> [Element] {
        let b = others.count > 0 ? others[0] : self
        let c = others.count > 1 ? others[1] : self
        return indices.map { Element.evaluate(operation, self[$0], b[$0], c[$0]) }
    }
}
