/// The part of a network (a layer, the loss) to which a node belongs, or to whose gradient. It can be given while a graph
/// is written down; transformations keep it, and transposing turns a layer's nodes into its gradient's. It has no effect on
/// what a graph computes: graphs that differ only in it are equal.
public struct Origin: Hashable, Sendable {
    /// The name: `conv1`, `loss`, `optimizer`.
    public let name: String
    /// Whether the node came from transposing what the name stands for.
    public let isGradient: Bool

    package init(_ name: String, isGradient: Bool = false) {
        (self.name, self.isGradient) = (name, isGradient)
    }

    package var transposed: Origin { Origin(name, isGradient: !isGradient) }
}

extension GraphBuilder {
    /// Runs a body whose nodes belong to this name, which plans, profiles and errors show.
    public func named<Result>(_ name: String, _ body: () -> Result) -> Result {
        let (outer, isFirst) = (origin, error == nil)
        origin = Origin(name)
        defer {
            origin = outer
            if isFirst { place(name) }
        }
        return body()
    }
}

extension Graph {
    /// Two graphs are equal where they compute the same with the same nodes, whatever their origins.
    public static func == (a: Graph, b: Graph) -> Bool { a.nodes == b.nodes && a.outputs == b.outputs }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(nodes)
        hasher.combine(outputs)
    }
}
