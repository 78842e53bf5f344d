import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Foundation
import TestSupport
import Testing

/// The equations of layers, nets and losses, printed and read back: each form gives the numbers of Evaluate.
@Suite struct PrintedEquationsTests {
    /// Numbers of few digits, many of them −1, 0 and 1, with which sums of products are exact.
    private static func numbers(_ shape: Shape, _ samples: inout Samples) -> Tensor {
        let choices = [-3, -2, -1.5, -1, -1, 0, 0.5, 1, 1, 2, 2.5, 4]
        return Tensor(
            known: shape, .float64((0..<shape.count).map { _ in choices.randomElement(using: &samples)! }))
    }

    /// A layer of any geometry that is small enough to be read.
    static func layer(seed: Int) throws -> LayerGeometry {
        var samples = Samples(seed: seed)
        func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &samples) }
        while true {
            let axes = [1, 2, 2, 3].randomElement(using: &samples)!
            func perAxis(_ range: ClosedRange<Int>) -> PerAxis { PerAxis((0..<axes).map { _ in random(range) }) }
            var layer = LayerGeometry(
                input: (0..<axes).map { _ in random(1...5) }, kernel: (0..<axes).map { _ in random(1...3) })
            (layer.stride, layer.dilation, layer.batch) = (perAxis(1...3), perAxis(1...2), random(1...2))
            layer.padding = .sides(
                before: (0..<axes).map { _ in random(-1...2) }, after: (0..<axes).map { _ in random(0...2) })
            switch seed % 6 {
            case 0: (layer.pool, layer.channels) = (.max, random(1...2))
            case 1: (layer.pool, layer.channels, layer.dilation) = (.average, random(1...2), 1)
            case 2: (layer.isTransposed, layer.outputPadding) = (true, perAxis(0...1))
            default: break
            }
            if layer.pool == nil {
                layer.groups = random(1...2)
                (layer.channels, layer.filters) = (layer.groups * random(1...2), layer.groups * random(1...2))
                layer.hasBias = Bool.random(using: &samples)
            }
            guard let shapes = try? layer.shapes() else { continue }
            if shapes.values.allSatisfy({ (1...48).contains($0.count) }) { return layer }
        }
    }

    @Test func layers() throws {
        var check = Check()
        for seed in 0..<90 {
            let layer = try Self.layer(seed: seed)
            try check.equations(of: layer.graph(), seed: seed, isExact: layer.pool != .average, limit: 6)
        }
        #expect(check.faults.isEmpty && check.count > 2000, "\(check.report)")
    }

    /// Losses and other functions: for each name, a graph with one output.
    private static let graphs: [(String, @Sendable (GraphBuilder) -> Value)] = [
        (
            "squared error of a linear unit",
            { g in
                let (w, x, t) = (g.input("W", [2], .float64), g.input("X", [2], .float64), g.input("t", [1], .float64))
                return (t - x.contracted(w, "i", "i", "").reshaped(to: [1])).squared()
            }
        ),
        (
            "mean squared error",
            { g in
                let (x, t) = (g.input("X", [2, 2], .float64), g.input("T", [2, 2], .float64))
                return (x.contracted(g.input("W", [2, 2], .float64), "ni", "oi", "no") - t).squared().mean()
            }
        ),
        ("absolute error", { g in (g.input("t", [3], .float64) - g.input("x", [3], .float64)).abs().sum() }),
        (
            "cross-entropy",
            { g in
                let (x, t) = (g.input("x", [2, 3], .float64), g.input("t", [2, 3], .float64))
                return -(x.logSoftmax() * t).sum() / 2
            }
        ),
        ("softmax", { g in g.input("x", [1, 3], .float64).softmax() }),
        (
            "binary cross-entropy",
            { g in
                let (x, t) = (g.input("x", [2], .float64), g.input("t", [2], .float64))
                return (x.softplus() - t * x).mean()
            }
        ),
        (
            "logistic loss by hand",
            { g in
                let (x, t) = (g.input("x", [1], .float64), g.input("t", [1], .float64))
                return -(t * x.logistic().log() + (1 - t) * (1 - x.logistic()).log())
            }
        ),
        (
            "batch norm",
            { g in
                let x = g.input("x", [2, 1, 2], .float64).standardized(over: [0, 2], epsilon: 0.25)
                return x.scaled(by: g.input("s", [1], .float64), shift: g.input("b", [1], .float64))
            }
        ),
        ("layer norm", { g in g.input("x", [1, 3], .float64).groupNormalized(groups: 1, epsilon: 0.5) }),
        ("the largest of a window", { g in -g.input("x", [1, 1, 4], .float64).maxPooled(2, stride: 1) }),
        (
            "gated unit",
            { g in
                let (x, y) = (g.input("x", [2], .float64), g.input("y", [2], .float64))
                return x * (1 - y.logistic()) - (x - y) * (x - (y - 2))
            }
        ),
    ]

    private static let activations: [(String, @Sendable (Value) -> Value)] = [
        ("none", { $0 }), ("relu", { $0.relu() }), ("relu6", { $0.relu6() }), ("leaky", { $0.leakyReLU(slope: 0.25) }),
        ("elu", { $0.elu() }), ("selu", { $0.selu() }), ("silu", { $0.silu() }), ("gelu", { $0.gelu() }),
        ("hard sigmoid", { $0.hardSigmoid() }), ("hard swish", { $0.hardSwish() }), ("softplus", { $0.softplus() }),
        ("tanh", { $0.tanh() }), ("sigmoid", { $0.logistic() }), ("minus", { -$0 }),
    ]

    @Test func losses() throws {
        var check = Check()
        for (name, build) in Self.graphs {
            let before = check.count
            for seed in 0..<4 { try check.equations(of: Graph { [("y", build($0))] }, seed: seed) }
            #expect(check.count > before, "\(name)")
        }
        #expect(check.faults.isEmpty, "\(check.report)")
    }

    /// Two layers and the squared error.
    @Test func denseNets() throws {
        var check = Check()
        for (name, activation) in Self.activations {
            let before = check.count
            let graph = try Graph { g in
                let hidden = activation(
                    g.input("X", [1, 2], .float64).contracted(g.input("W", [2, 2], .float64), "ni", "oi", "no"))
                let output = hidden.contracted(g.input("U", [1, 2], .float64), "ni", "oi", "no")
                return [("y", (g.input("t", [1, 1], .float64) - output).squared())]
            }
            for seed in 0..<4 { try check.equations(of: graph, seed: seed) }
            #expect(check.count > before, "\(name)")
        }
        #expect(check.faults.isEmpty, "\(check.report)")
    }

    /// Equations in several rows, with the numbers and the value below them, and with dots for what is left out.
    @Test func documents() throws {
        var check = Check()
        for seed in 0..<60 {
            let graph = try Graph { g in
                var source = PrintedExpressionsTests.Source(samples: Samples(seed: seed))
                source.inputs = PrintedExpressionsTests.names.map { g.input($0, [], .float64) }
                let terms = (0..<12).map { _ in source.value(g, depth: 3, isTruth: false) }
                return [
                    (
                        "y",
                        terms.enumerated().reduce(g.constant(0, [], .float64)) { $1.0 % 2 == 0 ? $0 - $1.1 : $0 + $1.1 }
                    )
                ]
            }
            try check.documents(of: graph, seed: seed)
        }
        for seed in 0..<18 { try check.documents(of: Self.layer(seed: seed).graph(), seed: seed) }
        #expect(check.faults.isEmpty && check.count > 400, "\(check.report)")
    }

    /// The lines in which a signal-flow graph and its transpose are written, where gains are sums and quotients.
    @Test func flowGraphs() throws {
        let graph = try Graph { g -> [(String, Value)] in
            let x = g.input("x", [1], .float64)
            let (a, b) = (g.input("a", [1], .float64), g.input("b", [1], .float64))
            let h = x * (a - b) - x / (a * b)
            return [("h", h), ("y", h.logistic() * -a + h.logistic() * (a + b) - x)]
        }
        let values = try [
            "x": Tensor([1], [-0.5]), "a": Tensor([1], [-2.0]), "b": Tensor([1], [-1.0]), "∂y": Tensor([1], [-3.0]),
            "∂h": Tensor([1], [-2.0]),
        ]
        let expected = try graph.vjp(of: ["x"]).evaluated(values)
        let there = try FlowGraph(of: graph, signals: ["x"], values: values)
        // Slopes are known from the signals of the graph itself.
        var known = ["x_1": -0.5, "a_1": -2, "b_1": -1, "∂E/∂y_1": -3, "∂E/∂h_1": -2]
        for (flow, output, target) in [(there, "y_1", "y"), (there.transposed(), "∂E/∂x_1", "∂x")] {
            known = known.filter { !$0.key.hasPrefix("%") }
            let lines = try flow.lines.map { line in
                let sides = try line.components(separatedBy: " = ").map { try PrintedForm.text.tokens($0) }
                #expect(try !Reading.hasSuperfluousParentheses(sides[1]), "\(line)")
                return (name: sides[0], right: try Reading(sides[1]))
            }
            // The transpose runs from the last line to the first.
            for (name, right) in flow.isTransposed ? lines.reversed() : lines {
                guard case .name(let name)? = name.first else { continue }
                known[name] = try right.value(known)
            }
            let value = try #require(known[output])
            #expect((value - expected[target]!.doubles[0]).magnitude < 1e-12, "\(flow.text)")
        }
    }

    /// The results that are collected while equations are read.
    private struct Check {
        var faults: [Printed.Fault] = []
        var count = 0
        var report: String { Printed.report(faults, of: count) }

        /// Random numbers for a graph's inputs and its output's cotangents, all equations with and without them, and
        /// the results of Evaluate for each.
        private func sample(_ graph: Graph, _ seed: Int) throws -> (
            equations: [[Equation]], expected: [[Double]], printed: Printed, largest: Double
        ) {
            var samples = Samples(seed: seed)
            let output = graph.outputs[0]
            var values = ["∂" + output.name: PrintedEquationsTests.numbers(graph.nodes[output.node].shape, &samples)]
            for input in graph.inputs { values[input.name] = PrintedEquationsTests.numbers(input.shape, &samples) }
            let names = graph.inputs.map { $0.name }
            let pullback = try graph.vjp(of: names)
            let results = try pullback.evaluated(values)
            var bound = try Equations(of: graph, values: values)
            var printed = Printed()
            for name in names {
                for (place, number) in values[name]!.doubles.enumerated() {
                    printed[.variable(try bound.name(of: name, at: place))] = number
                }
            }
            for (equation, number) in zip(try bound.forward(), values["∂" + output.name]!.doubles) {
                guard case .variable(let name) = equation.left else { continue }
                printed[.derivative(of: "E", by: name)] = number
            }
            // Symbols alone, where no choice needs numbers.
            var equations: [[Equation]] = []
            var expected: [[Double]] = []
            for var own in [bound, try Equations(of: graph)] {
                guard let forward = try? own.forward() else { continue }
                equations.append(forward)
                expected.append(results[output.name]!.doubles)
                for name in names {
                    equations.append(try own.gradient(of: name))
                    expected.append(results["∂" + name]!.doubles)
                }
            }
            return (equations, expected, printed, PrintedExpressionsTests.largest(of: pullback, values))
        }

        /// - Parameter limit: the number of elements of each tensor, from the first to the last.
        mutating func equations(of graph: Graph, seed: Int, isExact: Bool = false, limit: Int = .max) throws {
            let (equations, expected, printed, largest) = try sample(graph, seed)
            guard largest.isFinite else { return }
            for (list, numbers) in zip(equations, expected) {
                for place in stride(from: 0, to: list.count, by: max(1, list.count / limit)) {
                    // Texts longer than a page are not read.
                    guard list[place].text.count < 4000 else { continue }
                    count += 1
                    let fault = list[place].fault(
                        printed, saying: numbers[place], within: isExact ? 0 : 1e-8 * max(1, largest))
                    if let fault { faults.append(fault) }
                }
            }
        }

        mutating func documents(of graph: Graph, seed: Int) throws {
            let (equations, expected, printed, largest) = try sample(graph, seed)
            guard largest < 1e6 else { return }
            for (equation, number) in zip(equations, expected).flatMap({ Array(zip($0, $1).prefix(3)) }) {
                for shown in [equation, equation.folded(over: 10) { printed[$0] }] {
                    let shown = shown.substituting { printed[$0] }
                    guard shown.text.count < 1200, let own = shown.right.value(where: { printed[$0] }) else { continue }
                    var printed = printed
                    printed[shown.left] = number
                    printed.known["…"] = number - own
                    count += 1
                    if let fault = printed.fault(in: shown, saying: number, within: 1e-8 * max(1, largest)) {
                        faults.append(fault)
                    }
                }
            }
        }
    }
}

extension Printed {
    /// The errors of one equation as documents show it.
    fileprivate func fault(in equation: Equation, saying expected: Double, within tolerance: Double) -> Fault? {
        let explanation = Explanation("", sections: [.init("", [.equations([equation])])])
        for form in PrintedForm.allCases {
            let document =
                switch form {
                case .text: explanation.text(width: 60)
                case .latex: explanation.latex()
                case .mathML: explanation.html()
                }
            func fault(_ kind: Fault.Kind, _ what: String) -> Fault {
                Fault(kind: kind, description: "\(form): \(equation.text): \(what)")
            }
            do {
                let sides = try Reading.sides(form.tokens(document: document))
                let values = try sides.map { try $0.value(known) }
                guard sides.count > 1, values.allSatisfy({ ($0 - expected).magnitude <= tolerance }) else {
                    return fault(.wrong, "\(values), not \(expected)")
                }
            } catch { return fault(.unreadable, "\(error)") }
        }
        return nil
    }
}

extension PrintedForm {
    /// The equation from which a document is made, its rows one after the other.
    fileprivate func tokens(document: String) throws -> [Reading.Token] {
        func between(_ start: String, _ end: String) throws -> String {
            guard let start = document.range(of: start),
                let end = document.range(of: end, range: start.upperBound..<document.endIndex)
            else { throw Reading.Failure(description: "no \(start)") }
            return String(document[start.upperBound..<end.lowerBound])
        }
        switch self {
        case .text: return try tokens(document.replacingOccurrences(of: "\n", with: " "))
        case .latex:
            let rows = try between("\\begin{align*}", "\\end{align*}")
            return try tokens(rows.replacingOccurrences(of: "\\\\\n", with: " "))
        case .mathML: return try tokens(between("<math display=\"block\">", "</math>"))
        }
    }
}
