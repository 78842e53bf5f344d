import AdjointGraphs

/// What the terms of a gradient's sum run over.
public enum Summation: Hashable, Sendable {
    /// ∂E∕∂w[k, c, r] = Σ x[n, c, i]·∂E∕∂y[n, k, p] over all n and p: a filter, over the windows. Of a transposed layer the
    /// two factors change places: its input stands at p, the cotangent of its output at i.
    case windows(Primitive.Convolution, isTransposed: Bool)
    /// ∂E∕∂x[n, c, i] = Σ w[k, c, r]·∂E∕∂y[n, k, p] over all k and the p whose window covers i: a pixel, over filters and
    /// windows.
    case covering(Primitive.Convolution)
    /// ∂E∕∂y[n, k, p] = Σ x[n, c, i]·w[k, c, r] over all c and i: an input of a transposed layer.
    case covered(Primitive.Convolution)
    /// Σ a·b over the axes that a contraction sums: of a linear layer's weight, over the batch.
    case products
    /// Σ over the axes that a value was repeated along: of a bias or a scale, over batch and positions.
    case positions
    /// No sum: one term.
    case single
}

/// How the gradient of one element reads the cotangent of a layer's output: a node that is linear in another one, where
/// nothing but sums, products with coefficients and movements lie between them.
struct LinearPath {
    let graph: Graph
    let result: Int
    let cotangent: Int
    /// The nodes between them.
    let carries: [Bool]
    /// The nodes whose values are the coefficients.
    let coefficients: [Int]

    /// - Throws: where the layer's output is not reached by one layer alone.
    init(from result: Int, to cotangent: Int, in graph: Graph) throws(GraphError) {
        self.graph = graph
        self.result = result
        self.cotangent = cotangent
        let carries = graph.depending(on: cotangent)
        self.carries = carries
        var coefficients: Set<Int> = []
        var filtered: [Int: Int] = [:]
        // How many convolutions and contractions are above a node: more than one multiply each other's terms.
        filtered[result] = 0
        for node in graph.nodes.indices.reversed() where carries[node] && node != cotangent {
            guard let above = filtered[node] else { continue }
            let operands = graph.nodes[node].operands
            let carrying = operands.filter { carries[$0] }
            var depth = above
            var isLinear = carrying.count == 1
            switch graph.nodes[node].primitive {
            case .convert, .movement, .reduction, .pointwise(.negate): isLinear = true
            case .pointwise(.add): isLinear = true
            case .pointwise(.multiply): break
            case .contraction, .convolution: depth += 1
            default: isLinear = false
            }
            guard isLinear, depth <= 1 else {
                throw GraphError(
                    operation: "contributions", argument: "gradient",
                    expected: "one layer's sum over the cotangent of its output",
                    given: "a \(graph.nodes[node].primitive.name) on the way")
            }
            for operand in carrying { filtered[operand] = max(filtered[operand] ?? 0, depth) }
            if case .movement = graph.nodes[node].primitive { continue }
            if case .pointwise(.add) = graph.nodes[node].primitive { continue }
            for operand in operands where !carries[operand] { coefficients.formUnion(graph.sources(of: operand)) }
        }
        self.coefficients = coefficients.sorted()
        guard filtered[cotangent] != nil else {
            throw GraphError(
                operation: "contributions", argument: "gradient", expected: "to depend on the layer's output",
                given: "a constant")
        }
    }
}

extension Graph {
    /// The nodes whose elements a node only moves.
    fileprivate func sources(of node: Int) -> Set<Int> {
        guard case .movement = nodes[node].primitive else { return [node] }
        return nodes[node].operands.reduce(into: []) { $0.formUnion(sources(of: $1)) }
    }
}
