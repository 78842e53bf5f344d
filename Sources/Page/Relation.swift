import AdjointExplanations
import AdjointGraphs

/// Which elements of V, W and G meet in one product of a layer's sums.
///
///     e·i = s·p + d·r − a
///
/// A layer slides over its input V and has a window for each element of G; a transposed layer slides over G and has a
/// window for each of V. Whatever is selected, its sum is the links in which it takes part, in the order in which
/// Evaluate adds them.
package struct Relation: Sendable {
    /// Places in V, W and G; a pool has no W.
    package struct Link: Hashable, Sendable {
        package let v: Int
        package let w: Int
        package let g: Int
        /// The tap that meets there, row by row.
        package let tap: Int
    }

    /// Nil for a pool.
    private let form: (convolution: Primitive.Convolution, extents: Primitive.Convolution.Extents)?
    private let inputs: Shape
    let taps: Shape
    private let outputs: Shape
    let window: Window
    let isTransposed: Bool

    /// - Parameter graph: of a layer with the input V and the output G.
    init(of graph: Graph, _ v: Shape, _ g: Shape) {
        var form: (convolution: Primitive.Convolution, extents: Primitive.Convolution.Extents)?
        var (window, sizes) = (Window([]), (i: [Int](), r: [Int](), p: [Int]()))
        for node in graph.nodes {
            let operands = node.operands.map { graph.nodes[$0].shape }
            switch node.primitive {
            case .convolution(let convolution):
                let of = convolution.extents(operands[0], operands[1])
                form = (convolution, of)
                (window, sizes) = (convolution.window, (of.input, of.taps, of.output))
            case .pooling(.choice(let its, let taps, let size)):
                (window, sizes) = (its, (Array(v.sizes.dropFirst(2)), taps, size))
            case .pooling(.windowSum(let its, let taps, _, _)):
                (window, sizes) = (its, (Array(v.sizes.dropFirst(2)), taps, Array(g.sizes.dropFirst(2))))
            default: continue
            }
        }
        (self.form, self.window) = (form, window)
        isTransposed = form?.convolution.role == .input
        (inputs, taps, outputs) = (Shape(sizes.i), Shape(sizes.r), Shape(sizes.p))
    }

    /// How many windows there are on one plane.
    var windows: Int { outputs.count }

    /// The links of an element of V, W or G; none of a bias.
    package func links(of selection: Selection) -> [Link] {
        let (field, result) = isTransposed ? ("G", "V") : ("V", "G")
        let role: Primitive.Convolution.Role
        switch selection.name {
        case "W": role = .filter
        case field: role = .input
        case result: role = .output
        default: return []
        }
        guard let form else { return pooled(selection.place, role) }
        let terms = Primitive.Convolution.Terms(form.convolution, form.extents, solvedFor: role)
        return terms.terms(of: selection.place).map { term in
            Link(
                v: isTransposed ? term.output : term.input, w: term.filter,
                g: isTransposed ? term.input : term.output, tap: term.filter % taps.count)
        }
    }

    /// A pool's channels are on their own.
    private func pooled(_ place: Int, _ role: Primitive.Convolution.Role) -> [Link] {
        let meetings = Window.Meetings(
            window, inputs: inputs.sizes, taps: taps.sizes, outputs: outputs.sizes, of: role)
        let (plane, position) = place.quotientAndRemainder(dividingBy: meetings.plane.count)
        return meetings[position].map {
            Link(v: plane * inputs.count + $0.input, w: -1, g: plane * outputs.count + $0.output, tap: $0.tap)
        }
    }
}
