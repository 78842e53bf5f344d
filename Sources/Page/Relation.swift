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

    private struct Met {
        let i: Int
        let r: Int
        let p: Int
    }

    private let v: Shape
    private let w: Shape?
    private let g: Shape
    private let groups: Int
    private let meetings: [[Window.Axis.Meeting]]
    private let inputs: Shape
    let taps: Shape
    private let outputs: Shape
    let window: Window
    let isTransposed: Bool

    /// - Parameter graph: of a layer with inputs V and perhaps W, and the output G.
    init(of graph: Graph, _ v: Shape, _ w: Shape?, _ g: Shape) {
        var (window, groups, isTransposed) = (Window([]), 1, false)
        var sizes: (i: [Int], r: [Int], p: [Int]) = ([], [], [])
        for node in graph.nodes {
            let operands = node.operands.map { graph.nodes[$0].shape }
            switch node.primitive {
            case .convolution(let convolution):
                let of = convolution.extents(operands[0], operands[1])
                (window, groups, isTransposed) = (convolution.window, convolution.groups, convolution.role == .input)
                sizes = (of.input, of.taps, of.output)
            case .pooling(.choice(let its, let taps, let size)):
                window = its
                sizes = (Array(v.sizes.dropFirst(2)), taps, size)
            case .pooling(.windowSum(let its, let taps, _, _)):
                window = its
                sizes = (Array(v.sizes.dropFirst(2)), taps, Array(g.sizes.dropFirst(2)))
            default: continue
            }
        }
        (self.v, self.w, self.g, self.groups) = (v, w, g, groups)
        (self.window, self.isTransposed) = (window, isTransposed)
        (inputs, taps, outputs) = (Shape(sizes.i), Shape(sizes.r), Shape(sizes.p))
        meetings = window.axes.enumerated().map {
            $1.meetings(inputs: sizes.i[$0], taps: sizes.r[$0], outputs: sizes.p[$0])
        }
    }

    /// How many windows there are on one plane.
    var windows: Int { outputs.count }

    /// The meetings on all axes as places, in the order of the sum, where what is given is fixed.
    private func met(input: Int? = nil, tap: Int? = nil, output: Int? = nil) -> [Met] {
        let (i, r, p) = (
            input.map { inputs.index(of: $0) }, tap.map { taps.index(of: $0) }, output.map { outputs.index(of: $0) }
        )
        var found = [Met(i: 0, r: 0, p: 0)]
        for (axis, along) in meetings.enumerated() {
            let along = along.filter {
                (i.map { $0[axis] } ?? $0.input) == $0.input && (r.map { $0[axis] } ?? $0.tap) == $0.tap
                    && (p.map { $0[axis] } ?? $0.output) == $0.output
            }
            let (ni, nr, np) = (inputs[axis], taps[axis], outputs[axis])
            var next: [Met] = []
            next.reserveCapacity(found.count * along.count)
            for start in found {
                for m in along {
                    next.append(Met(i: start.i * ni + m.input, r: start.r * nr + m.tap, p: start.p * np + m.output))
                }
            }
            found = next
        }
        return found
    }

    /// The links of an element of V, W or G; none of a bias.
    package func links(of selection: Selection) -> [Link] {
        let (x, y) = isTransposed ? (g, v) : (v, g)
        let (ci, cp, ct) = (inputs.count, outputs.count, taps.count)
        func link(_ n: Int, _ xc: Int, _ yc: Int, _ wc: Int, _ met: Met) -> Link {
            let (a, b) = ((n * x[1] + xc) * ci + met.i, (n * y[1] + yc) * cp + met.p)
            return Link(
                v: isTransposed ? b : a, w: w == nil ? -1 : wc * ct + met.r, g: isTransposed ? a : b, tap: met.r)
        }
        var links: [Link] = []
        guard let w else {
            // A pool's channels are on their own.
            let isInput = selection.name == "V"
            let area = isInput ? ci : cp
            let (plane, place) = (selection.place / area, selection.place % area)
            for met in isInput ? met(input: place) : met(output: place) {
                links.append(link(plane / x[1], plane % x[1], plane % x[1], 0, met))
            }
            return links
        }
        // W is [groups·K, C, …] whichever way the layer goes.
        let (channels, filters) = (w[1], w[0] / groups)
        switch selection.name {
        case "W":
            let (plane, tap) = (selection.place / ct, selection.place % ct)
            let (k, c) = (plane / channels, plane % channels)
            let met = met(tap: tap)
            links.reserveCapacity(met.count * x[0])
            for n in 0..<x[0] {
                for met in met { links.append(link(n, k / filters * channels + c, k, plane, met)) }
            }
        case isTransposed ? "G" : "V":
            let (plane, place) = (selection.place / ci, selection.place % ci)
            let (n, c) = (plane / x[1], plane % x[1])
            let met = met(input: place)
            let first = c / channels * filters
            for k in first..<first + filters {
                for met in met { links.append(link(n, c, k, k * channels + c % channels, met)) }
            }
        case isTransposed ? "V" : "G":
            let (plane, place) = (selection.place / cp, selection.place % cp)
            let (n, k) = (plane / y[1], plane % y[1])
            let met = met(output: place)
            let first = k / filters * channels
            for c in 0..<channels {
                for met in met { links.append(link(n, first + c, k, k * channels + c, met)) }
            }
        default: break
        }
        return links
    }
}
