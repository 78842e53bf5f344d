/// Whose value a node is: a layer's, or its gradient's. Whoever writes a graph down may say it; transformations carry it
/// along, and transposing makes what belonged to a layer belong to its gradient. It is no part of what a graph computes:
/// graphs that differ in it alone are equal.
public struct Origin: Hashable, Sendable {
    /// `conv1`, `loss`, `optimizer`.
    public let name: String
    /// Whether the node came from transposing what the name stands for.
    public let isGradient: Bool

    package init(_ name: String, isGradient: Bool = false) {
        (self.name, self.isGradient) = (name, isGradient)
    }

    package var transposed: Origin { Origin(name, isGradient: !isGradient) }
}

extension GraphBuilder {
    /// What is written down in the body belongs to this name, by which plans, profiles and errors call it.
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
    /// Two graphs are equal where they compute the same by the same nodes.
    public static func == (a: Graph, b: Graph) -> Bool { a.nodes == b.nodes && a.outputs == b.outputs }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(nodes)
        hasher.combine(outputs)
    }
}
