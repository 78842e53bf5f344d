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
    }

    public let kind: Kind
    public let left: Expression
    public let right: Expression
    /// The number of both sides, where everything that they depend on has one.
    public let value: Double?

    init(_ kind: Kind, _ left: Expression, _ right: Symbol) {
        self.kind = kind
        self.left = left
        self.right = right.expression
        value = right.value
    }

    /// `∂E/∂W1 = ∂E/∂G1·V1 + …`
    public var text: String { left.text + " = " + right.text }
}
