extension Value {
    /// (x − mean)∕√(variance + ε) with mean and biased variance over the given axes; ε is 0 or more.
    public func standardized(over axes: [Int], epsilon: Double) -> Value {
        checked { () throws(ArgumentError) in
            guard epsilon >= 0, Float(epsilon).isFinite else {
                throw ArgumentError("standardized", "epsilon", expected: "a number, 0 or above", given: "\(epsilon)")
            }
            let centered = self - mean(axes, keepingAxes: true)
            return centered / (centered.squared().mean(axes, keepingAxes: true) + epsilon).sqrt()
        }
    }

    /// x∕√(mean of x² + ε) over the given axes.
    public func rootMeanSquareNormalized(over axes: [Int], epsilon: Double) -> Value {
        self / (squared().mean(axes, keepingAxes: true) + epsilon).sqrt()
    }

    /// x[c]∕(k + α∕size·Σ x[j]²)^β over the channels j from c − ⌊size∕2⌋ to c + ⌊(size − 1)∕2⌋; those outside are 0.
    public func locallyNormalized(size: Int, alpha: Double, beta: Double, k: Double) -> Value {
        written("local_response_norm") { () throws(ArgumentError) in
            guard shape.rank >= 2, size >= 1, size < Window.limit else {
                throw ArgumentError(
                    "local_response_norm", "size", expected: "1 or more, of an input [N, C, …]",
                    given: "\(size) of \(shape)")
            }
            let rest = shape.planeCount
            let mean = squared().reshaped(to: [shape[0], 1, shape[1], rest])
                .averagePooled(
                    [size, 1], stride: 1, padding: .sides(before: [size / 2, 0], after: [(size - 1) / 2, 0]))
            return self / (alpha * mean + k).power(beta).reshaped(to: shape)
        }
    }

    /// scale·x + shift, with one of each for every channel (axis 1).
    public func scaled(by scale: Value, shift: Value) -> Value {
        if isPoisoned { return self }
        return self * scale.broadcast(along: 1, of: shape) + shift.broadcast(along: 1, of: shape)
    }

    /// Group normalization without scale and shift: each image's channels in `groups` groups. With one group it is layer
    /// normalization over all axes but the batch; with as many groups as channels, instance normalization.
    public func groupNormalized(groups: Int, epsilon: Double) -> Value {
        checked { () throws(ArgumentError) in
            guard shape.rank >= 2, groups >= 1, shape[1] % groups == 0 else {
                throw ArgumentError(
                    "groupNorm", "groups", expected: "a divisor of the channels of \(shape)", given: "\(groups)")
            }
            let rest = shape[1] / groups * shape.planeCount
            return reshaped(to: [shape[0], groups, rest]).standardized(over: [2], epsilon: epsilon)
                .reshaped(to: shape)
        }
    }

    /// Keeps each element (or each channel) with probability 1 − `rate`, divided by it, and sets the others to zero.
    public func droppedOut(rate: Double, key: Value, counter: Value, wholeChannels: Bool = false) -> Value {
        checked { () throws(ArgumentError) in
            guard rate >= 0, rate < 1 else {
                throw ArgumentError("dropout", "rate", expected: "at least 0 and below 1", given: "\(rate)")
            }
            let drawn = wholeChannels ? Shape(shape.sizes.enumerated().map { $0 < 2 ? $1 : 1 }) : shape
            let isDropped = builder.random(drawn, key: key, counter: counter) .< rate
            return isDropped.choose(number(0), self / (1 - rate))
        }
    }
}
