import AdjointGraphs

/// A fully connected net: inputs I, sums H, activations HA, weights W, each counted through all layers from 1, and an
/// error E that is any function of the last activations.
///
///     H = Σ HA·W over the layer before (I in the first),   HA = f(H)
///
/// A layer is two graphs; the derivatives by the inputs of one are those by the outputs of the one before.
struct DenseNet {
    struct Layer {
        /// The letter of its inputs: `I`, or `HA`.
        let letter: String
        let inputs: Int
        let outputs: Int
        let sums: (graph: Graph, naming: Naming)
        let activations: (graph: Graph, naming: Naming)
    }

    let layers: [Layer]

    /// - Throws: an error where there are too many weights to read.
    init(_ sizes: [Int], activation: (Value) -> Value) throws(ArgumentError) {
        let isSmall = sizes.count > 1 && sizes.allSatisfy { $0 > 0 && $0 <= 1024 }
        let weights = isSmall ? zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } : 0
        guard isSmall, weights <= 1024 else {
            throw ArgumentError(
                "dense net", "sizes",
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

extension DenseNet {
    /// ∂E∕∂H of a layer, ∂E∕∂ of its inputs, ∂E∕∂W.
    struct Derivatives {
        let h: [Equation]
        let inputs: [Equation]
        let weights: [Equation]

        /// The derivatives with those that the layer after hands back put in for their names.
        func inserting(_ handed: [Equation]) -> Derivatives {
            Derivatives(
                h: h.inserting(handed), inputs: inputs.inserting(handed), weights: weights.inserting(handed))
        }
    }
}

extension DenseNet.Layer {
    /// The equations `H1 = I1·W1 + I2·W2`, `HA1 = logistic(H1)`; `∂HA1/∂H1 = …`, `∂H1/∂W1 = I1`, and except for the first
    /// layer `∂H3/∂HA1 = W5`; the derivatives by the chain rule, with partials as names.
    func written() throws(ArgumentError) -> (forward: [Equation], partials: [Equation], rules: DenseNet.Derivatives) {
        var outer = try Equations(of: activations.graph, naming: activations.naming)
        var inner = try Equations(of: sums.graph, naming: sums.naming)
        let h = try outer.chainRules(for: "H")
        let (x, w) = (try inner.chainRules(for: letter), try inner.chainRules(for: "W"))
        return (
            try inner.forward() + outer.forward(), h.partials + w.partials + (letter == "HA" ? x.partials : []),
            .init(h: h.rules, inputs: x.rules.inserting(h.rules), weights: w.rules.inserting(h.rules))
        )
    }

    /// The derivatives with all partials put in, from ∂E∕∂HA, which are names where none are given.
    func gradients(from given: [Equation]?) throws(ArgumentError) -> DenseNet.Derivatives {
        var outer = try Equations(of: activations.graph, naming: activations.naming, cotangents: given)
        let h = try outer.gradient(of: "H")
        var inner = try Equations(of: sums.graph, naming: sums.naming, cotangents: h)
        return .init(h: h, inputs: try inner.gradient(of: letter), weights: try inner.gradient(of: "W"))
    }
}

extension [Equation] {
    /// The equations with the right sides of others put in for the derivatives that these define.
    fileprivate func inserting(_ others: [Equation]) -> [Equation] {
        var known: [Expression: Expression] = [:]
        for other in others { known[other.left] = other.right }
        return map { Equation($0.kind, $0.left, $0.right.inserting(known), value: nil) }
    }
}
