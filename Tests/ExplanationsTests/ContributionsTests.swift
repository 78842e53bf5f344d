import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Testing

@Suite struct ContributionsTests {
    /// Two layers on small integers, so that every order of summation gives the same.
    private static func network(transposedFirst: Bool = false) throws -> (Graph, [String: Tensor]) {
        let graph = try Graph { g in
            let x = g.input("x", [2, 2, 6, 6])
            let first = g.input("first.weight", transposedFirst ? [2, 3, 3, 3] : [3, 2, 3, 3])
            let second = g.input("second.weight", [2, 3, 2, 2])
            let hidden =
                transposedFirst
                ? x.transposedConvolved(with: first, stride: 2, padding: 1)
                : x.convolved(with: first, stride: 2, padding: 1)
            return hidden.relu().convolved(with: second).squared().sum()
        }
        var bindings: [String: Tensor] = [:]
        for (seed, input) in graph.inputs.enumerated() {
            bindings[input.name] = try Tensor(
                input.shape, (0..<input.shape.count).map { Float(($0 * 5 + seed * 3) % 7 % 5 - 2) })
        }
        return (graph, bindings)
    }

    @Test(arguments: ["first.weight", "second.weight"], [false, true])
    func termsSumExactlyToTheGradient(_ parameter: String, _ transposedFirst: Bool) throws {
        let (graph, bindings) = try Self.network(transposedFirst: transposedFirst)
        let gradient = try graph.gradient(of: parameter).evaluated(bindings)["∂" + parameter]!
        for place in stride(from: 0, to: gradient.count, by: 5) {
            let element = zip(gradient.shape.sizes, gradient.shape.strides).map { place / $1 % $0 }
            let contributions = try Contributions(to: element, of: parameter, in: graph, bindings: bindings)
            #expect(contributions.net == gradient.doubles[place])
            #expect(contributions.gradient == gradient.doubles[place])
            #expect(contributions.plus + contributions.minus == contributions.net)
            #expect(contributions.isTransposed == (transposedFirst && parameter == "first.weight"))
            #expect(contributions.terms.count <= contributions.windows.count)
            #expect(contributions.nonZeroCount <= contributions.terms.count)
        }
    }

    /// The corner of a padded filter meets padding in the first row and column of windows.
    @Test func windowsInThePaddingHaveNoTerm() throws {
        let (graph, bindings) = try Self.network()
        let corner = try Contributions(to: [0, 0, 0, 0], of: "first.weight", in: graph, bindings: bindings)
        #expect(corner.windows == [2, 3, 3])
        #expect(corner.terms.count == 2 * 2 * 2)
        let centre = try Contributions(to: [0, 0, 1, 1], of: "first.weight", in: graph, bindings: bindings)
        #expect(centre.terms.count == 2 * 3 * 3)
    }

    @Test func aPatchIsWhatTheFilterSees() throws {
        let (graph, bindings) = try Self.network()
        let contributions = try Contributions(to: [2, 1, 1, 2], of: "first.weight", in: graph, bindings: bindings)
        let strongest = contributions.strongest(4)
        #expect(strongest.count == 4)
        #expect(zip(strongest, strongest.dropFirst()).allSatisfy { $0.product.magnitude >= $1.product.magnitude })
        for term in contributions.terms {
            let patch = contributions.patch(under: term)
            #expect(patch.count == 9)
            #expect(patch[1 * 3 + 2] == term.partial)
            // Padding lies above the first row of windows and left of the first column.
            #expect(patch[0] == nil || (term.window[1] > 0 && term.window[2] > 0))
        }
    }

    @Test func oneClosureEvaluatesEverything() throws {
        let (graph, bindings) = try Self.network()
        var calls = 0
        let contributions = try Contributions(to: [0, 0, 0, 0], of: "second.weight", in: graph, bindings: bindings) {
            (graph, bindings) throws(ArgumentError) in
            calls += 1
            return try graph.evaluated(bindings, precision: .float32)
        }
        #expect(calls == 1)
        #expect(contributions.gradient == contributions.net)
    }

    /// Sums in Float differ from the gradient only by the rounding of the same terms.
    @Test func singlePrecisionIsWithinItsRounding() throws {
        var (graph, bindings) = try Self.network()
        for input in graph.inputs {
            bindings[input.name] = try Tensor(
                input.shape, (0..<input.shape.count).map { Float(($0 * 37) % 101) / 101 - 0.45 })
        }
        let contributions = try Contributions(to: [1, 0, 2, 1], of: "first.weight", in: graph, bindings: bindings) {
            (graph, bindings) throws(ArgumentError) in try graph.evaluated(bindings, precision: .float32)
        }
        #expect(contributions.gradient == Double(Float(contributions.gradient)))
        #expect((contributions.net - contributions.gradient).magnitude < 1e-4)
        #expect(contributions.net != 0)
    }

    /// A gradient that is not the sum of its terms is an error.
    @Test func aWrongGradientIsReported() throws {
        let (graph, bindings) = try Self.network()
        #expect(throws: ArgumentError.self) {
            try Contributions(to: [0, 0, 0, 0], of: "second.weight", in: graph, bindings: bindings) {
                (graph, bindings) throws(ArgumentError) in
                var results = try graph.evaluated(bindings)
                // Of the results only the gradient has the filter's shape.
                for (name, value) in results where value.shape == [2, 3, 2, 2] {
                    results[name] = try Tensor(value.shape, value.doubles.map { $0 + 1 })
                }
                return results
            }
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let (graph, bindings) = try Self.network()
        #expect(throws: ArgumentError.self) {
            try Contributions(to: [0, 0, 0, 0], of: "third.weight", in: graph, bindings: bindings)
        }
        #expect(throws: ArgumentError.self) {
            try Contributions(to: [3, 0, 0, 0], of: "first.weight", in: graph, bindings: bindings)
        }
        #expect(throws: ArgumentError.self) {
            try Contributions(to: [0, 0, 0, 0], of: "first.weight", in: graph, bindings: [:])
        }
    }

    @Test func text() throws {
        let graph = try Graph { g in
            g.input("V", [1, 1, 3, 3]).convolved(with: g.input("W", [1, 1, 2, 2])).squared().sum()
        }
        let bindings = try [
            "V": Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float]),
            "W": Tensor([1, 1, 2, 2], [1, -1, 1, -1.5] as [Float]),
        ]
        let contributions = try Contributions(to: [0, 0, 0, 0], of: "W", in: graph, bindings: bindings)
        #expect(
            contributions.text(strongest: 2) == """
                ∂E/∂W[0,0,0,0] = -142
                  the sum over 4 windows: 4 with a pixel under the weight, 4 that add something
                  plus 0, minus -142, net -142; cancellation |net|/Σ|term| = 1

                What each window adds
                ░▒▓█ above zero, -=≡# below, by size: over 1/2, 1/4, 1/8 of the largest, less; · zero
                ==≡≡
                ####

                The 2 strongest windows
                     window, pixel: input·cotangent = term (share of Σ|term| so far)
                  1. [0, 1, 1], [0, 0, 1, 1]: 5·(-13) = -65 (45.8 %)
                  2. [0, 1, 0], [0, 0, 1, 0]: 4·(-12) = -48 (79.6 %)

                Patches of the layer's input under them, the weight's own pixel marked by <
                  1. █<██  2. ▓<██
                     ████     ████
                """)
    }
}
