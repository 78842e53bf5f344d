import AdjointExplanations
import AdjointGraphs

/// The sum that the selected element is, or that its derivative is, term by term.
package struct Sum {
    package struct Term {
        /// Which elements meet in it; none in that of a bias.
        package let link: Relation.Link
        package let value: Double
    }

    package let selection: Selection
    /// What is computed: `G1`, or the derivative of E by the element.
    package let tensor: Tensors
    package let terms: [Term]
    package let total: Double
    package let plus: Double
    package let minus: Double
    /// As the engine derived them, where they are few enough to be read: the chain rule, and the same with the partials
    /// put in.
    package private(set) var chain: Equation?
    package private(set) var equation: Equation?

    /// As many terms as are written out.
    package static let readable = 64

    /// As many as are written out in full unasked, and as many as are listed at all.
    static let (short, listed) = (24, 800)

    /// As many as are written out while the pointer passes over an element.
    static let glanced = 12

    /// - Parameters:
    ///   - equations: derives the equations, where terms are few.
    ///   - limit: how many terms are few.
    init(
        of selection: Selection, in layer: LayerNumbers, _ equations: inout Equations?, limit: Int = Sum.readable
    ) throws(GraphError) {
        self.selection = selection
        let primal = Tensors(rawValue: selection.name) ?? .w
        let isForward = primal == .g || primal == .a
        tensor = isForward ? primal : primal.derivative
        total = layer.value(tensor, selection.place)

        var terms: [Term] = []
        let (v, w, dg) = (layer.numbers[.v] ?? [], layer.numbers[.w] ?? [], layer.numbers[.dg] ?? [])
        let links = primal == .b ? Sum.places(of: selection.place, in: layer) : layer.relation.links(of: selection)
        if primal == .a {
            terms = [Term(link: Relation.Link(v: -1, w: -1, g: selection.place, tap: 0), value: total)]
        } else if layer.settings.isPool {
            terms = links.map { Term(link: $0, value: layer.share($0) * (isForward ? v[$0.v] : dg[$0.g])) }
        } else {
            terms.reserveCapacity(links.count)
            for link in links {
                let value: Double =
                    switch primal {
                    case .w: dg[link.g] * v[link.v]
                    case .v: dg[link.g] * w[link.w]
                    case .b: dg[link.g]
                    default: v[link.v] * w[link.w]
                    }
                terms.append(Term(link: link, value: value))
            }
        }
        self.terms = terms
        var (plus, minus) = (0.0, 0.0)
        for term in terms { if term.value > 0 { plus += term.value } else { minus += term.value } }
        (self.plus, self.minus) = (plus, minus)
        guard terms.count <= limit else { return }
        if primal == .a {
            let shape = layer.shapes[.g] ?? []
            let function = try layer.settings.activation.graph(shape)
            var equations = try Equations(
                of: function, values: ["G": Tensor(known: shape, .float64(layer.numbers[.g] ?? []))],
                naming: layer.naming)
            equation = try equations.forward(at: selection.place)
            return
        }
        if equations == nil { equations = try layer.equations() }
        if isForward {
            equation = try equations?.forward(at: selection.place)
        } else if let gradient = try equations?.gradient(of: primal.rawValue, at: selection.place) {
            equation = gradient
            if let partials = try equations?.partials(by: primal.rawValue, at: selection.place, in: gradient) {
                chain = try equations?.chainRule(over: partials, of: primal.rawValue, at: selection.place)
            }
        }
    }

    /// Every element of G that a bias is added to.
    private static func places(of filter: Int, in layer: LayerNumbers) -> [Relation.Link] {
        guard let g = layer.shapes[.g] else { return [] }
        let area = g[2] * g[3]
        return (0..<g[0]).flatMap { n in
            (0..<area).map { Relation.Link(v: -1, w: -1, g: (n * g[1] + filter) * area + $0, tap: 0) }
        }
    }

    /// The terms by size, largest first; equal ones in their order.
    package func strongest(_ count: Int) -> [Int] {
        // Most are smaller than those found so far.
        var found: [Int] = []
        for (place, term) in terms.enumerated() {
            let size = term.value.magnitude
            if found.count == count, let last = found.last, terms[last].value.magnitude >= size { continue }
            let spot = found.firstIndex { terms[$0].value.magnitude < size } ?? found.count
            found.insert(place, at: spot)
            if found.count > count { found.removeLast() }
        }
        return found
    }

    /// |sum| ∕ Σ|term|: 1 where all terms pull the same way, near 0 where they cancel.
    package var cancellation: Double { plus - minus == 0 ? 1 : (plus + minus).magnitude / (plus - minus) }
}

extension LayerNumbers {
    /// Derives the equations of this layer's elements with its numbers.
    func equations() throws(GraphError) -> Equations {
        var values: [String: Tensor] = [:]
        for (tensor, name) in [(Tensors.v, "V"), (.w, "W"), (.b, "B"), (.dg, "∂G")] {
            if let shape = shapes[tensor], let numbers = numbers[tensor] {
                values[name] = Tensor(known: shape, .float64(numbers))
            }
        }
        return try Equations(of: try geometry.graph(), values: values, naming: naming)
    }

    /// How much of an element of V is in a pool's window: 1 where it was the largest, its share of a mean.
    func share(_ link: Relation.Link) -> Double {
        if settings.kind == .average { return 1 / Double(relation.taps.count) }
        let area = settings.input[0] * settings.input[1]
        return link.g < choices.count && choices[link.g] == link.v % area ? 1 : 0
    }

    /// A term as it is written: `∂E/∂G1·V1`.
    func expression(_ link: Relation.Link, in tensor: Tensors) -> Expression {
        let factors: [Expression] =
            switch tensor {
            case .dw: [expression(.dg, link.g), expression(.v, link.v)]
            case .dv: [expression(.dg, link.g)] + (link.w < 0 ? [] : [expression(.w, link.w)])
            case .db: [expression(.dg, link.g)]
            default:
                link.w < 0
                    ? [expression(.v, link.v)]
                    : relation.isTransposed
                        ? [expression(.w, link.w), expression(.v, link.v)]
                        : [expression(.v, link.v), expression(.w, link.w)]
            }
        return factors.count == 1 ? factors[0] : .product(factors)
    }
}
