import AdjointGraphs

extension Value {
    /// Cross-entropy of logits and labels, the mean over the batch:
    ///
    ///     (1 − e)·mean −log p[label] + e·mean over samples and classes −log p,    p = softmax(logits)
    ///
    /// Whoever runs a graph on tensors refuses a label that is no class; in a plan's slots it counts as no sample.
    ///
    /// - Parameters:
    ///   - labels: int32 [N], from 0 and below the classes; this value is [N, classes].
    ///   - labelSmoothing: e, from 0 to 1.
    public func crossEntropy(labels: Value, labelSmoothing: Double = 0) -> Value {
        checked { () throws(ArgumentError) in
            guard shape.rank == 2 else {
                throw ArgumentError("crossEntropy", "logits", expected: "[N, classes]", given: "\(shape)")
            }
            guard labels.isPoisoned || labels.signature == Signature([shape[0]], .int32) else {
                throw ArgumentError(
                    "crossEntropy", "labels", expected: "int32[\(shape[0])]", given: "\(labels.signature)")
            }
            guard labelSmoothing >= 0, labelSmoothing <= 1 else {
                throw ArgumentError(
                    "crossEntropy", "label smoothing", expected: "from 0 to 1", given: "\(labelSmoothing)")
            }
            let logarithms = logSoftmax(axis: 1)
            let chosen =
                logarithms.reshaped(to: [shape[0], 1, shape[1]])
                .apply(.pooling(.gather), labels.reshaped(to: [shape[0], 1, 1])).sum() / -Double(shape[0])
            guard labelSmoothing > 0 else { return chosen }
            return (1 - labelSmoothing) * chosen - labelSmoothing * logarithms.mean()
        }
    }

    /// How many samples' largest logit is the label's; of equal ones the first counts.
    public func correctCount(labels: Value) -> Value {
        (indexOfMaximum(axis: 1) .== labels).converted(to: type).sum()
    }

    /// The mean of (x − target)² over all elements.
    public func meanSquaredError(_ target: Value) -> Value { (self - target).squared().mean() }

    /// Binary cross-entropy of logits and targets in [0, 1], the mean over all elements:
    ///
    ///     −t·log σ(x) − (1 − t)·log(1 − σ(x)) = softplus(x) − t·x
    public func binaryCrossEntropy(_ target: Value) -> Value { (softplus() - target * self).mean() }
}
