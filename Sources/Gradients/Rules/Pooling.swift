import AdjointGraphs

extension Pooling {
    /// Sums of windows are linear; a gather is linear in its source; the index of a choice has no derivative.
    func linearized(at point: Point, tangents: [Value?]) -> Value? {
        switch self {
        case .windowSum: tangents[0]?.apply(.pooling(self))
        case .choice: nil
        case .gather, .scatter: tangents[0]?.apply(.pooling(self), point.residual(point.operands[1]))
        }
    }

    /// y[p] = Σ_i x[i]  ⇔  x̄[i] = Σ_p ȳ[p] over the same meetings: the other role.
    /// y[p] = x[index[p]]  ⇔  x̄[i] = Σ_p ȳ[p]·[index[p] = i]: gather and scatter.
    func transposed(_ cotangent: Value, _ operands: [Operand]) throws(ArgumentError) -> [Value?] {
        let plane = Array(operands[0].shape.sizes.dropFirst(2))
        switch self {
        case .windowSum(let window, let taps, let role, _):
            let other: Primitive.Convolution.Role = role == .output ? .input : .output
            return [cotangent.apply(.pooling(.windowSum(window, taps: taps, role: other, size: plane)))]
        case .gather:
            if let index = operands[1].coefficient {
                return [cotangent.apply(.pooling(.scatter(size: plane)), index), nil]
            }
        case .scatter:
            if let index = operands[1].coefficient { return [cotangent.apply(.pooling(.gather), index), nil] }
        case .choice:
            break
        }
        throw Primitive.pooling(self).notLinear()
    }
}
