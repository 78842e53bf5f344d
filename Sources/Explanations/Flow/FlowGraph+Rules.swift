import AdjointGraphs

extension FlowGraph {
    /// One of Wan's rules as it was applied: what stands in the graph, what takes its place in the transpose, how often.
    public struct Rule: Hashable, Sendable {
        public let there: String
        public let back: String
        public let count: Int
    }

    /// The rules that lead from this graph to its transpose, in the order of their first use.
    public var rules: [Rule] { rules(.english) }

    func rules(_ words: Words) -> [Rule] {
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
                add(words.arrow[0], words.arrow[1])
            } else {
                add(words.gain[0], words.gain[1])
            }
        }
        for node in nodes {
            switch node.kind {
            case .input: add(words.input[0], words.input[1])
            case .output: add(words.output[0], words.output[1])
            case .branch: add(words.branch, words.sum)
            case .sum: add(words.sum, words.branch)
            case .point: break
            case .operation(let operation): add(operation.label, operation.transposedLabel)
            case .function(let f, _): add(filled(words.function, [f.rawValue]), filled(words.slope, [f.rawValue]))
            case .slope(let f, _): add(filled(words.slope, [f.rawValue]), filled(words.function, [f.rawValue]))
            case .box(let label, let transposed): add(label, transposed)
            }
        }
        return counts.map { Rule(there: $0.there, back: $0.back, count: $0.count) }
    }
}
