import AdjointGraphs
import AdjointPlans

/// A difference between a computed and a right value.
struct Difference: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The values of every node of a graph: computed by the plainest plan (exact, one thread, baseline kernels, every node in
/// memory), and checked node by node against the definition.
struct Reference {
    /// The outputs by name, and those of them that are exact.
    private(set) var outputs: [String: [Float]] = [:]
    private(set) var isExact: [String: Bool] = [:]
    /// The largest magnitude of each output, and not less than a share of Σ |terms| where these cancel: roundings are a
    /// share of it.
    private(set) var scales: [String: Double] = [:]
    /// For outputs that count choices (samples that are classified right): the distance of the largest number of each
    /// choice from the second largest, as a share of the largest magnitude among them.
    private(set) var margins: [String: [Double]] = [:]
    /// The number of elements that were summed alone.
    private(set) var summed = 0

    private static let samples = 48
    private static let workForNode = 4_000_000

    init(_ graph: Graph, _ inputs: [String: Tensor], isIntegral: Bool, seed: UInt64) throws {
        var outputs: [Graph.Output] = []
        for (index, node) in graph.nodes.enumerated() {
            if case .input = node.primitive { continue }
            outputs.append(Graph.Output("node \(index)", index))
        }
        let whole = Graph(nodes: graph.nodes, outputs: outputs, origins: graph.origins)
        let plan = try whole.compiled(
            options: PlanOptions(workers: Workers(threads: 1), cpu: Machine.kernels[0], isExact: true))
        let results = try plan.results(inputs)
        var values: [[Float]] = []
        for (index, node) in graph.nodes.enumerated() {
            if case .input(let name) = node.primitive {
                values.append(inputs[name]?.floats ?? [])
            } else {
                values.append(results["node \(index)"]?.floats ?? [])
            }
        }
        let exactness = isIntegral ? Exactness(graph, values).isExact : graph.nodes.map { _ in false }
        let definition = Definition(graph: graph, values: values)
        var dice = Dice(seed: seed)
        var magnitudes: [Double] = []
        var roundings: [Double] = []
        for (index, node) in graph.nodes.enumerated() {
            let largest = try check(
                index, node, definition, roundings: node.operands.map { roundings[$0] }, isExact: exactness[index],
                &dice)
            roundings.append(Self.rounding(node, definition, roundings))
            let operands = node.operands.map { magnitudes[$0] }
            switch node.primitive {
            case .movement, .stop, .pointwise(.add), .pointwise(.negate), .pointwise(.select):
                magnitudes.append(operands.reduce(0, +))
            default: magnitudes.append(largest)
            }
        }
        for output in graph.outputs {
            self.outputs[output.name] = values[output.node]
            isExact[output.name] = exactness[output.node]
            margins[output.name] = Self.margins(output.node, graph, values)
            let largest = values[output.node].reduce(Float(0)) { $1.isFinite ? max($0, $1.magnitude) : $0 }
            scales[output.name] = max(Double(largest), 0.05 * magnitudes[output.node], 1e3 * roundings[output.node])
        }
        // A value whose terms cancel over several nodes has the roundings of the others.
        let most = scales.values.max() ?? 0
        scales = scales.mapValues { max($0, isIntegral ? 1e-2 : 1e-3 * min(most, 1)) }
    }

    /// The possible error of an element where a plan computes it again inside the node that reads it, as a sum of (x − m)² with
    /// another rounding of m does.
    ///
    ///     δ(a + b) = δa + δb + ε(|a| + |b|)     δ(a·b) = |a|·δb + |b|·δa + δa·δb + ε|a·b|     δ(Σ a) = Σ δa
    private static func rounding(_ node: Graph.Node, _ definition: Definition, _ roundings: [Double]) -> Double {
        let epsilon = 0x1p-23
        let largest = node.operands.map { operand in
            definition.values[operand].reduce(0) { $1.isFinite ? max($0, Double($1).magnitude) : $0 }
        }
        let given = node.operands.map { roundings[$0] }
        switch node.primitive {
        case .movement, .stop, .pointwise(.negate), .pointwise(.select): return given.max() ?? 0
        case .pointwise(.add): return given[0] + given[1] + epsilon * (largest[0] + largest[1])
        case .pointwise(.multiply):
            return largest[0] * given[1] + largest[1] * given[0] + given[0] * given[1]
                + epsilon * largest[0] * largest[1]
        case .reduction:
            return given[0] * Double(definition.graph.nodes[node.operands[0]].shape.count)
                / Double(max(1, node.shape.count))
        default: return 0
        }
    }

    /// - Returns: nil for a node that does not count choices.
    private static func margins(_ index: Int, _ graph: Graph, _ values: [[Float]]) -> [Double]? {
        let node = graph.nodes[index]
        switch node.primitive {
        case .reduction(.sum), .convert, .movement, .pointwise(.equal):
            return node.operands.lazy.compactMap { margins($0, graph, values) }.first
        case .pooling(.choice(_, let taps, _))
        where node.shape.count > 0 && graph.nodes[node.operands[0]].shape.rank == 3:
            let numbers = values[node.operands[0]].map { Double($0) }
            let scale = max(numbers.reduce(0) { max($0, $1.magnitude) }, .leastNormalMagnitude)
            return stride(from: 0, to: numbers.count, by: taps[0]).map { start in
                let row = numbers[start..<start + taps[0]].sorted()
                return row.count > 1 ? (row[row.count - 1] - row[row.count - 2]) / scale : .infinity
            }
        default: return nil
        }
    }

    /// - Returns: the largest Σ |terms| that occurred.
    private mutating func check(
        _ index: Int, _ node: Graph.Node, _ definition: Definition, roundings: [Double], isExact: Bool,
        _ dice: inout Dice
    ) throws -> Double {
        let values = definition.values[index]
        guard let terms = definition.terms(index) else {
            try checkWhole(index, node, definition)
            return values.reduce(0) { $1.isFinite ? max($0, Double($1).magnitude) : $0 }
        }
        var largest = 0.0
        let count = max(4, min(Self.samples, Self.workForNode / max(1, terms)))
        for place in dice.places(count, in: node.shape) {
            let element = definition.element(index, at: place)
            summed += 1
            if element.magnitude.isFinite { largest = max(largest, element.magnitude) }
            let got = Double(values[place])
            if got == Double(Float(element.value)) || got.isNaN && element.value.isNaN { continue }
            let isPointwise = if case .pointwise = node.primitive { true } else { false }
            // Each term may be flushed to zero, and a plan may add Σ (x − mean) as Σ x − n·mean, with roundings of those.
            var allowed = isExact ? 0 : (isPointwise ? 1e-6 : 1e-4) * element.magnitude
            if !isExact { allowed += Double(terms + 1) * Double(Float.leastNormalMagnitude) }
            if !isExact, case .reduction = node.primitive { allowed += Double(terms) * roundings[0] }
            guard (got - element.value).magnitude > allowed else { continue }
            throw Difference(
                "by its definition, \(node.primitive.name) \(node.shape) of node \(index) is \(element.value) at "
                    + "\(definition.indices(of: place, in: node.shape.sizes)), the plainest plan has \(got)")
        }
        return largest
    }

    /// Checks a node without a sum: all elements by Evaluate, if there are not too many.
    private mutating func checkWhole(_ index: Int, _ node: Graph.Node, _ definition: Definition) throws {
        switch node.primitive {
        case .input, .constant, .stop, .random: return
        default: break
        }
        guard node.shape.count <= 1 << 18,
            node.operands.allSatisfy({ definition.graph.nodes[$0].shape.count <= 1 << 18 })
        else { return }
        let operands: [Evaluated<Double>] = node.operands.map { operand in
            let values = definition.values[operand]
            return definition.graph.nodes[operand].type == .int32
                ? .integers(values.map { Int($0) }) : .numbers(values.map { Double($0) })
        }
        let expected = node.primitive.evaluated(
            operands, node.operands.map { definition.graph.nodes[$0].shape }, result: node.signature
        ).numbers
        summed += expected.count
        for (place, (got, value)) in zip(definition.values[index], expected).enumerated()
        where
            !(Double(got) == value || got.isNaN && value.isNaN
            || (Double(got) - value).magnitude <= 1e-5 * max(value.magnitude, 1e-30))
        {
            if case .pooling = node.primitive, (Double(got) - value).magnitude <= 1e-4 { continue }
            throw Difference(
                "\(node.primitive.name) of node \(index) is \(value) at \(place) by Evaluate, the plainest plan has \(got)"
            )
        }
    }
}
