/// A signal-flow graph while it is written down.
package struct FlowSketch {
    private(set) var nodes: [FlowGraph.Node] = []
    private(set) var edges: [FlowGraph.Edge] = []

    package init() {}

    package mutating func add(
        _ kind: FlowGraph.Kind, _ signal: Expression? = nil, delta: Expression? = nil, at place: Picture.Point? = nil
    ) -> Int {
        nodes.append(FlowGraph.Node(kind: kind, signal: signal, delta: delta, place: place))
        return nodes.count - 1
    }

    /// Adds a node whose signal has a name, after which its derivative is named in the transpose.
    package mutating func add(
        _ kind: FlowGraph.Kind, named name: Name, energy: Name = "E", at place: Picture.Point? = nil
    ) -> Int {
        add(kind, .variable(name), delta: .derivative(of: energy, by: name), at: place)
    }

    package mutating func connect(_ from: Int, to: Int, gain: Symbol? = nil) {
        edges.append(FlowGraph.Edge(from: from, to: to, gain: gain?.expression == .number(1) ? nil : gain))
    }

    /// Arrows without gain from each node to the next.
    mutating func connect(_ nodes: [Int]) {
        for (from, to) in zip(nodes, nodes.dropFirst()) { connect(from, to: to) }
    }

    /// For each node, the outermost sum that absorbs it: itself, except for a sum without name that only another sum uses.
    private func outermost(_ leaving: [[Int]]) -> [Int] {
        var outermost = Array(nodes.indices)
        for node in nodes.indices.reversed() where nodes[node].kind == .sum && nodes[node].signal == nil {
            guard leaving[node].count == 1 else { continue }
            let edge = edges[leaving[node][0]]
            if edge.gain == nil, nodes[edge.to].kind == .sum { outermost[node] = outermost[edge.to] }
        }
        return outermost
    }

    /// The graph, with a branch after every node whose signal is used several times, and with sums that only another sum uses
    /// merged into that one.
    package func graph(_ title: String) -> FlowGraph {
        let leaving = edges.grouped(nodes.count) { $0.from }
        let outermost = outermost(leaving)
        var kept: [FlowGraph.Node] = []
        // The place of each node in the graph, and that of the node at which its signal leaves.
        var (places, exits): ([Int], [Int]) = ([], [])
        var added: [FlowGraph.Edge] = []
        for (number, node) in nodes.enumerated() {
            places.append(kept.count)
            if outermost[number] == number {
                let isBranch = leaving[number].count > 1
                let kind = isBranch && node.kind == .point ? .branch : node.kind
                kept.append(node.with(kind))
                if isBranch, kind != .branch {
                    added.append(FlowGraph.Edge(from: kept.count - 1, to: kept.count, gain: nil))
                    kept.append(FlowGraph.Node(kind: .branch, signal: node.signal, delta: node.delta, place: nil))
                }
            }
            exits.append(kept.count - 1)
        }
        for edge in edges where outermost[edge.from] == edge.from {
            added.append(FlowGraph.Edge(from: exits[edge.from], to: places[outermost[edge.to]], gain: edge.gain))
        }
        return FlowGraph(title: title, nodes: kept, edges: added, isTransposed: false)
    }
}
