import AdjointGraphs

extension FlowGraph {
    /// One line for each node that computes something, with its operands.
    public var text: String { joined(lines, by: "\n") }

    package var lines: [String] {
        let arriving = arriving
        var lines: [String] = []
        for (number, node) in nodes.enumerated() {
            let sources = arriving[number].map { edge in
                let signal = signal(of: edges[edge].from, arriving)
                return edges[edge].gain.map { .product($0.expression.factors + [signal]) } ?? signal
            }
            let sum = sources.count == 1 ? sources[0] : Expression.sum(sources)
            let result =
                switch node.kind {
                case .input, .output, .branch, .sum, .point: sum.text
                case .operation, .function, .box: "\(node.kind.label)(\(sum.text))"
                case .slope(_, let slope): Expression.product(slope.expression.factors + [sum]).text
                }
            // A signal that only runs on has been named already.
            let own = signal(of: number, arriving).text
            if !sources.isEmpty, result != own { lines.append("\(own) = \(result)") }
        }
        return lines
    }

    /// The name of a node's signal; where it only runs on, that of the signal that arrives.
    private func signal(of node: Int, _ arriving: [[Int]]) -> Expression {
        if let name = name(of: node) { return name }
        let runsOn = nodes[node].kind == .branch || nodes[node].kind == .point
        if runsOn, arriving[node].count == 1, edges[arriving[node][0]].gain == nil {
            return signal(of: edges[arriving[node][0]].from, arriving)
        }
        return .variable(Name("%\(node)"))
    }

    /// The graph for Graphviz: `dot -Tsvg`.
    public var dot: String {
        let lines = diagram(quotedForGraphviz) { kind, text in
            switch kind {
            case .input, .output, .slope: " [shape=plaintext, label=\(text)];"
            case .branch: " [shape=circle, style=filled, fillcolor=black, width=0.1, label=\"\"];"
            case .sum: " [shape=circle, width=0.25, fixedsize=true, label=\"+\"];"
            case .point: " [shape=point];"
            case .operation, .function, .box: " [shape=box, label=\(text)];"
            }
        } edge: { from, to, label in
            "\(from) -> \(to)" + (label.map { " [label=\($0)]" } ?? "") + ";"
        }
        let head = "  rankdir=\(isTransposed ? "RL" : "LR"); node [fontname=\"sans-serif\"];"
        return joined(["digraph \(quotedForGraphviz(title)) {", head] + lines + ["}"], by: "\n")
    }

    /// The graph for Mermaid, as Markdown pages draw it.
    public var mermaid: String {
        let lines = diagram(quotedForMermaid) { kind, text in
            switch kind {
            case .input, .output: "([\(text)])"
            case .branch, .point: "((\"●\"))"
            case .sum: "((\"+\"))"
            case .operation, .function, .box, .slope: "[\(text)]"
            }
        } edge: { from, to, label in
            "\(from) -->" + (label.map { "|\($0)|" } ?? "") + " " + to
        }
        return joined(["flowchart \(isTransposed ? "RL" : "LR")"] + lines, by: "\n")
    }

    /// A line for every node and for every edge, with the texts quoted as the language needs.
    private func diagram(
        _ quoted: (String) -> String, node shape: (Kind, String) -> String, edge: (String, String, String?) -> String
    ) -> [String] {
        let signs = nodes.enumerated().map { number, node in
            let isEnd = node.kind == .input || node.kind == .output
            let text = isEnd ? name(of: number)?.text ?? "" : node.kind.label
            return "  n\(number)" + shape(node.kind, quoted(text))
        }
        return signs + edges.map { "  " + edge("n\($0.from)", "n\($0.to)", $0.gain.map { quoted($0.expression.text) }) }
    }
}
