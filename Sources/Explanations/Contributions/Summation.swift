import AdjointGraphs

/// What the terms of a gradient's sum run over.
public enum Summation: Hashable, Sendable {
    /// ∂E∕∂w[k, c, r] = Σ x[n, c, i]·∂E∕∂y[n, k, p] over all n and p: a filter, over the windows. Of a transposed layer the
    /// two factors change places: its input stands at p, the cotangent of its output at i.
    case windows(Primitive.Convolution, isTransposed: Bool)
    /// ∂E∕∂x[n, c, i] = Σ w[k, c, r]·∂E∕∂y[n, k, p] over all k and the p whose window covers i: a pixel, over filters and
    /// windows.
    case covering
    /// ∂E∕∂y[n, k, p] = Σ x[n, c, i]·w[k, c, r] over all c and i: an input of a transposed layer.
    case covered
    /// Σ a·b over the axes that a contraction sums: of a linear layer's weight, over the batch.
    case products
    /// ∂E∕∂x[n, i] = Σ w[k, i]·∂E∕∂y[n, k] over all k: an input of a linear layer, over its outputs.
    case features
    /// Σ over the axes that a value was repeated along: of a bias or a scale, over batch and positions.
    case positions
    /// Σ over the places that took the element: an embedding's row at the positions with its id, a max pool's input in the
    /// windows where it was the largest, an average pool's in those that cover it.
    case choices
    /// No sum: one term, or a few that moved there.
    case single
}

extension Summation {
    /// What it and its parts are called.
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

    /// Whether terms of different filters (or channels) stand at the same position.
    var addsChannels: Bool { self == .covering || self == .covered }

    /// Whether the layer is a transposed convolution.
    var isTransposed: Bool {
        if case .windows(_, let isTransposed) = self { isTransposed } else { false }
    }
}
