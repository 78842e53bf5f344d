import AdjointGradients
import AdjointGraphs

/// One product of a sum over windows: the elements that meet there.
struct WindowTerm {
    /// One of V, W and ∂G, or in the sum of an output's own element of V and W.
    struct Factor {
        let name: String
        let place: Int
        /// As it is written.
        let text: String
        /// Where it is known.
        let value: Double?
    }

    let example: Int
    /// p, i and r along the spatial axes.
    let window: [Int]
    let position: [Int]
    let tap: [Int]
    let factors: [Factor]

    var text: String { joined(factors.map { $0.text }, by: "·") }

    var value: Double? {
        var product = 1.0
        for factor in factors {
            guard let value = factor.value else { return nil }
            product *= value
        }
        return product
    }
}

extension Sliding {
    /// The terms of the sum that an element of G is, or that the derivative by an element of V, W or B is, in the order in
    /// which the engine adds them. A pool has none: its factors are choices and counts.
    ///
    /// - Parameter values: by name, for V, W and ∂G, what is known.
    func terms(of selection: Selection, values: [String: Tensor]) throws(GraphError) -> [WindowTerm] {
        let index = try index(of: selection)
        guard let convolution, let extents else { return [] }
        let numbers = values.mapValues { $0.doubles }
        func factor(_ name: String, _ place: Int) -> WindowTerm.Factor {
            let element = naming.name(name, at: place, of: shapes[name] ?? [])
            let known = name == "G" ? derivativeName(name) : name
            let expression = name == "G" ? Expression.derivative(of: "E", by: element) : .variable(element)
            return WindowTerm.Factor(
                name: known, place: place, text: expression.text, value: numbers[known]?[place])
        }
        guard let role = role(of: selection.name) else { return places(of: index[0]) { factor("G", $0) } }
        let terms = Primitive.Convolution.Terms(convolution, extents, solvedFor: role)
        return terms.terms(of: selection.place).map { term in
            let x = terms.shapes.input.index(of: term.input)
            let y = terms.shapes.output.index(of: term.output)
            let tap = Array(terms.shapes.filter.index(of: term.filter).dropFirst(2))
            let operands = [
                (role: Primitive.Convolution.Role.input, name: field, place: term.input),
                (.output, result, term.output), (.filter, "W", term.filter),
            ]
            let factors = operands.filter { $0.role != role }.map { factor($0.name, $0.place) }
            // The cotangent stands first.
            return WindowTerm(
                example: x[0], window: Array(y.dropFirst(2)), position: Array(x.dropFirst(2)), tap: tap,
                factors: role == .filter && !isTransposed ? factors.reversed() : factors)
        }
    }

    /// The terms of a bias: every place of its channel.
    private func places(of channel: Int, _ factor: (Int) -> WindowTerm.Factor) -> [WindowTerm] {
        guard let g = shapes["G"] else { return [] }
        return (0..<g.count).compactMap { place in
            let index = g.index(of: place)
            guard index[1] == channel else { return nil }
            let p = Array(index.dropFirst(2))
            return WindowTerm(example: index[0], window: p, position: p, tap: [], factors: [factor(place)])
        }
    }
}
