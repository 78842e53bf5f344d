import AdjointGraphs
import AdjointJSON

/// Batch normalization: with the batch's statistics in training, with running ones in use. Parameters `bn1.weight`, `.bias`,
/// `.running_mean`, `.running_var`, numbered in each scope.
public struct BatchNorm: Layer {
    let epsilon, momentum: Double
    let name: String?

    public init(epsilon: Double = 1e-5, momentum: Double = 0.1, name: String? = nil) {
        (self.epsilon, self.momentum, self.name) = (epsilon, momentum, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let name = network.parameterName(name, kind: "bn")
        let members: [(String, JSON)] = [
            ("name", .string(name)), ("eps", .number(epsilon)), ("momentum", .number(momentum)),
        ]
        return network.append(.init(.batchNorm, members), to: [input])
    }
}

/// Normalization of each image's channels in groups. Parameters `gn1.weight` and `.bias`, numbered in each scope.
public struct GroupNorm: Layer {
    let groups: Int
    let epsilon: Double
    let name: String?

    public init(_ groups: Int, epsilon: Double = 1e-5, name: String? = nil) {
        (self.groups, self.epsilon, self.name) = (groups, epsilon, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let name = network.parameterName(name, kind: "gn")
        let members: [(String, JSON)] = [
            ("name", .string(name)), ("groups", .integer(groups)), ("eps", .number(epsilon)),
        ]
        return network.append(.init(.groupNorm, members), to: [input])
    }
}

/// Normalization of each sample over all its axes. Parameters `ln1.weight` and `.bias` of the sample's shape.
public struct LayerNorm: Layer {
    let epsilon: Double
    let name: String?

    public init(epsilon: Double = 1e-5, name: String? = nil) {
        (self.epsilon, self.name) = (epsilon, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let name = network.parameterName(name, kind: "ln")
        return network.append(.init(.layerNorm, [("name", .string(name)), ("eps", .number(epsilon))]), to: [input])
    }
}

/// Normalization of each channel of each image; without parameters, as in PyTorch.
public struct InstanceNorm: SimpleLayer {
    let epsilon: Double

    public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }
    public var operation: Network.Operation { .init(.instanceNorm, [("name", .null), ("eps", .number(epsilon))]) }
}

/// x∕√(mean of x² + ε)·weight over the last axes. Parameter `rms1.weight` of their shape.
public struct RMSNorm: Layer {
    let shape: Shape
    let epsilon: Double
    let name: String?

    public init(_ shape: Shape, epsilon: Double = 1e-6, name: String? = nil) {
        (self.shape, self.epsilon, self.name) = (shape, epsilon, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let weight = network.parameterName(name, kind: "rms") + ".weight"
        let members: [(String, JSON)] = [
            ("weight", .string(weight)), ("shape", JSON(shape.sizes)), ("eps", .number(epsilon)),
        ]
        return network.append(.init(.rmsNorm, members), to: [input])
    }
}

extension Network.Operation.Kind {
    static let normalizations: [Self] = [batchNorm, groupNorm, layerNorm, instanceNorm, rmsNorm, localResponseNorm]

    /// y = γ·(x − μ)∕√(σ² + ε) + β with the mean and the biased variance of a channel: in training the batch's, in use the
    /// running ones. In training these become (1 − m)·running + m·batch's, with the unbiased variance σ²·n∕(n − 1).
    static let batchNorm = Self("batch_norm") { a in
        let affine = Affine(a)
        let (mean, variance) =
            affine.name.map { ($0 + ".running_mean", $0 + ".running_var") }
            ?? (a.text("running_mean"), a.text("running_var"))
        let (epsilon, momentum) = (a.number("eps", 1e-5, .fromZero), a.number("momentum", 0.1, .upToOne))
        return .init(prefix: affine.prefix) { use in
            let x = use.x
            guard let channels = affine.channels(use) else { return use.graph.poison(nil) }
            let (scale, shift) = affine.parameters(use, channels)
            let running = (use.statistic(mean, channels, 0), use.statistic(variance, channels, 1))
            func applied(_ x: Value, _ variance: Value, _ centered: Value?) -> Value {
                let root = (variance + epsilon).sqrt()
                let gain = scale.map { $0 / root } ?? 1 / root
                guard let centered else {
                    let offset = running.0 * gain
                    return x.scaled(by: gain, shift: shift.map { $0 - offset } ?? -offset)
                }
                return shift.map { centered.scaled(by: gain, shift: $0) }
                    ?? centered * gain.broadcast(along: 1, of: x.shape)
            }
            guard use.mode == .training else { return applied(x, running.1, nil) }
            let axes = (0..<x.shape.rank).filter { $0 != 1 }
            let count = axes.reduce(1) { $0 * x.shape[$1] }
            guard affine.varies(use, in: x.shape[1], of: "channel") else { return use.graph.poison(nil) }
            let batchMean = x.mean(axes)
            let centered = x - batchMean.broadcast(along: 1, of: x.shape)
            let batchVariance = centered.squared().mean(axes)
            let unbiased = batchVariance * (Double(count) / Double(max(1, count - 1)))
            use.update(mean, to: (1 - momentum) * running.0 + momentum * batchMean)
            use.update(variance, to: (1 - momentum) * running.1 + momentum * unbiased)
            return applied(x, batchVariance, centered)
        }
    }

    static let groupNorm = Self("group_norm") { a in
        let affine = Affine(a)
        let (groups, epsilon) = (a.integer("groups"), a.number("eps", 1e-5, .fromZero))
        return .init(prefix: affine.prefix) { use in
            affine.applied(use, in: use.x.shape[0] * groups, of: "group") {
                $0.groupNormalized(groups: groups, epsilon: epsilon)
            }
        }
    }

    static let instanceNorm = Self("instance_norm") { a in
        let affine = Affine(a)
        let epsilon = a.number("eps", 1e-5, .fromZero)
        return .init(prefix: affine.prefix) { use in
            affine.applied(use, in: use.x.shape[0] * use.x.shape[1], of: "channel") {
                $0.groupNormalized(groups: max(1, $0.shape[1]), epsilon: epsilon)
            }
        }
    }

    /// Normalization over the last axes, as many as `shape` has; over all but the batch where there is no `shape`.
    static let layerNorm = Self("layer_norm") { a in
        let affine = Affine(a)
        let told = a.has("shape") ? a.integers("shape") : nil
        let epsilon = a.number("eps", 1e-5, .fromZero)
        return .init(prefix: affine.prefix) { use in
            let last = told ?? Array(use.x.shape.sizes.dropFirst())
            guard let axes = use.lastAxes(last),
                affine.varies(use, in: use.x.shape.count / max(1, Shape(last).count), of: "sample")
            else { return use.graph.poison(nil) }
            let (scale, shift) = affine.parameters(use, Shape(last))
            let scaled = scale.map { use.x.standardized(over: axes, epsilon: epsilon) * $0 }
            let result = scaled ?? use.x.standardized(over: axes, epsilon: epsilon)
            return shift.map { result + $0 } ?? result
        }
    }

    static let rmsNorm = Self("rms_norm") { a in
        let weight = a.optionalText("weight")
        let (shape, epsilon) = (a.integers("shape"), a.number("eps", 1e-5, .fromZero))
        return .init(prefix: weight?.parameterPrefix) { use in
            guard let axes = use.lastAxes(shape) else { return use.graph.poison(nil) }
            let result = use.x.rootMeanSquareNormalized(over: axes, epsilon: epsilon)
            return use.parameter(weight, Shape(shape), .constant(1)).map { result * $0 } ?? result
        }
    }

    static let localResponseNorm = Self("local_response_norm") { a in
        let (size, alpha) = (a.integer("size"), a.number("alpha", 1e-4))
        let (beta, k) = (a.number("beta", 0.75), a.number("k", 1))
        return .init { $0.x.locallyNormalized(size: size, alpha: alpha, beta: beta, k: k) }
    }
}

/// The scale and the shift behind a normalization: `name.weight` and `name.bias`, or two names of which either may be missing.
private struct Affine {
    let name, weight, bias: String?

    init(_ a: Attributes) {
        let isNamed = a.has("name") || !a.has("weight") && !a.has("bias")
        name = isNamed ? a.optionalText("name") : nil
        weight = isNamed ? name.map { $0 + ".weight" } : a.optionalText("weight")
        bias = isNamed ? name.map { $0 + ".bias" } : a.optionalText("bias")
    }

    var prefix: String? { name ?? weight?.parameterPrefix }

    func channels(_ use: Use) -> Shape? {
        guard use.x.isPoisoned || use.x.shape.rank >= 2 else {
            _ = use.poison("input", expected: "channels behind the batch", given: "\(use.x.shape)")
            return nil
        }
        return [use.x.shape[1]]
    }

    func parameters(_ use: Use, _ shape: Shape) -> (scale: Value?, shift: Value?) {
        (use.parameter(weight, shape, .constant(1)), use.parameter(bias, shape, .constant(0)))
    }

    /// Whether training can learn from a value: an element that is normalized alone is its own mean, and always becomes 0.
    ///
    /// - Parameter parts: the number of parts that are normalized each by itself.
    func varies(_ use: Use, in parts: Int, of part: String) -> Bool {
        guard use.mode == .training, use.x.shape.count == parts, parts > 0, !use.x.isPoisoned else { return true }
        _ = use.poison(
            "input \(use.x.shape)\(prefix.map { " of " + $0 } ?? "")",
            expected: "more than one element of every \(part) in training", given: "one")
        return false
    }

    func applied(_ use: Use, in parts: Int, of part: String, _ normalized: (Value) -> Value) -> Value {
        guard let channels = channels(use), varies(use, in: parts, of: part) else { return use.graph.poison(nil) }
        let (scale, shift) = parameters(use, channels)
        let result = normalized(use.x)
        if let scale, let shift { return result.scaled(by: scale, shift: shift) }
        let scaled = scale.map { result * $0.broadcast(along: 1, of: result.shape) } ?? result
        return shift.map { scaled.adding(bias: $0) } ?? scaled
    }
}

extension Use {
    /// The last axes, or nil and an error where they do not have these sizes.
    fileprivate func lastAxes(_ sizes: [Int]) -> [Int]? {
        let rank = x.shape.rank
        guard !sizes.isEmpty, Array(x.shape.sizes.suffix(sizes.count)) == sizes else {
            if !x.isPoisoned { _ = poison("shape", expected: "the last sizes of \(x.shape)", given: list(sizes)) }
            return nil
        }
        return Array(rank - sizes.count..<rank)
    }
}
