import AdjointGraphs

/// A form in which mathematics is written: how its pieces look. Where signs and parentheses stand is decided below, once
/// for all forms.
protocol Notation {
    /// Between addends, before the first one, between factors, and before what a derivative is of and by.
    typealias Signs = (plus: String, minus: String, negative: String, times: String, partial: String)

    var signs: Signs { get }
    /// Whether a fraction has a bar, which holds together what a slash does not.
    var hasBars: Bool { get }
    /// Not below zero.
    func number(_ number: Double) -> String
    func name(_ name: Name) -> String
    func parenthesized(_ inside: String) -> String
    func quotient(_ a: String, _ b: String) -> String
    func function(_ name: String, _ operands: [String]) -> String
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String
    /// What stands around something that goes on in the next row; nil where nothing that is in brackets is broken.
    var brackets: (open: String, close: String)? { get }
    func functionName(_ name: String) -> String
}

/// How tightly an expression holds together. With a slash, ∂E∕∂W1 can follow a factor, but not another slash.
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

    /// The addends and their signs apart.
    func signed(_ expression: Expression) -> [(sign: String, addend: Expression)] {
        expression.terms.enumerated().map { position, term in
            let isNegative = term.isNegative
            let sign = position == 0 ? (isNegative ? signs.negative : "") : isNegative ? signs.minus : signs.plus
            return (sign, isNegative ? term.opposite : term)
        }
    }

    /// What stands beside a sign, in parentheses where it would fall apart there: what is read from the left holds its
    /// first operand together, but not those behind it.
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
    /// Whether a minus stands first, which is then the sign of the whole.
    fileprivate var isNegative: Bool {
        switch self {
        case .number(let number): number < 0
        case .product(let factors): factors.first?.isNegative ?? false
        case .quotient(let a, _): a.isNegative
        default: false
        }
    }

    /// What follows the minus.
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
