import AdjointExplanations
import AdjointGraphs
import Testing

@Suite struct GradientCheckTests {
    private func network() throws -> (Graph, [String: Tensor]) {
        let graph = try Graph { g in
            let x = g.input("x", [2, 1, 5, 5])
            let w = g.input("w", [2, 1, 3, 3])
            let b = g.input("b", [2])
            let hidden = x.convolved(with: w, padding: 1).adding(bias: b).tanh().maxPooled(2)
            return hidden.reshaped(to: [2, 8]).logSoftmax().squared().sum()
        }
        var bindings: [String: Tensor] = [:]
        for (seed, input) in graph.inputs.enumerated() {
            bindings[input.name] = try Tensor(
                input.shape, (0..<input.shape.count).map { Float(($0 * 37 + seed * 11) % 101) / 101 - 0.5 })
        }
        return (graph, bindings)
    }

    @Test func aRightGradientAgrees() throws {
        let (graph, bindings) = try network()
        let check = try graph.gradientCheck(
            of: ["w": [[0, 0, 0, 0], [1, 0, 2, 1]], "x": [[1, 0, 2, 2]], "b": [[1]]], bindings: bindings)
        #expect(check.elements.count == 4)
        #expect(check.agrees)
        for element in check.elements {
            #expect((element.gradient - element.difference).magnitude < 1e-8)
            #expect(element.uncertainty < 1e-4)
        }
        #expect(check.identity.forward != 0)
    }

    /// A derivative that the difference does not see: of the part that was stopped.
    @Test func aWrongGradientDoesNot() throws {
        let graph = try Graph { g in
            let x = g.input("x", [3])
            return (x * x.stopped()).sum()
        }
        let bindings = ["x": try Tensor([3], [1, 2, 3] as [Float])]
        let check = try graph.gradientCheck(of: ["x": [[1]]], bindings: bindings)
        #expect(!check.agrees)
        #expect(check.elements[0].gradient == 2)
        #expect((check.elements[0].difference - 4).magnitude < 1e-9)
        #expect(check.identity.agrees)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let (graph, bindings) = try network()
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["w": [[2, 0, 0, 0]]], bindings: bindings) }
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["u": [[0]]], bindings: bindings) }
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["b": [[0]]], bindings: [:]) }
    }
}
