import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels

/// An optimizer of a training task's file: the settings of its steps beside the update itself.
struct TaskOptimizer {
    let name: String
    /// Of each step.
    let rates: [Double]
    /// Into how many parts the batch is cut.
    let parts: Int
    /// Whether a step turns with the sign of a gradient, however small that is.
    let isAdaptive: Bool
    private let clipNorm, clipValue, average: Double?
    private let undecayed: [String]
    private let factors: [(pattern: String, factor: Double)]
    private let decaying, plain: Optimizer

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
        let made: (Double) -> Optimizer
        switch kind {
        case "sgd":
            let (momentum, dampening) = (
                try setting("momentum")?.number() ?? 0, try setting("dampening")?.number() ?? 0
            )
            let nesterov = try setting("nesterov")?.bool() ?? false
            made = { .sgd(momentum: momentum, nesterov: nesterov, weightDecay: $0, dampening: dampening) }
        case "adam", "adamw", "lamb":
            let (b1, b2) = try betas([0.9, 0.999])
            let epsilon = try setting("eps")?.number() ?? (kind == "lamb" ? 1e-6 : 1e-8)
            made = {
                kind == "adam"
                    ? .adam(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: $0)
                    : kind == "adamw"
                        ? .adamW(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: $0)
                        : .lamb(beta1: b1, beta2: b2, epsilon: epsilon, weightDecay: $0)
            }
        case "rmsprop":
            let (alpha, epsilon) = (try setting("alpha")?.number() ?? 0.99, try setting("eps")?.number() ?? 1e-8)
            let (momentum, isCentered) = (
                try setting("momentum")?.number() ?? 0, try setting("centered")?.bool() ?? false
            )
            made = {
                .rmsProp(
                    alpha: alpha, epsilon: epsilon, momentum: momentum, isCentered: isCentered, weightDecay: $0)
            }
        case "adagrad":
            let (rateDecay, first) = (
                try setting("lr_decay")?.number() ?? 0, try setting("initial_accumulator_value")?.number() ?? 0
            )
            let epsilon = try setting("eps")?.number() ?? 1e-10
            made = { .adagrad(rateDecay: rateDecay, initialAccumulator: first, epsilon: epsilon, weightDecay: $0) }
        case "lion":
            let (b1, b2) = try betas([0.9, 0.99])
            made = { .lion(beta1: b1, beta2: b2, weightDecay: $0) }
        default:
            throw field["kind"].failure("one of sgd, adam, adamw, rmsprop, adagrad, lion, lamb")
        }
        for member in try field.object().members where !known.contains(member.name) {
            throw field[member.name].failure("one of " + joined(known), given: "an unknown setting")
        }
        self.name = name
        rates = try field["rates"].elements().map { rate throws(JSONError) in try rate.number() }
        parts = try field["accumulate"].present?.integer(in: 1...1 << 20) ?? 1
        clipNorm = try field["clip_norm"].present?.number()
        clipValue = try field["clip_value"].present?.number()
        average = try field["ema"].present?.number()
        undecayed = try field["no_decay"].present?.strings() ?? []
        factors = try (field["rate_factors"].present?.object().members ?? []).map { member throws(JSONError) in
            (member.name, try field["rate_factors"][member.name].number())
        }
        (decaying, plain) = (made(decay), made(0))
        isAdaptive = kind != "sgd"
    }

    /// One step of the training of a network as a graph: outputs its loss, and by their names parameters, statistics, moments
    /// and (`average of P`) averaged parameters after it.
    func step(_ network: Network, batch: Int, type: ElementType) throws(ArgumentError) -> Graph {
        let loss = network.loss ?? ""
        let whole = try network.graph(.training, batch: batch, type: type)
        guard batch % parts == 0 else {
            throw ArgumentError(name, "accumulate", expected: "a divisor of the batch \(batch)", given: "\(parts)")
        }
        let part = try network.graph(.training, batch: batch / parts, type: type).keeping([loss])
            .gradient(of: network.trained)
        let passing = try Graph { g in whole.inputs.map { ($0.name, g.input($0.name, $0.shape, $0.type)) } }
        return try Graph { g in
            let forward = g(whole)
            var outputs = [(loss, forward[loss])]
            for parameter in network.parameters where !parameter.isTrained {
                outputs.append((parameter.name, forward[parameter.name]))
            }
            let inputs = g(passing)
            let gradients = (0..<parts).map { number in
                var bindings: [String: Value] = [:]
                for input in network.inputs where part.input(named: input.name) != nil {
                    let value = inputs[input.name]
                    let size = (value.shape.sizes.first ?? 0) / parts
                    bindings[input.name] =
                        input.isBatch && parts > 1
                        ? value.sliced(axis: 0, from: number * size, to: (number + 1) * size) : value
                }
                return g(part, bindings)
            }
            let means = network.trained.map { name in
                let sum = gradients.dropFirst().reduce(gradients[0]["∂" + name]) { $0 + $1["∂" + name] }
                return parts == 1 ? sum : sum / Double(parts)
            }
            let clippedMeans =
                clipNorm.map { clipped(means, toNorm: $0) }
                ?? clipValue.map { limit in means.map { $0.clamped(from: -limit, to: limit) } } ?? means
            return outputs + updates(network, clippedMeans, inputs, in: g, type)
        }.simplified()
    }

    private func updates(
        _ network: Network, _ gradients: [Value], _ given: NamedValues, in g: GraphBuilder, _ type: ElementType
    ) -> [(String, Value)] {
        var outputs: [(String, Value)] = []
        let rate = g.input(InputName.learningRate, [], type)
        let scalars = decaying.scalars.map { g.input($0.name, [], type) }
        for parameter in network.parameters where parameter.isTrained {
            let old = given[parameter.name]
            var new = old
            if let place = network.trained.firstIndex(of: parameter.name) {
                let optimizer = undecayed.contains { parameter.name.matches(pattern: $0) } ? plain : decaying
                let factor = factors.first { parameter.name.matches(pattern: $0.pattern) }?.factor ?? 1
                let moments = optimizer.moments.map { g.input(parameter.name + " " + $0, old.shape, type) }
                let updated = optimizer.updated(
                    Optimizer.Update(
                        parameter: old, gradient: gradients[place], moments: moments, rate: rate * factor,
                        scalars: scalars, isValid: g.constant(1, [], .bool)))
                new = updated.parameter
                outputs += zip(optimizer.moments, updated.moments).map { (parameter.name + " " + $0, $1) }
            }
            outputs.append((parameter.name, new))
            if let average {
                let old = g.input("average of " + parameter.name, parameter.shape, type)
                outputs.append(("average of " + parameter.name, average * old + (1 - average) * new))
            }
        }
        return outputs
    }

    /// The moments before the first step, and the averages, which start as the parameters.
    func start(_ network: Network, parameters: [String: Tensor], type: ElementType) -> [String: Tensor] {
        var state: [String: Tensor] = [:]
        for parameter in network.parameters where parameter.isTrained {
            for moment in decaying.moments where network.trained.contains(parameter.name) {
                state[parameter.name + " " + moment] = Tensor(
                    known: parameter.shape, repeating: decaying.initialMoment, as: type)
            }
            if average != nil { state["average of " + parameter.name] = parameters[parameter.name] }
        }
        return state
    }

    /// What else a step takes, counted from 1.
    func scalars(step: Int, type: ElementType) -> [String: Tensor] {
        var values = [InputName.learningRate: Tensor(scalar: rates[min(step, rates.count) - 1], as: type)]
        for scalar in decaying.scalars { values[scalar.name] = Tensor(scalar: scalar.value(step), as: type) }
        return values
    }
}
