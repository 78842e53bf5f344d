extension Value {
    /// The largest element of every window; the derivative goes to the first of equal ones. Padding never wins.
    ///
    /// - Parameters:
    ///   - kernel, stride: one number, or one for every spatial axis; the stride is the kernel's size unless given.
    ///   - roundingUp: whether a last window may reach past the end ("ceil mode").
    public func maxPooled(
        _ kernel: PerAxis, stride: PerAxis? = nil, padding: Padding = .none, dilation: PerAxis = 1,
        roundingUp: Bool = false
    ) -> Value {
        checked { () throws(GraphError) in
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
        checked { () throws(GraphError) in
            let geometry = try poolGeometry("averagePool", kernel, stride, padding, 1)
            let size = try geometry.outputs(roundingUp: roundingUp)
            let sums = apply(
                .pooling(.windowSum(geometry.window, taps: geometry.kernel, role: .output, size: size)))
            let counts = geometry.counts(outputs: size, countingPadding: countsPadding)
            guard !counts.contains(0) else {
                throw GraphError(
                    operation: "averagePool", argument: "padding", expected: "an element of the input in every window",
                    given: "a window wholly in the padding of \(shape)")
            }
            if let first = counts.first, counts.allSatisfy({ $0 == first }) { return sums / Double(first) }
            let divisors = Tensor(known: Shape(size), .float64(counts.map { Double($0) })).converted(to: type)
            return sums / builder.constant(divisors)
        }
    }

    /// The mean of each channel: [N, C].
    public func globalAveragePooled() -> Value { mean(Array(2..<max(2, shape.rank))) }

    /// The largest element of each channel: [N, C].
    public func globalMaxPooled() -> Value {
        if isPoisoned { return self }
        let plane = Array(shape.sizes.dropFirst(2))
        return maxPooled(PerAxis(plane)).reshaped(to: Shape(Array(shape.sizes.prefix(2))))
    }

    private func poolGeometry(
        _ operation: String, _ kernel: PerAxis, _ stride: PerAxis?, _ padding: Padding, _ dilation: PerAxis
    ) throws(GraphError) -> WindowGeometry {
        let sizes = try kernel.numbers(
            forAxes: shape.rank - 2, operation: operation, argument: "kernel", atLeast: 1)
        return try WindowGeometry(
            operation, over: shape, kernel: sizes, stride: stride ?? kernel, padding: padding, dilation: dilation)
    }
}

extension WindowGeometry {
    /// How many positions of the input (and of the padding) each window covers, row-major.
    func counts(outputs: [Int], countingPadding: Bool) -> [Int] {
        var counts = [1]
        for (axis, along) in window.axes.enumerated() {
            let low = countingPadding ? -before[axis] : 0
            let high = input[axis] + (countingPadding ? after[axis] : 0)
            let alongAxis = (0..<outputs[axis]).map { p in
                (0..<kernel[axis]).count { tap in
                    let position = along.stride * p + along.dilation * tap - along.padding
                    return position >= low && position < high
                }
            }
            counts = counts.flatMap { count in alongAxis.map { count * $0 } }
        }
        return counts
    }
}
