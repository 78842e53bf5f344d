import AdjointGraphs

/// A convolution's padded planes, shifts, taps and sums, in the form's letters: from x to y. For a transposed layer these are
/// output and input, and graph and transpose are exchanged afterwards.
struct TappedLine {
    private let sliding: Sliding
    let convolution: Primitive.Convolution
    let extents: Primitive.Convolution.Extents
    /// The channel of the layer's output.
    let channel: Int
    private let numbers: [Double]?

    var words: Words { sliding.words }
    var isTransposed: Bool { sliding.isTransposed }
    var weights: Shape { sliding.shapes["W"] ?? [] }

    /// - Parameter values: numbers for W.
    init(
        _ layer: LayerGeometry, channel: Int, values: [String: Tensor], _ words: Words
    ) throws(ArgumentError) {
        sliding = try Sliding(of: layer, words)
        guard let convolution = sliding.convolution, let extents = sliding.extents, let g = sliding.shapes["G"] else {
            throw ArgumentError("flow graph", "layer", expected: "a convolution", given: "a pool")
        }
        guard channel >= 0, channel < g[1] else {
            throw ArgumentError("flow graph", "channel", expected: "from 0 to \(g[1] - 1)", given: "\(channel)")
        }
        (self.convolution, self.extents, self.channel) = (convolution, extents, channel)
        numbers = values["W"]?.doubles
    }

    /// The number of taps that lead to one plane.
    var count: Int { Shape(extents.taps + [isTransposed ? extents.filters : extents.channels]).count }

    /// The names of the planes that enter and leave: `V`, or with several channels `V[2]`.
    func first(_ channel: Int) -> Name { plane(isTransposed ? "G" : "V", channel) }
    func last(_ filter: Int) -> Name { plane(isTransposed ? "V" : "G", filter) }

    private func plane(_ letter: String, _ channel: Int) -> Name {
        sliding.naming == .numbered ? Name(letter) : Name(letter, .axes([channel]))
    }

    /// The bias of the channel; nil without one.
    var bias: Name? { sliding.shapes["B"].map { sliding.naming.name("B", at: channel, of: $0) } }

    func weight(_ place: Int) -> Symbol {
        Symbol(.variable(sliding.naming.name("W", at: place, of: weights)), numbers?[place])
    }
}

// MARK: - operators on planes

extension TappedLine {
    /// The sizes of the padded plane: up to the end of the last window, and at least the input with the padding before it.
    private var padded: [Int] {
        convolution.window.axes.enumerated().map { axis, along in
            let span = along.span(outputs: extents.output[axis], taps: extents.taps[axis])
            return max(span, extents.input[axis] + along.padding)
        }
    }

    /// Padding with zeros; its transpose crops.
    var pad: FlowGraph.Operation {
        let low = convolution.window.axes.map { $0.padding }
        let high = zip(zip(padded, extents.input), low).map { $0.0 - $0.1 - $1 }
        return pair(
            words.padPlane, zeros(before: low, after: high),
            words.cropPlane, zeros(before: low.map { -$0 }, after: high.map { -$0 }))
    }

    /// q: the plane moves by these steps on each axis, and zeros come in behind it; the transpose moves it the other way.
    func shift(by steps: [Int]) -> FlowGraph.Operation {
        let back = steps.map { -$0 }
        func label(_ steps: [Int]) -> String {
            let moves = zip(["z", "y", "x"].suffix(steps.count), steps).filter { $1 != 0 }
            return moves.isEmpty ? words.noShift : joined(moves.map { "q" + $0 + superscript($1) }, by: " ")
        }
        return pair(
            label(steps), zeros(before: back, after: steps), label(back), zeros(before: steps, after: back))
    }

    /// Every s-th place; the transpose inserts zeros between.
    var take: FlowGraph.Operation {
        let strides = convolution.window.axes.map { $0.stride }
        let limit = zip(extents.output, strides).map { $0 == 0 ? 0 : ($0 - 1) * $1 + 1 }
        let isPlain = strides.allSatisfy { $0 == 1 }
        let number = joined(
            strides.allSatisfy { $0 == strides[0] } ? ["\(strides[0])"] : strides.map { "\($0)" }, by: "×")
        return pair(
            isPlain ? words.takeValid : filled(words.takeEvery, [number]),
            .slice(start: limit.map { _ in 0 }, limit: limit, stride: strides),
            isPlain ? words.widen : filled(words.spread, [number]),
            .pad(
                low: limit.map { _ in 0 }, high: zip(padded, limit).map { $0 - $1 }, interior: strides.map { $0 - 1 }))
    }

    /// One number at every place of the output; the transpose adds all places.
    var everywhere: FlowGraph.Operation {
        let output = sliding.shapes["G"]?.spatial ?? []
        let axes = Array(output.indices)
        return .init(
            label: words.everywhere, primitive: .movement(.broadcast(axes: axes, sizes: output)),
            transposedLabel: "Σ", transposedPrimitive: .reduction(.sum(axes: axes)))
    }

    private func zeros(before: [Int], after: [Int]) -> Movement {
        .pad(low: before, high: after, interior: before.map { _ in 0 })
    }

    private func pair(
        _ label: String, _ there: Movement, _ backLabel: String, _ back: Movement
    ) -> FlowGraph.Operation {
        .init(
            label: label, primitive: .movement(there), transposedLabel: backLabel, transposedPrimitive: .movement(back))
    }
}
