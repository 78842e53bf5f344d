/// Activation functions, composed of primitives whose derivatives are known; each is numerically stable for large ±x.
extension Value {
    /// x where x > 0, else 0; a NaN stays.
    public func relu() -> Value { (self .<= 0).choose(number(0), self) }

    /// min(max(x, 0), 6)
    public func relu6() -> Value { (6 .<= self).choose(number(6), relu()) }

    /// x where x > 0, else slope·x
    public func leakyReLU(slope: Double = 0.01) -> Value { (self .<= 0).choose(self * slope, self) }

    /// x where x > 0, else α·(eˣ − 1), whose exponential is taken of negative x only, so that it cannot overflow.
    public func elu(alpha: Double = 1) -> Value {
        let isLow = self .<= 0
        return isLow.choose(alpha * isLow.choose(self, number(0)).expm1(), self)
    }

    /// λ·elu(x, α) with the constants that keep mean 0 and variance 1 (Klambauer et al., NIPS 2017).
    public func selu() -> Value { 1.0507009873554805 * elu(alpha: 1.6732632423543772) }

    /// x·σ(x)
    public func silu() -> Value { self * logistic() }

    /// ½·x·(1 + tanh(√(2∕π)·(x + 0.044715·x³))), which is near `gelu`.
    public func approximateGELU() -> Value {
        0.5 * self * (1 + (0.7978845608028654 * (self + 0.044715 * (self * self * self))).tanh())
    }

    /// x where x > 0, else α·(e^(x∕α) − 1)
    public func celu(alpha: Double = 1) -> Value {
        let isLow = self .<= 0
        return isLow.choose(alpha * (isLow.choose(self, number(0)) / alpha).expm1(), self)
    }

    /// x·tanh(ln(1 + eˣ))
    public func mish() -> Value { self * softplus().tanh() }

    /// x∕(1 + |x|)
    public func softsign() -> Value { self / (1 + abs()) }

    /// x where x > 0, else slope·x, with one slope for all or one for every channel.
    public func prelu(slope: Value) -> Value {
        written("prelu") { () throws(ArgumentError) in
            let isOne = slope.isPoisoned || slope.shape.count == 1
            let slopes = isOne ? slope.reshaped(to: []) : slope.broadcast(along: 1, of: shape)
            return (self .<= 0).choose(self * slopes, self)
        }
    }

    /// The first half of an axis · σ(the second half)
    public func glu(axis: Int = 1) -> Value {
        written("glu") { () throws(ArgumentError) in
            let axis = try self.axis(axis, of: "glu")
            guard shape[axis] % 2 == 0 else {
                throw ArgumentError("glu", "input", expected: "an even size of axis \(axis)", given: "\(shape)")
            }
            let halves = split(into: 2, axis: axis)
            return halves[0] * halves[1].logistic()
        }
    }

    /// ln(1 + e^(β·x))∕β, and x itself where β·x is above a threshold.
    public func softplus(beta: Double, threshold: Double) -> Value {
        let scaled = beta * self
        return (scaled .> threshold).choose(self, scaled.softplus() / beta)
    }

    /// x·Φ(x) = ½·x·(1 + erf(x∕√2))
    public func gelu() -> Value { 0.5 * self * (1 + (self * 0.7071067811865476).erf()) }

    /// min(max(x + 3, 0), 6)∕6
    public func hardSigmoid() -> Value { (self + 3).relu6() / 6 }

    /// x·min(max(x + 3, 0), 6)∕6
    public func hardSwish() -> Value { self * hardSigmoid() }

    /// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|); at 0 both parts have the derivatives that they have for x < 0, so that the sum
    /// has the right derivatives of all orders there.
    public func softplus() -> Value { relu() + (self .<= 0).choose(self, -self).exp().log1p() }

    /// xᵢ − ln Σⱼ e^xⱼ along an axis. The largest element is subtracted first; that does not change the value, so it needs no
    /// derivative.
    public func logSoftmax(axis: Int = 1) -> Value {
        written("log_softmax") { () throws(ArgumentError) in
            let shifted = self - maximum(axis: axis, keepingAxes: true).stopped()
            return shifted - shifted.exp().sum([axis], keepingAxes: true).log()
        }
    }

    /// e^xᵢ ∕ Σⱼ e^xⱼ along an axis.
    public func softmax(axis: Int = 1) -> Value {
        written("softmax") { () throws(ArgumentError) in
            let exponentials = (self - maximum(axis: axis, keepingAxes: true).stopped()).exp()
            return exponentials / exponentials.sum([axis], keepingAxes: true)
        }
    }
}
