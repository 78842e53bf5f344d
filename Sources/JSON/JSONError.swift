/// An error in a JSON text, or in a value: where it is, what is expected there and what was given.
public struct JSONError: Error, Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        /// A place in a text: the number of bytes before it, and its line, counted from 1.
        case byte(Int, line: Int)
        /// A place in a value: the members and positions that lead to it, as in `cases[3].stride`.
        case field(String)
    }

    public let place: Place
    public let expected: String
    public let given: String

    public init(_ place: Place, expected: String, given: String) {
        (self.place, self.expected, self.given) = (place, expected, given)
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String {
        "\(place.description): expected \(expected), given \(given)"
    }
}

extension JSONError.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byte(let offset, let line): "line \(line), byte \(offset)"
        case .field(let path): path.isEmpty ? "the document" : path
        }
    }
}

/// The text shortened for an error message to at most 40 characters.
package func abbreviated(_ text: String) -> String {
    text.count <= 40 ? text : String(text.prefix(39)) + "…"
}
