import AdjointGraphs

/// The formula from which an element of a tensor is computed: the value from which every writer (text, LaTeX, pictures)
/// begins.
///
/// The operators below keep terms and factors in the order of Evaluate. They only simplify what is trivial: 0 + x = x,
/// 1·x = x, 0·x = 0, −(−x) = x, x + x = 2·x.
public indirect enum Expression: Hashable, Sendable {
    case number(Double)
    case variable(Name)
    /// ∂E∕∂W1, as a name of its own.
    case derivative(of: Name, by: Name)
    case sum([Expression])
    case product([Expression])
    case quotient(Expression, Expression)
    /// An operation without a sign of its own, by its name.
    case function(Pointwise, [Expression])
    /// 1 where the relation is true, 0 elsewhere: `[H1 > 0]`.
    case indicator(Relation, Expression, Expression)

    /// The orders of two numbers for which a relation is true: ≤ is less or equal, ≠ is less or greater.
    public struct Relation: OptionSet, Hashable, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let less = Relation(rawValue: 1)
        public static let equal = Relation(rawValue: 2)
        public static let greater = Relation(rawValue: 4)
        public static let lessOrEqual: Relation = [less, equal]
        public static let greaterOrEqual: Relation = [greater, equal]
        public static let notEqual: Relation = [less, greater]

        /// The relation that is true where this one is false.
        public var negated: Relation { symmetricDifference([.less, .equal, .greater]) }

        /// The same relation with its sides exchanged.
        public var mirrored: Relation {
            var mirrored = intersection(.equal)
            if contains(.less) { mirrored.insert(.greater) }
            if contains(.greater) { mirrored.insert(.less) }
            return mirrored
        }

        func holds(_ a: Double, _ b: Double) -> Bool {
            // NaN differs from every number.
            a < b ? contains(.less) : a > b ? contains(.greater) : a == b ? contains(.equal) : self == .notEqual
        }

        /// The signs by raw value: `<`, `≤`, `≠`, …
        static let signs = ["", "<", "=", "≤", ">", "≠", "≥", ""]
    }
}

extension Expression {
    var constant: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The addends; the expression itself where it is no sum.
    public var terms: [Expression] {
        if case .sum(let terms) = self { terms } else { [self] }
    }

    /// The factors; the expression itself where it is no product.
    public var factors: [Expression] {
        if case .product(let factors) = self { factors } else { [self] }
    }

    static func + (a: Expression, b: Expression) -> Expression {
        switch (a.constant, b.constant) {
        case (let x?, let y?): return .number(x + y)
        case (0?, _): return b
        case (_, 0?): return a
        default: return a == b ? .number(2) * a : .sum(a.terms + b.terms)
        }
    }

    static prefix func - (a: Expression) -> Expression { .number(-1) * a }

    /// Numbers come first, then derivatives (and sums of them), as in 2·∂E∕∂G1·V1; everything else keeps its order.
    static func * (a: Expression, b: Expression) -> Expression {
        var coefficient = 1.0
        var derivatives: [Expression] = []
        var others: [Expression] = []
        for factor in a.factors + b.factors {
            switch factor {
            case .number(let number): coefficient *= number
            case .derivative: derivatives.append(factor)
            case .sum(let terms) where terms.allSatisfy({ $0.beginsWithDerivative }): derivatives.append(factor)
            default: others.append(factor)
            }
        }
        if coefficient == 0 { return .number(0) }
        let factors = (coefficient == 1 ? [] : [.number(coefficient)]) + derivatives + others
        return factors.count > 1 ? .product(factors) : factors.first ?? .number(1)
    }

    private var beginsWithDerivative: Bool {
        if case .derivative? = factors.first { true } else { false }
    }

    static func / (a: Expression, b: Expression) -> Expression {
        switch (a.constant, b.constant) {
        case (let x?, let y?): .number(x / y)
        case (0?, _): .number(0)
        case (_, 1?): a
        default: .quotient(a, b)
        }
    }

    /// A relation as an expression, with a number on its right side.
    static func indicator(_ a: Expression, _ relation: Relation, _ b: Expression) -> Expression {
        switch (a.constant, b.constant) {
        case (let x?, let y?): .number(relation.holds(x, y) ? 1 : 0)
        case (.some, nil): .indicator(relation.mirrored, b, a)
        default: .indicator(relation, a, b)
        }
    }

    /// The opposite truth value.
    var negated: Expression {
        if case .indicator(let relation, let a, let b) = self { return .indicator(relation.negated, a, b) }
        return .number(1) + -self
    }
}

extension Expression {
    /// The operands of an operation; none for numbers and names.
    var operands: [Expression] {
        switch self {
        case .number, .variable, .derivative: []
        case .sum(let operands), .product(let operands), .function(_, let operands): operands
        case .quotient(let a, let b), .indicator(_, let a, let b): [a, b]
        }
    }

    /// The same operation on other operands, not evaluated.
    private func applied(to operands: [Expression]) -> Expression {
        switch self {
        case .number, .variable, .derivative: self
        case .sum: .sum(operands)
        case .product: .product(operands)
        case .quotient: .quotient(operands[0], operands[1])
        case .function(let operation, _): .function(operation, operands)
        case .indicator(let relation, _, _): .indicator(relation, operands[0], operands[1])
        }
    }

    /// The expression with numbers in place of names and derivatives, not evaluated.
    package func substituting(_ known: (Expression) -> Double?) -> Expression {
        // A name that stands for −1 is a factor like others, and not the sign of the product.
        if case .product(let factors) = self, factors.first.flatMap(known) == -1 {
            return .product([.number(-1), .number(1)] + factors.dropFirst().map { $0.substituting(known) })
        }
        if operands.isEmpty { return constant == nil ? known(self).map { .number($0) } ?? self : self }
        return applied(to: operands.map { $0.substituting(known) })
    }

    /// The expression with the sums and products of derivatives in place of their names.
    func inserting(_ known: [Expression: Expression]) -> Expression {
        switch self {
        case .sum(let terms): terms.map { $0.inserting(known) }.reduce(.number(0), +)
        case .product(let factors): factors.map { $0.inserting(known) }.reduce(.number(1), *)
        default: known[self] ?? self
        }
    }

    /// The expression with products of sums written as sums of products.
    var expanded: Expression {
        switch self {
        case .sum(let terms):
            return terms.map { $0.expanded }.reduce(.number(0), +)
        case .product(let factors):
            return factors.reduce(.number(1)) { product, factor in
                let added = factor.expanded.terms
                return product.terms.flatMap { term in added.map { term * $0 } }.reduce(.number(0), +)
            }
        default: return self
        }
    }

    /// The number of multiplications in the expression.
    var multiplications: Int {
        switch self {
        case .sum(let terms): terms.reduce(0) { $0 + $1.multiplications }
        case .product(let factors): factors.reduce(factors.count - 1) { $0 + $1.multiplications }
        default: 0
        }
    }

    /// The names by which a derivative is taken, in their order: G1, G2, … of ∂E∕∂G1·V1 + ∂E∕∂G2·V2.
    package func names(ofDerivativesOf energy: Name) -> [Name] {
        if case .derivative(energy, let name) = self { return [name] }
        return operands.flatMap { $0.names(ofDerivativesOf: energy) }
    }

    /// The number of the expression, for known variables and derivatives; nil where one is missing.
    ///
    /// Terms are added and factors multiplied from the left, as in Evaluate.
    public func value(where known: [Expression: Double]) -> Double? { value { known[$0] } }

    /// The same with a function that gives the known numbers.
    public func value(where known: (Expression) -> Double?) -> Double? {
        if let constant { return constant }
        if operands.isEmpty { return known(self) }
        guard let values = operands.map({ $0.value(where: known) }).allKnown else { return nil }
        let (first, rest) = (values[0], values.dropFirst())
        return switch self {
        case .product: rest.reduce(first, *)
        case .quotient: first / values[1]
        case .function(let operation, _): operation(first, rest.first ?? 0)
        case .indicator(let relation, _, _): relation.holds(first, values[1]) ? 1 : 0
        default: rest.reduce(first, +)
        }
    }
}
