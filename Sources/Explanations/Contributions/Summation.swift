import AdjointGraphs

/// The kind of a gradient's sum: the indices over which it runs.
public enum Summation: Hashable, Sendable {
    /// ∂E∕∂w[k, c, r] = Σ x[n, c, i]·∂E∕∂y[n, k, p] over all n and p: for a filter, over the windows. For a transposed layer
    /// the two factors change places: its input has index p, the cotangent of its output index i.
    case windows(Primitive.Convolution, isTransposed: Bool)
    /// ∂E∕∂x[n, c, i] = Σ w[k, c, r]·∂E∕∂y[n, k, p] over all k and the p whose window covers i: for a pixel, over filters and
    /// windows.
    case covering
    /// ∂E∕∂y[n, k, p] = Σ x[n, c, i]·w[k, c, r] over all c and i: for an input of a transposed layer.
    case covered
    /// Σ a·b over the axes that a contraction sums: for a linear layer's weight, over the batch.
    case products
    /// ∂E∕∂x[n, i] = Σ w[k, i]·∂E∕∂y[n, k] over all k: for an input of a linear layer, over its outputs.
    case features
    /// Σ over the axes along which a value was repeated: for a bias or a scale, over batch and positions.
    case positions
    /// Σ over the places that took the element: for an embedding's row, the positions with its id; for a max pool's input,
    /// the windows where it was the largest; for an average pool's input, the windows that cover it.
    case choices
    /// No sum: a single term, or a few that were moved there.
    case single
}

extension Summation {
    /// The names of the sum and its parts.
    func words(_ words: Words) -> (sum: String, parts: [String]) {
        switch self {
        case .windows: (words.overWindows, words.windowParts)
        case .covering: (words.covering, words.coveringParts)
        case .covered: (words.covered, words.coveredParts)
        case .products: (words.overBatch, words.batchParts)
        case .features: (words.overFeatures, words.featureParts)
        case .positions: (words.overPositions, words.positionParts)
        case .choices: (words.overChoices, words.choiceParts)
        case .single: (words.single, words.singleParts)
        }
    }

    /// Whether terms of different filters (or channels) can have the same position.
    var addsChannels: Bool { self == .covering || self == .covered }

    /// Whether the layer is a transposed convolution.
    var isTransposed: Bool {
        if case .windows(_, let isTransposed) = self { isTransposed } else { false }
    }
}
