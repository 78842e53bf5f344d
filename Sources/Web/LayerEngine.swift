import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import AdjointJSON

/// A layer with numbers, which computes the answers to requests: everything in Double, by definition.
struct LayerEngine {
    let request: LayerRequest
    let graph: Graph
    let shapes: [String: Shape]
    /// The numbers of V, W, B and ∂G, as far as they are given.
    private(set) var values: [String: Tensor] = [:]
    /// The target of G.
    private(set) var target: Tensor?

    /// - Throws: an error for what does not fit.
    init(_ request: LayerRequest) throws(ArgumentError) {
        try request.layer.checkSize(steps: request.question == .training ? request.steps : 1)
        self.request = request
        graph = try request.layer.graph()
        shapes = try request.layer.shapes()
        for (name, tensor) in LayerRequest.tensors {
            guard let numbers = request.numbers[tensor] else { continue }
            guard let shape = shapes[tensor == "∂G" || tensor == "T" ? "G" : tensor] else {
                throw ArgumentError("values", name, expected: "nothing, for this layer has none", given: "numbers")
            }
            guard numbers.count == shape.count else {
                throw ArgumentError(
                    "values", name, expected: "\(shape.count) numbers of shape \(shape)", given: "\(numbers.count)")
            }
            values[tensor] = Tensor(known: shape, .float64(numbers))
        }
        target = values.removeValue(forKey: "T")
        if target != nil, values["∂G"] != nil {
            throw ArgumentError("values", "dG", expected: "nothing beside T, from which it follows", given: "numbers")
        }
    }

    func answer() throws(ArgumentError) -> JSON {
        switch request.question {
        case .shapes: .object(JSON.Object(shapes.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value.sizes)) }))
        case .results: try results()
        case .equations: try equations()
        case .explanation: try explanation()
        case .training: try training()
        }
    }
}

extension LayerEngine {
    private var operands: [String] { graph.inputs.map { $0.name } }

    /// - Throws: an error for the first of these tensors without numbers.
    private func need(_ names: [String]) throws(ArgumentError) {
        for name in names where values[name] == nil {
            throw ArgumentError("values", name, expected: "\(shapes[name]?.count ?? 0) numbers", given: "none")
        }
    }

    private func output() throws(ArgumentError) -> Tensor {
        try need(operands)
        var given = values
        given["∂G"] = nil
        return try graph.evaluated(given)["G"] ?? Tensor(scalar: 0)
    }

    /// E = ½·Σ (G − T)², and ∂E∕∂G.
    func squaredError(_ target: Tensor) throws(ArgumentError) -> (e: Double, cotangent: Tensor) {
        let output = try output()
        let results = try Graph.squaredError(output.shape).valueAndGradient(of: ["G"])
            .evaluated(["G": output, "T": target])
        return (results["E"]?.doubles.first ?? .nan, results["∂G"] ?? output)
    }

    /// G; with ∂E∕∂G or a target also the gradients `dV`, `dW` and `dB`; with a target also E and `dG`.
    private func results() throws(ArgumentError) -> JSON {
        var found: [(String, JSON)] = [("G", try output().json)]
        var given = values
        if let target {
            let (e, cotangent) = try squaredError(target)
            given["∂G"] = cotangent
            found += [("E", .number(e)), ("dG", cotangent.json)]
        }
        if given["∂G"] != nil {
            let gradients = try graph.vjp(of: operands).evaluated(given)
            for name in operands { found.append(("d" + name, gradients[derivativeName(name)]?.json ?? .null)) }
        }
        return .object(JSON.Object(found))
    }

    /// Gradient descent, W ← W − η·∂E∕∂W and B likewise, for `steps` steps; E before each of them and after the last.
    private func training() throws(ArgumentError) -> JSON {
        guard let target else { throw ArgumentError("values", "T", expected: "numbers of a target", given: "none") }
        let parameters = operands.filter { $0 != "V" }
        let descent = try descent(parameters)
        var engine = self
        var errors: [JSON] = []
        for _ in 0..<request.steps {
            let (e, cotangent) = try engine.squaredError(target)
            errors.append(.number(e))
            var given = engine.values
            given["∂G"] = cotangent
            let moved = try descent.evaluated(given)
            for name in parameters { engine.values[name] = moved[name] }
        }
        errors.append(.number(try engine.squaredError(target).e))
        let numbers = parameters.map { ($0, engine.values[$0]?.json ?? .null) }
        return .object(JSON.Object([("E", .array(errors))] + numbers))
    }

    /// One step of it, W − η·∂E∕∂W for each parameter, as a graph of V, the parameters and ∂E∕∂G.
    private func descent(_ parameters: [String]) throws(ArgumentError) -> Graph {
        let gradient = try graph.vjp(of: parameters)
        return try Graph { g in
            let values = g.inline(gradient)
            return parameters.map { name in
                let old = gradient.input(named: name)?.node ?? 0
                let derivative = gradient.output(named: derivativeName(name))?.node ?? 0
                return (name, values[old] - request.rate * values[derivative])
            }
        }
    }
}

extension Tensor {
    fileprivate var json: JSON { .array(doubles.map { .number($0) }) }
}
