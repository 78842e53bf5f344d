import AdjointGraphs
import TestSupport
import Testing

/// A graph that one rule makes smaller, and the nodes that remain beside its inputs.
struct Simplification: Sendable, CustomStringConvertible {
    let description: String
    let remains: [String]
    let build: @Sendable (GraphBuilder, Value) -> Value

    init(_ description: String, _ remains: String..., build: @escaping @Sendable (GraphBuilder, Value) -> Value) {
        self.description = description
        self.remains = remains
        self.build = build
    }

    /// Graphs of one input x: [2, 3, 4].
    static let all = [
        Simplification("x + −0") { $1 + -0.0 },
        Simplification("−0 + x") { -0.0 + $1 },
        Simplification("x − 0") { $1 - 0 },
        Simplification("x + 0, which is not −0 where x is", "constant", "broadcast", "add") { $1 + 0 },
        Simplification("x · 1") { $1 * 1 },
        Simplification("1 · x") { 1 * $1 },
        Simplification("x ∕ 1") { $1 / 1 },
        Simplification("x to the power of 1") { $1.power(1) },
        Simplification("x to the power of 0", "constant", "broadcast") { $1.power(0) },
        Simplification("− −x") { -(-$1) },
        Simplification("numbers", "constant", "broadcast", "multiply") { g, x in
            x * ((g.constant(2, [], .float64) + 3).sqrt() / 7).exp().broadcast(to: x.shape)
        },
        Simplification("comparison of numbers") { g, x in (g.constant(2, [], .float64) .< 3).choose(x, -x) },
        Simplification("comparison that does not hold", "negate") { g, x in
            (g.constant(2, [], .float64) .< 2).choose(x, -x)
        },
        Simplification("conversion to its own type") { $1.apply(.convert(.float64)) },
        Simplification("sum over no axes") { $1.apply(.reduction(.sum(axes: []))) },
        Simplification("reshape to its own shape") { $1.apply(.movement(.reshape([2, 3, 4]))) },
        Simplification("reshape of a reshape", "reshape") { $1.reshaped(to: [6, 4]).reshaped(to: [24]) },
        Simplification("reshape back") { $1.reshaped(to: [6, 4]).reshaped(to: [2, 3, 4]) },
        Simplification("permute of nothing") { $1.apply(.movement(.permute(axes: [0, 1, 2]))) },
        Simplification("permute of a permute", "permute") { $1.permuted([1, 0, 2]).permuted([0, 2, 1]) },
        Simplification("permute back") { $1.permuted([2, 0, 1]).permuted([1, 2, 0]) },
        Simplification("broadcast of nothing") { $1.apply(.movement(.broadcast(axes: [], sizes: []))) },
        Simplification("broadcast of a broadcast", "broadcast") {
            $1.apply(.movement(.broadcast(axes: [1, 3], sizes: [2, 5])))
                .apply(.movement(.broadcast(axes: [0, 4], sizes: [3, 2])))
        },
        Simplification("reverse of nothing") { $1.reversed([]) },
        Simplification("reverse back") { $1.reversed([0, 2]).reversed([0, 2]) },
        Simplification("pad of nothing") {
            $1.apply(.movement(.pad(low: [0, 0, 0], high: [0, 0, 0], interior: [0, 0, 0])))
        },
        Simplification("crop", "slice") { $1.padded(before: [0, -1, -2], after: [-1, 0, -1]) },
        Simplification("crop and pad", "pad", "slice") { $1.padded(before: [1, -1, 0], after: [0, 0, -2]) },
        Simplification("slice of everything") { $1.sliced(from: [0, 0, 0], to: [2, 3, 4]) },
        Simplification("concatenation of one") { Value.concatenated([$1]) },
        Simplification("equal nodes", "exp", "add") { $1.exp() + $1.exp() },
        Simplification("no use", "exp") {
            _ = $1.log()
            return $1.exp()
        },
    ]
}

@Suite struct SimplifyTests {
    @Test(arguments: Simplification.all) func rule(_ rule: Simplification) throws {
        let graph = try Graph { g in rule.build(g, g.input("x", [2, 3, 4], .float64)) }
        let simplified = graph.simplified()
        #expect(simplified.isValid)
        #expect(simplified.nodes.map { $0.primitive.name }.filter { $0 != "input" } == rule.remains, "\(simplified)")
        let x = Tensor.uniform([2, 3, 4], seed: 1)
        #expect(try simplified.evaluated(["x": x]) == graph.evaluated(["x": x]))
        #expect(simplified.simplified() == simplified)
    }

    /// Every operation with every number that a rule might treat as neutral, on either side, for every kind of x: no
    /// bit changes except those of a NaN, and 1∕y tells the zeros apart.
    @Test func noRuleChangesAResult() throws {
        let numbers = [0, -0.0, 1, -1, 2, 0.5, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1e308]
        let x = try Tensor([numbers.count + 2], numbers + [-3.5, 1e-200])
        for operation in Pointwise.allCases where ![.and, .or, .not, .select].contains(operation) {
            for number in numbers {
                for isFirst in [true, false] {
                    let graph = try Graph { g in
                        let (x, c) = (g.input("x", x.shape, .float64), g.constant(number, x.shape, .float64))
                        let y = g.apply(
                            .pointwise(operation),
                            to: operation.arity == 1 ? [isFirst ? x : c] : isFirst ? [c, x] : [x, c])
                        let z = y.converted(to: .float64)
                        return [("y", z), ("reciprocal", 1 / (z + 0)), ("sum", z + z * c - 0)]
                    }
                    let (whole, simple) = (try graph.evaluated(["x": x]), try graph.simplified().evaluated(["x": x]))
                    for (name, tensor) in whole {
                        for (a, b) in zip(tensor.doubles, simple[name]!.doubles)
                        where a.bitPattern != b.bitPattern && !(a.isNaN && b.isNaN) {
                            Issue.record("\(operation) with \(number): \(name) is \(b), not \(a)")
                        }
                    }
                }
            }
        }
    }

    /// Two numbers are one node only where all their bits are equal.
    @Test func zerosOfBothSignsAreTwoConstants() throws {
        let graph = try Graph { g in
            let x = g.input("x", [], .float64)
            return [("up", x / 0.0), ("down", x / -0.0)]
        }
        for graph in [graph, graph.simplified()] {
            let results = try graph.evaluated(["x": Tensor(scalar: 1, as: .float64)])
            #expect(results["up"]?.doubles == [.infinity] && results["down"]?.doubles == [-.infinity])
        }
        func constant(_ number: Double) throws -> Graph { try Graph { $0.constant(number, [], .float64) } }
        #expect(try constant(.nan) == constant(.nan))
        #expect(try constant(.nan) != constant(Double(nan: 1, signaling: false)))
        #expect(try constant(0) != constant(-0.0))
        #expect(try !constant(0).isEquivalent(to: constant(-0.0)))
        #expect(try constant(.nan).isEquivalent(to: constant(.nan)))
    }

    /// The limit of a slice beyond the last element that is taken has no meaning.
    @Test func canonicalSlices() throws {
        func slice(to limit: Int) throws -> Graph {
            try Graph { g in g.input("x", [9]).sliced(from: [1], to: [limit], by: [3]) }.simplified()
        }
        #expect(try slice(to: 8) == slice(to: 9))
        #expect(try slice(to: 7) != slice(to: 8))
    }

    @Test func inputsStay() throws {
        let graph = try Graph { g in
            _ = g.input("unused", [2])
            return g.input("x", [2]) * 1
        }
        #expect(graph.simplified().inputs.map { $0.name } == ["unused", "x"])
    }

    @Test func equalGraphsAreEqual() throws {
        func graph(_ stride: Int) throws -> Graph {
            try Graph { g in
                g.input("x", [1, 1, 5]).convolved(with: g.input("w", [1, 1, 2]), stride: PerAxis(stride)).relu().sum()
            }
        }
        #expect(try graph(1) == graph(1))
        #expect(try graph(1).hashValue == graph(1).hashValue)
        #expect(try graph(1) != graph(2))
        #expect(try graph(1).simplified() == graph(1).simplified())
    }

    @Test func equivalence() throws {
        func graph(_ build: (Value, Value) -> Value) throws -> Graph {
            try Graph { g in build(g.input("x", [2], .float64), g.input("y", [2], .float64)) }
        }
        let sum = try graph { $0 + ($1 + $0.exp()) }
        #expect(sum.isEquivalent(to: try graph { ($0.exp() + $1) + $0 }))
        #expect(!sum.isEquivalent(to: try graph { x, _ in (x.exp() + x) + x }))
        #expect(!sum.isEquivalent(to: try graph { $0 + $1 }))
        let product = try graph { $0 * $1 * ($0 + $1) }
        #expect(product.isEquivalent(to: try graph { ($1 + $0) * $1 * $0 }))
        #expect(!product.isEquivalent(to: try graph { $0 * $1 + ($0 + $1) }))
        let zero = { (x: Value) in x.builder.constant(0, [2], .float64) }
        let choice = try graph { ($0 .< $1).choose($0, $1) }
        #expect(
            choice.isEquivalent(
                to: try graph { x, y in (x .< y).choose(zero(x), y) + (x .< y).choose(x, zero(x)) }))
        #expect(!choice.isEquivalent(to: try graph { ($0 .< $1).choose($1, $0) }))
        let whole = try graph { Value.concatenated([$0, zero($0), $1], axis: 0) }
        #expect(
            whole.isEquivalent(
                to: try graph { $1.padded(before: [4], after: [0]) + $0.padded(before: [0], after: [4]) }))
        #expect(!whole.isEquivalent(to: try graph { Value.concatenated([$1, zero($0), $0], axis: 0) }))
    }
}
