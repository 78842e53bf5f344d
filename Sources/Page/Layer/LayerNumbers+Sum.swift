import AdjointExplanations
import AdjointGraphs

extension LayerSum {
    /// The tensor of the sum: that of the element, or of the derivative of E by it.
    package var tensor: Tensors {
        let primal = Tensors(named: selection.name) ?? .w
        return primal == .g || primal == .a ? primal : primal.derivative
    }

    /// The most terms that are written out.
    package static let readable = 64

    /// The most terms that are written out in full by default, and the most that are listed at all.
    static let (short, listed) = (24, 800)

    /// The most terms that are written out while the pointer passes over an element.
    static let glanced = 12
}

extension LayerNumbers {
    /// The sum of an element, or of its derivative.
    func sum(of selection: Selection) -> LayerSum {
        let isForward = selection.name == "G" || selection.name == "A"
        let tensor = Tensors(named: selection.name) ?? .w
        let total = value(isForward ? tensor : tensor.derivative, selection.place)
        if tensor == .a { return LayerSum(of: selection, total: total) }
        return LayerSum(
            of: selection, in: sliding, total: total, v: numbers[.v] ?? [], w: numbers[.w] ?? [],
            b: numbers[.b] ?? [], dg: numbers[.dg] ?? [])
    }

    /// The same with the equations that the engine derives for it, where there are few terms.
    ///
    /// - Parameter equations: the object that derives them, kept for later calls.
    func sum(
        of selection: Selection, _ equations: inout Equations?, limit: Int
    ) throws(ArgumentError) -> LayerSum {
        var sum = sum(of: selection)
        guard sum.terms.count <= limit else { return sum }
        if selection.name == "A" {
            var equations = try Equations(
                of: settings.activation.graph(shapes[.g] ?? []), values: tensors([.g]), naming: sliding.naming)
            sum.equation = try equations.forward(at: selection.place)
        } else {
            var known = if let equations { equations } else { try self.equations() }
            // With a single owner nothing is copied.
            equations = nil
            (sum.chain, sum.equation) = try known.derivation(of: selection)
            equations = known
        }
        return sum
    }

    /// A link as a term of a sum: `∂E/∂G1·V1`.
    func expression(_ link: Link, in sum: LayerSum) -> Expression {
        sliding.expression(of: link, in: sum.selection.name)
    }

    /// The error's derivative by an element of the last output, from E = ½·Σ (G − T)².
    func miss(at place: Int) throws(ArgumentError) -> Expression {
        let last = looked(.t)
        let graph = try Graph.squaredError(shapes[last] ?? [], of: last.name)
        var equations = try Equations(of: graph, naming: sliding.naming)
        let right = try equations.gradient(of: last.name, at: place).right
        guard case .product(let factors) = right else { return right }
        // ∂E∕∂E is 1.
        let rest = factors.filter { $0 != .derivative(of: "E", by: "E") }
        return rest.count == 1 ? rest[0] : .product(rest)
    }

    /// Derives the equations of this layer's elements with its numbers.
    func equations() throws(ArgumentError) -> Equations {
        try Equations(of: sliding.graph, values: given, naming: sliding.naming)
    }
}
