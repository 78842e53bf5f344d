/// One line of an explanation: a name and the expression that it equals.
public struct Equation: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An element of the layer's output.
        case forward
        /// ∂E∕∂W1 as the sum over everything that depends on W1.
        case chainRule
        /// The partial derivative of an element of the output by one of an input: ∂G1∕∂W1.
        case partial
        /// The chain rule with the partials put in.
        case gradient
        /// ∂E∕∂W1 as the sum over all paths from W1 to the error.
        case paths
        /// The same with common factors of the paths taken out.
        case factored
    }

    public let kind: Kind
    public let left: Expression
    public let right: Expression
    /// The number of both sides, where all numbers on which they depend are known.
    public let value: Double?
    /// The right side with numbers in place of names, where they are known.
    public internal(set) var numbers: Expression?
    /// The number of terms on the right that are left out.
    public package(set) var omitted = 0

    init(_ kind: Kind, _ left: Expression, _ right: Symbol) {
        self.init(kind, left, right.expression, value: right.value)
    }

    package init(_ kind: Kind, _ left: Expression, _ right: Expression, value: Double?) {
        (self.kind, self.left, self.right, self.value) = (kind, left, right, value)
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public var text: String { left.text + " = " + text(of: right) }

    /// The text of a right side, with dots for terms that are left out.
    package func text(of side: Expression) -> String { side.text + (isCut(side) ? " + …" : "") }

    /// The right sides that documents write one below the other: the expression, and where they add something also the
    /// expression in numbers and its value.
    var sides: [Expression] {
        var sides = [right]
        if let numbers, numbers != right { sides.append(numbers) }
        if let value, right.constant == nil { sides.append(.number(value)) }
        return sides
    }

    /// Whether dots after a side stand for terms that are left out.
    func isCut(_ side: Expression) -> Bool { omitted > 0 && side.constant == nil }

    /// About as many characters of text as documents write in one line.
    static let width = 64
}

extension Equation {
    /// The equation with the numbers of its names.
    package func substituting(_ known: (Expression) -> Double?) -> Equation {
        var equation = self
        if value != nil { equation.numbers = right.substituting(known) }
        return equation
    }

    /// A sum of more than `limit` terms with only its ten largest, in their order; with only the first ten where numbers are
    /// not known.
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
