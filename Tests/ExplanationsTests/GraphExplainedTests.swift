import AdjointExplanations
import AdjointGraphs
import Testing

@Suite struct GraphExplainedTests {
    @Test func explainsAGraphThatIsNoLayer() throws {
        let graph = try Graph { g in
            [("y", g.input("a", [2]) * g.input("b", [2]))]
        }
        let text = try graph.explained(selecting: Selection("a", at: 1)).text()
        #expect(text.contains("y[1] = a[1]·b[1]"))
        #expect(text.contains("∂E/∂a[1] = ∂E/∂y[1]·∂y[1]/∂a[1]"))
        #expect(text.contains("∂y[1]/∂a[1] = b[1]"))
        #expect(text.contains("∂E/∂a[1] = ∂E/∂y[1]·b[1]"))
        #expect(throws: ArgumentError.self) { try graph.explained(selecting: Selection("c", at: 0)) }
        #expect(throws: ArgumentError.self) { try graph.explained(selecting: Selection("a", at: 2)) }
    }
}
