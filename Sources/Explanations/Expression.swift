import AdjointGraphs

/// What an element of a tensor is computed from, as mathematics: the value that every writer (text, LaTeX, pictures)
/// starts from.
///
/// The operators below keep terms and factors in the order in which Evaluate meets them. They only leave out what says
/// nothing: 0 + x = x, 1·x = x, 0·x = 0, −(−x) = x, x + x = 2·x.
public indirect enum Expression: Hashable, Sendable {
    case number(Double)
    case variable(Name)
    /// ∂E∕∂W1, as a name of its own.
    case derivative(of: Name, by: Name)
    case sum([Expression])
    case product([Expression])
    case quotient(Expression, Expression)
    /// An operation that has no sign of its own, by its name.
    case function(Pointwise, [Expression])
    /// 1 where the relation holds, 0 elsewhere: `[H1 > 0]`.
    case indicator(Relation, Expression, Expression)

    public enum Relation: Hashable, Sendable, CaseIterable {
        case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

        /// What holds where this does not.
        public var negated: Relation {
            switch self {
            case .less: .greaterOrEqual
            case .lessOrEqual: .greater
            case .greater: .lessOrEqual
            case .greaterOrEqual: .less
            case .equal: .notEqual
            case .notEqual: .equal
            }
        }

        /// The same relation read from its other side.
        public var mirrored: Relation {
            switch self {
            case .less: .greater
            case .lessOrEqual: .greaterOrEqual
            case .greater: .less
            case .greaterOrEqual: .lessOrEqual
            case .equal, .notEqual: self
            }
        }

        func holds(_ a: Double, _ b: Double) -> Bool {
            switch self {
            case .less: a < b
            case .lessOrEqual: a <= b
            case .greater: a > b
            case .greaterOrEqual: a >= b
            case .equal: a == b
            case .notEqual: a != b
            }
        }
    }
}

extension Expression {
    var constant: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The addends; one for whatever is no sum.
    public var terms: [Expression] {
        if case .sum(let terms) = self { terms } else { [self] }
    }

    /// The factors; one for whatever is no product.
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

    /// A number stands first and derivatives (and sums of them) next, as in 2·∂E∕∂G1·V1; everything else keeps its order.
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

    /// Whether a relation holds; a number stands on its right.
    static func indicator(_ a: Expression, _ relation: Relation, _ b: Expression) -> Expression {
        switch (a.constant, b.constant) {
        case (let x?, let y?): .number(relation.holds(x, y) ? 1 : 0)
        case (.some, nil): .indicator(relation.mirrored, b, a)
        default: .indicator(relation, a, b)
        }
    }

    /// The truth value's other one.
    var negated: Expression {
        if case .indicator(let relation, let a, let b) = self { return .indicator(relation.negated, a, b) }
        return .number(1) + -self
    }
}

extension Expression {
    /// Products of sums as sums of products.
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

    /// How many multiplications are written in it.
    var multiplications: Int {
        switch self {
        case .sum(let terms): terms.reduce(0) { $0 + $1.multiplications }
        case .product(let factors): factors.reduce(factors.count - 1) { $0 + $1.multiplications }
        default: 0
        }
    }
}

extension Expression {
    /// The number that the expression is where variables and derivatives are known; nil where one is not.
    ///
    /// Terms are added and factors multiplied from the left, as Evaluate does.
    public func value(where known: [Expression: Double]) -> Double? { value { known[$0] } }

    /// The same for numbers that are looked up.
    public func value(where known: (Expression) -> Double?) -> Double? {
        switch self {
        case .number(let number):
            return number
        case .variable, .derivative:
            return known(self)
        case .sum(let terms):
            return terms.folded(known) { $0 + $1 }
        case .product(let factors):
            return factors.folded(known) { $0 * $1 }
        case .quotient(let a, let b):
            return [a, b].folded(known) { $0 / $1 }
        case .function(let operation, let operands):
            var values: [Double] = []
            for operand in operands {
                guard let value = operand.value(where: known) else { return nil }
                values.append(value)
            }
            return operation(values[0], values.count > 1 ? values[1] : 0)
        case .indicator(let relation, let a, let b):
            return [a, b].folded(known) { relation.holds($0, $1) ? 1 : 0 }
        }
    }
}

extension [Expression] {
    fileprivate func folded(_ known: (Expression) -> Double?, _ combine: (Double, Double) -> Double) -> Double? {
        var result: Double?
        for expression in self {
            guard let value = expression.value(where: known) else { return nil }
            result = result.map { combine($0, value) } ?? value
        }
        return result
    }
}
