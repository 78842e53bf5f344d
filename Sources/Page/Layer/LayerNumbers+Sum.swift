import AdjointExplanations
import AdjointGraphs

extension LayerSum {
    /// What is computed: `G1`, or the derivative of E by the element.
    package var tensor: Tensors {
        let primal = Tensors(named: selection.name) ?? .w
        return primal == .g || primal == .a ? primal : primal.derivative
    }

    /// As many terms as are written out.
    package static let readable = 64

    /// As many as are written out in full unasked, and as many as are listed at all.
    static let (short, listed) = (24, 800)

    /// As many as are written out while the pointer passes over an element.
    static let glanced = 12
}

extension LayerNumbers {
    /// The sum that an element is, or that its derivative is.
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
    /// - Parameter equations: what derives them, kept for the next.
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
            // There is one owner, or all that is known would be copied.
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
        // E moves with itself by 1.
        let rest = factors.filter { $0 != .derivative(of: "E", by: "E") }
        return rest.count == 1 ? rest[0] : .product(rest)
    }

    /// Derives the equations of this layer's elements with its numbers.
    func equations() throws(ArgumentError) -> Equations {
        try Equations(of: sliding.graph, values: given, naming: sliding.naming)
    }
}
