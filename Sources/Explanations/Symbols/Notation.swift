import AdjointGraphs

/// A form of written mathematics: the look of its parts. The places of signs and parentheses are decided below, once for all
/// forms.
protocol Notation {
    /// The signs between addends, before the first one, between factors, and before both parts of a derivative.
    typealias Signs = (plus: String, minus: String, negative: String, times: String, partial: String)

    var signs: Signs { get }
    /// Whether a fraction has a bar, which binds more tightly than a slash.
    var hasBars: Bool { get }
    /// A number that is not below zero.
    func number(_ number: Double) -> String
    func name(_ name: Name) -> String
    func parenthesized(_ inside: String) -> String
    func quotient(_ a: String, _ b: String) -> String
    func function(_ name: String, _ operands: [String]) -> String
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String
    /// The brackets around an expression that continues in the next row; nil where bracketed expressions are not broken.
    var brackets: (open: String, close: String)? { get }
    func functionName(_ name: String) -> String
}

/// The strength with which an expression binds. With a slash, ∂E∕∂W1 can follow a factor, but not another slash.
enum Binding: Int {
    case sum, product, ratio, atom
}

extension Notation {
    func function(_ name: String, _ operands: [String]) -> String {
        functionName(name) + parenthesized(joined(operands))
    }

    func written(_ expression: Expression) -> String { joined(addends(of: expression), by: "") }

    /// Each addend with the sign before it; the first one has none where it is not negative.
    func addends(of expression: Expression) -> [String] {
        signed(expression).map { $0.sign + operand($0.addend, .product) }
    }

    /// The addends, apart from their signs.
    func signed(_ expression: Expression) -> [(sign: String, addend: Expression)] {
        expression.terms.enumerated().map { position, term in
            let isNegative = term.isNegative
            let sign = position == 0 ? (isNegative ? signs.negative : "") : isNegative ? signs.minus : signs.plus
            return (sign, isNegative ? term.opposite : term)
        }
    }

    /// An operand of a sign, in parentheses where it would be read otherwise: reading from the left keeps the first operand
    /// together, but not those after it.
    func operand(_ expression: Expression, _ least: Binding) -> String {
        if binding(of: expression).rawValue < least.rawValue { return parenthesized(written(expression)) }
        switch expression {
        case .number(let number): return self.number(number)
        case .variable(let name): return self.name(name)
        case .derivative(let energy, let name):
            return quotient(signs.partial + self.name(energy), signs.partial + self.name(name))
        case .sum: return written(expression)
        case .product(let factors):
            return joined(factors.enumerated().map { operand($1, $0 == 0 ? .product : .ratio) }, by: signs.times)
        case .quotient(let a, let b):
            return hasBars ? quotient(written(a), written(b)) : quotient(operand(a, .product), operand(b, .atom))
        case .function(let operation, let operands):
            return function(operation.rawValue, operands.map { written($0) })
        case .indicator(let relation, let a, let b): return indicator(written(a), relation, written(b))
        }
    }

    func binding(of expression: Expression) -> Binding {
        switch expression {
        case .sum: .sum
        case .number(let number): number < 0 ? .sum : .atom
        case .product: .product
        case .quotient: hasBars ? .atom : .product
        case .derivative: hasBars ? .atom : .ratio
        case .variable, .function, .indicator: .atom
        }
    }
}

extension Expression {
    /// Whether the expression begins with a minus, which is then the sign of the whole.
    fileprivate var isNegative: Bool {
        switch self {
        case .number(let number): number < 0
        case .product(let factors): factors.first?.isNegative ?? false
        case .quotient(let a, _): a.isNegative
        default: false
        }
    }

    /// The expression without its minus.
    fileprivate var opposite: Expression {
        switch self {
        case .number(let number): return .number(-number)
        case .product(let factors):
            let (first, rest) = (factors[0].opposite, Array(factors.dropFirst()))
            if first != .number(1) || rest.isEmpty { return .product([first] + rest) }
            return rest.count == 1 ? rest[0] : .product(rest)
        case .quotient(let a, let b): return .quotient(a.opposite, b)
        default: return self
        }
    }
}
