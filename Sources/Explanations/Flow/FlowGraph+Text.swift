import AdjointGraphs

extension FlowGraph {
    /// One line a node that computes something: what it is made of.
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
            // A signal that only runs on has its name already.
            let own = signal(of: number, arriving).text
            if !sources.isEmpty, result != own { lines.append("\(own) = \(result)") }
        }
        return lines
    }

    /// What a node's signal is called: where it only runs on, like the one that arrives.
    private func signal(of node: Int, _ arriving: [[Int]]) -> Expression {
        if let name = name(of: node) { return name }
        let runsOn = nodes[node].kind == .branch || nodes[node].kind == .point
        if runsOn, arriving[node].count == 1, edges[arriving[node][0]].gain == nil {
            return signal(of: edges[arriving[node][0]].from, arriving)
        }
        return .variable(Name("%\(node)"))
    }

    /// For Graphviz: `dot -Tsvg`.
    public var dot: String {
        var lines = [
            "digraph " + quotedForGraphviz(title) + " {",
            "  rankdir=\(isTransposed ? "RL" : "LR"); node [fontname=\"sans-serif\"];",
        ]
        for (number, node) in nodes.enumerated() {
            let shape =
                switch node.kind {
                case .input, .output: "shape=plaintext, label=" + quotedForGraphviz(name(of: number)?.text ?? "")
                case .branch: "shape=circle, style=filled, fillcolor=black, width=0.1, label=\"\""
                case .sum: "shape=circle, width=0.25, fixedsize=true, label=\"+\""
                case .point: "shape=point"
                case .operation, .function, .box: "shape=box, label=" + quotedForGraphviz(node.kind.label)
                case .slope: "shape=plaintext, label=" + quotedForGraphviz(node.kind.label)
                }
            lines.append("  n\(number) [\(shape)];")
        }
        for edge in edges {
            let label = edge.gain.map { " [label=\(quotedForGraphviz($0.expression.text))]" } ?? ""
            lines.append("  n\(edge.from) -> n\(edge.to)\(label);")
        }
        return joined(lines + ["}"], by: "\n")
    }

    /// For Mermaid, as Markdown pages draw it.
    public var mermaid: String {
        var lines = ["flowchart \(isTransposed ? "RL" : "LR")"]
        for (number, node) in nodes.enumerated() {
            let shape =
                switch node.kind {
                case .input, .output: "([" + quotedForMermaid(name(of: number)?.text ?? "") + "])"
                case .branch, .point: "((\"●\"))"
                case .sum: "((\"+\"))"
                case .operation, .function, .box, .slope: "[" + quotedForMermaid(node.kind.label) + "]"
                }
            lines.append("  n\(number)\(shape)")
        }
        for edge in edges {
            let label = edge.gain.map { "|" + quotedForMermaid($0.expression.text) + "|" } ?? ""
            lines.append("  n\(edge.from) -->\(label) n\(edge.to)")
        }
        return joined(lines, by: "\n")
    }
}
