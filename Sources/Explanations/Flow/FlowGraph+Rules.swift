import AdjointGraphs

extension FlowGraph {
    /// One of Wan's rules as it was applied: what stands in the graph, what takes its place in the transpose, how often.
    public struct Rule: Hashable, Sendable {
        public let there: String
        public let back: String
        public let count: Int
    }

    /// The rules that lead from this graph to its transpose, in the order of their first use.
    public var rules: [Rule] {
        var counts: [(there: String, back: String, count: Int)] = []
        func add(_ there: String, _ back: String) {
            if let known = counts.firstIndex(where: { $0.there == there && $0.back == back }) {
                counts[known].count += 1
            } else {
                counts.append((there, back, 1))
            }
        }
        for edge in edges {
            if edge.gain == nil {
                add("arrow", "arrow, reversed")
            } else {
                add("gain w on an arrow", "the same gain, arrow reversed")
            }
        }
        for node in nodes {
            switch node.kind {
            case .input: add("input", "output: the derivative by it")
            case .output: add("output", "input: ∂E/∂ of it")
            case .branch: add("branch ●", "sum ⊕")
            case .sum: add("sum ⊕", "branch ●")
            case .point: break
            case .operation(let operation): add(operation.label, operation.transposedLabel)
            case .function(let f, _): add("function \(f.rawValue)(a)", "gain \(f.rawValue)′(a)")
            case .slope(let f, _): add("gain \(f.rawValue)′(a)", "function \(f.rawValue)(a)")
            case .box(let label, let transposed): add(label, transposed)
            }
        }
        return counts.map { Rule(there: $0.there, back: $0.back, count: $0.count) }
    }
}
