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
        (self.kind, self.left, self.right, self.value) = (kind, left, right, value)
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public var text: String { left.text + " = " + text(of: right) }

    /// One of the right sides, with dots for what is left out.
    package func text(of side: Expression) -> String { side.text + (isCut(side) ? " + …" : "") }

    /// What documents write on the right, one below the other: the expression, it in numbers and its value, where these say
    /// more.
    var sides: [Expression] {
        var sides = [right]
        if let numbers, numbers != right { sides.append(numbers) }
        if let value, right.constant == nil { sides.append(.number(value)) }
        return sides
    }

    /// Whether dots stand behind a side for what is left out.
    func isCut(_ side: Expression) -> Bool { omitted > 0 && side.constant == nil }

    /// About as many characters of text as documents write in one line.
    static let width = 64
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
        let shown = terms.map { $0.value(where: known) ?? 0 }.largest(Equation.shownTerms).sorted()
        var equation = Equation(kind, left, .sum(shown.map { terms[$0] }), value: value)
        equation.omitted = terms.count - shown.count
        return equation
    }

    static let shownTerms = 10
}
