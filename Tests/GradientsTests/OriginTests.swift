import AdjointGradients
import AdjointGraphs
import Testing

/// The origin of a node through every transformation.
@Suite struct OriginTests {
    /// E = Σ (w·x)², written down by two named layers.
    private func graph(named: Bool = true) throws -> Graph {
        try Graph { (g: GraphBuilder) -> [(String, Value)] in
            let (x, w) = (g.input("x", [3]), g.input("w", [3]))
            guard named else { return [("E", (x * w).squared().sum())] }
            let product = g.named("scale") { x * w }
            return [("E", g.named("error") { product.squared().sum() })]
        }
    }

    @Test("a layer's gradient belongs to the layer") func gradient() throws {
        let derivative = try graph().valueAndGradient(of: ["w"])
        let names = derivative.origins.map { origin in origin.map { ($0.isGradient ? "∂" : "") + $0.name } }
        #expect(Set(names.compactMap { $0 }) == ["scale", "error", "∂scale", "∂error"])
        let last = try #require(derivative.output(named: "∂w")).node
        #expect(derivative.nodes[last].primitive == .pointwise(.multiply))
        #expect(derivative.origins[last]?.isGradient == true && derivative.origins[last]?.name == "scale")
        for (node, origin) in zip(derivative.nodes, derivative.origins) {
            if case .input = node.primitive { #expect(origin == nil) }
        }
    }

    @Test("what a graph computes does not depend on it") func equality() throws {
        let (named, plain) = (try graph(), try graph(named: false))
        #expect(named == plain && named.hashValue == plain.hashValue)
        #expect(try named.gradient(of: "w") == plain.gradient(of: "w"))
        #expect(named.simplified().origins.count == named.simplified().nodes.count)
    }
}
