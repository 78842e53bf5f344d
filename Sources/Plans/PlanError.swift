/// Why a graph cannot be compiled, or a plan not be run: of what, which argument, what is expected and what is given.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
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

    public var description: String { "\(operation): \(argument) is \(given), expected \(expected)" }
}
