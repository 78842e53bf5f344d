import AdjointGraphs
import AdjointJSON
import AdjointModels

/// An optimizer of a training task's file, with the settings of its steps.
struct TaskOptimizer {
    let name: String
    /// Of each step.
    let rates: [Double]
    /// Whether a step turns with the sign of a gradient, however small that is.
    let isAdaptive: Bool
    let optimizer: Optimizer
    private(set) var settings = StepSettings()

    init(_ name: String, _ field: JSONField) throws(JSONError) {
        var known = [
            "kind", "rates", "accumulate", "clip_norm", "clip_value", "ema", "no_decay", "rate_factors", "weight_decay",
        ]
        func setting(_ name: String) -> JSONField? {
            known.append(name)
            return field[name].present
        }
        func betas(_ usual: [Double]) throws(JSONError) -> (Double, Double) {
            guard let numbers = try setting("betas")?.elements(count: 2) else { return (usual[0], usual[1]) }
            return (try numbers[0].number(), try numbers[1].number())
        }
        let kind = try field["kind"].string()
        let decay = try field["weight_decay"].present?.number() ?? 0
        switch kind {
        case "sgd":
            let (momentum, dampening) = (
                try setting("momentum")?.number() ?? 0, try setting("dampening")?.number() ?? 0
            )
            let nesterov = try setting("nesterov")?.bool() ?? false
            optimizer = .sgd(
                momentum: momentum, nesterov: nesterov, weightDecay: decay, dampening: dampening)
        case "adam", "adamw", "lamb":
            let (b1, b2) = try betas([0.9, 0.999])
            let epsilon = try setting("eps")?.number() ?? (kind == "lamb" ? 1e-6 : 1e-8)
            optimizer =
                switch kind {
                case "adam": .adam(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: decay)
                case "adamw": .adamW(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: decay)
                default: .lamb(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: decay)
                }
        case "rmsprop":
            let (alpha, epsilon) = (try setting("alpha")?.number() ?? 0.99, try setting("eps")?.number() ?? 1e-8)
            let (momentum, isCentered) = (
                try setting("momentum")?.number() ?? 0, try setting("centered")?.bool() ?? false
            )
            optimizer = .rmsProp(
                alpha: alpha, epsilon: epsilon, momentum: momentum, isCentered: isCentered, weightDecay: decay)
        case "adagrad":
            let (rateDecay, first) = (
                try setting("lr_decay")?.number() ?? 0, try setting("initial_accumulator_value")?.number() ?? 0
            )
            let epsilon = try setting("eps")?.number() ?? 1e-10
            optimizer = .adagrad(
                rateDecay: rateDecay, initialAccumulator: first, epsilon: epsilon, weightDecay: decay)
        case "lion":
            let (b1, b2) = try betas([0.9, 0.99])
            optimizer = .lion(beta1: b1, beta2: b2, weightDecay: decay)
        default:
            throw field["kind"].failure("one of sgd, adam, adamw, rmsprop, adagrad, lion, lamb")
        }
        for member in try field.object().members where !known.contains(member.name) {
            throw field[member.name].failure("one of " + joined(known), given: "an unknown setting")
        }
        self.name = name
        rates = try field["rates"].elements().map { rate throws(JSONError) in try rate.number() }
        isAdaptive = kind != "sgd"
        settings.parts = try field["accumulate"].present?.integer(in: 1...1 << 20) ?? 1
        settings.average = try field["ema"].present?.number()
        if let limit = try field["clip_norm"].present?.number() { settings.clip = .norm(limit) }
        if let limit = try field["clip_value"].present?.number() { settings.clip = .value(limit) }
        for pattern in try field["no_decay"].present?.strings() ?? [] {
            settings.groups.append(ParameterGroup(pattern, decays: false))
        }
        for member in try field["rate_factors"].present?.object().members ?? [] {
            let factor = try field["rate_factors"][member.name].number()
            settings.groups.append(ParameterGroup(member.name, rateFactor: factor))
        }
    }

    /// What else a step takes, counted from 1.
    func scalars(step: Int, type: ElementType) -> [String: Tensor] {
        var values = [InputName.learningRate: Tensor(scalar: rates[min(step, rates.count) - 1], as: type)]
        for scalar in optimizer.scalars { values[scalar.name] = Tensor(scalar: scalar.value(step), as: type) }
        return values
    }
}
