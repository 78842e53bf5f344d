import AdjointGraphs

extension Network.Operation.Kind {
    static let losses: [Self] = [
        loss("cross_entropy", of: ["logits", "target"], ["class_weight"]) { a in
            let hasLabels = a.text("target", "labels", among: ["labels", "probabilities"]) == "labels"
            let ignored = a.optionalInteger("ignore_index", in: Int(Int32.min)...Int(Int32.max)).map { Int32($0) }
            let smoothing = a.number("label_smoothing", 0)
            return { x, role, reduction in
                guard let target = role("target") else { return x }
                let weights = role("class_weight")
                return hasLabels
                    ? x.crossEntropy(
                        labels: target, weights: weights, ignoring: ignored, labelSmoothing: smoothing, reduction)
                    : x.crossEntropy(
                        probabilities: target, weights: weights, labelSmoothing: smoothing, reduction)
            }
        },
        loss("nll", of: ["log_probabilities", "target"], ["class_weight"]) { a in
            let ignored = a.optionalInteger("ignore_index", in: Int(Int32.min)...Int(Int32.max)).map { Int32($0) }
            return { x, role, reduction in
                role("target").map {
                    x.negativeLogLikelihood(labels: $0, weights: role("class_weight"), ignoring: ignored, reduction)
                } ?? x
            }
        },
        loss("bce_with_logits", of: ["logits", "target"], ["weight", "pos_weight"]) { _ in
            { x, role, reduction in
                role("target").map {
                    x.binaryCrossEntropy($0, weight: role("weight"), positiveWeight: role("pos_weight"), reduction)
                } ?? x
            }
        },
        pair("mse") { _ in { $0.meanSquaredError($1, $2) } },
        pair("l1") { _ in { $0.absoluteError($1, $2) } },
        pair("huber") { a in { [delta = a.number("delta", 1, .aboveZero)] in $0.huberLoss($1, delta: delta, $2) } },
        pair("smooth_l1") { a in
            { [beta = a.number("beta", 1, .fromZero)] in $0.smoothAbsoluteError($1, beta: beta, $2) }
        },
        pair("kl_div") { a in
            { [isLogarithm = a.truth("log_target", false)] in $0.divergence(from: $1, isLogarithm: isLogarithm, $2) }
        },
    ]

    /// A loss that compares an estimate with a target.
    private static func pair(
        _ name: String,
        _ reading: @escaping @Sendable (Attributes) -> @Sendable (Value, Value, LossReduction) -> Value
    ) -> Self {
        loss(name, of: ["input", "target"], []) { a in
            let function = reading(a)
            return { x, role, reduction in role("target").map { function(x, $0, reduction) } ?? x }
        }
    }

    /// - Parameter roles: the inputs' roles, in order unless `roles` in JSON gives another; `further` ones may be missing.
    private static func loss(
        _ name: String, of roles: [String], _ further: [String],
        _ reading:
            @escaping @Sendable (Attributes) ->
            @Sendable (
                Value, (String) -> Value?, LossReduction
            ) -> Value
    ) -> Self {
        Self(name) { a in
            let told = a.texts("roles")
            let function = reading(a)
            let reductions = LossReduction.allCases.filter { $0 != .batchMean || name == "kl_div" }.map { $0.rawValue }
            let reduction = LossReduction(rawValue: a.text("reduction", "mean", among: reductions)) ?? .mean
            return .init(arity: roles.count...roles.count + further.count) { use in
                let known = roles + further
                let order = told.isEmpty ? Array(known.prefix(use.inputs.count)) : told
                guard order.count == use.inputs.count, Set(order).count == order.count,
                    order.allSatisfy({ known.contains($0) }), roles.allSatisfy({ order.contains($0) })
                else {
                    return use.poison(
                        "roles", expected: "\(use.inputs.count) of " + joined(known), given: joined(order))
                }
                func role(_ name: String) -> Value? { order.firstIndex(of: name).map { use.inputs[$0] } }
                guard let x = role(roles[0]) else { return use.x }
                return x.written(name) { () throws(ArgumentError) in function(x, role, reduction) }
            }
        }
    }
}
