/// The method by which elements between those of the input are found.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    case nearest, linear, bilinear, trilinear, bicubic

    /// The number of spatial axes that it is for; nil for any number.
    var axes: Int? {
        switch self {
        case .nearest: nil
        case .linear: 1
        case .bilinear, .bicubic: 2
        case .trilinear: 3
        }
    }
}

extension Value {
    /// [N, C, spatial…] with other spatial sizes, larger or smaller. Axis by axis, where out and in are the sizes:
    ///
    ///     nearest   y[i] = x[⌊i·in∕out⌋]
    ///     else      y[i] = Σ_j weight(s − j)·x[j]  at s = (i + ½)·in∕out − ½, or i·(in − 1)∕(out − 1) with aligned corners
    public func resampled(to size: [Int], _ mode: Interpolation, alignsCorners: Bool = false) -> Value {
        written("upsample") { () throws(ArgumentError) in
            let input = shape.spatial
            guard input.count == size.count, !size.isEmpty, mode.axes.map({ $0 == size.count }) ?? true else {
                throw ArgumentError(
                    "upsample", "input",
                    expected: "[N, C] and \(mode.axes.map { "\($0)" } ?? "as many as sizes") spatial axes for "
                        + "\(mode.rawValue) to \(list(size))", given: "\(shape)")
            }
            guard input.allSatisfy({ $0 >= 1 }), size.allSatisfy({ $0 >= 1 && $0 < Window.limit }) else {
                throw ArgumentError(
                    "upsample", "size", expected: "1 or more and below 2^31 on every axis",
                    given: "\(list(size)) from \(list(input))")
            }
            if mode == .nearest { return try resampledToNearest(size) }
            let reach = mode == .bicubic ? 2 : 1
            if !alignsCorners, let filtered = resampledByFilter(size, reach: reach) { return filtered }
            var result = self
            for (axis, size) in size.enumerated() where size != input[axis] {
                let along = Resampling(input: input[axis], output: size, alignsCorners: alignsCorners)
                result = try result.resampled(axis: axis + 2, along) { along.neighbours(of: $0, reach: reach) }
            }
            return result
        }
    }

    private func resampledToNearest(_ size: [Int]) throws(ArgumentError) -> Value {
        let input = shape.spatial
        // Windows that lie side by side, solved for their input: each element is repeated over its window.
        if zip(size, input).allSatisfy({ $0 % $1 == 0 }), size.count <= 3 {
            if size == input { return self }
            let factors = zip(size, input).map { $0 / $1 }
            let window = Window(factors.map { Window.Axis(stride: $0) })
            return apply(.pooling(.windowSum(window, taps: factors, role: .input, size: size)))
        }
        var result = self
        for (axis, size) in size.enumerated() where size != input[axis] {
            let input = input[axis]
            try checkTaken(size)
            result =
                input % size == 0
                ? result.sliced(axis: axis + 2, by: input / size)
                : result.taken((0..<size).map { $0 * input / size }, axis: axis + 2)
        }
        return result
    }

    /// All axes at once, where each becomes larger by a whole factor r, or each smaller by one: a filter for each channel over
    /// the input with repeated edges, of which each output has `2·reach` taps on an axis. Tap t is at the distance (t − c)∕r
    /// from the source position, for c = reach·r − 1 or ½ more.
    private func resampledByFilter(_ size: [Int], reach: Int) -> Value? {
        let input = shape.spatial
        let grows = zip(size, input).allSatisfy { $0 % $1 == 0 }
        guard grows || zip(size, input).allSatisfy({ $1 % $0 == 0 }), size != input, shape[1] >= 1 else { return nil }
        var (axes, kernel, weights) = ([Window.Axis](), [Int](), [1.0])
        for (size, input) in zip(size, input) {
            let (up, down) = grows ? (size / input, 1) : (1, input / size)
            let isEven = (down - up) % 2 == 0
            let taps = 2 * reach * up - (isEven ? 1 : 0)
            let center = Double(reach * up - 1) + (isEven ? 0 : 0.5)
            guard taps <= 64 else { return nil }
            // r·i = q·p + t − a, with i counted from the first repeated edge and the source at r·i − (t − c).
            let padding = -1 - (down - up - (isEven ? 0 : 1)) / 2
            axes.append(Window.Axis(stride: max(up, down), padding: grows ? taps - 1 - padding : padding))
            kernel.append(taps)
            let along = (0..<taps).map { Resampling.weight((Double($0) - center) / Double(up), reach: reach) }
            weights = weights.flatMap { weight in along.map { weight * $0 } }
        }
        let taps = builder.constant(Tensor(known: Shape(kernel), .float64(weights)).converted(to: type))
        let filter = taps.broadcast(to: Shape([shape[1], 1] + kernel))
        let edges = size.map { _ in reach }
        let padded = padded(.replicate, before: edges, after: edges)
        let convolution = Primitive.Convolution(
            window: Window(axes), groups: shape[1], role: grows ? .input : .output, size: size)
        return builder.apply(.convolution(convolution), to: grows ? [filter, padded] : [padded, filter])
    }

    /// An axis whose elements are sums of a few of its former elements: a product with a matrix, or where that would be large,
    /// a sum of slices, one for each place in the sums.
    private func resampled(
        axis: Int, _ along: Resampling, _ terms: (Int) -> [(position: Int, weight: Double)]
    ) throws(ArgumentError) -> Value {
        try checkTaken(along.output)
        let rows = (0..<along.output).map(terms)
        if along.input <= (1 << 20) / along.output {
            return transformed(axis: axis, by: along.matrix(rows))
        }
        let longest = rows.reduce(0) { max($0, $1.count) }
        var sum: Value?
        for place in 0..<longest {
            let positions = rows.map { place < $0.count ? $0[place].position : 0 }
            let weights = rows.map { place < $0.count ? $0[place].weight : 0 }
            let scale = builder.constant(Tensor(known: [along.output], .float64(weights)).converted(to: type))
            let taken = taken(positions, axis: axis)
            let term = taken * scale.broadcast(along: axis, of: taken.shape)
            sum = sum.map { $0 + term } ?? term
        }
        return sum ?? self
    }

    /// Throws for too many positions: each is computed by itself before there is a graph.
    private func checkTaken(_ count: Int) throws(ArgumentError) {
        guard count <= 1 << 24 else {
            throw ArgumentError(
                "upsample", "size", expected: "at most 2^24 on an axis whose size it is no multiple of",
                given: "\(count)")
        }
    }

    /// The slices of an axis at fixed positions.
    private func taken(_ positions: [Int], axis: Int) -> Value {
        let index = Tensor(known: [positions.count], .int32(positions.map { Int32($0) }))
        return gathered(builder.constant(index), axis: axis)
    }

    /// The mean over windows that divide an axis: output i covers ⌊i·in∕out⌋ up to ⌈(i + 1)·in∕out⌉.
    public func adaptivelyAveragePooled(to size: [Int]) -> Value {
        written("adaptive_avg_pool") { () throws(ArgumentError) in
            try checkAdaptive("adaptive_avg_pool", size)
            if let kernel = evenWindows(size) { return averagePooled(kernel) }
            var result = self
            for (axis, size) in size.enumerated() where size != shape[axis + 2] {
                let along = Resampling(input: shape[axis + 2], output: size)
                result = try result.resampled(axis: axis + 2, along) { i in
                    let window = along.window(of: i)
                    return window.map { (position: $0, weight: 1 / Double(window.count)) }
                }
            }
            return result
        }
    }

    /// The largest element of the same windows; the derivative goes to the first of equal ones.
    public func adaptivelyMaxPooled(to size: [Int]) -> Value {
        written("adaptive_max_pool") { () throws(ArgumentError) in
            try checkAdaptive("adaptive_max_pool", size)
            if let kernel = evenWindows(size) { return maxPooled(kernel) }
            var result = self
            // The last axis first, so that the first of equal elements is the first in row-major order.
            for axis in size.indices.reversed() where size[axis] != shape[axis + 2] {
                let along = Resampling(input: shape[axis + 2], output: size[axis])
                let windows = (0..<size[axis]).map { along.window(of: $0) }
                let longest = windows.map { $0.count }.max() ?? 1
                let positions = windows.flatMap { window in
                    (0..<longest).map { min(window.lowerBound + $0, window.upperBound - 1) }
                }
                var kernel = size.map { _ in 1 }
                kernel[axis] = longest
                result = result.taken(positions, axis: axis + 2).maxPooled(PerAxis(kernel))
            }
            return result
        }
    }

    private func checkAdaptive(_ operation: String, _ size: [Int]) throws(ArgumentError) {
        guard size.count == shape.rank - 2, (1...3).contains(size.count),
            shape.spatial.allSatisfy({ $0 >= 1 }),
            size.allSatisfy({ $0 >= 1 && $0 < 1 << 24 })
        else {
            throw ArgumentError(
                operation, "size", expected: "1 or more for each of 1 to 3 spatial axes",
                given: "\(list(size)) for \(shape)")
        }
    }

    /// The size of the windows, where all have the same and none overlap.
    private func evenWindows(_ size: [Int]) -> PerAxis? {
        let input = shape.spatial
        guard zip(input, size).allSatisfy({ $0 % $1 == 0 }) else { return nil }
        return PerAxis(zip(input, size).map { $0 / $1 })
    }
}

/// An axis whose elements are computed from those of an axis of another size.
private struct Resampling {
    let input, output: Int
    var alignsCorners = false

    /// The position of an output element among the input elements.
    private func source(_ i: Int) -> Double {
        if alignsCorners { return output == 1 ? 0 : Double(i) * Double(input - 1) / Double(output - 1) }
        return (Double(i) + 0.5) * Double(input) / Double(output) - 0.5
    }

    /// The terms of an output element: two neighbours, or four for a cubic; positions outside are replaced by the edge.
    func neighbours(of i: Int, reach: Int) -> [(position: Int, weight: Double)] {
        let s = source(i)
        let first = Int(s.rounded(.down))
        return (first - reach + 1...first + reach).map { neighbour in
            (min(max(neighbour, 0), input - 1), Self.weight(s - Double(neighbour), reach: reach))
        }
    }

    /// The weight of a neighbour at a distance: linear, or Keys' cubic kernel with a = −¾.
    static func weight(_ distance: Double, reach: Int) -> Double {
        let (t, a) = (distance.magnitude, -0.75)
        if reach == 1 { return max(0, 1 - t) }
        return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
    }

    func window(of i: Int) -> Range<Int> { i * input / output..<((i + 1) * input + output - 1) / output }

    /// The weights as a matrix [output, input].
    func matrix(_ rows: [[(position: Int, weight: Double)]]) -> [[Double]] {
        rows.map { terms in
            var row = [Double](repeating: 0, count: input)
            for (position, weight) in terms { row[position] += weight }
            return row
        }
    }
}
