import AdjointGradients
import AdjointGraphs

/// One product of a layer's sums: the elements that meet in it.
package struct Link: Hashable, Sendable {
    /// Row-major places in V, W, B and G; −1 where there is none: a pool has no W, and a bias meets elements of G alone.
    package var v = -1
    package var w = -1
    package var b = -1
    package let g: Int
    /// The tap at which they meet, row by row.
    package var tap = 0
}

extension Sliding {
    /// The links of the sum of an element of G, or of the derivative by an element of V, W or B, in the order in which the
    /// engine adds them.
    package func links(of selection: Selection) -> [Link] {
        let role: Primitive.Convolution.Role
        switch selection.name {
        case "B": return links(ofBias: selection.place)
        case "W": role = .filter
        case field: role = .input
        case result: role = .output
        default: return []
        }
        guard let convolution, let extents else { return links(ofPooled: selection.place, role) }
        let terms = Primitive.Convolution.Terms(convolution, extents, solvedFor: role)
        let links = terms.terms(of: selection.place).map { term in
            let (v, g) = isTransposed ? (term.output, term.input) : (term.input, term.output)
            return Link(v: v, w: term.filter, g: g, tap: term.filter % tapCount)
        }
        guard selection.name == "G", layer.hasBias, let g = shapes["G"] else { return links }
        return links + [Link(b: g.index(of: selection.place)[1], g: selection.place)]
    }

    /// Every element of G to which a bias is added.
    private func links(ofBias filter: Int) -> [Link] {
        guard let g = shapes["G"], !g.sizes.contains(0) else { return [] }
        let area = g.count / (g[0] * g[1])
        return (0..<g[0]).flatMap { n in (0..<area).map { Link(g: (n * g[1] + filter) * area + $0) } }
    }

    /// The links of an element of a pool, whose channels are separate.
    private func links(ofPooled place: Int, _ role: Primitive.Convolution.Role) -> [Link] {
        let meetings = Window.Meetings(window, inputs: inputs, taps: taps, outputs: outputs, of: role)
        let (plane, position) = place.quotientAndRemainder(dividingBy: meetings.plane.count)
        return meetings[position].map {
            Link(
                v: plane * meetings.inputs.count + $0.input, g: plane * meetings.outputs.count + $0.output, tap: $0.tap)
        }
    }

    /// The factors of a link in the sum of an element. G, which comes first, stands for the derivative by it.
    fileprivate func factors(of link: Link, in name: String) -> [(name: String, place: Int)] {
        if name == "G", link.b >= 0 { return [("B", link.b)] }
        let weight: [(name: String, place: Int)] = link.w < 0 ? [] : [("W", link.w)]
        return switch name {
        case "W": [("G", link.g), ("V", link.v)]
        case "V": [("G", link.g)] + weight
        case "B": [("G", link.g)]
        default: isTransposed ? weight + [("V", link.v)] : [("V", link.v)] + weight
        }
    }

    /// A link as a term of an element's sum: `∂E/∂G1·V1`.
    package func expression(of link: Link, in name: String) -> Expression {
        let factors = factors(of: link, in: name).map { expression(ofFactor: $0.name, $0.place) }
        return factors.count == 1 ? factors[0] : .product(factors)
    }

    /// `∂E/∂G1·V1`
    func text(of term: WindowTerm) -> String {
        joined(term.factors.map { expression(ofFactor: $0.name, $0.place).text }, by: "·")
    }

    private func expression(ofFactor name: String, _ place: Int) -> Expression {
        let element = naming.name(name, at: place, of: shapes[name] ?? [])
        return name == "G" ? .derivative(of: "E", by: element) : .variable(element)
    }
}

/// One product of a sum over windows: the elements that meet there.
struct WindowTerm {
    let example: Int
    /// p, i and r along the spatial axes; none of what has none: a bias is added to an element of G alone.
    let window: [Int]
    let position: [Int]
    let tap: [Int]
    /// Elements of two of V, W and G, which stands for the derivative by it, and their numbers where these are known.
    let factors: [(name: String, place: Int, value: Double?)]

    var value: Double? { factors.map { $0.value }.allKnown?.reduce(1, *) }
}

extension Sliding {
    /// The links of an element as they are drawn. A pool has none: its factors are choices and counts.
    ///
    /// - Parameter values: by name, for V, W and ∂G, what is known.
    func terms(of selection: Selection, values: [String: Tensor]) throws(ArgumentError) -> [WindowTerm] {
        _ = try index(of: selection)
        guard convolution != nil, let v = shapes["V"], let g = shapes["G"] else { return [] }
        let numbers = values.mapValues { $0.doubles }
        return links(of: selection).map { link in
            let factors = factors(of: link, in: selection.name).map { name, place in
                (name: name, place: place, value: numbers[name == "G" ? derivativeName(name) : name]?[place])
            }
            let output = g.index(of: link.g)
            let input = link.v < 0 ? [] : v.index(of: link.v)
            let (field, result) = isTransposed ? (output, input) : (input, output)
            return WindowTerm(
                example: output[0], window: Array(result.dropFirst(2)), position: Array(field.dropFirst(2)),
                tap: link.v < 0 ? [] : Shape(taps).index(of: link.tap),
                // An output's sum is drawn with what slides under the filter first.
                factors: isTransposed && selection.name == "G" ? factors.reversed() : factors)
        }
    }
}
