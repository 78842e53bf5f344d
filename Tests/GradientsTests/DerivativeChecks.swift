import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// The requirements on the derivatives of a graph whose numbers are float64.
struct DerivativeChecks {
    /// Where true, everything is made of small integers and inner products are equal, not close.
    var isExact = false
    /// Half the distance of central differences.
    var step = 1e-4
    /// The tolerance of the differences, relative to the largest derivative (or 1).
    var tolerance = 1e-6
    var location: SourceLocation

    init(
        isExact: Bool = false, step: Double = 1e-4, tolerance: Double = 1e-6,
        location: SourceLocation = #_sourceLocation
    ) {
        self.isExact = isExact
        self.step = step
        self.tolerance = tolerance
        self.location = location
    }

    /// Checks, to an order of derivative: J·t against differences (unless exact), ⟨J·t, u⟩ = ⟨t, Jᵀ·u⟩, and that the
    /// linear part transposed twice is the same graph. The next order does the same for Jᵀ·u as a graph of its own.
    func callAsFunction(_ graph: Graph, at inputs: [String: Tensor], order: Int = 2) throws {
        let names = graph.inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
        let tangents = directions(names.map { inputs[$0]! }, seed: 17 + order)
        let linear = try graph.linearized(at: names).tangent.simplified()
        let twice = try linear.transposed().transposed().simplified()
        #expect(twice.graph.isEquivalent(to: linear.graph), "\(twice.graph)\n\(linear.graph)", sourceLocation: location)

        let forward = try graph.jvp(of: names)
        let moved = try run(forward, inputs, extra: tangents)
        let results = Array(moved.prefix(graph.outputs.count))
        #expect(results == (try run(graph, inputs, extra: [])), sourceLocation: location)
        let floating = graph.outputs.indices.filter { results[$0].elementType.isFloatingPoint }
        let pushed = Array(moved.dropFirst(graph.outputs.count))
        if !isExact { try compareWithDifferences(graph, inputs, names, tangents, floating, pushed) }

        let backward = try graph.vjp(of: names)
        let cotangents = directions(floating.map { results[$0] }, seed: 29 + order)
        let pulled = try run(backward, inputs, extra: cotangents).dropFirst(graph.outputs.count)
        let left = zip(pushed, cotangents).reduce(0) { $0 + $1.0.inner($1.1) }
        let right = zip(tangents, pulled).reduce(0) { $0 + $1.0.inner($1.1) }
        let terms = zip(pushed, cotangents).reduce(1) { sum, pair in
            sum + zip(pair.0.doubles, pair.1.doubles).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
        }
        #expect(
            isExact ? left == right : (left - right).magnitude <= 1e-12 * terms,
            "⟨J·t, u⟩ = \(left), ⟨t, Jᵀ·u⟩ = \(right)", sourceLocation: location)

        guard order > 1 else { return }
        let next = backward.keeping(backward.outputs.dropFirst(graph.outputs.count).map { $0.name })
        var further = inputs
        for (input, cotangent) in zip(extraInputs(backward, inputs), cotangents) { further[input] = cotangent }
        try self(next, at: further, order: order - 1)
    }

    private func directions(_ tensors: [Tensor], seed: Int) -> [Tensor] {
        tensors.enumerated().map { position, tensor in
            isExact
                ? .integers(tensor.shape, seed: seed + 100 * position)
                : .uniform(tensor.shape, seed: seed + 100 * position)
        }
    }

    private func extraInputs(_ graph: Graph, _ inputs: [String: Tensor]) -> [String] {
        graph.inputs.map { $0.name }.filter { inputs[$0] == nil }
    }

    /// The outputs in order, with further numbers for inputs beside the given ones, in the order of these inputs.
    private func run(_ graph: Graph, _ inputs: [String: Tensor], extra: [Tensor]) throws -> [Tensor] {
        var all = inputs
        for (name, tensor) in zip(extraInputs(graph, inputs), extra) { all[name] = tensor }
        let results = try graph.evaluated(all)
        return graph.outputs.map { results[$0.name]! }
    }

    private func compareWithDifferences(
        _ graph: Graph, _ inputs: [String: Tensor], _ names: [String], _ tangents: [Tensor], _ floating: [Int],
        _ pushed: [Tensor]
    ) throws {
        func shifted(by amount: Double) throws -> [Tensor] {
            var moved = inputs
            for (name, tangent) in zip(names, tangents) {
                let sum = zip(inputs[name]!.doubles, tangent.doubles).map { $0 + amount * $1 }
                moved[name] = Tensor(known: tangent.shape, .float64(sum))
            }
            return try run(graph, moved, extra: [])
        }
        let (ahead, behind) = (try shifted(by: step), try shifted(by: -step))
        for (position, tensor) in zip(floating, pushed) {
            let differences = zip(ahead[position].doubles, behind[position].doubles).map { ($0 - $1) / (2 * step) }
            let scale = max(1, differences.reduce(0) { max($0, $1.magnitude) })
            let worst = zip(differences, tensor.doubles).map { ($0 - $1).magnitude }.reduce(0, max)
            #expect(
                worst <= tolerance * scale, "\(graph.outputs[position].name): J·t misses differences by \(worst)",
                sourceLocation: location)
        }
    }
}
