import AdjointGraphs

/// One term of the gradient of an element: for a weight of a filter, the contribution of one window.
public struct Contribution: Hashable, Sendable {
    /// The index of the term in the sum: for a filter [n, p…], the window.
    public let window: [Int]
    /// The index of the element's factor: for a filter the pixel [n, channel, i…], for a pixel the weight [k, c, r…], for a
    /// linear layer's weight [n, feature]; empty where there is none.
    public let meeting: [Int]
    /// The index in the layer's output, [n, k, p…].
    public let output: [Int]
    /// ∂ of the layer's output there by the element: for a weight of a filter the input under it, for a bias 1.
    public internal(set) var partial: Double
    /// ∂E∕∂ of the layer's output there.
    public let cotangent: Double

    public var product: Double { partial * cotangent }
}

/// The contributions to the gradient of one element: the terms of the sum over a layer's output, kept apart.
///
///     ∂E∕∂w[k, c, r] = Σ x[n, c, i]·∂E∕∂y[n, k, p]      over all n and all p with e·i = s·p + d·r − a
///
/// is the sum for a weight of a filter; `Summation` lists the others.
public struct Contributions: Sendable {
    public let parameter: String
    /// The index on every axis of the parameter: for a filter [k, c, r…].
    public let element: [Int]
    /// The kind of sum.
    public let summation: Summation
    /// The terms in row-major order of the sum. Windows in which a weight meets padding have none.
    public let terms: [Contribution]
    /// The sizes of the sum: for a filter those of batch and output, one window each.
    public let windows: Shape
    /// The gradient's element as the graph itself computes it; `net` is equal to it within rounding.
    public let gradient: Double

    public let plus: Double
    public let minus: Double
    public let net: Double

    /// The tensor from which the patch under a window is cut.
    private let field: Field?
    /// The language of the texts.
    package var words = Words.english

    /// The input over which a filter slides.
    struct Field: Sendable {
        let convolution: Primitive.Convolution
        let shape: Shape
        let numbers: [Double]
    }

    /// - Parameters: as in `ParameterGradient`.
    ///   - element: the index on every axis of the parameter.
    /// - Complexity: one gradient, and a few operations a term.
    public init(
        to element: [Int], of parameter: String, in graph: Graph, output: String? = nil, layers: [String] = [],
        bindings: [String: Tensor], evaluate: Graph.Evaluation = Graph.byDefinition
    ) throws(ArgumentError) {
        self = try ParameterGradient(
            of: parameter, in: graph, output: output, layers: layers, bindings: bindings, evaluate: evaluate
        ).contributions(to: element)
    }

    init(
        to element: [Int], of parameter: String, _ kept: Terms, gradient: Double, _ type: ElementType, _ field: Field?
    ) throws(ArgumentError) {
        (self.parameter, self.element, self.gradient, self.field) = (parameter, element, gradient, field)
        summation = kept.summation
        windows = kept.windows
        terms = kept.terms
        var (plus, minus, net) = (0.0, 0.0, 0.0)
        for term in terms {
            net += term.product
            if term.product > 0 { plus += term.product } else { minus += term.product }
        }
        (self.plus, self.minus, self.net) = (plus, minus, net)
        let tolerance = Contributions.rounding(type, terms.count, magnitude: kept.magnitude)
        guard (net - gradient).magnitude <= tolerance else {
            throw ArgumentError(
                "contributions", "sum of the terms of \(parameter)\(list(element))",
                expected: "the gradient \(gradient) within \(tolerance)", given: "\(net)")
        }
    }

    /// A bound on the difference between a sum of this many terms and the exact one, however the sum is split: the
    /// first-order bound n·u·Σ|term|, but not less than that of a short sum (Higham, Accuracy and Stability of Numerical
    /// Algorithms, 4.2), and the error from flushing numbers below the smallest normal one to zero.
    private static func rounding(_ type: ElementType, _ count: Int, magnitude: Double) -> Double {
        let (unit, smallest) = type == .float32 ? (0x1p-24, 0x1p-126) : (0x1p-53, 0x1p-1022)
        return Double(max(64, count)) * (unit * magnitude + smallest)
    }
}

extension Contributions {
    /// |net| ∕ Σ|term|: 1 where all terms have the same sign, near 0 where they cancel.
    public var cancellation: Double {
        let magnitude = plus - minus
        return magnitude == 0 ? 1 : net.magnitude / magnitude
    }

    /// The number of terms that are not zero.
    public var nonZeroCount: Int { terms.count { $0.product != 0 } }

    /// Whether the layer is a transposed convolution.
    public var isTransposed: Bool { summation.isTransposed }

    /// The largest terms, largest first; equal ones in the order of the sum.
    public func strongest(_ count: Int) -> [Contribution] {
        terms.map { $0.product }.largest(count).map { terms[$0] }
    }

    /// The filter's spatial sizes; empty where the element is not a filter's.
    public var taps: [Int] { field?.convolution.size ?? [] }

    /// The elements under the taps of a window in row-major order, in the weight's channel; nil in the padding. For a
    /// transposed layer they are elements of the cotangent of its output. Empty where the element is not a filter's.
    public func patch(under contribution: Contribution) -> [Double?] {
        guard let field else { return [] }
        let spatial = Shape(field.shape.spatial)
        let start = (contribution.meeting[0] * field.shape[1] + contribution.meeting[1]) * spatial.count
        var tap = Odometer(Shape(taps))
        return (0..<Shape(taps).count).map { _ in
            defer { tap.advance() }
            let position = field.convolution.position(of: contribution.window.dropFirst().map { $0 }) { tap[$0] }
            return position.flatMap { spatial.place(of: $0) }.map { field.numbers[start + $0] }
        }
    }
}

extension Primitive.Convolution {
    /// i for a window p and a tap r: e·i = s·p + d·r − a on every axis; nil between the spaced positions.
    fileprivate func position(of output: [Int], _ tap: (Int) -> Int) -> [Int]? {
        var position: [Int] = []
        for (axis, along) in window.axes.enumerated() {
            guard let input = along.input(output: output[axis], tap: tap(axis)) else { return nil }
            position.append(input)
        }
        return position
    }
}
