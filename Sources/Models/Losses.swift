import AdjointGraphs

extension Value {
    /// Cross-entropy of logits and labels, the mean over the batch:
    ///
    ///     (1 − e)·mean −log p[label] + e·mean over samples and classes −log p,    p = softmax(logits)
    ///
    /// - Parameters:
    ///   - labels: int32 [N]; this value is [N, classes].
    ///   - labelSmoothing: e.
    public func crossEntropy(labels: Value, labelSmoothing: Double = 0) -> Value {
        checked { () throws(GraphError) in
            guard shape.rank == 2 else {
                throw GraphError(
                    operation: "crossEntropy", argument: "logits", expected: "[N, classes]", given: "\(shape)")
            }
            let logarithms = logSoftmax(axis: 1)
            let chosen = isLabel(labels).choose(logarithms, number(0)).sum() / -Double(shape[0])
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

    /// [N, classes]: whether a column is the row's label.
    private func isLabel(_ labels: Value) -> Value {
        let numbers = (0..<shape[1]).map { Int32($0) }
        let columns = graph.constant(Tensor(known: [shape[1]], .int32(numbers)))
        return labels.reshaped(to: [shape[0], 1]) .== columns
    }
}
