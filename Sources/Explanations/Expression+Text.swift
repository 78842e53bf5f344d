import AdjointGraphs

/// How tightly an operation holds its operands together.
private enum Binding: Int {
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
            var text = ""
            for (position, term) in terms.enumerated() {
                let written = term.text(inside: .sum)
                if position == 0 {
                    text = written
                } else if written.utf8.first == UInt8(ascii: "-") {
                    text += " - " + String(written.dropFirst())
                } else {
                    text += " + " + written
                }
            }
            return text
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

    private var binding: Binding {
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
