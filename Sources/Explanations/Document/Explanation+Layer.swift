import AdjointGraphs

extension LayerGeometry {
    /// A tensor of a layer whose gradient can be explained.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        case filter, input, bias, output

        /// The letter of its elements.
        public var letter: String {
            switch self {
            case .filter: "W"
            case .input: "V"
            case .bias: "B"
            case .output: "G"
            }
        }
    }

    /// The parts that this layer has.
    public var parts: [Part] {
        pool != nil ? [.input, .output] : hasBias ? Part.allCases : [.filter, .input, .output]
    }

    /// The shapes of V, W, B and G, as far as the layer has them.
    ///
    /// - Throws: an error that names the size that does not fit.
    public func shapes() throws(ArgumentError) -> [String: Shape] { try graph().namedShapes }

    /// The name of an element.
    func name(of selection: Selection) throws(ArgumentError) -> Name {
        let shapes = try shapes()
        return Naming(for: Array(shapes.values)).name(
            selection.name, at: selection.place, of: shapes[selection.name] ?? [])
    }
}

extension Explanation {
    /// The amount of detail in which large layers are written out.
    public enum Detail: Hashable, Sendable {
        /// The detail that is easily read.
        case readable
        /// Everything, for programs.
        case whole

        /// The most equations of one tensor, terms of one sum, and terms of all equations of one tensor.
        var limits: (equations: Int, terms: Int, allTerms: Int) {
            switch self {
            case .readable: (128, 64, 1 << 12)
            case .whole: (1 << 14, 1 << 16, 1 << 16)
            }
        }
    }

    /// A layer and its gradients.
    ///
    /// - Parameters:
    ///   - parts: the gradients to explain; by default all that the layer has.
    ///   - selection: the element that is explained in detail: by default the first weight, the first bias, or the pixel
    ///     in the middle.
    ///   - views: the ways to look at them.
    ///   - values: numbers for V, W, B and ∂G, where they are known.
    ///   - detail: the amount of detail for large layers.
    /// - Throws: an error that names what does not fit.
    public init(
        of layer: LayerGeometry, parts: [LayerGeometry.Part]? = nil, selecting selection: Selection? = nil,
        views: [View] = View.allCases, values: [String: Tensor] = [:], detail: Detail = .readable,
        words: Words = .english
    ) throws(ArgumentError) {
        let shapes = try layer.shapes()
        let parts = (parts ?? layer.parts).filter { layer.parts.contains($0) }
        func selected(_ part: LayerGeometry.Part) -> Selection {
            if let selection, selection.name == part.letter { return selection }
            guard part == .input, let shape = shapes["V"] else { return Selection(part.letter, at: 0) }
            return Selection("V", at: shape.place(of: [0, 0] + shape.spatial.map { $0 / 2 }) ?? 0)
        }
        guard let first = parts.first else {
            throw ArgumentError(
                "explanation", "part", expected: joined(layer.parts.map { $0.rawValue }), given: "none of them")
        }
        let focus = selection ?? selected(first)
        var sections: [Section] = []
        for view in View.allCases where views.contains(view) {
            let view: [Section] =
                switch view {
                case .equations:
                    try Explanation.equations(
                        of: layer, selecting: parts.map(selected), values: values, detail: detail, words: words)
                case .windows: try Explanation.windows(of: layer, selecting: focus, values: values, words: words)
                case .sharing: try Explanation.sharing(of: layer, selecting: focus, values: values, words: words)
                case .convolution:
                    try Explanation.convolution(of: layer, selecting: focus, values: values, words: words)
                case .flow: try Explanation.flow(of: layer, selecting: focus, values: values, words: words)
                case .check: try Explanation.check(of: layer, selecting: focus, values: values, words: words)
                }
            sections += view
        }
        self.init(layer.title(words), geometry: layer, selection: focus, sections: sections)
    }
}

extension LayerGeometry {
    /// `A 2x2 filter W on a 3x3 input V`
    func title(_ words: Words) -> String {
        func sizes(_ numbers: [Int]) -> String { joined(numbers, by: "x") }
        let pooling = pool == .max ? words.maxPool : words.averagePool
        let filtering = isTransposed ? words.transposedLayer : words.filterLayer
        return filled(pool == nil ? filtering : pooling, [sizes(kernel), sizes(input)])
    }
}
