import AdjointGraphs

/// How the numbers of all elements become one loss.
public enum LossReduction: String, Hashable, Sendable, CaseIterable {
    /// The mean over all elements that count.
    case mean
    case sum
    /// The sum over the size of axis 0.
    case batchMean = "batchmean"
}

extension Value {
    /// Cross-entropy of logits and labels. With l = log softmax over the classes (axis 1), w the weight of a class or 1, C
    /// classes and e the smoothing, at each position
    ///
    ///     (1 − e)·w[label]·(−l[label]) + e∕C·Σ_c w[c]·(−l[c])
    ///
    /// and in the mean divided by the sum of w[label] over the positions that count.
    ///
    /// Tensors with a label that is no class are refused; in a plan's slots such a label's term is left out of the sum.
    ///
    /// - Parameters:
    ///   - labels: int32 [N, spatial…], from 0 and below the classes; this value is [N, classes, spatial…].
    ///   - weights: [classes]
    ///   - ignored: the label of positions that count nowhere.
    ///   - labelSmoothing: e, from 0 to 1.
    public func crossEntropy(
        labels: Value, weights: Value? = nil, ignoring ignored: Int32? = nil, labelSmoothing: Double = 0,
        _ reduction: LossReduction = .mean
    ) -> Value {
        written("crossEntropy") { () throws(ArgumentError) in
            try checkLogits("crossEntropy", weights, labelSmoothing)
            return try logSoftmax(axis: 1).negativeLogLikelihood(
                labels, weights, ignored, labelSmoothing, reduction, "crossEntropy")
        }
    }

    /// The same for logarithms of probabilities, without smoothing.
    public func negativeLogLikelihood(
        labels: Value, weights: Value? = nil, ignoring ignored: Int32? = nil, _ reduction: LossReduction = .mean
    ) -> Value {
        written("nll") { () throws(ArgumentError) in
            try checkLogits("nll", weights, 0)
            return try negativeLogLikelihood(labels, weights, ignored, 0, reduction, "nll")
        }
    }

    /// Cross-entropy of logits and probabilities q = (1 − e)·target + e∕C: at each position −Σ_c w[c]·q[c]·l[c], in the mean
    /// divided by the number of positions.
    public func crossEntropy(
        probabilities target: Value, weights: Value? = nil, labelSmoothing: Double = 0,
        _ reduction: LossReduction = .mean
    ) -> Value {
        written("crossEntropy") { () throws(ArgumentError) in
            try checkLogits("crossEntropy", weights, labelSmoothing)
            guard target.isPoisoned || target.shape == shape else {
                throw ArgumentError("crossEntropy", "target", expected: "\(shape)", given: "\(target.shape)")
            }
            let smoothed =
                labelSmoothing == 0 ? target : (1 - labelSmoothing) * target + labelSmoothing / Double(shape[1])
            let weighted = weights.map { smoothed * $0.broadcast(along: 1, of: shape) } ?? smoothed
            let losses = -(weighted * logSoftmax(axis: 1)).sum([1])
            return losses.reduced(reduction)
        }
    }

    private func checkLogits(_ loss: String, _ weights: Value?, _ labelSmoothing: Double) throws(ArgumentError) {
        guard shape.rank >= 2 else {
            throw ArgumentError(loss, "logits", expected: "[N, classes]", given: "\(shape)")
        }
        if let weights, !weights.isPoisoned, weights.shape != [shape[1]] {
            throw ArgumentError(loss, "class weights", expected: "[\(shape[1])]", given: "\(weights.shape)")
        }
        guard labelSmoothing >= 0, labelSmoothing <= 1 else {
            throw ArgumentError(loss, "label smoothing", expected: "from 0 to 1", given: "\(labelSmoothing)")
        }
    }

    /// The loss for given log probabilities l.
    private func negativeLogLikelihood(
        _ labels: Value, _ weights: Value?, _ ignored: Int32?, _ smoothing: Double, _ reduction: LossReduction,
        _ loss: String
    ) throws(ArgumentError) -> Value {
        let positions = Shape(shape.sizes.removing([1]))
        guard labels.isPoisoned || labels.signature == Signature(positions, .int32) else {
            throw ArgumentError(
                loss, "labels", expected: "\(Signature(positions, .int32))", given: "\(labels.signature)")
        }
        if weights == nil, ignored == nil, reduction == .mean {
            let chosen = chosen(by: labels, axis: 1).sum() / -Double(positions.count)
            return smoothing > 0 ? (1 - smoothing) * chosen - smoothing * mean() : chosen
        }
        let counts = ignored.map { labels .!= graph.constant(Tensor(scalar: Double($0), as: .int32)) }
        let known = counts.map { $0.choose(labels, graph.constant(Tensor(scalar: 0, as: .int32))) } ?? labels
        let weight = weights?.gathered(known)
        var losses = chosen(by: known, axis: 1)
        if let weight { losses = losses * weight }
        if smoothing > 0 {
            let weighted = weights.map { self * $0.broadcast(along: 1, of: shape) } ?? self
            losses = (1 - smoothing) * losses + (smoothing / Double(shape[1])) * weighted.sum([1])
        }
        if let counts { losses = counts.choose(losses, number(0)) }
        guard reduction == .mean else { return -losses.reduced(reduction) }
        let ones = weight ?? graph.constant(1, positions, type)
        return -losses.sum() / (counts.map { $0.choose(ones, number(0)) } ?? ones).sum()
    }

    /// The losses of all elements, reduced to one number.
    package func reduced(_ reduction: LossReduction) -> Value {
        switch reduction {
        case .mean: mean()
        case .sum: sum()
        case .batchMean: shape.rank == 0 ? sum() : sum() / Double(shape[0])
        }
    }

    /// The number of samples whose largest logit is the label's; of equal logits the first counts.
    public func correctCount(labels: Value) -> Value {
        (indexOfMaximum(axis: 1) .== labels).converted(to: type).sum()
    }

    /// (x − target)²
    public func meanSquaredError(_ target: Value, _ reduction: LossReduction = .mean) -> Value {
        written("mse") { () throws(ArgumentError) in (self - target).squared().reduced(reduction) }
    }

    /// |x − target|
    public func absoluteError(_ target: Value, _ reduction: LossReduction = .mean) -> Value {
        written("l1") { () throws(ArgumentError) in (self - target).abs().reduced(reduction) }
    }

    /// Huber loss of d = |x − target|: d²∕2 up to δ, else δ·(d − δ∕2).
    public func huberLoss(_ target: Value, delta: Double = 1, _ reduction: LossReduction = .mean) -> Value {
        written("huber") { () throws(ArgumentError) in
            guard delta > 0 else { throw ArgumentError("huber", "delta", expected: "above 0", given: "\(delta)") }
            let distance = (self - target).abs()
            return (distance .<= delta).choose(0.5 * distance.squared(), delta * (distance - delta / 2))
                .reduced(reduction)
        }
    }

    /// Smooth L1 loss of d = |x − target|: d²∕(2·β) below β, else d − β∕2.
    public func smoothAbsoluteError(
        _ target: Value, beta: Double = 1, _ reduction: LossReduction = .mean
    ) -> Value {
        written("smooth_l1") { () throws(ArgumentError) in
            guard beta >= 0 else { throw ArgumentError("smooth_l1", "beta", expected: "0 or more", given: "\(beta)") }
            let distance = (self - target).abs()
            guard beta > 0 else { return distance.reduced(reduction) }
            return (distance .< beta).choose(distance.squared() / (2 * beta), distance - beta / 2).reduced(reduction)
        }
    }

    /// Kullback-Leibler divergence of log probabilities l from a target t: t·(ln t − l), 0 where t = 0.
    ///
    /// - Parameter isLogarithm: whether the target is ln t.
    public func divergence(
        from target: Value, isLogarithm: Bool = false, _ reduction: LossReduction = .mean
    ) -> Value {
        written("kl_div") { () throws(ArgumentError) in
            if isLogarithm { return (target.exp() * (target - self)).reduced(reduction) }
            let isZero = target .== 0
            let logarithm = isZero.choose(target.number(1), target).log()
            return isZero.choose(target.number(0), target * (logarithm - self)).reduced(reduction)
        }
    }

    /// Binary cross-entropy of logits and targets in [0, 1]:
    ///
    ///     weight·(−p·t·log σ(x) − (1 − t)·log(1 − σ(x))),   where log(1 − σ(x)) = −softplus(x)
    ///
    /// - Parameter positiveWeight: p, which repeats to the logits' shape as the weight does.
    public func binaryCrossEntropy(
        _ target: Value, weight: Value? = nil, positiveWeight: Value? = nil, _ reduction: LossReduction = .mean
    ) -> Value {
        written("bce_with_logits") { () throws(ArgumentError) in
            let losses =
                positiveWeight.map { $0 * target * (-self).softplus() + (1 - target) * softplus() }
                ?? (softplus() - target * self)
            return (weight.map { losses * $0 } ?? losses).reduced(reduction)
        }
    }
}
