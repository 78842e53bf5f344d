import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import AdjointPlans

/// The layer of a state with all its numbers: those that are given, and those that the engine computes from them.
package struct LayerNumbers: Sendable {
    package let settings: LayerSettings
    package let sliding: Sliding
    package let shapes: [Tensors: Shape]
    package let numbers: [Tensors: [Double]]
    /// The error E, where there is a target from which it can be computed.
    package let error: Double?

    /// - Parameters:
    ///   - target: the source of the output's target; nil where the error's derivative is given.
    ///   - given: the numbers of tensors that are not computed.
    /// - Throws: an error for what does not fit and `LayerSettings.problem` has not found.
    package init(
        _ settings: LayerSettings, target: Source? = nil, _ given: (Tensors, Shape) -> [Double]
    ) throws(ArgumentError) {
        let sliding = try Sliding(of: settings.geometry)
        let graph = settings.isExact ? sliding.graph : try settings.geometry.graph(.float32)
        let type = graph.inputs[0].type
        var shapes: [Tensors: Shape] = [:]
        for (name, shape) in sliding.shapes {
            guard let tensor = Tensors(named: name) else { continue }
            (shapes[tensor], shapes[tensor.derivative]) = (shape, shape)
        }
        let output = shapes[.g] ?? []
        var numbers: [Tensors: [Double]] = [:]
        var bindings: [String: Tensor] = [:]
        func bind(_ tensor: Tensors, _ values: [Double]) {
            numbers[tensor] = values
            bindings[tensor.key] = Tensor(known: shapes[tensor] ?? [], Tensor.Elements(values, as: type))
        }
        for tensor in [Tensors.v, .w, .b] {
            if let shape = shapes[tensor] { bind(tensor, given(tensor, shape)) }
        }
        let forward = Forward(graph: graph, settings: settings, output: output)
        let last = settings.activation == .none ? Tensors.g : .a
        if last == .a { (shapes[.a], shapes[.da]) = (output, output) }
        let g = last == .a || target != nil ? try forward.result(bindings) : nil
        var cotangent = target == nil ? given(last.derivative, output) : []
        var error: Double?
        if let target, let g {
            let wanted = try forward.numbers(of: target, bindings, filter: shapes[.w])
            (shapes[.t], numbers[.t]) = (output, wanted)
            (error, cotangent) = try forward.error(of: g, target: wanted)
        }
        if last == .a, let g {
            let after = try settings.activation.graph(output).vjp(of: ["G"]).evaluated([
                "G": g, "∂A": Tensor(known: output, .float64(cotangent)),
            ])
            (numbers[.a], numbers[.da]) = (after["A"]?.doubles, cotangent)
            bind(.dg, after["∂G"]?.doubles ?? [])
        } else {
            bind(.dg, cotangent)
        }
        let results = try evaluated(try graph.vjp(of: graph.inputs.map { $0.name }), bindings, settings.isExact)
        for tensor in [Tensors.dv, .dw, .db, .g] where shapes[tensor] != nil {
            numbers[tensor] = results[tensor.key]?.doubles
        }
        (self.settings, self.sliding, self.shapes, self.numbers) = (settings, sliding, shapes, numbers)
        self.error = error
    }
}

/// The layer with its activation, forward.
private struct Forward {
    let graph: Graph
    let settings: LayerSettings
    let output: Shape

    func result(_ bindings: [String: Tensor]) throws(ArgumentError) -> Tensor {
        (try evaluated(graph, bindings, settings.isExact)["G"] ?? Tensor(scalar: 0)).converted(to: .float64)
    }

    private func activated(_ g: Tensor) throws(ArgumentError) -> Tensor {
        if settings.activation == .none { return g }
        return try settings.activation.graph(output).evaluated(["G": g])["A"] ?? g
    }

    /// The numbers of a target: its own, or what the layer would give with another filter.
    func numbers(
        of target: Source, _ bindings: [String: Tensor], filter: Shape?
    ) throws(ArgumentError) -> [Double] {
        guard target.kind == .taught, let filter else { return target.numbers(output) }
        var taught = bindings
        let numbers = Tensor.Elements(Source.random(9).numbers(filter), as: graph.inputs[0].type)
        taught["W"] = Tensor(known: filter, numbers)
        return try activated(try result(taught)).doubles
    }

    /// E and its derivative with respect to the last output.
    func error(of g: Tensor, target: [Double]) throws(ArgumentError) -> (error: Double?, cotangent: [Double]) {
        let loss = try Graph.squaredError(output).valueAndGradient(of: ["G"]).evaluated([
            "G": try activated(g), "T": Tensor(known: output, .float64(target)),
        ])
        return (loss["E"]?.doubles.first, loss["∂G"]?.doubles ?? [])
    }
}

extension LayerNumbers {
    package func value(_ tensor: Tensors, _ place: Int) -> Double {
        guard let numbers = numbers[tensor], place >= 0, place < numbers.count else { return .nan }
        return numbers[place]
    }

    func tensor(_ tensor: Tensors) -> Tensor {
        Tensor(known: shapes[tensor] ?? [], .float64(numbers[tensor] ?? []))
    }

    /// The numbers of tensors, by their names in explanations.
    func tensors(_ names: [Tensors]) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for name in names where numbers[name] != nil { tensors[name.key] = tensor(name) }
        return tensors
    }

    /// The numbers from which the layer's gradients are computed.
    var given: [String: Tensor] { tensors([.v, .w, .b, .dg]) }

    /// The name of an element: `V5`, or for derivatives `∂E/∂V5`.
    package func name(_ tensor: Tensors, _ place: Int) -> String { expression(tensor, place).text }

    func expression(_ tensor: Tensors, _ place: Int) -> Expression {
        let primal = tensor.primal
        let name = sliding.naming.name(primal.name, at: place, of: shapes[primal] ?? [])
        return tensor.isDerivative ? .derivative(of: "E", by: name) : .variable(name)
    }

    /// The tensor whose sum is shown for an element; for a target, that of the output which should come near it.
    func looked(_ tensor: Tensors) -> Tensors { tensor != .t ? tensor.primal : shapes[.a] == nil ? .g : .a }

    /// The element that has a name.
    func element(_ expression: Expression) -> (tensor: Tensors, place: Int)? {
        let (name, isDerivative): (Name, Bool)
        switch expression {
        case .variable(let its): (name, isDerivative) = (its, false)
        case .derivative("E", let its): (name, isDerivative) = (its, true)
        default: return nil
        }
        guard let primal = Tensors(named: name.letter), let shape = shapes[primal],
            let place = sliding.naming.place(of: name, in: shape)
        else { return nil }
        return (isDerivative ? primal.derivative : primal, place)
    }

    /// The number that an expression has on this page.
    func known(_ expression: Expression) -> Double? { element(expression).map { value($0.tensor, $0.place) } }

    /// A selection that exists, or none.
    package func valid(_ selection: Selection?) -> Selection? {
        guard let selection, let tensor = Tensors(named: selection.name), let shape = shapes[tensor],
            selection.place >= 0, selection.place < shape.count
        else { return nil }
        return selection
    }
}

/// The outputs of a graph: by definition in Double, or by a compiled plan.
func evaluated(_ graph: Graph, _ bindings: [String: Tensor], _ isExact: Bool) throws(ArgumentError) -> [String: Tensor]
{
    if isExact { return try graph.evaluated(bindings) }
    return try graph.compiled(options: PlanOptions(cpu: "baseline")).results(bindings)
}

extension LayerSettings.Activation {
    /// f(x), element by element.
    func callAsFunction(_ x: Value) -> Value {
        switch self {
        case .none: x
        case .relu: x.relu()
        case .tanh: x.tanh()
        case .sigmoid: x.logistic()
        }
    }

    /// A = f(G)
    func graph(_ shape: Shape) throws(ArgumentError) -> Graph {
        try Graph { g in [("A", self(g.input("G", shape, .float64)))] }
    }
}
