import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import AdjointPlans

/// The layer of a state with all its numbers: those that are given, and those that the engine computes from them.
package struct LayerNumbers: Sendable {
    package let settings: LayerSettings
    package let geometry: LayerGeometry
    package let shapes: [Tensors: Shape]
    package let numbers: [Tensors: [Double]]
    package let relation: Relation
    package let naming: Naming
    /// Of a maximum: for every window the place in its plane that was the largest.
    let choices: [Int]
    let graph: Graph

    /// Up to here the numbers are computed in Double, by definition.
    static let exactProducts = 0x1p19

    package var isExact: Bool { settings.products <= LayerNumbers.exactProducts }

    /// - Throws: what does not fit, which `LayerSettings.problem` has not seen.
    package init(
        _ settings: LayerSettings, _ given: (Tensors, Shape) -> [Double]
    ) throws(GraphError) {
        let geometry = settings.geometry
        let isExact = settings.products <= LayerNumbers.exactProducts
        let type: ElementType = isExact ? .float64 : .float32
        let graph = try geometry.graph(type)
        var shapes: [Tensors: Shape] = [:]
        for input in graph.inputs {
            guard let tensor = Tensors(rawValue: input.name) else { continue }
            shapes[tensor] = input.shape
            shapes[tensor.derivative] = input.shape
        }
        let output = graph.nodes[graph.outputs[0].node].shape
        shapes[.g] = output
        shapes[.dg] = output
        var numbers: [Tensors: [Double]] = [:]
        var bindings: [String: Tensor] = [:]
        func bind(_ tensor: Tensors, _ name: String, _ values: [Double]) {
            numbers[tensor] = values
            bindings[name] = Tensor(known: shapes[tensor] ?? output, Tensor.Elements(values, as: type))
        }
        for tensor in [Tensors.v, .w, .b] {
            if let shape = shapes[tensor] { bind(tensor, tensor.rawValue, given(tensor, shape)) }
        }
        if settings.activation != .none {
            shapes[.a] = output
            shapes[.da] = output
            let before = try evaluated(graph, bindings, isExact)
            let function = try settings.activation.graph(output).vjp(of: ["G"])
            let cotangent = given(.da, output)
            numbers[.da] = cotangent
            let after = try function.evaluated([
                "G": (before["G"] ?? Tensor(scalar: 0)).converted(to: .float64),
                "∂A": Tensor(known: output, .float64(cotangent)),
            ])
            numbers[.a] = after["A"]?.doubles
            bind(.dg, "∂G", after["∂G"]?.doubles ?? [])
        } else {
            bind(.dg, "∂G", given(.dg, output))
        }
        let results = try evaluated(try graph.vjp(of: graph.inputs.map { $0.name }), bindings, isExact)
        for tensor in [Tensors.v, .w, .b] where shapes[tensor] != nil {
            numbers[tensor.derivative] = results["∂" + tensor.rawValue]?.doubles
        }
        numbers[.g] = results["G"]?.doubles
        self.settings = settings
        self.geometry = geometry
        self.graph = graph
        self.shapes = shapes
        self.numbers = numbers
        relation = Relation(of: graph, shapes[.v] ?? [], output)
        naming = Naming(for: [Tensors.v, .w, .b, .g].compactMap { shapes[$0] })
        choices = settings.kind == .max ? graph.choices(numbers[.v] ?? []) : []
    }

    package func value(_ tensor: Tensors, _ place: Int) -> Double {
        guard let numbers = numbers[tensor], place >= 0, place < numbers.count else { return .nan }
        return numbers[place]
    }

    /// The tensors of this layer, forward and back.
    package var tensors: [Tensors] { Tensors.allCases.filter { shapes[$0] != nil } }

    /// `V5`, of derivatives `∂E/∂V5`.
    package func name(_ tensor: Tensors, _ place: Int) -> String { expression(tensor, place).text }

    func expression(_ tensor: Tensors, _ place: Int) -> Expression {
        let primal = tensor.primal
        let name = naming.name(primal.rawValue, at: place, of: shapes[primal] ?? [])
        return tensor.isDerivative ? .derivative(of: "E", by: name) : .variable(name)
    }

    /// The number that an expression has on this page.
    func known(_ expression: Expression) -> Double? {
        let (name, isDerivative): (Name, Bool)
        switch expression {
        case .variable(let its): (name, isDerivative) = (its, false)
        case .derivative("E", let its): (name, isDerivative) = (its, true)
        default: return nil
        }
        guard let primal = Tensors(rawValue: name.letter), let shape = shapes[primal] else { return nil }
        let place: Int? =
            switch name.index {
            case .none: nil
            case .number(let number): number - 1
            case .axes(let axes): shape.place(of: axes)
            }
        return place.map { value(isDerivative ? primal.derivative : primal, $0) }
    }

    /// A selection that exists, or none.
    package func valid(_ selection: Selection?) -> Selection? {
        guard let selection, let tensor = Tensors(rawValue: selection.name), let shape = shapes[tensor],
            selection.place >= 0, selection.place < shape.count
        else { return nil }
        return selection
    }
}

/// The outputs of a graph: by definition in Double, or by a compiled plan.
func evaluated(_ graph: Graph, _ bindings: [String: Tensor], _ isExact: Bool) throws(GraphError) -> [String: Tensor] {
    if isExact { return try graph.evaluated(bindings) }
    do throws(PlanError) {
        return try graph.compiled(options: PlanOptions(cpu: "baseline")).results(bindings)
    } catch {
        throw GraphError(
            operation: error.operation, argument: error.argument, expected: error.expected, given: error.given)
    }
}

extension LayerSettings.Activation {
    /// A = f(G), element by element.
    func graph(_ shape: Shape) throws(GraphError) -> Graph {
        try Graph { g in
            let x = g.input("G", shape, .float64)
            let y =
                switch self {
                case .none: x
                case .relu: x.relu()
                case .tanh: x.tanh()
                case .sigmoid: x.logistic()
                }
            return [("A", y)]
        }
    }
}

extension Graph {
    /// What a maximum chose.
    fileprivate func choices(_ input: [Double]) -> [Int] {
        let values = evaluatedNodes(["V": Evaluated<Double>.numbers(input)])
        for (node, value) in zip(nodes, values) {
            if case .pooling(.choice) = node.primitive { return value.integers }
        }
        return []
    }
}
