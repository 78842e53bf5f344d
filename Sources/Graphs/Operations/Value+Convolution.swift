extension Value {
    /// The convolution layer (cross-correlation): the trilinear form solved for its output.
    ///
    ///     y[n, g·K+k, p] = Σ x[n, g·C+c, s·p + d·r − a] · w[g·K+k, c, r]
    ///
    /// - Parameters:
    ///   - filter: [groups·K, C, kernel…]
    ///   - stride, dilation: one number, or one for every spatial axis.
    ///   - padding: the amounts on both sides of the input; negative amounts crop.
    /// - Returns: [N, groups·K, ⌊(input + before + after − d·(kernel − 1) − 1)∕s⌋ + 1 …] for an input [N, groups·C, spatial…].
    public func convolved(
        with filter: Value, stride: PerAxis = 1, padding: Padding = .none, dilation: PerAxis = 1, groups: Int = 1
    ) -> Value {
        checked { () throws(ArgumentError) in
            let geometry = try WindowGeometry(
                "convolution", over: shape, kernel: filter.shape.spatial, stride: stride,
                padding: padding, dilation: dilation)
            let convolution = Primitive.Convolution(
                window: geometry.window, groups: groups, role: .output,
                size: try geometry.outputs(roundingUp: false))
            return apply(.convolution(convolution), filter)
        }
    }

    /// The transposed convolution layer: the same form solved for its input, with this value in place of the output.
    ///
    /// - Parameters:
    ///   - filter: [channels of this value, C, kernel…]
    ///   - padding: how much is cropped from both ends of the result.
    ///   - outputPadding: how much longer the result is at its end.
    /// - Returns: [N, groups·C, (input − 1)·s + d·(kernel − 1) + 1 + outputPadding − before − after …]; for the padding
    ///   `same`, input·s + outputPadding.
    public func transposedConvolved(
        with filter: Value, stride: PerAxis = 1, padding: Padding = .none, outputPadding: PerAxis = 0,
        dilation: PerAxis = 1, groups: Int = 1
    ) -> Value {
        checked { () throws(ArgumentError) in
            let geometry = try WindowGeometry(
                "transposed convolution", over: shape, kernel: filter.shape.spatial, stride: stride,
                padding: padding, dilation: dilation, isTransposed: true)
            let added = try outputPadding.numbers(
                forAxes: geometry.window.rank, operation: "transposed convolution", argument: "output padding",
                atLeast: 0)
            let convolution = Primitive.Convolution(
                window: geometry.window, groups: groups, role: .input,
                size: try geometry.transposedOutputs(outputPadding: added, isSame: padding == .same))
            return builder.apply(.convolution(convolution), to: [filter, self])
        }
    }

    /// Adds one number to every channel (axis 1).
    public func adding(bias: Value) -> Value {
        self + (isPoisoned ? bias : bias.broadcast(along: 1, of: shape))
    }
}

/// The numbers of a layer with sliding windows on [N, C, spatial…], checked.
struct WindowGeometry {
    let operation: String
    let window: Window
    let input: [Int]
    let kernel: [Int]
    let before: [Int]
    let after: [Int]

    init(
        _ operation: String, over shape: Shape, kernel: [Int], stride: PerAxis, padding: Padding, dilation: PerAxis,
        isTransposed: Bool = false
    ) throws(ArgumentError) {
        let rank = shape.rank - 2
        guard rank >= 1, rank <= 3, kernel.count == rank else {
            throw ArgumentError(
                operation, "input",
                expected: "two axes and as many spatial axes (1 to 3) as the kernel \(list(kernel)) has",
                given: "\(shape)")
        }
        let input = shape.spatial
        guard (input + kernel).allSatisfy({ $0 < Window.limit }), kernel.allSatisfy({ $0 >= 1 }) else {
            throw ArgumentError(
                operation, "kernel", expected: "1 or more on every axis, all sizes below 2^31",
                given: "\(list(kernel)) over \(shape)")
        }
        let strides = try stride.numbers(forAxes: rank, operation: operation, argument: "stride", atLeast: 1)
        let dilations = try dilation.numbers(forAxes: rank, operation: operation, argument: "dilation", atLeast: 1)
        // The result of a transposed layer is the input of the layer that it transposes.
        let padded = isTransposed ? input.indices.map { input[$0] * strides[$0] } : input
        (before, after) = try padding.amounts(
            input: padded, kernel: kernel, stride: strides, dilation: dilations, operation: operation)
        (self.operation, self.input, self.kernel) = (operation, input, kernel)
        let low = before
        window = Window(
            (0..<rank).map { Window.Axis(stride: strides[$0], dilation: dilations[$0], padding: low[$0]) })
    }

    /// The number of windows that fit on each axis: see `Window.Axis.outputs`.
    func outputs(roundingUp: Bool) throws(ArgumentError) -> [Int] {
        try window.axes.enumerated().map { (axis, along) throws(ArgumentError) in
            let size = along.outputs(
                inputs: input[axis], taps: kernel[axis], after: after[axis], roundingUp: roundingUp)
            guard let size else {
                let padded = input[axis] + before[axis] + after[axis]
                throw ArgumentError(
                    operation, "kernel",
                    expected: "at most the padded input's \(padded) positions on spatial axis \(axis)",
                    given: "\(kernel[axis]) taps that reach over \(along.reach(taps: kernel[axis]))")
            }
            return size
        }
    }

    /// The sizes that `input` windows span without what is cropped, or input·s for `same`; `outputPadding` is added.
    func transposedOutputs(outputPadding: [Int], isSame: Bool) throws(ArgumentError) -> [Int] {
        try window.axes.enumerated().map { (axis, along) throws(ArgumentError) in
            let whole =
                isSame
                ? input[axis] * along.stride
                : along.span(outputs: input[axis], taps: kernel[axis]) - before[axis] - after[axis]
            let size = whole + outputPadding[axis]
            guard size >= 1, size < Window.limit else {
                throw ArgumentError(
                    operation, "padding", expected: "to leave 1 or more positions (below 2^31) on spatial axis \(axis)",
                    given: "\(size)")
            }
            return size
        }
    }
}
