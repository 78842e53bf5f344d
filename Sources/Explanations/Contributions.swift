import AdjointGradients
import AdjointGraphs

/// What one window adds to the gradient of a weight.
public struct Contribution: Hashable, Sendable {
    /// Where the window stands: [n, p…].
    public let window: [Int]
    /// The position [n, channel, i…] that the weight meets there.
    public let pixel: [Int]
    /// The layer's input under the weight.
    public let input: Double
    /// ∂E∕∂ of the layer's output in this window.
    public let cotangent: Double

    public var product: Double { input * cotangent }
}

/// Where the gradient of one weight of a convolution layer came from: the terms of the sum over all windows, kept apart.
///
///     ∂E∕∂w[k, c, r] = Σ x[n, c, i]·∂E∕∂y[n, k, p]      over all n and all p with e·i = s·p + d·r − a
///
/// Of a transposed layer the two factors change places: its input stands at p, the cotangent of its output at i.
public struct Contributions: Sendable {
    public let parameter: String
    /// [k, c, r…]
    public let element: [Int]
    /// The node of the gradient graph whose sum this is.
    public let convolution: Primitive.Convolution
    public let isTransposed: Bool
    /// The terms in row-major order of the windows. Windows in which the weight meets padding have none.
    public let terms: [Contribution]
    /// The sizes of batch and output: one window each.
    public let windows: Shape
    /// The gradient's element as the graph itself computes it; `net` is equal to it within rounding.
    public let gradient: Double

    public let plus: Double
    public let minus: Double
    public let net: Double

    /// x of the form: what a window's patch is cut from.
    private let field: Tensor
    /// The filter's spatial sizes.
    public let taps: [Int]

    /// - Parameters:
    ///   - element: the weight, [k, c, r…] as the filter holds it.
    ///   - parameter: an input of the graph that is the filter of one convolution.
    ///   - graph: computes a scalar.
    ///   - output: which of its outputs that is; needed where there are several.
    ///   - bindings: a tensor for every input of the graph.
    ///   - evaluate: gives the outputs of a graph: Evaluate, or a compiled plan.
    /// - Throws: an error that names what does not fit, or what `evaluate` throws.
    /// - Complexity: one gradient, and one product a window.
    public init(
        to element: [Int], of parameter: String, in graph: Graph, output: String? = nil, bindings: [String: Tensor],
        evaluate: (Graph, [String: Tensor]) throws(GraphError) -> [String: Tensor] = {
            (graph, bindings) throws(GraphError) in try graph.evaluated(bindings)
        }
    ) throws(GraphError) {
        let question = try FilterGradient(of: parameter, in: graph, output: output)
        let shape = question.shape
        guard let place = shape.place(of: element) else {
            throw GraphError(
                operation: "contributions", argument: "element", expected: "an index inside \(parameter) \(shape)",
                given: list(element))
        }
        let answer = try question.answer(bindings, evaluate)
        self.parameter = parameter
        self.element = element
        self.convolution = question.convolution
        self.isTransposed = question.isTransposed
        field = answer.x
        taps = question.convolution.size
        windows = Shape([answer.y.shape[0]] + answer.y.shape.sizes.dropFirst(2))
        terms = question.convolution.terms(of: element, answer.x, answer.y, isTransposed: question.isTransposed)
        gradient = answer.gradient.doubles[place]

        var (plus, minus, net) = (0.0, 0.0, 0.0)
        for term in terms {
            net += term.product
            if term.product > 0 { plus += term.product } else { minus += term.product }
        }
        (self.plus, self.minus, self.net) = (plus, minus, net)
        let tolerance = Contributions.rounding(answer.gradient.elementType, terms.count, magnitude: plus - minus)
        guard (net - gradient).magnitude <= tolerance else {
            throw GraphError(
                operation: "contributions", argument: "sum over the windows of \(parameter)\(list(element))",
                expected: "the gradient \(gradient) within \(tolerance)", given: "\(net)")
        }
    }

    /// How far a sum of so many terms may be from the exact one, however it is split: the first-order bound
    /// n·u·Σ|term|, never less than that of a short sum (Higham, Accuracy and Stability of Numerical Algorithms, 4.2),
    /// and what is lost where numbers below the smallest normal one are flushed to zero.
    private static func rounding(_ type: ElementType, _ count: Int, magnitude: Double) -> Double {
        let (unit, smallest) = type == .float32 ? (0x1p-24, 0x1p-126) : (0x1p-53, 0x1p-1022)
        return Double(max(64, count)) * (unit * magnitude + smallest)
    }
}

extension Contributions {
    /// |net| ∕ Σ|term|: 1 where all terms pull the same way, near 0 where they cancel.
    public var cancellation: Double {
        let magnitude = plus - minus
        return magnitude == 0 ? 1 : net.magnitude / magnitude
    }

    /// How many windows add something other than zero.
    public var nonZeroCount: Int { terms.count { $0.product != 0 } }

    /// The windows with the largest terms, largest first; equal ones in their order.
    public func strongest(_ count: Int) -> [Contribution] {
        let order = terms.indices.sorted {
            let (a, b) = (terms[$0].product.magnitude, terms[$1].product.magnitude)
            return a == b ? $0 < $1 : a > b
        }
        return order.prefix(max(0, count)).map { terms[$0] }
    }

    /// The field under a window, as the filter sees it: for each tap in row-major order what lies there in the weight's
    /// channel, nil in the padding. Of a transposed layer the field is the cotangent of its output.
    public func patch(under contribution: Contribution) -> [Double?] {
        let spatial = Shape(Array(field.shape.sizes.dropFirst(2)))
        let start = (contribution.pixel[0] * field.shape[1] + contribution.pixel[1]) * spatial.count
        let values = field.doubles
        var tap = Odometer(Shape(taps))
        return (0..<Shape(taps).count).map { _ in
            defer { tap.advance() }
            let position = convolution.position(of: contribution.window.dropFirst().map { $0 }) { tap[$0] }
            return position.flatMap { spatial.place(of: $0) }.map { values[start + $0] }
        }
    }
}

extension Primitive.Convolution {
    /// i for a window p and a tap r: e·i = s·p + d·r − a on every axis; nil between the grid's positions.
    fileprivate func position(of output: [Int], _ tap: (Int) -> Int) -> [Int]? {
        var position: [Int] = []
        for (axis, along) in window.axes.enumerated() {
            guard let input = along.input(output: output[axis], tap: tap(axis)) else { return nil }
            position.append(input)
        }
        return position
    }

    /// The terms of the filter's element [k, c, r…], in row-major order of n and p.
    fileprivate func terms(of element: [Int], _ x: Tensor, _ y: Tensor, isTransposed: Bool) -> [Contribution] {
        let extents = extents(x.shape, y.shape)
        let (inputs, outputs) = (Shape(extents.input), Shape(extents.output))
        let channel = element[0] / extents.filters * extents.channels + element[1]
        let (fields, cotangents) = (x.doubles, y.doubles)
        var terms: [Contribution] = []
        for n in 0..<extents.batch {
            let xStart = (n * x.shape[1] + channel) * inputs.count
            let yStart = (n * y.shape[1] + element[0]) * outputs.count
            for p in 0..<outputs.count {
                let output = outputs.index(of: p)
                guard let input = position(of: output, { element[2 + $0] }), let i = inputs.place(of: input)
                else { continue }
                let (a, b) = (fields[xStart + i], cotangents[yStart + p])
                terms.append(
                    Contribution(
                        window: [n] + output, pixel: [n, channel] + input, input: isTransposed ? b : a,
                        cotangent: isTransposed ? a : b))
            }
        }
        return terms
    }
}
