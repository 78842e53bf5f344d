import AdjointGraphs

/// What does not fit, by what was to be explained.
extension GraphError {
    static func equations(_ argument: String, expected: String, given: String) -> GraphError {
        GraphError(operation: "equations", argument: argument, expected: expected, given: given)
    }

    static func contributions(_ argument: String, expected: String, given: String) -> GraphError {
        GraphError(operation: "contributions", argument: argument, expected: expected, given: given)
    }

    static func flowGraph(_ argument: String, expected: String, given: String) -> GraphError {
        GraphError(operation: "flow graph", argument: argument, expected: expected, given: given)
    }
}
