import AdjointGraphs

/// How tightly an operation holds its operands together.
enum Binding: Int {
    case sum, product, atom
}

extension Name {
    /// `W1`, `V[0,2,1,1]`, `E`
    public var text: String {
        switch index {
        case .none: letter
        case .number(let number): letter + String(number)
        case .axes(let axes): letter + "[" + joined(axes.map { String($0) }, by: ",") + "]"
        }
    }
}

extension Expression {
    /// One line for a terminal: `∂E/∂G1·V1 + ∂E/∂G2·V2`.
    public var text: String {
        switch self {
        case .number(let number):
            return shortest(number)
        case .variable(let name):
            return name.text
        case .derivative(let energy, let name):
            return "∂" + energy.text + "/∂" + name.text
        case .sum(let terms):
            return joined(signed(terms).map { $0.sign + $0.term.text(inside: .sum) }, by: "")
        case .product(let factors):
            if factors.first == .number(-1), factors.count > 1 {
                return "-" + Expression.productText(Array(factors.dropFirst()))
            }
            return Expression.productText(factors)
        case .quotient(let a, let b):
            return a.text(inside: .product) + "/" + b.text(inside: .atom)
        case .function(let operation, let operands):
            return operation.rawValue + "(" + joined(operands.map { $0.text }) + ")"
        case .indicator(let relation, let a, let b):
            return "[" + a.text + " " + relation.text + " " + b.text + "]"
        }
    }

    private static func productText(_ factors: [Expression]) -> String {
        var texts: [String] = []
        for (position, factor) in factors.enumerated() {
            texts.append(factor.text(inside: position == 0 ? .product : .atom))
        }
        return joined(texts, by: "·")
    }

    /// The text as an operand, in parentheses where it would fall apart.
    private func text(inside outer: Binding) -> String {
        binding.rawValue < outer.rawValue ? "(" + text + ")" : text
    }

    /// Addends with the signs that stand before them; the first one keeps its own.
    package func signed(_ terms: [Expression]) -> [(sign: String, term: Expression)] {
        terms.enumerated().map { position, term in
            guard position > 0 else { return ("", term) }
            return term.opposite.map { (" - ", $0) } ?? (" + ", term)
        }
    }

    /// What follows a minus, where one stands first.
    private var opposite: Expression? {
        switch self {
        case .number(let number) where number < 0:
            return .number(-number)
        case .product(let factors):
            guard let first = factors.first?.constant, first < 0 else { return nil }
            let rest = Array(factors.dropFirst())
            if first == -1 { return rest.count == 1 ? rest[0] : .product(rest) }
            return .product([.number(-first)] + rest)
        default: return nil
        }
    }

    var binding: Binding {
        switch self {
        case .sum: .sum
        case .product, .quotient: .product
        case .number(let number): number < 0 ? .product : .atom
        case .variable, .derivative, .function, .indicator: .atom
        }
    }
}

extension Expression.Relation {
    var text: String {
        switch self {
        case .less: "<"
        case .lessOrEqual: "≤"
        case .greater: ">"
        case .greaterOrEqual: "≥"
        case .equal: "="
        case .notEqual: "≠"
        }
    }
}
