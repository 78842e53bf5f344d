import AdjointGraphs

extension Contraction {
    /// T(x, w, y) = Σ x[first]·w[second]·y[result], solved for another operand: the lists of letters change places.
    ///
    ///     y = Σ x·w   ⇒   x̄ = Σ ȳ·w,   w̄ = Σ x·ȳ
    func transposed(_ cotangent: Value, _ operands: [Operand]) throws(ArgumentError) -> [Value?] {
        if let w = operands[1].coefficient {
            let transposed = Contraction(first: result, second: second, result: first)
            return [cotangent.apply(.contraction(transposed), w), nil]
        }
        if let x = operands[0].coefficient {
            let transposed = Contraction(first: first, second: result, result: second)
            return [nil, x.apply(.contraction(transposed), cotangent)]
        }
        throw Primitive.contraction(self).notLinear()
    }
}
