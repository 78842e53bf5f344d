import AdjointGraphs

extension Pointwise {
    /// The partial derivative with respect to operand i, at operands x and y = f(x): one line for each operation, nil for zero.
    private func derivative(_ i: Int, _ x: [Value], _ y: Value) -> Value? {
        switch self {
        case .divide: i == 0 ? 1 / x[1] : -y / x[1]
        // ∂xᵃ∕∂x = a·xᵃ⁻¹, which at x = 0 is 0 for a = 0; ∂xᵃ∕∂a = xᵃ·ln x, which at x = 0 is 0 for a ≥ 0. A 1 in the place
        // of a 0 gives these without an infinite factor.
        case .power where i == 0 && x[1].builder.uniformNumber(of: x[1]) == 0: nil
        case .power:
            i == 0
                ? x[1] * x[0].apply(.pointwise(.power), x[1].isZero.choose(x[1].one(where: x[0].isZero), x[1]) - 1)
                : y * (0 .<= x[1]).choose(x[0].one(where: x[0].isZero), x[0]).log()
        // The derivative is 1 for the larger operand, and ½ for both where they are equal.
        case .maximum: 0.5 * (1 + x[i].order(x[1 - i]))
        case .minimum: 0.5 * (1 - x[i].order(x[1 - i]))
        case .exp: y
        // Not y + 1, which cancels where y is near −1.
        case .expm1: x[0].exp()
        case .log: 1 / x[0]
        case .log1p: 1 / (1 + x[0])
        case .sqrt: 0.5 / y
        case .tanh: 1 - y * y
        case .logistic: y * (1 - y)
        // d erf = 2∕√π·e^(−x²)
        case .erf: 1.1283791670955126 * (-(x[0] * x[0])).exp()
        case .abs: x[0].sign()
        case .sign, .floor, .less, .lessOrEqual, .equal, .and, .or, .not: nil
        case .add, .negate, .multiply, .select: nil  // (multi)linear: see below
        }
    }

    func linearized(at point: Point, tangents: [Value?]) -> Value? {
        switch self {
        case .add:
            if let a = tangents[0], let b = tangents[1] { return a + b }
            return tangents[0] ?? tangents[1]
        case .negate:
            return tangents[0].map { -$0 }
        case .multiply:
            // d(x·w) = w·dx + x·dw
            let x = point.operands
            let terms = (0..<2).compactMap { i in tangents[i].map { point.residual(x[1 - i]) * $0 } }
            return terms.count == 2 ? terms[0] + terms[1] : terms.first
        case .select:
            let (a, b) = (tangents[1] ?? point.zero(like: 1), tangents[2] ?? point.zero(like: 2))
            return point.residual(point.operands[0]).choose(a, b)
        default:
            // d f = Σᵢ ∂f∕∂xᵢ · dxᵢ
            var sum: Value?
            for (i, tangent) in tangents.enumerated() {
                guard let tangent, let derivative = derivative(i, point.operands, point.result) else { continue }
                let term = point.residual(derivative) * tangent
                sum = sum.map { $0 + term } ?? term
            }
            return sum
        }
    }

    func transposed(_ cotangent: Value, _ operands: [Operand]) throws(ArgumentError) -> [Value?] {
        switch self {
        case .add:
            return [cotangent, cotangent]
        case .negate:
            return [-cotangent]
        case .multiply:
            if let gain = operands[1].coefficient { return [gain * cotangent, nil] }
            if let gain = operands[0].coefficient { return [nil, gain * cotangent] }
        case .select:
            if let mask = operands[0].coefficient {
                let zero = cotangent.builder.constant(0, cotangent.shape, cotangent.type)
                return [nil, mask.choose(cotangent, zero), mask.choose(zero, cotangent)]
            }
        default:
            break
        }
        throw Primitive.pointwise(self).notLinear()
    }
}

extension Value {
    fileprivate var isZero: Value { self .== number(0) }

    fileprivate func one(where mask: Value) -> Value { mask.choose(number(1), self) }

    /// The sign of the difference; 0 also where both are infinite.
    fileprivate func order(_ other: Value) -> Value { (self .== other).choose(number(0), (self - other).sign()) }
}
