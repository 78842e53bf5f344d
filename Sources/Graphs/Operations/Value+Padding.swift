/// The values with which a value is padded.
public enum PaddingMode: Hashable, Sendable {
    case constant(Double)
    /// The value mirrored at its edge, without repeating the edge.
    case reflect
    /// The elements at the edge, repeated.
    case replicate
    /// The elements from the other end.
    case circular
}

extension Value {
    /// Pads the last axes, as many as there are amounts; negative amounts crop.
    public func padded(_ mode: PaddingMode, before: [Int], after: [Int]) -> Value {
        written("pad") { () throws(ArgumentError) in
            let lead = shape.rank - before.count
            guard before.count == after.count, lead >= 0,
                (before + after).allSatisfy({ $0.magnitude < Window.limit })
            else {
                throw ArgumentError(
                    "pad", "pads", expected: "two for each of the last axes of \(shape)",
                    given: "\(list(before)), \(list(after))")
            }
            guard case .constant(let number) = mode else {
                var result = self
                for axis in before.indices {
                    result = try result.padded(mode, axis: lead + axis, before[axis], after[axis])
                }
                return result
            }
            let none = [Int](repeating: 0, count: lead)
            let padded = padded(before: none + before, after: none + after)
            guard number != 0 else { return padded }
            let isInside = builder.constant(1, shape, type).padded(before: none + before, after: none + after)
            return (isInside .== 0).choose(self.number(number), padded)
        }
    }

    private func padded(_ mode: PaddingMode, axis: Int, _ before: Int, _ after: Int) throws(ArgumentError) -> Value {
        let size = shape[axis]
        let (low, high) = (max(0, before), max(0, after))
        let most = mode == .reflect ? size - 1 : mode == .circular ? size : size > 0 ? Int.max : 0
        guard max(low, high) <= max(0, most) else {
            throw ArgumentError(
                "pad", "pads", expected: "at most \(max(0, most)) on axis \(axis) of \(shape)",
                given: "\(max(low, high))")
        }
        func repeated(_ position: Int, _ count: Int) -> Value {
            var sizes = shape.sizes
            sizes[axis] = count
            return sliced(axis: axis, from: position, to: position + 1).broadcast(to: Shape(sizes))
        }
        var parts = [self]
        switch mode {
        case .reflect:
            if low > 0 { parts.insert(sliced(axis: axis, from: 1, to: low + 1).reversed([axis]), at: 0) }
            if high > 0 { parts.append(sliced(axis: axis, from: size - 1 - high, to: size - 1).reversed([axis])) }
        case .circular:
            if low > 0 { parts.insert(sliced(axis: axis, from: size - low, to: size), at: 0) }
            if high > 0 { parts.append(sliced(axis: axis, from: 0, to: high)) }
        case .replicate, .constant:
            if low > 0 { parts.insert(repeated(0, low), at: 0) }
            if high > 0 { parts.append(repeated(size - 1, high)) }
        }
        let whole = parts.count == 1 ? self : Value.concatenated(parts, axis: axis)
        guard before < 0 || after < 0 else { return whole }
        let (first, last) = (max(0, -before), whole.shape[axis] + min(0, after))
        guard first < last else {
            throw ArgumentError(
                "pad", "pads", expected: "to leave something of axis \(axis) of \(shape)", given: "none")
        }
        return whole.sliced(axis: axis, from: first, to: last)
    }
}
