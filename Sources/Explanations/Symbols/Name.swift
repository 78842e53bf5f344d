/// The name of one element of a tensor: `W1`, `V[0,2,1,1]`, or of a scalar: `E`.
public struct Name: Hashable, Sendable {
    public let letter: String
    public let index: Index

    /// The element's index.
    public enum Index: Hashable, Sendable {
        case none
        /// A number, row by row from 1.
        case number(Int)
        /// An index for every axis, from 0.
        case axes([Int])
    }

    public init(_ letter: String, _ index: Index = .none) {
        (self.letter, self.index) = (letter, index)
    }
}

extension Name: ExpressibleByStringLiteral {
    public init(stringLiteral letter: String) { self.init(letter) }
}
