import AdjointGraphs

/// The sizes of a convolution or pooling layer, from which an explanation can be written.
public struct LayerGeometry: Hashable, Sendable {
    /// The spatial sizes, on 1 to 3 axes.
    public var input: [Int]
    public var kernel: [Int]
    public var batch = 1
    public var channels = 1
    public var filters = 1
    public var groups = 1
    public var stride: PerAxis = 1
    public var dilation: PerAxis = 1
    public var padding: Padding = .none
    /// The amount by which the result of a transposed layer is longer at its end.
    public var outputPadding: PerAxis = 0
    public var isTransposed = false
    public var hasBias = false
    /// The kind of pooling, for a layer that has no filter; nil for a convolution.
    public var pool: Pool?

    public enum Pool: String, Hashable, Sendable, CaseIterable { case max, average }

    public init(input: [Int], kernel: [Int]) {
        (self.input, self.kernel) = (input, kernel)
    }

    /// The question that this project began with: a 2x2 filter on a 3x3 input.
    public static let question = LayerGeometry(input: [3, 3], kernel: [2, 2])

    /// The layer with inputs V [batch, channels, …], W (with shape as in files of filters) and, with a bias, B [filters]; its
    /// output is G. A pooling layer has only V.
    ///
    /// - Throws: an error that names the size that does not fit.
    public func graph(_ type: ElementType = .float64) throws(ArgumentError) -> Graph {
        guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
            throw ArgumentError(
                "layer", "groups", expected: "a number that divides channels and filters",
                given: "\(groups) for \(channels) channels and \(filters) filters")
        }
        let distances = try dilation.numbers(
            forAxes: input.count, operation: "layer", argument: "dilation", atLeast: 1)
        guard pool != .average || distances.allSatisfy({ $0 == 1 }) else {
            throw ArgumentError("layer", "dilation", expected: "1 for an average pool", given: "more")
        }
        return try Graph { g in
            let v = g.input("V", Shape([batch, channels] + input), type)
            switch pool {
            case .max:
                return [("G", v.maxPooled(PerAxis(kernel), stride: stride, padding: padding, dilation: dilation))]
            case .average:
                return [("G", v.averagePooled(PerAxis(kernel), stride: stride, padding: padding))]
            case nil: break
            }
            let sizes = isTransposed ? [channels, filters / groups] : [filters, channels / groups]
            let w = g.input("W", Shape(sizes + kernel), type)
            var output: Value
            if isTransposed {
                output = v.transposedConvolved(
                    with: w, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation,
                    groups: groups)
            } else {
                output = v.convolved(
                    with: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
            }
            if hasBias { output = output.adding(bias: g.input("B", [filters], type)) }
            return [("G", output)]
        }
    }
}

extension LayerGeometry {
    /// E = Σ U·f(G) over the layer's output G, with a function f behind the layer. Its outputs are G, which is
    /// f(G) here, and E; its derivatives by G are U.
    package func energy(_ function: (Value) -> Value = { $0 }) throws(ArgumentError) -> Graph {
        let layer = try graph()
        return try Graph { g in
            let output = function(g.inline(layer)[layer.outputs[0].node])
            return [("G", output), ("E", (output * g.input("U", output.shape, output.type)).sum())]
        }
    }
}

extension Graph {
    /// E = ½·Σ (G − T)², for G or another output.
    package static func squaredError(_ shape: Shape, of output: String = "G") throws(ArgumentError) -> Graph {
        try Graph { g in
            [("E", 0.5 * (g.input(output, shape, .float64) - g.input("T", shape, .float64)).squared().sum())]
        }
    }
}
