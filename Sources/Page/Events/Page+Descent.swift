import AdjointExplanations
import AdjointGraphs

/// Gradient descent on the filter, step by step as the reader watches.
extension Page {
    /// The learning rate: the one that is set, or the one that suits V.
    var rate: Double { state.rate ?? layer.suitableRate }

    /// One step W ← W − η·∂E∕∂W, and the bias likewise.
    mutating func descend() throws(PageError) {
        guard let before = layer.error else { return }
        var curve = descent ?? TrainingCurve(startingAt: before)
        let rate = rate
        var next = state
        next.rate = rate
        for tensor in [Tensors.w, .b] {
            guard let numbers = layer.numbers[tensor], let gradient = layer.numbers[tensor.derivative] else { continue }
            let moved = zip(numbers, gradient).map { $0 - rate * $1 }
            guard moved.allSatisfy({ $0.magnitude <= 1e9 }) else {
                rest(.descent)
                throw PageError(strings.overshot)
            }
            next.sources[tensor] = Source(moved)
        }
        try become(next)
        curve.add(layer.error ?? 0, at: (curve.points.last?.step ?? 0) + 1)
        descent = curve
    }

    /// One of the steps that are repeated until E is small, or no longer falls.
    mutating func descendOn() throws(PageError) {
        guard let before = layer.error, let start = descent?.points.first?.value ?? layer.error else { return }
        try descend()
        let after = layer.error ?? 0
        if after <= Page.small * start || after > 0.999 * before { rest(.descent) }
    }

    /// The error that counts as small, as a share of the first.
    private static let small = 1e-3
}

extension LayerNumbers {
    /// The largest of 1, 2 and 5 times a power of ten with which no step overshoots: 1∕λ, where λ is the sum of the squares of
    /// the elements that a filter's weights meet, and so no less than any curvature of E = ½·Σ (G − T)².
    var suitableRate: Double {
        let sums = try? LayerNumbers(settings) { tensor, _ in
            (numbers[tensor.primal] ?? []).map { tensor == .v ? $0 * $0 : 1 }
        }
        guard let sums, let g = sums.shapes[.g], let values = sums.numbers[.g], g.rank > 2
        else { return 0.1 }
        let area = g.count / (g[0] * g[1])
        var curvatures = [Double](repeating: 0, count: g[1])
        for (place, value) in values.enumerated() { curvatures[place / area % g[1]] += value }
        return roundedDown(1 / max(1e-6, curvatures.reduce(0) { max($0, $1) }))
    }
}

/// The largest of 1, 2 and 5 times a power of ten up to a limit.
private func roundedDown(_ limit: Double) -> Double {
    var exponent = 6
    while exponent > -12 {
        for digit in [5, 2, 1] {
            if let number = decimal("\(digit)e\(exponent)"), number <= limit { return number }
        }
        exponent -= 1
    }
    return 1e-12
}
