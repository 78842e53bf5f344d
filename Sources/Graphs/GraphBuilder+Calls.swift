/// The outputs of a graph that was written into another.
public struct NamedValues {
    private let builder: GraphBuilder
    private let values: [(name: String, value: Value)]

    fileprivate init(_ builder: GraphBuilder, _ values: [(name: String, value: Value)]) {
        (self.builder, self.values) = (builder, values)
    }

    public var names: [String] { values.map { $0.name } }

    /// The output of this name; where there is none, the error is recorded, as those of operations are.
    public subscript(name: String) -> Value {
        values.first { $0.name == name }?.value
            ?? builder.poison(
                ArgumentError("graph", "output", expected: "one of " + joined(names), given: "\"\(name)\""))
    }
}

extension GraphBuilder {
    /// Writes a graph into this one: for example a gradient, whose outputs then are values like all others.
    ///
    ///     let gradient = try loss.valueAndGradient(of: ["images"])
    ///     let penalized = try Graph { g in
    ///         let inner = g(gradient)
    ///         return inner["loss"] + inner["∂images"].squared().sum()
    ///     }
    ///
    /// - Parameter inputs: the values that take the place of its inputs. Other inputs become inputs of this graph, and are
    ///   shared with inputs of the same name, shape and type that exist already.
    public func callAsFunction(_ graph: Graph, _ inputs: [String: Value] = [:]) -> NamedValues {
        do throws(ArgumentError) {
            try check(inputs, for: graph)
            let values = inline(graph, bindings: inputs)
            return NamedValues(self, graph.outputs.map { ($0.name, values[$0.node]) })
        } catch {
            _ = poison(error)
            return NamedValues(self, [])
        }
    }

    private func check(_ inputs: [String: Value], for graph: Graph) throws(ArgumentError) {
        for name in inputs.keys.sorted() where graph.input(named: name) == nil {
            throw ArgumentError(
                "graph", "inputs", expected: joined(graph.inputs.map { $0.name }), given: "an unknown \"\(name)\"")
        }
        for input in graph.inputs {
            let expected = Signature(input.shape, input.type)
            guard
                let given = inputs[input.name].map({ $0.isPoisoned ? expected : $0.signature })
                    ?? self.inputs[input.name], given != expected
            else { continue }
            throw ArgumentError("graph", "input \"\(input.name)\"", expected: "\(expected)", given: "\(given)")
        }
    }
}
