/// One line of an explanation: a name and what it is.
public struct Equation: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An element of the layer's output.
        case forward
        /// ∂E∕∂W1 as the sum over everything that W1 changes.
        case chainRule
        /// How one element of the output moves with one of an input: ∂G1∕∂W1.
        case partial
        /// The chain rule with the partials put in.
        case gradient
        /// ∂E∕∂W1 as the sum over all paths from W1 to the error.
        case paths
        /// The same with what the paths share taken out.
        case factored
    }

    public let kind: Kind
    public let left: Expression
    public let right: Expression
    /// The number of both sides, where everything that they depend on has one.
    public let value: Double?
    /// The right side with numbers in place of names, where they are known.
    public internal(set) var numbers: Expression?
    /// How many terms of the sum are left out on the right.
    public package(set) var omitted = 0

    init(_ kind: Kind, _ left: Expression, _ right: Symbol) {
        self.init(kind, left, right.expression, value: right.value)
    }

    package init(_ kind: Kind, _ left: Expression, _ right: Expression, value: Double?) {
        self.kind = kind
        self.left = left
        self.right = right
        self.value = value
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public var text: String { left.text + " = " + text(of: right) }

    /// One of the right sides, with dots for what is left out.
    package func text(of side: Expression) -> String { side.text + (omitted > 0 ? " + …" : "") }
}

extension Equation {
    /// With the numbers of names beside them.
    package func substituting(_ known: (Expression) -> Double?) -> Equation {
        var equation = self
        if value != nil { equation.numbers = right.substituting(known) }
        return equation
    }

    /// A sum of more than `limit` terms with its ten largest alone, in their order; the first ten where numbers are not
    /// known.
    package func folded(over limit: Int, _ known: (Expression) -> Double?) -> Equation {
        let terms = right.terms
        guard terms.count > limit else { return self }
        let values = terms.map { $0.value(where: known)?.magnitude }
        let ranking = terms.indices.sorted { a, b in
            let (x, y) = (values[a] ?? 0, values[b] ?? 0)
            return x == y ? a < b : x > y
        }
        let shown = ranking.prefix(Equation.shownTerms).sorted()
        var equation = Equation(kind, left, .sum(shown.map { terms[$0] }), value: value)
        equation.omitted = terms.count - shown.count
        return equation
    }

    static let shownTerms = 10
}

extension Expression {
    /// Names and derivatives replaced by their numbers, with nothing computed.
    package func substituting(_ known: (Expression) -> Double?) -> Expression {
        switch self {
        case .number: self
        case .variable, .derivative: known(self).map { .number($0) } ?? self
        case .sum(let terms): .sum(terms.map { $0.substituting(known) })
        // The −1 that a name stands for is a factor like others, and no sign of the product.
        case .product(let factors):
            .product(
                (factors.first.flatMap(known) == -1
                    ? [.number(-1), .number(1)] : factors.prefix(1).map { $0.substituting(known) })
                    + factors.dropFirst().map { $0.substituting(known) })
        case .quotient(let a, let b): .quotient(a.substituting(known), b.substituting(known))
        case .function(let operation, let operands): .function(operation, operands.map { $0.substituting(known) })
        case .indicator(let relation, let a, let b):
            .indicator(relation, a.substituting(known), b.substituting(known))
        }
    }

    /// The names by which a derivative is taken, in their order: G1, G2, … of ∂E∕∂G1·V1 + ∂E∕∂G2·V2.
    package func names(ofDerivativesOf energy: Name) -> [Name] {
        switch self {
        case .derivative(energy, let name): [name]
        case .number, .variable, .derivative: []
        case .sum(let parts), .product(let parts), .function(_, let parts):
            parts.flatMap { $0.names(ofDerivativesOf: energy) }
        case .quotient(let a, let b), .indicator(_, let a, let b):
            a.names(ofDerivativesOf: energy) + b.names(ofDerivativesOf: energy)
        }
    }
}
