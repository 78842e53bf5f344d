import AdjointGraphs

extension FlowGraph {
    /// One application of Wan's rules: a sign of the graph, the sign in its place in the transpose, and how often.
    public struct Rule: Hashable, Sendable {
        public let there: String
        public let back: String
        public fileprivate(set) var count: Int
    }

    /// The rules that lead from this graph to its transpose, in the order of their first use.
    public var rules: [Rule] { rules(.english) }

    func rules(_ words: Words) -> [Rule] {
        var rules: [Rule] = []
        func add(_ pair: [String]) {
            let known = rules.firstIndex { $0.there == pair[0] && $0.back == pair[1] }
            if let known {
                rules[known].count += 1
            } else {
                rules.append(Rule(there: pair[0], back: pair[1], count: 1))
            }
        }
        for edge in edges { add(edge.gain == nil ? words.arrow : words.gain) }
        for node in nodes {
            switch node.kind {
            case .input: add(words.input)
            case .output: add(words.output)
            case .branch: add([words.branch, words.sum])
            case .sum: add([words.sum, words.branch])
            case .point: break
            case .operation(let operation): add([operation.label, operation.transposedLabel])
            case .function(let f, _): add([words.function, words.slope].map { filled($0, [f.rawValue]) })
            case .slope(let f, _): add([words.slope, words.function].map { filled($0, [f.rawValue]) })
            case .box(let label, let transposed): add([label, transposed])
            }
        }
        return rules
    }
}
