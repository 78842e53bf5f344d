import AdjointGraphs

/// The terms of the sum of an element of a layer's output, or of the derivative by an element of V, W or B.
package struct LayerSum: Sendable {
    package struct Term: Hashable, Sendable {
        /// The elements that meet in the term.
        package let link: Link
        /// The share that a pool takes of its element: 1 where it was the largest, its share of a mean; 1 for a filter.
        package let share: Double
        package let value: Double
    }

    package let selection: Selection
    package let terms: [Term]
    /// The sum as the engine computes it.
    package let total: Double
    /// The sums of the terms above zero and of those below zero.
    package let plus: Double
    package let minus: Double
    /// The equations that the engine derives: the chain rule, and the same with the partials put in.
    package var chain: Equation?
    package var equation: Equation?

    /// A sum of one term, for an element that is computed from the same element of G.
    package init(of selection: Selection, total: Double) {
        self.init(of: selection, [Term(link: Link(g: selection.place), share: 1, value: total)], total: total)
    }

    private init(of selection: Selection, _ terms: [Term], total: Double) {
        (self.selection, self.terms, self.total) = (selection, terms, total)
        (plus, minus) = terms.reduce((0.0, 0.0)) { sums, term in
            term.value > 0 ? (sums.0 + term.value, sums.1) : (sums.0, sums.1 + term.value)
        }
    }

    /// - Parameters:
    ///   - v: the numbers of V,
    ///   - w: those of W,
    ///   - b: those of B, where there are some, and
    ///   - dg: the derivatives of E by G.
    package init(
        of selection: Selection, in layer: Sliding, total: Double, v: [Double], w: [Double], b: [Double],
        dg: [Double]
    ) {
        let links = layer.links(of: selection)
        let terms: [Term] =
            switch (layer.layer.pool, selection.name) {
            case (nil, "W"): links.map { Term(link: $0, share: 1, value: dg[$0.g] * v[$0.v]) }
            case (nil, "V"): links.map { Term(link: $0, share: 1, value: dg[$0.g] * w[$0.w]) }
            case (nil, "B"): links.map { Term(link: $0, share: 1, value: dg[$0.g]) }
            case (nil, _): links.map { Term(link: $0, share: 1, value: $0.b < 0 ? v[$0.v] * w[$0.w] : b[$0.b]) }
            case (_, let name):
                zip(links, layer.shares(of: links, v)).map { link, share in
                    Term(link: link, share: share, value: share * (name == "G" ? v[link.v] : dg[link.g]))
                }
            }
        self.init(of: selection, terms, total: total)
    }

    /// The numbers of the largest terms, largest first; equal ones in their order.
    package func strongest(_ count: Int) -> [Int] { terms.lazy.map { $0.value }.largest(count) }

    /// |sum| ∕ Σ|term|: 1 where all terms have the same sign, near 0 where they cancel.
    package var cancellation: Double { plus - minus == 0 ? 1 : (plus + minus).magnitude / (plus - minus) }
}

extension Sliding {
    /// The shares that a pool's windows take of their elements of V.
    fileprivate func shares(of links: [Link], _ v: [Double]) -> [Double] {
        if layer.pool == .average { return links.map { _ in 1 / Double(tapCount) } }
        var chosen: [Int: Int] = [:]
        return links.map { link in
            let choice =
                chosen[link.g]
                ?? Pooling.choice(among: self.links(of: Selection("G", at: link.g)).map { $0.v }) { v[$0] }
            chosen[link.g] = choice
            return choice == link.v ? 1 : 0
        }
    }
}

extension Equations {
    /// The equation of an element of the output, or of the derivative by another element with its chain rule.
    package mutating func derivation(
        of selection: Selection
    ) throws(ArgumentError) -> (chain: Equation?, equation: Equation) {
        let (name, place) = (selection.name, selection.place)
        if name == "G" { return (nil, try forward(at: place)) }
        let gradient = try gradient(of: name, at: place)
        let partials = try partials(by: name, at: place, in: gradient)
        return (try chainRule(over: partials, of: name, at: place), gradient)
    }
}
