import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// The names of derivatives, and the names with respect to which they can be taken.
@Suite struct NamesTests {
    private let cube = try! Graph { g in
        let x = g.input("x", [2], .float64)
        return x * x * x
    }
    private let x = try! Tensor([2], [2.0, -3])

    private func error(_ body: () throws(ArgumentError) -> Graph) -> ArgumentError? {
        do throws(ArgumentError) { _ = try body() } catch { return error }
        return nil
    }

    @Test("a derivative of a derivative has names of its own") func furtherDerivatives() throws {
        let pullback = try cube.vjp(of: ["x"])
        #expect(pullback.inputs.map { $0.name } == ["x", "∂output"])
        #expect(pullback.outputs.map { $0.name } == ["output", "∂x"])
        // u·3x² and u̅·3x² + t·u·6x, where u is ∂output, u̅ ∂∂output and t ∂∂x.
        let second = try pullback.vjp(of: ["x"])
        #expect(second.inputs.map { $0.name } == ["x", "∂output", "∂∂output", "∂∂x"])
        #expect(second.outputs.map { $0.name } == ["output", "∂x", "∂∂x"])
        func pair(_ a: Double, _ b: Double) throws -> Tensor { try Tensor([2], [a, b]) }
        let results = try second.evaluated([
            "x": x, "∂output": try pair(1, 2), "∂∂output": try pair(10, 0), "∂∂x": try pair(1, 1),
        ])
        #expect(results["∂x"]?.doubles == [12, 54])
        #expect(results["∂∂x"]?.doubles == [120 + 12, -36])

        let forward = try cube.jvp(of: ["x"]).jvp(of: ["x", "∂x"])
        #expect(forward.inputs.map { $0.name } == ["x", "∂x", "∂∂x", "∂∂∂x"])
        #expect(forward.outputs.map { $0.name } == ["output", "∂output", "∂∂output", "∂∂∂output"])
        let both = try Graph { g in g.input("x", [], .float64).power(3) }
            .valueAndGradient(of: ["x"]).valueAndGradient(of: ["x"], output: "∂x")
        let values = try both.evaluated(["x": Tensor(scalar: 2, as: .float64)])
        #expect(values.mapValues { $0.doubles } == ["output": [8], "∂x": [12], "∂∂x": [12]])
    }

    @Test func gradientOfWhatDoesNotMoveIsZero() throws {
        let graph = try Graph { g in
            _ = g.input("unused", [2, 3])
            return g.input("x", [4]).stopped().sum()
        }
        let gradient = try graph.gradient(of: "unused", "x").evaluated([
            "unused": Tensor(known: [2, 3], repeating: 1), "x": Tensor(known: [4], repeating: 1),
        ])
        #expect(gradient["∂unused"] == Tensor(known: [2, 3], repeating: 0, as: .float64))
        #expect(gradient["∂x"] == Tensor(known: [4], repeating: 0, as: .float64))
    }

    @Test func integersHaveNoDerivative() throws {
        let graph = try Graph { g in
            let x = g.input("x", [3], .float64)
            return [
                ("value", x.maximum(axis: 0)), ("index", x.indexOfMaximum(axis: 0)), ("n", g.input("n", [], .int32)),
            ]
        }
        let pushed = try graph.jvp(of: ["x"])
        #expect(pushed.outputs.map { $0.name } == ["value", "index", "n", "∂value"])
        #expect(error { () throws(ArgumentError) in try graph.jvp(of: ["n"]) }?.given == "\"n\"")
    }

    @Test func mistakes() throws {
        let unknown = error { () throws(ArgumentError) in try cube.gradient(of: "z") }
        #expect(unknown?.operation == "gradient" && unknown?.argument == "output \"output\"")
        let missing = error { () throws(ArgumentError) in try cube.vjp(of: ["z"]) }
        #expect(missing?.given == "\"z\"" && missing?.expected == "one of the floating-point inputs x")
        #expect(error { () throws(ArgumentError) in try cube.vjp(of: ["x", "x"]) }?.argument == "outputs")
        let two = try Graph { g in
            let x = g.input("x", [], .float64)
            return [("a", x), ("b", x + 1)]
        }
        let several = error { () throws(ArgumentError) in try two.gradient(of: "x") }
        #expect(several?.expected == "one of a, b" && several?.given == "none of 2")
        #expect(error { () throws(ArgumentError) in try two.gradient(of: "x", output: "c") }?.given == "\"c\"")
        #expect(error { () throws(ArgumentError) in try two.gradient(of: "x", output: "b") } == nil)
    }

    @Test func onlyLinearGraphsAreTransposed() throws {
        let product = LinearGraph(graph: cube, arguments: ["x"])
        #expect(throws: ArgumentError.self) { try product.transposed() }
        let bent = LinearGraph(graph: try Graph { g in g.input("x", [2]).exp() }, arguments: ["x"])
        #expect(throws: ArgumentError.self) { try bent.transposed() }
        let chosen = LinearGraph(graph: try Graph { g in g.input("x", [2, 2]).maximum(axis: 0) }, arguments: ["x"])
        #expect(throws: ArgumentError.self) { try chosen.transposed() }
    }

    /// Names that are missing, unknown, doubled or of no number are refused, or work; none ends the process.
    @Test func oddNames() throws {
        let graph = try Graph { g in
            let x = g.input("x", [2])
            return [("y", x.sum()), ("z", x), ("n", x.converted(to: .int32))]
        }
        for names in [[], ["x", "x"], ["y"], [""], ["x", "w"]] {
            for output in ["y", "z", "n", "", nil] as [String?] {
                do throws(ArgumentError) { #expect(try graph.gradient(of: names, output: output).isValid) } catch {
                    #expect(!error.expected.isEmpty)
                }
            }
            for derivative in [graph.vjp, graph.jvp] {
                do throws(ArgumentError) { #expect(try derivative(names).isValid) } catch {
                    #expect(!error.expected.isEmpty)
                }
            }
        }
    }
}
