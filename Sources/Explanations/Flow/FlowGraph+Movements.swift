import AdjointGraphs

extension FlowGraph.Operation {
    /// Zeros around a plane; back, what was added is cut off.
    static func padding(_ convolution: Primitive.Convolution, inputs: [Int], to padded: [Int], _ words: Words) -> Self {
        let low = convolution.window.axes.map { $0.padding }
        let high = inputs.indices.map { padded[$0] - inputs[$0] - low[$0] }
        return pair(
            words.padPlane, .pad(low: low, high: high, interior: low.map { _ in 0 }),
            words.cropPlane, .pad(low: low.map { -$0 }, high: high.map { -$0 }, interior: low.map { _ in 0 }))
    }

    /// q: the plane moves by so many steps on each axis, zeros come in behind it; back, it moves the other way.
    static func shift(by steps: [Int], _ words: Words) -> Self {
        let (back, none) = (steps.map { -$0 }, steps.map { _ in 0 })
        func label(_ steps: [Int]) -> String {
            var text = ""
            for (axis, distance) in steps.enumerated() where distance != 0 {
                text += (text.isEmpty ? "q" : " q") + ["z", "y", "x"][axis + 3 - steps.count] + superscript(distance)
            }
            return text.isEmpty ? words.noShift : text
        }
        return pair(
            label(steps), .pad(low: back, high: steps, interior: none),
            label(back), .pad(low: steps, high: back, interior: none))
    }

    /// Every s-th place; back, zeros are put between.
    static func taking(
        _ convolution: Primitive.Convolution, from padded: [Int], outputs: [Int], _ words: Words
    ) -> Self {
        let strides = convolution.window.axes.map { $0.stride }
        let limit = outputs.indices.map { outputs[$0] == 0 ? 0 : (outputs[$0] - 1) * strides[$0] + 1 }
        let isPlain = strides.allSatisfy { $0 == 1 }
        let number = joined(
            strides.allSatisfy { $0 == strides[0] } ? ["\(strides[0])"] : strides.map { "\($0)" }, by: "×")
        return pair(
            isPlain ? words.takeValid : filled(words.takeEvery, [number]),
            .slice(start: limit.map { _ in 0 }, limit: limit, stride: strides),
            isPlain ? words.widen : filled(words.spread, [number]),
            .pad(
                low: limit.map { _ in 0 }, high: limit.indices.map { padded[$0] - limit[$0] },
                interior: strides.map { $0 - 1 }))
    }

    /// One number at every place; back, all places are added.
    static func repeated(over plane: [Int], _ words: Words) -> Self {
        let axes = Array(plane.indices)
        return Self(
            label: words.everywhere, primitive: .movement(.broadcast(axes: axes, sizes: plane)),
            transposedLabel: "Σ", transposedPrimitive: .reduction(.sum(axes: axes)))
    }

    private static func pair(_ label: String, _ there: Movement, _ backLabel: String, _ back: Movement) -> Self {
        Self(
            label: label, primitive: .movement(there), transposedLabel: backLabel, transposedPrimitive: .movement(back))
    }
}

/// A number as an exponent; 1 is left out.
private func superscript(_ number: Int) -> String {
    if number == 1 { return "" }
    let digits = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    var text = ""
    for byte in String(number).utf8 { text += byte == UInt8(ascii: "-") ? "⁻" : digits[Int(byte) - 48] }
    return text
}
