import AdjointGraphs

/// A fully connected net: inputs I, sums H, activations HA, weights W, each counted through all layers from 1, and an
/// error E that is any function of the last activations.
///
///     H = Σ HA·W over the layer before (I in the first),   HA = f(H)
///
/// A layer is two graphs; what flows back out of one is what flows back into the one before.
struct DenseNet {
    struct Layer {
        /// Of its inputs: `I`, or `HA`.
        let letter: String
        let inputs: Int
        let outputs: Int
        let sums: (graph: Graph, naming: Naming)
        let activations: (graph: Graph, naming: Naming)
    }

    let layers: [Layer]

    /// - Throws: an error where there are more weights than anybody reads.
    init(_ sizes: [Int], activation: (Value) -> Value) throws(GraphError) {
        let isSmall = sizes.count > 1 && sizes.allSatisfy { $0 > 0 && $0 <= 1024 }
        let weights = isSmall ? zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } : 0
        guard isSmall, weights <= 1024 else {
            throw GraphError(
                operation: "dense net", argument: "sizes",
                expected: "two or more above 0, with at most 1024 weights in all since each is written out",
                given: list(sizes))
        }
        var layers: [Layer] = []
        var (before, units, counted) = (0, 0, 0)
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            let letter = layers.isEmpty ? "I" : "HA"
            let sums = try Graph { g in
                let x = g.input(letter, [inputs], .float64)
                return [("H", x.contracted(g.input("W", [outputs, inputs], .float64), "i", "oi", "o"))]
            }
            let activations = try Graph { g in [("HA", activation(g.input("H", [outputs], .float64)))] }
            layers.append(
                Layer(
                    letter: letter, inputs: inputs, outputs: outputs,
                    sums: (sums, .counted(after: ["HA": before, "H": units, "W": counted])),
                    activations: (activations, .counted(after: ["HA": units, "H": units]))))
            (before, units, counted) = (units, units + outputs, counted + inputs * outputs)
        }
        self.layers = layers
    }
}

extension DenseNet.Layer {
    /// What flows back through the layer, from ∂E∕∂HA (names of their own unless given) over ∂E∕∂H to what it is made of.
    ///
    /// - Parameter namesPartials: whether ∂HA∕∂H and the like stay names, or are put in.
    func backward(from given: [Symbol]?, namesPartials: Bool = true) throws(GraphError) -> Flow {
        let outer = try Equations(of: activations.graph, naming: activations.naming, cotangents: given)
        let h = try Flow.equations(outer, "H", outputs, namesPartials)
        let cotangents = h.map { Symbol($0.right) }
        let inner = try Equations(of: sums.graph, naming: sums.naming, cotangents: cotangents)
        return Flow(
            h: h, inputs: try Flow.equations(inner, letter, inputs, namesPartials),
            weights: try Flow.equations(inner, "W", inputs * outputs, namesPartials))
    }

    struct Flow {
        /// ∂E∕∂H, ∂E∕∂ of the layer's inputs, ∂E∕∂W.
        let h: [Equation]
        let inputs: [Equation]
        let weights: [Equation]

        fileprivate static func equations(
            _ equations: Equations, _ name: String, _ count: Int, _ namesPartials: Bool
        ) throws(GraphError) -> [Equation] {
            guard namesPartials else { return try equations.gradient(of: name) }
            var rules: [Equation] = []
            for place in 0..<count { rules.append(try equations.chainRule(for: name, at: place)) }
            return rules
        }
    }

    /// `H1 = I1·W1 + I2·W2`, `HA1 = logistic(H1)`
    func forward() throws(GraphError) -> [Equation] {
        try Equations(of: sums.graph, naming: sums.naming).forward
            + Equations(of: activations.graph, naming: activations.naming).forward
    }

    /// `∂HA1/∂H1 = …`, `∂H1/∂W1 = I1`, and but for the first layer `∂H3/∂HA1 = W5`.
    func partials() throws(GraphError) -> [Equation] {
        let outer = try Equations(of: activations.graph, naming: activations.naming)
        let inner = try Equations(of: sums.graph, naming: sums.naming)
        var partials: [Equation] = []
        for place in 0..<outputs { partials += try outer.partials(by: "H", at: place) }
        for place in 0..<inputs * outputs { partials += try inner.partials(by: "W", at: place) }
        if letter == "HA" {
            for place in 0..<inputs { partials += try inner.partials(by: letter, at: place) }
        }
        return partials
    }
}
