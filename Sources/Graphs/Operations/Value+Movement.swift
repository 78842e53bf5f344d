extension Value {
    /// The same elements in row-major order under another shape.
    public func reshaped(to shape: Shape) -> Value { shape == self.shape ? self : apply(.movement(.reshape(shape))) }

    /// All axes from the given one on as one axis.
    public func flattened(from axis: Int = 1) -> Value {
        checked { () throws(ArgumentError) in
            guard axis >= 0, axis < shape.rank else {
                throw ArgumentError("flattened", "axis", expected: "an axis of \(shape)", given: "\(axis)")
            }
            let tail = Shape(Array(shape.sizes[axis...])).count
            return reshaped(to: Shape(shape.sizes[..<axis] + [tail]))
        }
    }

    /// The axes in another order: result axis k is this value's axis `axes[k]`.
    public func permuted(_ axes: [Int]) -> Value {
        axes == Array(0..<shape.rank) ? self : apply(.movement(.permute(axes: axes)))
    }

    /// Repeats axes of size 1, and axes missing at the front, to reach a shape.
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

    /// Repeats a value with one axis along all other axes of a shape: a bias or a scale for every channel.
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

    /// The elements start, start + stride, … below limit on every axis.
    public func sliced(from start: [Int], to limit: [Int], by stride: [Int]? = nil) -> Value {
        apply(.movement(.slice(start: start, limit: limit, stride: stride ?? start.map { _ in 1 })))
    }

    public func reversed(_ axes: [Int]) -> Value { apply(.movement(.reverse(axes: axes))) }

    /// The positions start, start + stride, … below limit of one axis. Axes, start and limit below 0 count from the end.
    public func sliced(axis: Int, from start: Int = 0, to limit: Int? = nil, by stride: Int = 1) -> Value {
        written("slice") { () throws(ArgumentError) in
            let axis = try self.axis(axis, of: "slice")
            let size = shape[axis]
            func position(_ number: Int) -> Int { number < 0 ? max(0, size &+ number) : min(number, size) }
            let first = position(start)
            guard stride >= 1, stride < Window.limit else {
                throw ArgumentError("slice", "step", expected: "1 or more", given: "\(stride)")
            }
            var (starts, limits, strides) = (shape.sizes.map { _ in 0 }, shape.sizes, shape.sizes.map { _ in 1 })
            (starts[axis], limits[axis], strides[axis]) = (first, max(first, limit.map(position) ?? size), stride)
            return sliced(from: starts, to: limits, by: strides)
        }
    }

    /// The value cut into equal parts along an axis, in order.
    public func split(into count: Int, axis: Int = 1) -> [Value] {
        let along = axis < 0 ? axis + shape.rank : axis
        guard !isPoisoned, count >= 1, shape.sizes.indices.contains(along), shape[along] % count == 0 else {
            let error = ArgumentError(
                "split", "parts", expected: "a divisor of the size of axis \(axis) of \(shape)", given: "\(count)")
            return [Value](repeating: isPoisoned ? self : builder.poison(error), count: max(1, min(count, 1 << 16)))
        }
        let size = shape[along] / count
        return (0..<count).map { sliced(axis: along, from: $0 * size, to: ($0 + 1) * size) }
    }

    /// Values of equal shape side by side along a new axis.
    public static func stacked(_ values: [Value], axis: Int = 0) -> Value {
        guard let first = values.first else { return concatenated([]) }
        return first.written("stack") { () throws(ArgumentError) in
            let place = axis < 0 ? axis + first.shape.rank + 1 : axis
            let thin = values.map { value in
                let sizes = value.shape.sizes
                return value.reshaped(to: Shape(sizes.prefix(max(0, place)) + [1] + sizes.dropFirst(max(0, place))))
            }
            return concatenated(thin, axis: place)
        }
    }

    /// Channels to space: out[n, c, h·r + i, w·r + j] = x[n, c·r² + i·r + j, h, w].
    public func pixelShuffled(_ factor: Int) -> Value {
        written("pixel_shuffle") { () throws(ArgumentError) in
            guard shape.rank == 4, factor >= 1, factor < 1 << 15, shape[1] % (factor * factor) == 0 else {
                throw ArgumentError(
                    "pixel_shuffle", "factor", expected: "one whose square divides the channels of [N, C, H, W]",
                    given: "\(factor) for \(shape)")
            }
            let (channels, height, width) = (shape[1] / (factor * factor), shape[2], shape[3])
            return reshaped(to: [shape[0], channels, factor, factor, height, width]).permuted([0, 1, 4, 2, 5, 3])
                .reshaped(to: [shape[0], channels, height * factor, width * factor])
        }
    }

    /// The inverse of `pixelShuffled`.
    public func pixelUnshuffled(_ factor: Int) -> Value {
        written("pixel_unshuffle") { () throws(ArgumentError) in
            guard shape.rank == 4, factor >= 1, factor < 1 << 15, shape[2] % factor == 0, shape[3] % factor == 0 else {
                throw ArgumentError(
                    "pixel_unshuffle", "factor", expected: "a divisor of height and width of [N, C, H, W]",
                    given: "\(factor) for \(shape)")
            }
            let (height, width) = (shape[2] / factor, shape[3] / factor)
            return reshaped(to: [shape[0], shape[1], height, factor, width, factor]).permuted([0, 1, 3, 5, 2, 4])
                .reshaped(to: [shape[0], shape[1] * factor * factor, height, width])
        }
    }

    /// The checked number of an axis; numbers below 0 count from the end.
    package func axis(_ axis: Int, of operation: String) throws(ArgumentError) -> Int {
        let known = axis < 0 ? axis &+ shape.rank : axis
        guard shape.sizes.indices.contains(known) else {
            throw ArgumentError(operation, "axis", expected: "an axis of \(shape)", given: "\(axis)")
        }
        return known
    }

    /// The checked numbers of axes that must differ, in ascending order.
    package func axes(_ axes: [Int], of operation: String) throws(ArgumentError) -> [Int] {
        let known = try axes.map { (axis) throws(ArgumentError) in try self.axis(axis, of: operation) }
        guard Set(known).count == known.count else {
            throw ArgumentError(operation, "axes", expected: "different axes of \(shape)", given: list(axes))
        }
        return known.sorted()
    }

    /// Values, at least one, one after the other along an axis.
    public static func concatenated(_ values: [Value], axis: Int = 1) -> Value {
        guard let first = values.first else {
            return GraphBuilder().poison(
                ArgumentError("concatenate", "values", expected: "one or more", given: "none"))
        }
        return first.builder.apply(.movement(.concatenate(axis: axis)), to: values)
    }
}
