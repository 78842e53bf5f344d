extension Value {
    /// The same elements in row-major order under another shape.
    public func reshaped(to shape: Shape) -> Value { shape == self.shape ? self : apply(.movement(.reshape(shape))) }

    /// All axes from the given one on as one.
    public func flattened(from axis: Int = 1) -> Value {
        checked { () throws(ArgumentError) in
            guard axis >= 0, axis < shape.rank else {
                throw ArgumentError("flattened", "axis", expected: "an axis of \(shape)", given: "\(axis)")
            }
            let tail = Shape(Array(shape.sizes[axis...])).count
            return reshaped(to: Shape(shape.sizes[..<axis] + [tail]))
        }
    }

    /// Result axis k is this value's axis `axes[k]`.
    public func permuted(_ axes: [Int]) -> Value {
        axes == Array(0..<shape.rank) ? self : apply(.movement(.permute(axes: axes)))
    }

    /// Repeats axes of size 1, and axes missing at the front, so that the value gets a shape.
    public func broadcast(to target: Shape) -> Value {
        if isPoisoned || target == shape { return self }
        let lead = target.rank - shape.rank
        var kept: [Int] = []
        var added: [Int] = []
        for axis in 0..<target.rank {
            let size = axis >= lead ? shape[axis - lead] : 1
            if axis < lead || (size == 1 && target[axis] != 1) { added.append(axis) } else { kept.append(size) }
        }
        let fits = lead >= 0 && kept == target.sizes.removing(added)
        guard fits else {
            return builder.poison(
                ArgumentError(
                    "broadcast", "shape", expected: "one that \(shape) repeats to, aligned at the last axes",
                    given: "\(target)"))
        }
        return reshaped(to: Shape(kept))
            .apply(.movement(.broadcast(axes: added, sizes: added.map { target[$0] })))
    }

    /// Repeats a value of one axis along all axes of a shape but one: a bias or a scale of every channel.
    public func broadcast(along axis: Int, of target: Shape) -> Value {
        if isPoisoned { return self }
        guard axis >= 0, axis < target.rank, shape == [target[axis]] else {
            return builder.poison(
                ArgumentError(
                    "broadcast", "value", expected: "one number for each index of axis \(axis) of \(target)",
                    given: "\(shape)"))
        }
        let added = (0..<target.rank).filter { $0 != axis }
        return apply(.movement(.broadcast(axes: added, sizes: added.map { target[$0] })))
    }

    /// Zeros around (and between) the elements; negative amounts crop.
    public func padded(before low: [Int], after high: [Int], between interior: [Int]? = nil) -> Value {
        let interior = interior ?? low.map { _ in 0 }
        return [low, high, interior].allSatisfy({ $0 == [Int](repeating: 0, count: shape.rank) })
            ? self : apply(.movement(.pad(low: low, high: high, interior: interior)))
    }

    /// start, start + stride, … below limit on every axis.
    public func sliced(from start: [Int], to limit: [Int], by stride: [Int]? = nil) -> Value {
        apply(.movement(.slice(start: start, limit: limit, stride: stride ?? start.map { _ in 1 })))
    }

    public func reversed(_ axes: [Int]) -> Value { apply(.movement(.reverse(axes: axes))) }

    /// Values (at least one) one after the other along an axis.
    public static func concatenated(_ values: [Value], axis: Int = 1) -> Value {
        guard let first = values.first else {
            return GraphBuilder().poison(
                ArgumentError("concatenate", "values", expected: "one or more", given: "none"))
        }
        return first.builder.apply(.movement(.concatenate(axis: axis)), to: values)
    }
}
