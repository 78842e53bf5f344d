import AdjointGradients
import AdjointGraphs

/// The elements of a graph's inputs and of its output by name, with the numbers that are known.
struct NamedElements {
    let naming: Naming
    let energy: Name
    /// The output's name.
    let output: String
    /// The name of ∂E∕∂ of the output.
    private let cotangent: String
    /// The shapes of the inputs and of the output, by name.
    let shapes: [String: Shape]
    private let numbers: [String: [Double]]

    /// - Parameter values: numbers of inputs by name; those of ∂E∕∂ of the output by `∂` and the output's name.
    /// - Throws: an error that names what does not fit.
    init(
        of graph: Graph, energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil
    ) throws(ArgumentError) {
        guard graph.outputs.count == 1, graph.nodes[graph.outputs[0].node].type.isFloatingPoint else {
            throw ArgumentError(
                "equations", "graph", expected: "one floating-point output",
                given: joined(graph.outputs.map { "\($0.name) \(graph.nodes[$0.node].signature)" }))
        }
        output = graph.outputs[0].name
        cotangent = derivativeName(output)
        shapes = graph.namedShapes
        var valued = shapes
        if graph.input(named: output) == nil { valued[output] = nil }
        valued[cotangent] = shapes[output]
        for (name, tensor) in values where valued[name] != tensor.shape {
            throw ArgumentError(
                "equations", "values of \"\(name)\"",
                expected: valued[name].map { "shape \($0)" } ?? "one of " + joined(valued.keys.sorted()),
                given: valued[name] == nil ? "an unknown name" : "\(tensor.shape)")
        }
        self.naming = naming ?? Naming(for: Array(shapes.values))
        self.energy = energy
        numbers = values.mapValues { $0.doubles }
    }

    /// - Throws: an error that says which elements there are.
    func name(of tensor: String, at place: Int) throws(ArgumentError) -> Name {
        guard let shape = shapes[tensor], place >= 0, place < shape.count else {
            throw ArgumentError(
                "equations", "element of \"\(tensor)\"",
                expected: shapes[tensor].map { "one of the \($0.count) of \($0)" } ?? joined(shapes.keys.sorted()),
                given: "number \(place + 1)")
        }
        return naming.name(tensor, at: place, of: shape)
    }

    /// The symbol of an element of a tensor, or of ∂E∕∂ of the output.
    func symbol(_ tensor: String, _ place: Int) -> Symbol {
        let isCotangent = tensor == cotangent
        let letter = isCotangent ? output : tensor
        let name = naming.name(letter, at: place, of: shapes[letter] ?? [])
        return Symbol(isCotangent ? .derivative(of: energy, by: name) : .variable(name), numbers[tensor]?[place])
    }

    /// The number of an element, or of ∂E∕∂ of an element of the output, where it is known.
    func number(of expression: Expression) -> Double? {
        let tensor: String
        let name: Name
        switch expression {
        case .variable(let variable): (tensor, name) = (variable.letter, variable)
        case .derivative(energy, let by) where by.letter == output: (tensor, name) = (cotangent, by)
        default: return nil
        }
        return shapes[name.letter].flatMap { naming.place(of: name, in: $0) }.flatMap { numbers[tensor]?[$0] }
    }
}

extension Graph {
    /// The shapes of the inputs and outputs, by name.
    var namedShapes: [String: Shape] {
        var shapes: [String: Shape] = [:]
        for input in inputs { shapes[input.name] = input.shape }
        for output in outputs { shapes[output.name] = nodes[output.node].shape }
        return shapes
    }
}
