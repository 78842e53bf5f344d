import AdjointGraphs

/// A convolution in any of its roles as an ordinary sliding window: steps that prepare a plane and a filter, then slide.
///
/// All three roles have one relation between a position i, a window p and a tap r:
///
///     e·i = s·p + d·r − a
///
/// Solved for the output, p numbers the windows and r is summed. The other roles exchange the fixed and the summed letters:
///
///     filter: r numbers the windows, p is summed:   e·i = d·r + s·p − a
///     input:  i numbers the windows, p is summed:   s·p = e·i − d·r + a = e·i + d·r' − (d·(R − 1) − a)   with r' = R − 1 − r
///
/// So for the filter, stride and dilation change places. For the input, stride and input spacing change places and the taps
/// count backwards: the filter is rotated by 180°.
package struct SlidingReading: Hashable, Sendable {
    package let role: Primitive.Convolution.Role
    /// The relation for the sliding window: spacing and padding of the plane, stride of the window, dilation of the filter.
    package let axes: [Window.Axis]
    /// The spatial sizes of the plane, of the filter that slides over it, and of the result.
    package let plane: [Int]
    package let filter: [Int]
    package let result: [Int]
    /// The padding at the plane's end that the layer has.
    private let padding: [Int]
    /// Whether the filter is rotated by 180°.
    package var isReversed: Bool { role == .input }

    /// - Parameters:
    ///   - extents: the extents of the node, from `extents(_:_:)`.
    ///   - padding: the layer's padding at the end, where it is known; the form does not need it.
    package init(
        _ convolution: Primitive.Convolution, _ extents: Primitive.Convolution.Extents, after padding: [Int]? = nil
    ) {
        self.padding = padding ?? convolution.window.axes.map { _ in 0 }
        role = convolution.role
        switch role {
        case .output: (plane, filter, result) = (extents.input, extents.taps, extents.output)
        case .filter: (plane, filter, result) = (extents.input, extents.output, extents.taps)
        case .input: (plane, filter, result) = (extents.output, extents.taps, extents.input)
        }
        let role = role
        axes = zip(convolution.window.axes, extents.taps).map { axis, taps in
            switch role {
            case .output: axis
            case .filter:
                Window.Axis(
                    inputSpacing: axis.inputSpacing, stride: axis.dilation, dilation: axis.stride, padding: axis.padding
                )
            case .input:
                Window.Axis(
                    inputSpacing: axis.stride, stride: axis.inputSpacing, dilation: axis.dilation,
                    padding: axis.reach(taps: taps) - 1 - axis.padding)
            }
        }
    }

    /// The length of an axis of the plane with zeros inserted: e·(n − 1) + 1.
    private func spread(_ axis: Int) -> Int { plane[axis] == 0 ? 0 : axes[axis].inputSpacing * (plane[axis] - 1) + 1 }

    /// The padding at the plane's end: that of the layer, or what the last window needs, whichever is more.
    package func after(_ axis: Int) -> Int {
        let along = axes[axis]
        let needed = along.span(outputs: result[axis], taps: filter[axis])
        return max(padding[axis], needed - along.padding - spread(axis))
    }

    /// The number of windows that fit; at least as many as the result has.
    package func windows(_ axis: Int) -> Int {
        axes[axis].outputs(inputs: spread(axis), taps: filter[axis], after: after(axis)) ?? 0
    }
}

extension SlidingReading {
    /// The steps on the spatial axes of [a, b, spatial…], each by its name; the last gives what is kept.
    func steps(_ plane: Value, _ filter: Value, groups: Int) -> [(String, Value)] {
        let zeros = [Int](repeating: 0, count: 2 + axes.count)
        func spaced(_ value: Value, _ spacings: [Int]) -> Value {
            value.padded(before: zeros, after: zeros, between: [0, 0] + spacings.map { $0 - 1 })
        }
        let spread = spaced(plane, axes.map { $0.inputSpacing })
        let padded = spread.padded(
            before: [0, 0] + axes.map { $0.padding }, after: [0, 0] + axes.indices.map { after($0) })
        let reversed = isReversed ? filter.reversed(Array(2..<2 + axes.count)) : filter
        let dilated = spaced(reversed, axes.map { $0.dilation })
        let sizes = axes.indices.map { windows($0) }
        let slid = plane.builder.apply(
            .convolution(
                Primitive.Convolution(
                    window: Window(axes.map { Window.Axis(stride: $0.stride) }), groups: groups, role: .output,
                    size: sizes)), to: [padded, dilated])
        let kept =
            sizes == result
            ? slid : slid.sliced(from: zeros, to: Array(slid.shape.sizes.prefix(2)) + result)
        return [
            ("plane", plane), ("spread", spread), ("padded", padded), ("filter", filter), ("reversed", reversed),
            ("dilated", dilated), ("slid", slid), ("kept", kept),
        ]
    }
}
