import AdjointGraphs

extension Graph {
    /// The error and its derivative by an intermediate value: E, and ∂E∕∂y in y's shape.
    ///
    /// - Parameters:
    ///   - output: the name of the output y.
    ///   - error: the name of the scalar E.
    ///   - input: a floating-point input on which E depends through y.
    ///   - bindings: a tensor for every input of the graph.
    ///   - evaluate: computes the outputs of a graph; it is called once.
    package func cotangent(
        of output: String, to error: String, from input: String, bindings: [String: Tensor],
        evaluate: Graph.Evaluation = Graph.byDefinition
    ) throws(ArgumentError) -> (error: Double, cotangent: Tensor) {
        guard let node = self.output(named: output)?.node else {
            throw ArgumentError(
                "contributions", "output", expected: "one of " + joined(outputs.map { $0.name }), given: "\"\(output)\""
            )
        }
        let derivative = try gradient(of: input, output: error, marked: [node])
        let (error, cotangent) = (derivative.error, derivative.cotangents[0])
        let tensors = try derivative.tensors(of: [error, cotangent], bindings, evaluate)
        guard let value = tensors[error]?.doubles.first, let tensor = tensors[cotangent], value.isFinite,
            tensor.doubles.allSatisfy({ $0.isFinite })
        else {
            throw ArgumentError(
                "contributions", "∂E∕∂ of \"\(output)\"", expected: "finite numbers", given: "others among them")
        }
        return (value, tensor)
    }
}
