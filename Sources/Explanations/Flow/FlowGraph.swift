import AdjointGraphs

/// A signal-flow graph: signals run along arrows, are weighted on them, and meet at nodes.
///
/// Its transpose has the same nodes in the same places with every arrow reversed. By Wan's rules (E. Wan and F. Beaufays,
/// "Diagrammatic derivation of gradient algorithms for neural networks", Neural Computation 8, 1996) it computes the
/// derivative with respect to everything that the graph starts from, so graph and transpose are forward and backward pass.
public struct FlowGraph: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case input, output
        /// One signal that leaves several times.
        case branch
        /// Several signals added.
        case sum
        /// A signal with a name of its own that neither branches nor is a sum.
        case point
        /// A linear operator on whole planes (shift, pad, decimate, …) with its transpose.
        case operation(Operation)
        /// A function f, whose transpose is the gain f'(a).
        case function(Pointwise, slope: Symbol)
        case slope(Pointwise, Symbol)
        /// A part that is not drawn in detail, by its names in both directions.
        case box(String, transposed: String)
    }

    /// A linear operator and its transpose.
    public struct Operation: Hashable, Sendable {
        public let label: String
        public let primitive: Primitive
        public let transposedLabel: String
        public let transposedPrimitive: Primitive

        public var transposed: Operation {
            Operation(
                label: transposedLabel, primitive: transposedPrimitive, transposedLabel: label,
                transposedPrimitive: primitive)
        }
    }

    public struct Node: Hashable, Sendable {
        public let kind: Kind
        /// The signal that leaves the node in the graph, where it has a name.
        public let signal: Expression?
        /// The derivative with respect to that signal, which leaves the node in the transpose.
        public let delta: Expression?
        /// The place in drawings of the graph and of its transpose; nil where the layout chooses it.
        let place: Picture.Point?
    }

    public struct Edge: Hashable, Sendable {
        public let from: Int
        public let to: Int
        /// The factor of the signal; nil for 1.
        public let gain: Symbol?
    }

    public let title: String
    public let nodes: [Node]
    /// The edges; those of a sum in the order in which they are added.
    public let edges: [Edge]
    public let isTransposed: Bool

    /// The name of a node's signal in this direction.
    public func name(of node: Int) -> Expression? {
        isTransposed ? nodes[node].delta : nodes[node].signal
    }
}

extension FlowGraph {
    /// The reciprocal network, by Wan's rules: arrows are reversed and keep their gains, sums and branches change places, a
    /// function becomes its slope, an operator its transpose, inputs are outputs. Transposing twice gives the same graph.
    public func transposed() -> FlowGraph {
        FlowGraph(
            title: title,
            nodes: nodes.map { $0.with($0.kind.transposed) },
            edges: edges.map { Edge(from: $0.to, to: $0.from, gain: $0.gain) },
            isTransposed: !isTransposed)
    }
}

extension FlowGraph.Node {
    func with(_ kind: FlowGraph.Kind) -> FlowGraph.Node {
        FlowGraph.Node(kind: kind, signal: signal, delta: delta, place: place)
    }
}

extension FlowGraph.Kind {
    package var transposed: FlowGraph.Kind {
        switch self {
        case .input: .output
        case .output: .input
        case .branch: .sum
        case .sum: .branch
        case .point: .point
        case .operation(let operation): .operation(operation.transposed)
        case .function(let f, let slope): .slope(f, slope)
        case .slope(let f, let slope): .function(f, slope: slope)
        case .box(let label, let transposed): .box(transposed, transposed: label)
        }
    }
}

extension FlowGraph {
    /// The numbers of nodes such that every edge leads to a later one.
    var order: [Int] {
        var waiting = [Int](repeating: 0, count: nodes.count)
        for edge in edges { waiting[edge.to] += 1 }
        let leaving = leaving
        var order = nodes.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for edge in leaving[order[next]] {
                waiting[edges[edge].to] -= 1
                if waiting[edges[edge].to] == 0 { order.append(edges[edge].to) }
            }
            next += 1
        }
        return order
    }

    /// For each node, how many edges the longest way to it has.
    var depths: [Int] {
        let arriving = arriving
        var depths = nodes.map { _ in 0 }
        for node in order { depths[node] = arriving[node].reduce(0) { max($0, depths[edges[$1].from] + 1) } }
        return depths
    }

    /// For each node, the numbers of the edges that arrive.
    var arriving: [[Int]] { edges.grouped(nodes.count) { $0.to } }

    /// For each node, the numbers of the edges that leave.
    var leaving: [[Int]] { edges.grouped(nodes.count) { $0.from } }
}

extension [FlowGraph.Edge] {
    /// For each of so many nodes, the numbers of the edges that have it at one end.
    func grouped(_ count: Int, _ end: (FlowGraph.Edge) -> Int) -> [[Int]] {
        var groups = [[Int]](repeating: [], count: count)
        for (number, edge) in enumerated() { groups[end(edge)].append(number) }
        return groups
    }
}
