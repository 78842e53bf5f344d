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

    /// How two numbers may stand for the relation to hold: ≤ is less or equal, ≠ is less or greater.
    public struct Relation: OptionSet, Hashable, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let less = Relation(rawValue: 1)
        public static let equal = Relation(rawValue: 2)
        public static let greater = Relation(rawValue: 4)
        public static let lessOrEqual: Relation = [less, equal]
        public static let greaterOrEqual: Relation = [greater, equal]
        public static let notEqual: Relation = [less, greater]

        /// What holds where this does not.
        public var negated: Relation { symmetricDifference([.less, .equal, .greater]) }

        /// The same relation read from its other side.
        public var mirrored: Relation {
            var mirrored = intersection(.equal)
            if contains(.less) { mirrored.insert(.greater) }
            if contains(.greater) { mirrored.insert(.less) }
            return mirrored
        }

        func holds(_ a: Double, _ b: Double) -> Bool {
            // What is no number differs from everything.
            a < b ? contains(.less) : a > b ? contains(.greater) : a == b ? contains(.equal) : self == .notEqual
        }

        /// By the raw value: `<`, `≤`, `≠`, …
        static let signs = ["", "<", "=", "≤", ">", "≠", "≥", ""]
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
    /// What an operation is applied to; nothing of numbers and names.
    var operands: [Expression] {
        switch self {
        case .number, .variable, .derivative: []
        case .sum(let operands), .product(let operands), .function(_, let operands): operands
        case .quotient(let a, let b), .indicator(_, let a, let b): [a, b]
        }
    }

    /// The same operation on other operands, with nothing computed.
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

    /// Names and derivatives replaced by their numbers, with nothing computed.
    package func substituting(_ known: (Expression) -> Double?) -> Expression {
        // The −1 that a name stands for is a factor like others, and no sign of the product.
        if case .product(let factors) = self, factors.first.flatMap(known) == -1 {
            return .product([.number(-1), .number(1)] + factors.dropFirst().map { $0.substituting(known) })
        }
        if operands.isEmpty { return constant == nil ? known(self).map { .number($0) } ?? self : self }
        return applied(to: operands.map { $0.substituting(known) })
    }

    /// Derivatives replaced by the sums and products that they are.
    func inserting(_ known: [Expression: Expression]) -> Expression {
        switch self {
        case .sum(let terms): terms.map { $0.inserting(known) }.reduce(.number(0), +)
        case .product(let factors): factors.map { $0.inserting(known) }.reduce(.number(1), *)
        default: known[self] ?? self
        }
    }

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

    /// The names by which a derivative is taken, in their order: G1, G2, … of ∂E∕∂G1·V1 + ∂E∕∂G2·V2.
    package func names(ofDerivativesOf energy: Name) -> [Name] {
        if case .derivative(energy, let name) = self { return [name] }
        return operands.flatMap { $0.names(ofDerivativesOf: energy) }
    }

    /// The number that the expression is where variables and derivatives are known; nil where one is not.
    ///
    /// Terms are added and factors multiplied from the left, as Evaluate does.
    public func value(where known: [Expression: Double]) -> Double? { value { known[$0] } }

    /// The same for numbers that are looked up.
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
