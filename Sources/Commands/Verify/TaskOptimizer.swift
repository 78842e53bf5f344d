import AdjointGraphs
import AdjointJSON
import AdjointModels

/// An optimizer of a training task's file, with the settings of its steps.
struct TaskOptimizer {
    let name: String
    /// The learning rate of each step.
    let rates: [Double]
    /// Whether a step changes with the sign of a gradient, however small that is.
    let isAdaptive: Bool
    let optimizer: Optimizer
    let settings: StepSettings

    init(_ name: String, _ field: JSONField) throws(JSONError) {
        self.name = name
        rates = try field["rates"].elements().map { rate throws(JSONError) in try rate.number() }
        isAdaptive = try field["kind"].string() != "sgd"
        optimizer = try Optimizer(field)
        settings = try StepSettings(field)
    }

    /// Throws where more than one factor of the rate is given for a parameter.
    func checkGroups(of parameters: [String]) throws(ArgumentError) {
        for parameter in parameters {
            let factors = settings.groups.filter { $0.decays && parameter.matches(pattern: $0.pattern) }
            guard factors.count > 1 else { continue }
            throw ArgumentError(
                name, "rate_factors of \(parameter)", expected: "one pattern at most that matches it",
                given: joined(factors.map { $0.pattern }))
        }
    }

    /// The further inputs of a step, counted from 1.
    func scalars(step: Int, type: ElementType) -> [String: Tensor] {
        var values = [InputName.learningRate: Tensor(scalar: rates[min(step, rates.count) - 1], as: type)]
        for scalar in optimizer.scalars { values[scalar.name] = Tensor(scalar: scalar.value(step), as: type) }
        return values
    }
}

extension Optimizer {
    /// The optimizer of `kind`, with PyTorch's defaults.
    ///
    /// - Throws: also for a member that neither the optimizer nor the steps have.
    fileprivate init(_ field: JSONField) throws(JSONError) {
        var known = [
            "kind", "rates", "accumulate", "clip_norm", "clip_value", "ema", "no_decay", "rate_factors", "weight_decay",
        ]
        func setting(_ name: String) -> JSONField? {
            known.append(name)
            return field[name].present
        }
        func number(_ name: String, _ usual: Double) throws(JSONError) -> Double {
            try setting(name)?.number() ?? usual
        }
        func bool(_ name: String) throws(JSONError) -> Bool { try setting(name)?.bool() ?? false }
        func betas(_ usual: [Double]) throws(JSONError) -> (Double, Double) {
            guard let numbers = try setting("betas")?.elements(count: 2) else { return (usual[0], usual[1]) }
            return (try numbers[0].number(), try numbers[1].number())
        }
        let kind = try field["kind"].string()
        let decay = try field["weight_decay"].present?.number() ?? 0
        switch kind {
        case "sgd":
            self = .sgd(
                momentum: try number("momentum", 0), nesterov: try bool("nesterov"), weightDecay: decay,
                dampening: try number("dampening", 0))
        case "adam":
            let (b1, b2) = try betas([0.9, 0.999])
            self = .adam(beta1: b1, beta2: b2, epsilon: try number("eps", 1e-8), weightDecay: decay)
        case "adamw":
            let (b1, b2) = try betas([0.9, 0.999])
            self = .adamW(beta1: b1, beta2: b2, epsilon: try number("eps", 1e-8), weightDecay: decay)
        case "lamb":
            let (b1, b2) = try betas([0.9, 0.999])
            self = .lamb(beta1: b1, beta2: b2, epsilon: try number("eps", 1e-6), weightDecay: decay)
        case "rmsprop":
            self = .rmsProp(
                alpha: try number("alpha", 0.99), epsilon: try number("eps", 1e-8),
                momentum: try number("momentum", 0), isCentered: try bool("centered"), weightDecay: decay)
        case "adagrad":
            self = .adagrad(
                rateDecay: try number("lr_decay", 0), initialAccumulator: try number("initial_accumulator_value", 0),
                epsilon: try number("eps", 1e-10), weightDecay: decay)
        case "lion":
            let (b1, b2) = try betas([0.9, 0.99])
            self = .lion(beta1: b1, beta2: b2, weightDecay: decay)
        default:
            throw field["kind"].failure("one of sgd, adam, adamw, rmsprop, adagrad, lion, lamb")
        }
        for member in try field.object().members where !known.contains(member.name) {
            throw field[member.name].failure("one of " + joined(known), given: "an unknown setting")
        }
    }
}

extension StepSettings {
    fileprivate init(_ field: JSONField) throws(JSONError) {
        self.init()
        parts = try field["accumulate"].present?.integer(in: 1...1 << 20) ?? 1
        average = try field["ema"].present?.number()
        if let limit = try field["clip_norm"].present?.number() { clip = .norm(limit) }
        if let limit = try field["clip_value"].present?.number() {
            guard clip == nil else { throw field["clip_value"].failure("none beside clip_norm") }
            clip = .value(limit)
        }
        for pattern in try field["no_decay"].present?.strings() ?? [] {
            groups.append(ParameterGroup(pattern, decays: false))
        }
        for member in try field["rate_factors"].present?.object().members ?? [] {
            let factor = try field["rate_factors"][member.name].number()
            groups.append(ParameterGroup(member.name, rateFactor: factor))
        }
    }
}
