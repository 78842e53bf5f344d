import AdjointGraphs

extension Graph {
    /// The equations of the graph and of the gradient of one of its inputs, with the chain rule for one element of it, as a
    /// document that has several writers: `text()`, `markdown()`, `latex()`, `html()`, `svg()`, `json()`.
    ///
    /// Layers have more views: `Explanation(of: LayerGeometry(…))`.
    ///
    /// - Parameters:
    ///   - selection: an input by its name, and the row-major place of the element that is looked at closely.
    ///   - values: numbers for the inputs, and for `∂` and the output's name those of ∂E∕∂ of it.
    /// - Throws: an error that names what does not fit, or says that nobody could read so many equations.
    public func explained(
        selecting selection: Selection, values: [String: Tensor] = [:]
    ) throws(GraphError) -> Explanation {
        let equations = try Equations(of: self, values: values)
        let (name, place) = (selection.name, selection.place)
        let element = try equations.name(of: name, at: place).text
        return Explanation(
            "The gradient of \(name)", selection: selection,
            sections: [
                Explanation.Section("The graph", [.equations(equations.forward)]),
                Explanation.Section(
                    "The chain rule for \(element)", [.equations([try equations.chainRule(for: name, at: place)])]),
                Explanation.Section(
                    "How the output moves with \(element)", [.equations(try equations.partials(by: name, at: place))]),
                Explanation.Section("The gradient of \(name)", [.equations(try equations.gradient(of: name))]),
                Explanation.Section(
                    "The same as a graph, where ∂\(name) stands for ∂E/∂\(name)",
                    try Explanation.nodes(of: self, gradientOf: name)),
            ])
    }
}
