/// How elements between those of the input are found.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    case nearest, linear, bilinear, trilinear, bicubic

    /// How many spatial axes it is for; nil for any.
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
    /// [N, C, spatial…] with other spatial sizes, larger or smaller. Axis by axis, with out and in the sizes:
    ///
    ///     nearest   y[i] = x[⌊i·in∕out⌋]
    ///     else      y[i] = Σ_j weight(s − j)·x[j]  at s = (i + ½)·in∕out − ½, or i·(in − 1)∕(out − 1) with aligned corners
    public func resampled(to size: [Int], _ mode: Interpolation, alignsCorners: Bool = false) -> Value {
        written("upsample") { () throws(ArgumentError) in
            let input = Array(shape.sizes.dropFirst(2))
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
            var result = self
            for (axis, size) in size.enumerated() where size != input[axis] || (mode == .bicubic && !alignsCorners) {
                let along = Resampling(input: input[axis], output: size, alignsCorners: alignsCorners)
                result =
                    switch mode {
                    case .nearest: try result.resampledToNearest(axis: axis + 2, to: size)
                    case .bicubic: result.transformed(axis: axis + 2, by: try along.matrix { along.cubic(at: $0) })
                    default: result.transformed(axis: axis + 2, by: try along.matrix { along.linear(at: $0) })
                    }
            }
            return result
        }
    }

    private func resampledToNearest(axis: Int, to size: Int) throws(ArgumentError) -> Value {
        let input = shape[axis]
        if size % input == 0 {
            let wide = Shape(shape.sizes[...axis] + [size / input] + shape.sizes[(axis + 1)...])
            let narrow = Shape(shape.sizes[...axis] + [1] + shape.sizes[(axis + 1)...])
            var sizes = shape.sizes
            sizes[axis] = size
            return reshaped(to: narrow).broadcast(to: wide).reshaped(to: Shape(sizes))
        }
        if input % size == 0 { return sliced(axis: axis, by: input / size) }
        return try taken((0..<size).map { $0 * input / size }, axis: axis)
    }

    /// The slices of an axis at fixed positions.
    private func taken(_ positions: [Int], axis: Int) throws(ArgumentError) -> Value {
        guard positions.count <= 1 << 24 else {
            throw ArgumentError("upsample", "size", expected: "at most 2^24", given: "\(positions.count)")
        }
        let index = Tensor(known: [positions.count], .int32(positions.map { Int32($0) }))
        return gathered(builder.constant(index), axis: axis)
    }

    /// The mean over windows that share an axis out: output i covers ⌊i·in∕out⌋ up to ⌈(i + 1)·in∕out⌉.
    public func adaptivelyAveragePooled(to size: [Int]) -> Value {
        written("adaptive_avg_pool") { () throws(ArgumentError) in
            try checkAdaptive("adaptive_avg_pool", size)
            if let kernel = evenWindows(size) { return averagePooled(kernel) }
            var result = self
            for (axis, size) in size.enumerated() where size != shape[axis + 2] {
                let along = Resampling(input: shape[axis + 2], output: size)
                let matrix = try along.matrix { i in
                    let window = along.window(of: i)
                    return window.map { (position: $0, weight: 1 / Double(window.count)) }
                }
                result = result.transformed(axis: axis + 2, by: matrix)
            }
            return result
        }
    }

    /// The largest element of such windows; the derivative goes to the first of equal ones.
    public func adaptivelyMaxPooled(to size: [Int]) -> Value {
        written("adaptive_max_pool") { () throws(ArgumentError) in
            try checkAdaptive("adaptive_max_pool", size)
            if let kernel = evenWindows(size) { return maxPooled(kernel) }
            var result = self
            // Rows from the last axis on, so that the first of equal elements is the first in row-major order.
            for axis in size.indices.reversed() where size[axis] != shape[axis + 2] {
                let along = Resampling(input: shape[axis + 2], output: size[axis])
                let windows = (0..<size[axis]).map { along.window(of: $0) }
                let longest = windows.map { $0.count }.max() ?? 1
                let positions = windows.flatMap { window in
                    (0..<longest).map { min(window.lowerBound + $0, window.upperBound - 1) }
                }
                var kernel = size.map { _ in 1 }
                kernel[axis] = longest
                result = try result.taken(positions, axis: axis + 2).maxPooled(PerAxis(kernel))
            }
            return result
        }
    }

    private func checkAdaptive(_ operation: String, _ size: [Int]) throws(ArgumentError) {
        guard size.count == shape.rank - 2, (1...3).contains(size.count),
            shape.sizes.dropFirst(2).allSatisfy({ $0 >= 1 }),
            size.allSatisfy({ $0 >= 1 && $0 < 1 << 24 })
        else {
            throw ArgumentError(
                operation, "size", expected: "1 or more for each of 1 to 3 spatial axes",
                given: "\(list(size)) for \(shape)")
        }
    }

    /// The kernel where all windows are of one size and none overlap.
    private func evenWindows(_ size: [Int]) -> PerAxis? {
        let input = Array(shape.sizes.dropFirst(2))
        guard zip(input, size).allSatisfy({ $0 % $1 == 0 }) else { return nil }
        return PerAxis(zip(input, size).map { $0 / $1 })
    }
}

/// One axis whose elements are computed from those of another size.
private struct Resampling {
    let input, output: Int
    var alignsCorners = false

    /// Where an element of the output lies among those of the input.
    private func source(_ i: Int) -> Double {
        if alignsCorners { return output == 1 ? 0 : Double(i) * Double(input - 1) / Double(output - 1) }
        return (Double(i) + 0.5) * Double(input) / Double(output) - 0.5
    }

    func linear(at i: Int) -> [(position: Int, weight: Double)] {
        let s = max(0, source(i))
        let first = min(Int(s), input - 1)
        let fraction = s - s.rounded(.down)
        return [(first, 1 - fraction), (min(first + 1, input - 1), fraction)]
    }

    /// Keys' kernel with a = −¾ over four neighbours, of which those outside are the edge.
    func cubic(at i: Int) -> [(position: Int, weight: Double)] {
        let s = source(i)
        let (first, a) = (Int(s.rounded(.down)), -0.75)
        return (first - 1...first + 2).map { neighbour in
            let t = (s - Double(neighbour)).magnitude
            let weight =
                t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0
            return (min(max(neighbour, 0), input - 1), weight)
        }
    }

    func window(of i: Int) -> Range<Int> { i * input / output..<((i + 1) * input + output - 1) / output }

    /// [output, input]
    func matrix(_ weights: (Int) -> [(position: Int, weight: Double)]) throws(ArgumentError) -> [[Double]] {
        guard input.multipliedReportingOverflow(by: output).partialValue <= 1 << 24, input < 1 << 24, output < 1 << 24
        else {
            throw ArgumentError(
                "resampling", "size", expected: "at most 2^24 for the product of both sizes of an axis",
                given: "\(output) from \(input)")
        }
        return (0..<output).map { i in
            var row = [Double](repeating: 0, count: input)
            for (position, weight) in weights(i) { row[position] += weight }
            return row
        }
    }
}
