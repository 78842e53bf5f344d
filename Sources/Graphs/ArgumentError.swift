/// An argument that does not fit: the operation, the argument, the expected value and the given one.
public struct ArgumentError: Error, Hashable, Sendable, CustomStringConvertible {
    public let operation: String
    public let argument: String
    public let expected: String
    public let given: String

    public init(_ operation: String, _ argument: String, expected: String, given: String) {
        (self.operation, self.argument, self.expected, self.given) = (operation, argument, expected, given)
    }

    /// The same error with the place where it occurs in something larger.
    package func within(_ place: String) -> ArgumentError {
        ArgumentError("\(place): \(operation)", argument, expected: expected, given: given)
    }

    /// One sentence on one line, however long the names and shapes in it are.
    public var description: String {
        "\(shortened(operation)): \(shortened(argument)) is \(shortened(given)), expected \(shortened(expected))"
    }
}
