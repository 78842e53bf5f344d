import AdjointExplanations
import AdjointGraphs
import TestSupport
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

    /// A derivative that the difference contradicts: that of the part that was stopped.
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

    /// E = relu(x): at 0, and near it, from both sides.
    @Test(arguments: [0, 0.0003, -0.0003, 0.0005, -0.0005, 0.00057, 0.0007, -0.0009, 0.0015, 0.003])
    func reluAtItsKink(_ x: Double) throws {
        let graph = try Graph { g in (3 * g.input("x", [2], .float64).relu()).sum() }
        let check = try graph.gradientCheck(of: ["x": [[0]]], bindings: ["x": Tensor([2], [x, 1])])
        let element = check.elements[0]
        #expect(check.agrees, "\(element)")
        #expect(element.gradient == (x > 0 ? 3 : 0))
        if x == 0 {
            #expect(element.slopes.map { abs($0.lowerBound) < 1e-9 && abs($0.upperBound - 3) < 1e-9 } == true)
        }
    }

    /// A kink excuses nothing: a gradient outside both slopes is wrong.
    @Test func aWrongGradientAtAKinkIsFound() throws {
        let graph = try Graph { g in
            let x = g.input("x", [1], .float64)
            return (3 * x.relu() + 2 * x.stopped()).sum()
        }
        let check = try graph.gradientCheck(of: ["x": [[0]]], bindings: ["x": Tensor([1], [0] as [Double])])
        #expect(check.elements[0].slopes != nil && check.elements[0].gradient == 0)
        #expect(!check.agrees)
    }

    /// Equal numbers under windows that overlap, whose derivatives have either sign.
    @Test(arguments: 0..<16) func maximaThatTie(_ place: Int) throws {
        for seed in 0..<4 {
            let graph = try Graph { g in
                let g1 = g.input("x", [1, 1, 4, 4], .float64).maxPooled(2, stride: 1)
                return (g1 * g.input("u", [1, 1, 3, 3], .float64)).sum()
            }
            let bindings = [
                "x": Tensor.integers([1, 1, 4, 4], seed: seed, in: 0...1), "u": .integers([1, 1, 3, 3], seed: seed),
            ]
            let check = try graph.gradientCheck(of: ["x": [[0, 0, place / 4, place % 4]]], bindings: bindings)
            #expect(check.agrees, "\(seed): \(check.elements)")
        }
    }

    /// Large terms that cancel: E and its gradient are small beside the rounding of its terms.
    @Test func sumsThatCancel() throws {
        for (seed, size) in [1e6, 1e9, 12_345_678.9].enumerated() {
            let graph = try Graph { g in
                let y = g.input("x", [1, 2, 5, 5], .float64).convolved(with: g.input("w", [1, 2, 3, 3], .float64))
                return (y * g.input("u", [1, 1, 3, 3], .float64)).sum()
            }
            let x = Tensor.uniform([1, 2, 5, 5], seed: seed)
            // The second channel subtracts what the first one adds, except for a little.
            let plane = Array(x.doubles.prefix(25))
            let bindings = [
                "x": try Tensor([1, 2, 5, 5], plane.map { $0 * size } + plane.map { -$0 * size + 0.001 }),
                "w": try Tensor([1, 2, 3, 3], (0..<18).map { Double($0 % 9) + 1 }),
                "u": Tensor.uniform([1, 1, 3, 3], seed: seed + 5),
            ]
            let check = try graph.gradientCheck(of: ["w": [[0, 0, 1, 1]], "x": [[0, 1, 2, 2]]], bindings: bindings)
            #expect(check.agrees, "\(check)")
        }
    }

    /// The tolerance for rounding allows nothing else.
    @Test func smallFaultsAreFound() throws {
        let graph = try Graph { g in
            let x = g.input("x", [4], .float64)
            return (x.tanh() + 1e-6 * x.stopped()).sum()
        }
        let check = try graph.gradientCheck(
            of: ["x": [[0], [1], [2], [3]]], bindings: ["x": Tensor([4], [0.5, -1, 2, 0])])
        #expect(check.elements.allSatisfy { !$0.agrees && $0.slopes == nil }, "\(check)")
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let (graph, bindings) = try network()
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["w": [[2, 0, 0, 0]]], bindings: bindings) }
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["u": [[0]]], bindings: bindings) }
        #expect(throws: ArgumentError.self) { try graph.gradientCheck(of: ["b": [[0]]], bindings: [:]) }
    }
}
