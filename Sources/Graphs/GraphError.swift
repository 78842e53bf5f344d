/// What is wrong with a graph, or with the values given to it: which operation, which of its arguments, what it
/// expects and what it was given.
public struct GraphError: Error, Hashable, Sendable {
    public let operation: String
    public let argument: String
    public let expected: String
    public let given: String

    public init(operation: String, argument: String, expected: String, given: String) {
        self.operation = operation
        self.argument = argument
        self.expected = expected
        self.given = given
    }
}

extension GraphError: CustomStringConvertible {
    public var description: String {
        "\(operation): \(argument) is \(given), expected \(expected)"
    }
}
