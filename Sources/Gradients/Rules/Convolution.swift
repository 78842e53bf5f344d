import AdjointGraphs

extension Primitive.Convolution {
    /// The convolution is one form, linear in each of input x, filter w and output y:
    ///
    ///     T(x, w, y) = Σ x[n, g·C+c, i] · w[g·K+k, c, r] · y[n, g·K+k, p]      where e·i = s·p + d·r − a
    ///
    /// A node solves it for one of the three: y = ∂T∕∂ȳ. Its transpose solves the same form for the operand whose cotangent is
    /// needed, with the cotangent of the result in place of what the node had solved for:
    ///
    ///     y = T(x, w, ·)   ⇒   x̄ = T(·, w, ȳ)   and   w̄ = T(x, ·, ȳ)
    ///
    /// The filter's gradient is the convolution with role `filter`: a sum over all windows that share the weight. The six
    /// cases (three roles, two operands each) are this one rule.
    func transposed(_ cotangent: Value, _ operands: [Operand]) throws(ArgumentError) -> [Value?] {
        guard let moving = operands.firstIndex(where: { $0.coefficient == nil }),
            let coefficient = operands[1 - moving].coefficient
        else { throw Primitive.convolution(self).notLinear() }
        let (movingRole, coefficientRole) = (operandRoles[moving], operandRoles[1 - moving])
        let solved = self.solved(for: movingRole, size: Array(operands[moving].shape.sizes.dropFirst(2)))
        // Operands stand in the order input, filter, output.
        let given: [Role: Value] = [coefficientRole: coefficient, role: cotangent]
        let result = cotangent.builder.apply(
            .convolution(solved), to: solved.operandRoles.compactMap { given[$0] })
        return moving == 0 ? [result, nil] : [nil, result]
    }
}
