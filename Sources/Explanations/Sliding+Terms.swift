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
        guard let convolution, let w = shapes["W"], let x = shapes[field], let y = shapes[result] else { return [] }
        let (channels, filters) = (w[1], w[0] / convolution.groups)
        let numbers = values.mapValues { $0.doubles }
        let spatial = Array(index.dropFirst(2))
        func factor(_ name: String, _ shape: Shape, _ index: [Int]) -> WindowTerm.Factor {
            let place = shape.place(of: index) ?? 0
            let element = naming.name(name, at: place, of: shape)
            let known = name == "G" ? derivativeName(name) : name
            let expression = name == "G" ? Expression.derivative(of: "E", by: element) : .variable(element)
            return WindowTerm.Factor(
                name: known, place: place, text: expression.text, value: numbers[known]?[place])
        }
        func term(_ n: Int, _ met: Meeting, _ factors: [WindowTerm.Factor]) -> WindowTerm {
            WindowTerm(example: n, window: met.p, position: met.i, tap: met.r, factors: factors)
        }
        var terms: [WindowTerm] = []
        switch selection.name {
        case "W":
            let channel = index[0] / filters * channels + index[1]
            let met = meetings(tap: spatial)
            for n in 0..<x[0] {
                for meeting in met {
                    let (a, b) = (
                        factor(field, x, [n, channel] + meeting.i), factor(result, y, [n, index[0]] + meeting.p)
                    )
                    terms.append(term(n, meeting, isTransposed ? [a, b] : [b, a]))
                }
            }
        case field:
            let met = meetings(input: spatial)
            let first = index[1] / channels * filters
            for k in first..<first + filters {
                for meeting in met {
                    let (a, b) = (
                        factor(result, y, [index[0], k] + meeting.p),
                        factor("W", w, [k, index[1] % channels] + meeting.r)
                    )
                    terms.append(term(index[0], meeting, [a, b]))
                }
            }
        case result:
            let met = meetings(output: spatial)
            let first = index[1] / filters * channels
            for c in 0..<channels {
                for meeting in met {
                    let (a, b) = (
                        factor(field, x, [index[0], first + c] + meeting.i), factor("W", w, [index[1], c] + meeting.r)
                    )
                    terms.append(term(index[0], meeting, [a, b]))
                }
            }
        default:
            let g = shapes["G"] ?? []
            let plane = Shape(Array(g.sizes.dropFirst(2)))
            for n in 0..<(g.rank > 0 ? g[0] : 0) {
                for place in 0..<plane.count {
                    let p = plane.index(of: place)
                    terms.append(term(n, (p, [], p), [factor("G", g, [n, index[0]] + p)]))
                }
            }
        }
        return terms
    }
}
