import AdjointGraphs

/// Whether a network is being trained or used.
public enum Mode: Hashable, Sendable {
    case training, inference
}

extension Network.Operation {
    /// What applying an operation needs beside its inputs.
    struct Setting {
        let parameters: (String) -> Value
        let mode: Mode
        let random: (key: Value, counter: Value)?
        /// What the running statistics become.
        var updates: [(name: String, value: Value)] = []
    }

    func apply(to inputs: [Value], _ setting: inout Setting) -> Value {
        let x = inputs[0]
        switch self {
        case .convolution(let filtering):
            let result = x.convolved(
                with: setting.parameters(filtering.weight), stride: PerAxis(filtering.stride),
                padding: .sides(before: filtering.before, after: filtering.after),
                dilation: PerAxis(filtering.dilation), groups: filtering.groups)
            return filtering.bias.map { result.adding(bias: setting.parameters($0)) } ?? result
        case .transposedConvolution(let filtering, let outputPadding):
            let result = x.transposedConvolved(
                with: setting.parameters(filtering.weight), stride: PerAxis(filtering.stride),
                padding: .sides(before: filtering.before, after: filtering.after),
                outputPadding: PerAxis(outputPadding), dilation: PerAxis(filtering.dilation), groups: filtering.groups)
            return filtering.bias.map { result.adding(bias: setting.parameters($0)) } ?? result
        case .linear(let weight, let bias, _):
            let result = x.contracted(setting.parameters(weight), "nc", "kc", "nk")
            return bias.map { result.adding(bias: setting.parameters($0)) } ?? result
        case .batchNorm(let name, let epsilon, let momentum):
            return setting.mode == .training
                ? trained(x, name, epsilon: epsilon, momentum: momentum, &setting)
                : inferred(x, name, epsilon: epsilon, setting)
        case .groupNorm(let name, let groups, let epsilon):
            let x = varying(x, elements: x.shape.count, in: x.shape[0] * groups, of: "group", setting.mode)
            return scaled(x.groupNormalized(groups: groups, epsilon: epsilon), name, setting)
        case .instanceNorm(let name, let epsilon):
            let x = varying(x, elements: x.shape.count, in: x.shape[0] * x.shape[1], of: "channel", setting.mode)
            return scaled(x.groupNormalized(groups: x.shape[1], epsilon: epsilon), name, setting)
        case .layerNorm(let name, let epsilon):
            let x = varying(x, elements: x.shape.count, in: x.shape[0], of: "sample", setting.mode)
            let result = x.standardized(over: Array(1..<max(1, x.shape.rank)), epsilon: epsilon)
            return name.map { result * setting.parameters($0 + ".weight") + setting.parameters($0 + ".bias") } ?? result
        case .activation(let activation):
            return activation(x)
        case .maxPool(let pooling, let dilation):
            return x.maxPooled(
                PerAxis(pooling.kernel), stride: PerAxis(pooling.stride),
                padding: .sides(before: pooling.before, after: pooling.after), dilation: PerAxis(dilation),
                roundingUp: pooling.roundsUp)
        case .averagePool(let pooling, let countsPadding):
            return x.averagePooled(
                PerAxis(pooling.kernel), stride: PerAxis(pooling.stride),
                padding: .sides(before: pooling.before, after: pooling.after), countsPadding: countsPadding,
                roundingUp: pooling.roundsUp)
        case .globalAveragePool:
            return x.globalAveragePooled().reshaped(to: pooledShape(x.shape))
        case .globalMaxPool:
            return x.globalMaxPooled().reshaped(to: pooledShape(x.shape))
        case .flatten:
            return x.flattened()
        case .add:
            return x + inputs[1]
        case .multiply:
            return x * inputs[1]
        case .concatenate:
            return Value.concatenated(inputs, axis: 1)
        case .dropout(let rate):
            guard setting.mode == .training, rate > 0 else { return x }
            guard let random = setting.random else {
                return x.graph.poison(
                    ArgumentError(name, "random", expected: "a key and a counter in training", given: "none")
                )
            }
            return x.droppedOut(rate: rate, key: random.key, counter: random.counter)
        case .custom(let custom):
            return custom.function(inputs, custom.parameters.map { setting.parameters($0.name) })
        }
    }

    private func pooledShape(_ shape: Shape) -> Shape {
        Shape(shape.sizes.enumerated().map { axis, size in axis < 2 ? size : 1 })
    }

    private func scaled(_ x: Value, _ name: String?, _ setting: Setting) -> Value {
        name.map { x.scaled(by: setting.parameters($0 + ".weight"), shift: setting.parameters($0 + ".bias")) } ?? x
    }

    /// With the statistics of the batch: y = γ·(x − μ)∕√(σ² + ε) + β, where μ and σ² are the mean and the biased variance
    /// of a channel over its n elements; running μ ← (1 − m)·running μ + m·μ, and the same with σ²·n∕(n − 1).
    private func trained(
        _ x: Value, _ name: String, epsilon: Double, momentum: Double, _ setting: inout Setting
    ) -> Value {
        let x = varying(x, elements: x.shape.count, in: x.shape[1], of: "channel", .training)
        if x.isPoisoned { return x }
        let axes = (0..<x.shape.rank).filter { $0 != 1 }
        let count = axes.reduce(1) { $0 * x.shape[$1] }
        let mean = x.mean(axes)
        let centered = x - mean.broadcast(along: 1, of: x.shape)
        let variance = centered.squared().mean(axes)
        for (suffix, statistic) in [
            (".running_mean", mean), (".running_var", variance * (Double(count) / Double(max(1, count - 1)))),
        ] {
            let running = setting.parameters(name + suffix)
            setting.updates.append((name + suffix, (1 - momentum) * running + momentum * statistic))
        }
        let scale = setting.parameters(name + ".weight") / (variance + epsilon).sqrt()
        return centered.scaled(by: scale, shift: setting.parameters(name + ".bias"))
    }

    /// The same value, where training can learn from it: one element alone is its own mean, and becomes 0 whatever it was.
    ///
    /// - Parameters:
    ///   - elements: of all `parts` together, each of which is normalized by itself.
    private func varying(_ x: Value, elements: Int, in parts: Int, of part: String, _ mode: Mode) -> Value {
        guard mode == .training, elements == parts, elements > 0, !x.isPoisoned else { return x }
        return x.graph.poison(
            ArgumentError(
                name, "input \(x.shape)\(parameterPrefix.map { " of " + $0 } ?? "")",
                expected: "more than one element of every \(part) in training", given: "one"))
    }

    /// With the running statistics, as one scale and one shift of every channel.
    private func inferred(_ x: Value, _ name: String, epsilon: Double, _ setting: Setting) -> Value {
        let scale = setting.parameters(name + ".weight") / (setting.parameters(name + ".running_var") + epsilon).sqrt()
        let shift = setting.parameters(name + ".bias") - setting.parameters(name + ".running_mean") * scale
        return x.scaled(by: scale, shift: shift)
    }
}
