import AdjointGraphs

/// A scalar with the formula by which it was computed: an expression and, where it is known, its number.
///
/// Evaluating a graph with symbols derives its equations. Choices depend on numbers; where a symbol has none, the choice
/// stays in the expression as a factor: relu(H1) is `[H1 > 0]·H1`.
public struct Symbol: Hashable, Sendable {
    public let expression: Expression
    /// The number; nil where it depends on something without a number.
    public let value: Double?

    public init(_ expression: Expression, _ value: Double? = nil) {
        self.expression = expression
        // 0·x is 0 even where x is unknown.
        self.value = expression.constant ?? value
    }
}

extension Symbol: Scalar {
    public init(_ number: Double) { self.init(.number(number), number) }

    public var number: Double { value ?? .nan }

    public static func + (a: Symbol, b: Symbol) -> Symbol { evaluate(.add, a, b, b) }
    public static func * (a: Symbol, b: Symbol) -> Symbol { evaluate(.multiply, a, b, b) }

    public static func evaluate(_ operation: Pointwise, _ a: Symbol, _ b: Symbol, _ c: Symbol) -> Symbol {
        if operation == .select {
            if let mask = a.value { return mask != 0 ? b : c }
            return Symbol(a.expression * b.expression + a.expression.negated * c.expression)
        }
        let operands = Array([a, b].prefix(operation.arity))
        var value: Double?
        if operands.allSatisfy({ $0.value != nil }) { value = operation(a.number, b.number) }
        return Symbol(operation.expression(operands.map { $0.expression }), value)
    }
}

extension Symbol {
    /// The terms added from the left, in time proportional to their number and not to its square.
    static func sum(_ symbols: [Symbol]) -> Symbol {
        guard var sum = symbols.first else { return Symbol(0) }
        var rest = symbols.dropFirst()
        // A sum of at least two terms differs from every single term, so that from then on only zeros are left out.
        while let next = rest.first, sum.expression.terms.count < 2 || next.expression.terms.count > 1 {
            sum = sum + next
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return sum }
        guard !rest.contains(where: { $0.expression.terms.count > 1 }) else { return rest.reduce(sum, +) }
        let added = rest.filter { $0.expression != .number(0) }
        var value = sum.value
        for symbol in rest { value = value.flatMap { total in symbol.value.map { total + $0 } } }
        return Symbol(.sum(sum.expression.terms + added.map { $0.expression }), value)
    }
}

extension Pointwise {
    /// The operation on expressions. Those without a sign of their own are functions with their names.
    fileprivate func expression(_ x: [Expression]) -> Expression {
        switch self {
        case .add: return x[0] + x[1]
        case .multiply, .and: return x[0] * x[1]
        case .negate: return -x[0]
        case .divide: return x[0] / x[1]
        case .less: return .indicator(x[0], .less, x[1])
        case .lessOrEqual: return .indicator(x[0], .lessOrEqual, x[1])
        case .equal: return .indicator(x[0], .equal, x[1])
        case .not: return x[0].negated
        // True unless both are false.
        case .or: return (x[0].negated * x[1].negated).negated
        default:
            let numbers = x.compactMap { $0.constant }
            if numbers.count == x.count { return .number(self(numbers[0], numbers.count > 1 ? numbers[1] : 0)) }
            return .function(self, x)
        }
    }
}
