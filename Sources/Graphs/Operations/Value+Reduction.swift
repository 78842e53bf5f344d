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

    /// The largest element over an axis, found as an index and gathered, so that it has a derivative.
    public func maximum(axis: Int, keepingAxes: Bool = false) -> Value {
        written("maximum") { () throws(ArgumentError) in
            let chosen = chosen(by: indexOfMaximum(axis: axis), axis: axis)
            return keepingAxes && !chosen.isPoisoned ? chosen.reshaped(to: withoutExtent([axis])) : chosen
        }
    }

    /// One element for each position of the other axes: the one at the int32 index, which has the remaining shape.
    package func chosen(by index: Value, axis: Int) -> Value {
        if isPoisoned || index.isPoisoned { return isPoisoned ? self : index }
        let rows = rows(along: axis)
        return rows.apply(.pooling(.gather), index.reshaped(to: [rows.shape[0], 1, 1]))
            .reshaped(to: Shape(shape.sizes.removing([axis])))
    }

    /// The largest element over axes; equal ones share the derivative in equal parts.
    public func maximum(_ axes: [Int], keepingAxes: Bool = false) -> Value {
        written("max") { () throws(ArgumentError) in
            let axes = try self.axes(axes, of: "max")
            let others = (0..<shape.rank).filter { !axes.contains($0) }
            let kept = withoutExtent(axes)
            guard shape.count > 0 else {
                throw ArgumentError("max", "input", expected: "one element or more", given: "\(shape)")
            }
            let rows = permuted(others + axes)
                .reshaped(to: [Shape(others.map { shape[$0] }).count, Shape(axes.map { shape[$0] }).count])
            let largest = rows.maximum(axis: 1).stopped().reshaped(to: kept)
            let isLargest = self .== largest
            let sum = isLargest.choose(self, number(0)).sum(axes, keepingAxes: true)
            let mean = sum / isLargest.converted(to: type).sum(axes, keepingAxes: true)
            return keepingAxes ? mean : mean.reshaped(to: Shape(shape.sizes.removing(axes)))
        }
    }

    /// The smallest element over axes; equal ones share the derivative in equal parts.
    public func minimum(_ axes: [Int], keepingAxes: Bool = false) -> Value {
        written("min") { () throws(ArgumentError) in -(-self).maximum(axes, keepingAxes: keepingAxes) }
    }

    /// Σ (x − mean)² ∕ (count − correction) over axes.
    public func variance(_ axes: [Int], correction: Double = 0, keepingAxes: Bool = false) -> Value {
        written("variance") { () throws(ArgumentError) in
            let axes = try self.axes(axes, of: "variance")
            let count = axes.reduce(1.0) { $0 * Double(shape[$1]) } - correction
            guard count > 0 else {
                throw ArgumentError(
                    "variance", "correction", expected: "below the number of elements over \(list(axes)) of \(shape)",
                    given: "\(shortest(correction))")
            }
            return (self - mean(axes, keepingAxes: true)).squared().sum(axes, keepingAxes: keepingAxes) / count
        }
    }

    /// The int32 position of the largest element along an axis; the first of equal ones.
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

    /// The value with shape [all other axes, 1, axis].
    package func rows(along axis: Int) -> Value {
        let others = (0..<shape.rank).filter { $0 != axis }
        let count = Shape(others.map { shape[$0] }).count
        return permuted(others + [axis]).reshaped(to: [count, 1, shape[axis]])
    }

    /// The shape with size 1 on these axes.
    private func withoutExtent(_ axes: [Int]) -> Shape {
        Shape(shape.sizes.enumerated().map { axes.contains($0) ? 1 : $1 })
    }

    /// The sum of products over shared letters: `x.contracted(w, "nk,mk->nm")`.
    public func contracted(_ other: Value, _ first: String, _ second: String, _ result: String) -> Value {
        apply(.contraction(Contraction(first, second, result)), other)
    }
}
