import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// Random expressions of four scalars, with all operations: the printed forms of them and of their gradients, read back by
/// the rules of mathematics, give the numbers of Evaluate.
@Suite struct PrintedExpressionsTests {
    static let names = ["a", "b", "c", "d"]

    /// A graph of one number `y`, and numbers for its inputs.
    struct Sample {
        let graph: Graph
        let numbers: [String: Tensor]
        var operations: Set<Pointwise> = []

        init(seed: Int) throws {
            var source = Source(samples: Samples(seed: seed))
            numbers = Dictionary(
                uniqueKeysWithValues: names.map { ($0, Tensor(scalar: source.number(), as: .float64)) })
            graph = try Graph { g in
                source.inputs = names.map { g.input($0, [], .float64) }
                return [("y", source.value(g, depth: 5, isTruth: false))]
            }
            for node in graph.nodes {
                if case .pointwise(let operation) = node.primitive { operations.insert(operation) }
            }
        }

        /// Whether all intermediate values are numbers that can be compared.
        var isFinite: Bool { largest(of: graph, numbers) < 1e6 }
    }

    struct Source {
        var samples: Samples
        var inputs: [Value] = []

        /// A number that is exact in few digits; with ones and signs printing has choices.
        mutating func number() -> Double {
            [-3, -2.5, -2, -1, -1, -0.5, -0.125, 0.125, 0.25, 0.5, 1, 1, 1.5, 2, 3, 7, 1e-9].randomElement(
                using: &samples)!
        }

        private static let arithmetic: [Pointwise] = [
            .add, .multiply, .negate, .divide, .add, .multiply, .negate, .divide,
        ]
        private static let truths: [Pointwise] = [.less, .lessOrEqual, .equal, .and, .or, .not]

        mutating func value(_ g: GraphBuilder, depth: Int, isTruth: Bool) -> Value {
            if depth == 0, !isTruth {
                return Bool.random(using: &samples) && Bool.random(using: &samples)
                    ? g.constant(number(), [], .float64) : inputs.randomElement(using: &samples)!
            }
            var operations =
                isTruth ? Self.truths : Pointwise.allCases.filter { !Self.truths.contains($0) } + Self.truths.prefix(1)
            if !isTruth, Int.random(in: 0..<3, using: &samples) > 0 { operations = Self.arithmetic }
            if isTruth, depth < 2 { operations = Array(Self.truths.prefix(3)) }
            let operation = operations.randomElement(using: &samples)!
            if !isTruth, operation == .less { return value(g, depth: depth - 1, isTruth: true).converted(to: .float64) }
            let operands = (0..<operation.arity).map { place in
                let isLogic = [.and, .or, .not].contains(operation) || operation == .select && place == 0
                return value(g, depth: Int.random(in: 0..<max(1, depth), using: &samples), isTruth: isLogic)
            }
            return g.apply(.pointwise(operation), to: operands)
        }
    }

    /// The largest magnitude of a graph's values.
    static func largest(of graph: Graph, _ numbers: [String: Tensor]) -> Double {
        let values = graph.evaluatedNodes(numbers.mapValues { Evaluated<Double>.numbers($0.doubles) })
        return values.reduce(0) { largest, value in
            value.numbers.reduce(largest) { $1.isFinite ? max($0, $1.magnitude) : .infinity }
        }
    }

    @Test func expressions() throws {
        var (faults, count, printed, operations) = ([Printed.Fault](), 0, Set<String>(), Set<Pointwise>())
        var seed = 0
        while count < 2400 {
            seed += 1
            let sample = try Sample(seed: seed)
            guard sample.isFinite else { continue }
            let expected = try sample.graph.evaluated(sample.numbers)["y"]!.doubles[0]
            let known = Printed(Self.known(sample.numbers))
            let tolerance = 1e-8 * max(1, Self.largest(of: sample.graph, sample.numbers))
            // Symbols alone, and symbols with numbers, on which choices depend.
            for values in [[:], sample.numbers] {
                var equations = try Equations(of: sample.graph, values: values)
                let equation = try equations.forward(at: 0)
                guard printed.insert(equation.text).inserted,
                    equation.right.factors.count + equation.right.terms.count > 2
                else { continue }
                count += 1
                operations.formUnion(sample.operations)
                if let fault = equation.fault(known, saying: expected, within: tolerance) { faults.append(fault) }
            }
        }
        #expect(operations == Set(Pointwise.allCases))
        #expect(faults.isEmpty, "\(Printed.report(faults, of: count))")
    }

    @Test func gradients() throws {
        var (faults, count) = ([Printed.Fault](), 0)
        var seed = 0
        while count < 1000 {
            seed += 1
            let sample = try Sample(seed: seed)
            var numbers = sample.numbers
            numbers["∂y"] = Tensor(scalar: -1.5, as: .float64)
            let pullback = try sample.graph.vjp(of: Self.names)
            let largest = Self.largest(of: pullback, numbers)
            guard largest < 1e6 else { continue }
            let expected = try pullback.evaluated(numbers)
            let known = Printed(Self.known(numbers))
            for values in [[:], numbers] {
                var equations = try Equations(of: sample.graph, values: values)
                for name in Self.names {
                    let equation = try equations.gradient(of: name, at: 0)
                    // A long text shows nothing that a short one does not.
                    guard equation.right != .number(0), equation.text.count < 400 else { continue }
                    count += 1
                    let fault = equation.fault(
                        known, saying: expected["∂" + name]!.doubles[0], within: 1e-8 * max(1, largest))
                    if let fault { faults.append(fault) }
                }
            }
        }
        #expect(faults.isEmpty, "\(Printed.report(faults, of: count))")
    }

    private static func known(_ numbers: [String: Tensor]) -> [Expression: Double] {
        var known: [Expression: Double] = [:]
        for (name, number) in numbers {
            let own = Name(name.hasPrefix("∂") ? String(name.dropFirst()) : name)
            known[name.hasPrefix("∂") ? .derivative(of: "E", by: own) : .variable(own)] = number.doubles[0]
        }
        return known
    }
}
