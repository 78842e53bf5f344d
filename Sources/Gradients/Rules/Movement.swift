import AdjointGraphs

extension Movement {
    /// The transpose of each movement: repeated elements are summed, elements that were left out get zero.
    func transposed(_ cotangent: Value, _ operands: [Operand]) -> [Value?] {
        let shape = operands[0].shape
        switch self {
        case .reshape:
            return [cotangent.reshaped(to: shape)]
        case .permute(let axes):
            return [cotangent.permuted(axes.indices.map { axis in axes.firstIndex(of: axis) ?? axis })]
        case .broadcast(let axes, _):
            return [cotangent.apply(.reduction(.sum(axes: axes)))]
        case .reverse(let axes):
            return [cotangent.reversed(axes)]
        case .pad(let low, let high, let interior):
            // y[low + j·(interior + 1)] = x[j]. Elements that were cropped become zeros, then every (interior + 1)-th is taken.
            let restored = cotangent.padded(before: low.map { max(0, -$0) }, after: high.map { max(0, -$0) })
            let stride = interior.map { $0 + 1 }
            let start = low.map { max(0, $0) }
            let limit = start.indices.map { start[$0] + reach(of: shape[$0], by: stride[$0]) }
            return [restored.sliced(from: start, to: limit, by: stride)]
        case .slice(let start, _, let stride):
            // y[j] = x[start + j·stride]
            let high = start.indices.map { shape[$0] - start[$0] - reach(of: cotangent.shape[$0], by: stride[$0]) }
            return [cotangent.padded(before: start, after: high, between: stride.map { $0 - 1 })]
        case .concatenate(let axis):
            var start = [Int](repeating: 0, count: shape.rank)
            return operands.map { operand in
                var limit = operand.shape.sizes
                limit[axis] += start[axis]
                let part = cotangent.sliced(from: start, to: limit)
                start[axis] = limit[axis]
                return part
            }
        }
    }
}

/// The distance from the first of `count` positions, `stride` apart, to just behind the last.
private func reach(of count: Int, by stride: Int) -> Int { count == 0 ? 0 : (count - 1) * stride + 1 }
