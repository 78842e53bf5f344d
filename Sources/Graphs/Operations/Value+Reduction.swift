extension Value {
    /// The sum of all elements.
    public func sum() -> Value { sum(Array(0..<shape.rank)) }

    /// The sum over axes, which disappear or stay with size 1.
    public func sum(_ axes: [Int], keepingAxes: Bool = false) -> Value {
        if isPoisoned { return self }
        let sum = axes.isEmpty ? self : apply(.reduction(.sum(axes: axes.sorted())))
        return keepingAxes ? sum.reshaped(to: withoutExtent(axes)) : sum
    }

    /// The mean over axes.
    public func mean(_ axes: [Int], keepingAxes: Bool = false) -> Value {
        if isPoisoned { return self }
        let sum = sum(axes, keepingAxes: keepingAxes)
        return sum.isPoisoned ? sum : sum / axes.reduce(1.0) { $0 * Double(shape[$1]) }
    }

    /// The mean of all elements.
    public func mean() -> Value { mean(Array(0..<shape.rank)) }

    /// The largest element over an axis, as a choice that is gathered, so that it has a derivative.
    public func maximum(axis: Int, keepingAxes: Bool = false) -> Value {
        let index = indexOfMaximum(axis: axis)
        if index.isPoisoned { return index }
        let kept = shape.sizes.removing([axis])
        let rows = rows(along: axis)
        let chosen = rows.apply(.pooling(.gather), index.reshaped(to: [rows.shape[0], 1, 1]))
        return chosen.reshaped(to: keepingAxes ? withoutExtent([axis]) : Shape(kept))
    }

    /// int32: where the largest element along an axis stands; the first of equal ones.
    public func indexOfMaximum(axis: Int) -> Value {
        checked { () throws(ArgumentError) in
            guard axis >= 0, axis < shape.rank else {
                throw ArgumentError("indexOfMaximum", "axis", expected: "an axis of \(shape)", given: "\(axis)")
            }
            return rows(along: axis)
                .apply(.pooling(.choice(Window([Window.Axis()]), taps: [shape[axis]], size: [1])))
                .reshaped(to: Shape(shape.sizes.removing([axis])))
        }
    }

    /// [all other axes, 1, axis]
    private func rows(along axis: Int) -> Value {
        let others = (0..<shape.rank).filter { $0 != axis }
        let count = Shape(others.map { shape[$0] }).count
        return permuted(others + [axis]).reshaped(to: [count, 1, shape[axis]])
    }

    /// The shape with these axes of size 1.
    private func withoutExtent(_ axes: [Int]) -> Shape {
        Shape(shape.sizes.enumerated().map { axes.contains($0) ? 1 : $1 })
    }

    /// Σ over shared letters: `x.contracted(w, "nk,mk->nm")`.
    public func contracted(_ other: Value, _ first: String, _ second: String, _ result: String) -> Value {
        apply(.contraction(Contraction(first, second, result)), other)
    }
}
