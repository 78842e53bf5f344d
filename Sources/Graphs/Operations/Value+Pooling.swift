extension Value {
    /// The largest element of every window; the derivative goes to the first of equal ones. Padding is never the largest.
    ///
    /// - Parameters:
    ///   - kernel, stride: one number, or one for every spatial axis; the stride is the kernel's size unless given.
    ///   - roundingUp: whether a last window may extend past the end ("ceil mode").
    public func maxPooled(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, dilation: PerAxis = 1,
        roundingUp: Bool = false
    ) -> Value {
        checked { () throws(ArgumentError) in
            let geometry = try poolGeometry("maxPool", kernel, stride, padding, dilation)
            let size = try geometry.outputs(roundingUp: roundingUp)
            let index = apply(.pooling(.choice(geometry.window, taps: geometry.kernel, size: size)))
            return index.isPoisoned ? index : apply(.pooling(.gather), index)
        }
    }

    /// The mean of every window.
    ///
    /// - Parameter countsPadding: whether padding counts as zeros in the divisor; what lies beyond it never does.
    public func averagePooled(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, countsPadding: Bool = true,
        roundingUp: Bool = false
    ) -> Value {
        checked { () throws(ArgumentError) in
            let geometry = try poolGeometry("averagePool", kernel, stride, padding, 1)
            let size = try geometry.outputs(roundingUp: roundingUp)
            let sums = apply(
                .pooling(.windowSum(geometry.window, taps: geometry.kernel, role: .output, size: size)))
            if countsPadding, !roundingUp { return sums / geometry.kernel.reduce(1.0) { $0 * Double($1) } }
            let counts = try geometry.counts(outputs: size, countingPadding: countsPadding)
            if let first = counts.first, counts.allSatisfy({ $0 == first }) { return sums / first }
            return sums / builder.constant(Tensor(known: Shape(size), .float64(counts)).converted(to: type))
        }
    }

    /// (Σ xᵖ)^(1∕p) of every window, without padding.
    public func lpPooled(_ kernel: PerAxis, stride: PerAxis? = nil, exponent p: Double = 2) -> Value {
        written("lp_pool") { () throws(ArgumentError) in
            guard p > 0, p < .infinity else {
                throw ArgumentError("lp_pool", "p", expected: "above 0", given: "\(p)")
            }
            let sizes = try kernel.numbers(
                forAxes: max(1, shape.rank - 2), operation: "lp_pool", argument: "kernel", atLeast: 1)
            let powers = p == 1 ? self : p == 2 ? squared() : power(p)
            let sum = powers.averagePooled(kernel, stride: stride) * sizes.reduce(1.0) { $0 * Double($1) }
            return p == 1 ? sum : p == 2 ? sum.sqrt() : sum.power(1 / p)
        }
    }

    /// The mean of each channel: [N, C].
    public func globalAveragePooled() -> Value { mean(Array(2..<max(2, shape.rank))) }

    /// The largest element of each channel: [N, C].
    public func globalMaxPooled() -> Value {
        if isPoisoned { return self }
        let plane = shape.spatial
        return maxPooled(PerAxis(plane)).reshaped(to: Shape(Array(shape.sizes.prefix(2))))
    }

    private func poolGeometry(
        _ operation: String, _ kernel: PerAxis, _ stride: PerAxis?, _ padding: Padding, _ dilation: PerAxis
    ) throws(ArgumentError) -> WindowGeometry {
        guard shape.rank > 2 else {
            throw ArgumentError(operation, "input", expected: "two axes and 1 to 3 spatial axes", given: "\(shape)")
        }
        let sizes = try kernel.numbers(
            forAxes: shape.rank - 2, operation: operation, argument: "kernel", atLeast: 1)
        return try WindowGeometry(
            operation, over: shape, kernel: sizes, stride: stride ?? kernel, padding: padding, dilation: dilation)
    }
}

extension WindowGeometry {
    /// The number of positions of the input (and of the padding) in each window of dilation 1, row-major.
    ///
    /// - Throws: where a window has no such position, or there are too many windows for a constant.
    func counts(outputs: [Int], countingPadding: Bool) throws(ArgumentError) -> [Double] {
        if !countingPadding {
            try window.checkMeetings(operation, inputs: input, taps: kernel, outputs: outputs, given: list(input))
        }
        guard let count = Shape(outputs).checkedCount, count <= 1 << 28 else {
            throw ArgumentError(
                operation, "result", expected: "at most 2^28 windows where they differ in what they cover",
                given: "\(list(outputs))")
        }
        var counts = [1.0]
        for (axis, along) in window.axes.enumerated() {
            let low = countingPadding ? -before[axis] : 0
            let high = input[axis] + (countingPadding ? after[axis] : 0)
            let alongAxis = (0..<outputs[axis]).map { p in
                let start = along.stride * p - along.padding
                return Double(max(0, min(start + kernel[axis], high) - max(start, low)))
            }
            counts = counts.flatMap { count in alongAxis.map { count * $0 } }
        }
        return counts
    }
}
