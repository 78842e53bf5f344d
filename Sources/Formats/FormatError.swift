import AdjointGraphs
import AdjointJSON

/// What is wrong with the bytes of a file: where in them, what is expected there and what was given.
public struct FormatError: Error, Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        /// An offset: the number of bytes before the place.
        case byte(Int)
        /// A named part: a tensor, a member of a JSON document, a header field.
        case field(String)
    }

    /// The file's name as its reader gave it, where it is known.
    public let file: String?
    public let place: Place
    public let expected: String
    public let given: String

    public init(file: String? = nil, _ place: Place, expected: String, given: String) {
        (self.file, self.place, self.expected, self.given) = (file, place, expected, given)
    }

    /// The same fault, with the file's name.
    public func naming(_ file: String) -> FormatError {
        FormatError(file: file, place, expected: expected, given: given)
    }

    /// A fault in a JSON text that begins at a byte of the file.
    init(_ error: JSONError, at offset: Int = 0) {
        let place: Place =
            switch error.place {
            case .byte(let byte, let line):
                line > 1 && offset == 0 ? .field("line \(line), byte \(byte)") : .byte(offset + byte)
            case .field(let path): .field(path)
            }
        self.init(place, expected: error.expected, given: error.given)
    }
}

extension FormatError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        let file = file.map { printable($0) + ": " } ?? ""
        return "\(file)\(place): expected \(shortened(expected)), given \(shortened(given))"
    }
}

extension FormatError.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .byte(let offset): "byte \(offset)"
        case .field(let name): shortened(name)
        }
    }
}

/// Turns an error in a JSON document into an error of the file that holds the document.
func readingJSON<Value>(_ read: () throws(JSONError) -> Value) throws(FormatError) -> Value {
    do throws(JSONError) { return try read() } catch { throw FormatError(error) }
}
