import AdjointGraphs

extension Reduction {
    /// y[k] = Σ_r x[k, r]   ⇒   x̄[k, r] = ȳ[k]: a sum's transpose is a branch.
    func transposed(_ cotangent: Value, _ operand: Operand) -> Value {
        switch self {
        case .sum(let axes):
            cotangent.apply(.movement(.broadcast(axes: axes, sizes: axes.map { operand.shape[$0] })))
        }
    }
}
