import AdjointGraphs

/// The way from the cotangent of a layer's output to a gradient that is linear in it: nodes that compute only sums,
/// products with coefficients, and movements.
struct LinearPath {
    let graph: Graph
    let result: Int
    let cotangent: Int
    /// For each node, whether it depends on the cotangent.
    let carries: [Bool]
    /// The nodes whose values are the coefficients.
    let coefficients: [Int]

    /// - Throws: where more than one layer lies between the two.
    init(from result: Int, to cotangent: Int, in graph: Graph) throws(ArgumentError) {
        (self.graph, self.result, self.cotangent) = (graph, result, cotangent)
        let carries = graph.depending(on: cotangent)
        self.carries = carries
        var coefficients: Set<Int> = []
        var filtered: [Int: Int] = [:]
        // The number of convolutions and contractions above a node: several would multiply each other's terms.
        filtered[result] = 0
        for node in graph.nodes.indices.reversed() where carries[node] && node != cotangent {
            guard let above = filtered[node] else { continue }
            let operands = graph.nodes[node].operands
            let carrying = operands.filter { carries[$0] }
            var depth = above
            var isLinear = carrying.count == 1
            switch graph.nodes[node].primitive {
            case .convert, .movement, .reduction, .pointwise(.negate), .pointwise(.add): isLinear = true
            case .pointwise(.multiply): break
            case .pointwise(.select): isLinear = !carries[operands[0]]
            case .pooling(.windowSum), .pooling(.gather), .pooling(.scatter): isLinear = carries[operands[0]]
            case .contraction, .convolution: depth += 1
            default: isLinear = false
            }
            guard isLinear, depth <= 1 else {
                throw ArgumentError(
                    "contributions", "gradient", expected: "one layer's sum over the cotangent of its output",
                    given: "a \(graph.nodes[node].primitive.name) on the way")
            }
            for operand in carrying { filtered[operand] = max(filtered[operand] ?? 0, depth) }
            if case .movement = graph.nodes[node].primitive { continue }
            if case .pointwise(.add) = graph.nodes[node].primitive { continue }
            for operand in operands where !carries[operand] {
                // Patches are cut from the tensor over which the filter slides, so it is needed itself, beside its sources.
                if case .convolution = graph.nodes[node].primitive { coefficients.insert(operand) }
                coefficients.formUnion(graph.sources(of: operand))
            }
        }
        self.coefficients = coefficients.sorted()
        guard filtered[cotangent] != nil else {
            throw ArgumentError(
                "contributions", "gradient", expected: "to depend on the layer's output", given: "a constant")
        }
    }
}

extension MarkedGradient {
    /// The way to the first of the marks for which there is one; the error is that of the last mark.
    func path(through marks: [Int]) throws(ArgumentError) -> (path: LinearPath, cotangent: Int) {
        for mark in marks.dropLast() {
            if let path = try? LinearPath(from: gradient, to: cotangents[mark], in: graph) {
                return (path, cotangents[mark])
            }
        }
        let last = cotangents[marks[marks.count - 1]]
        return (try LinearPath(from: gradient, to: last, in: graph), last)
    }
}

extension Graph {
    /// The nodes whose elements a node moves, without computing.
    fileprivate func sources(of node: Int) -> Set<Int> {
        guard case .movement = nodes[node].primitive else { return [node] }
        return nodes[node].operands.reduce(into: []) { $0.formUnion(sources(of: $1)) }
    }
}
