import AdjointGraphs

/// Errors of explanations, by the subject of the explanation.
extension ArgumentError {
    static func equations(_ argument: String, expected: String, given: String) -> ArgumentError {
        ArgumentError("equations", argument, expected: expected, given: given)
    }

    static func contributions(_ argument: String, expected: String, given: String) -> ArgumentError {
        ArgumentError("contributions", argument, expected: expected, given: given)
    }

    static func flowGraph(_ argument: String, expected: String, given: String) -> ArgumentError {
        ArgumentError("flow graph", argument, expected: expected, given: given)
    }
}
