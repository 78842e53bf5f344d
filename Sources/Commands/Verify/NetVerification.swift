import AdjointFormats
import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels

/// `adjoint verify nets`: whole networks with their losses, gradients and steps of optimizers.
enum NetVerification {
    /// - Parameter file: a network in JSON, with tensors beside it.
    static func check(_ file: String) -> Check {
        Check(name: file.split(separator: "/").last.map { String($0) } ?? file) { verification throws(CommandFailure) in
            let stem = file.hasSuffix(".json") ? String(file.dropLast(".json".count)) : file
            let bytes = try Files.read(file)
            let document = try asFailure(of: file) { () throws(JSONError) in try JSON(parsing: bytes) }
            var tensors: [String: Tensor] = [:]
            for stored in try TensorFile(at: stem + ".safetensors").tensors { tensors[stored.name] = stored.tensor }
            // The two forms are told apart by what tasks alone have.
            if document["inputs"] != nil {
                let task = try TaskNet(file, document, tensors)
                return try verification.failures { engine throws(CommandFailure) in try task.failures(engine) }
            }
            let net = try ReferenceNet(file, document, tensors)
            return try verification.failures { engine throws(CommandFailure) in try net.failures(engine) }
        }
    }
}

/// A network, its tensors before and after everything, and the optimizers that made the steps.
struct ReferenceNet {
    private let network: Network
    private let tensors: [String: Tensor]
    private let batch: Int
    private let steps: Int
    private let optimizers: [(name: String, optimizer: Optimizer, learningRate: Double)]

    init(_ path: String, _ document: JSON, _ tensors: [String: Tensor]) throws(CommandFailure) {
        self.tensors = tensors
        let shapes = tensors.mapValues { $0.shape }
        network = try asFailure(of: path) { () throws(ArgumentError) in try Network(document) { shapes["param." + $0] }
        }
        let fields = JSONField(document)
        (batch, steps, optimizers) = try asFailure(of: path) { () throws(JSONError) in
            let batch = try fields["shape"].integers(in: 1...1 << 20).first ?? 1
            let steps = try fields["steps"].present?.integer(in: 0...1000) ?? 0
            let members = try fields["optimizers"].present?.object().members ?? []
            let optimizers = try members.map { member throws(JSONError) in
                let field = fields["optimizers"][member.name]
                return (name: member.name, optimizer: try Optimizer(field), learningRate: try field["lr"].number())
            }
            return (batch, steps, optimizers)
        }
    }

    /// What an engine computes otherwise than the file.
    func failures(_ engine: Verification.Engine) throws(CommandFailure) -> [String] {
        var comparison = Comparison(engine: engine, tensors: tensors)
        var inputs = try start(comparison)
        inputs[InputName.images] = try comparison.tensor("x")
        inputs[InputName.labels] = try comparison.tensor("target")
        let loss = try asFailure { () throws(ArgumentError) in try network.lossGraph(batch: batch, type: engine.type) }
        let gradient = try asFailure { () throws(ArgumentError) in
            try loss.valueAndGradient(of: network.trained + [InputName.images], output: "loss")
        }
        comparison.hasChoices = gradient.nodes.contains { $0.primitive.isChoice }
        let results = try engine.run(gradient, inputs)
        try comparison.compare(results["logits"], with: "logits")
        try comparison.compare(results["loss"], with: "loss")
        try comparison.compare(results[derivativeName(InputName.images)], with: "grad.x")
        for name in network.trained { try comparison.compare(results[derivativeName(name)], with: "grad." + name) }

        var after = inputs
        after[InputName.labels] = nil
        for parameter in network.parameters where !parameter.isTrained {
            try comparison.compare(results[parameter.name], with: "buffer_after." + parameter.name)
            after[parameter.name] = results[parameter.name]
        }
        let inference = try asFailure { () throws(ArgumentError) in
            try network.inferenceGraph(batch: batch, type: engine.type)
        }
        let use = try engine.run(inference.keeping(["logits"]), after)
        try comparison.compare(use["logits"], with: "eval_logits")
        for (name, optimizer, rate) in optimizers { try step(name, optimizer, rate, &comparison) }
        return comparison.failures
    }

    /// Parameters and running statistics before training.
    private func start(_ comparison: Comparison) throws(CommandFailure) -> [String: Tensor] {
        var start: [String: Tensor] = [:]
        for parameter in network.parameters {
            start[parameter.name] = try comparison.tensor((parameter.isTrained ? "param." : "buffer.") + parameter.name)
        }
        return start
    }

    /// Steps of an optimizer: the loss before each of them and after the last, and what the parameters have become.
    private func step(
        _ name: String, _ optimizer: Optimizer, _ rate: Double, _ comparison: inout Comparison
    ) throws(CommandFailure) {
        let type = comparison.engine.type
        let graph = try asFailure { () throws(ArgumentError) in
            try network.trainingGraph(batch: batch, optimizer: optimizer, type: type)
        }
        var state = try start(comparison)
        for input in graph.inputs where state[input.name] == nil && network.isMoment(input.name) {
            state[input.name] = Tensor(known: input.shape, repeating: 0, as: type)
        }
        var losses: [Double] = []
        for number in 1...steps + 1 {
            var inputs = state
            inputs[InputName.images] = try comparison.tensor("x")
            inputs[InputName.labels] = try comparison.tensor("target")
            inputs[InputName.learningRate] = Tensor(scalar: rate, as: type)
            for scalar in optimizer.scalars { inputs[scalar.name] = Tensor(scalar: scalar.value(number), as: type) }
            let results = try comparison.engine.run(graph, inputs)
            losses.append(results["loss"]?.doubles[0] ?? .nan)
            if number > steps { break }
            for (name, tensor) in results where state[name] != nil { state[name] = tensor }
        }
        try comparison.compare(Tensor(known: [losses.count], .float64(losses)), with: "\(name).loss")
        for parameter in network.parameters {
            try comparison.compare(
                state[parameter.name], with: "\(name).\(parameter.isTrained ? "param" : "buffer").\(parameter.name)")
        }
    }
}

/// Results against the tensors of a file: 1e-9 in Double and 2e-4 in Float, relative to the largest magnitude.
///
/// Winograd's rounding may turn a choice between numbers that are nearly equal (a max pool's, a rectifier's), and with it the
/// gradient at that place; then the root of the mean square of what is off must keep to 1e-3, and each element to 0.1.
struct Comparison {
    let engine: Verification.Engine
    let tensors: [String: Tensor]
    private(set) var failures: [String] = []
    /// Whether the network chooses between numbers that may be nearly equal.
    var hasChoices = false
    /// For tensors of a kind the least that counts as their largest magnitude.
    var floors: [String: Double] = [:]

    init(engine: Verification.Engine, tensors: [String: Tensor]) {
        self.engine = engine
        self.tensors = tensors
    }

    func tensor(_ name: String) throws(CommandFailure) -> Tensor {
        guard let tensor = tensors[name] else {
            throw .failed("expected a tensor \"\(name)\", given none")
        }
        return tensor
    }

    /// - Parameter loosely: in Float elements whose gradient is below 1e-5 of the largest may be farther off by a number.
    mutating func compare(
        _ got: Tensor?, with name: String, loosely: (gradient: Tensor, reach: Double)? = nil
    ) throws(CommandFailure) {
        let expected = try tensor(name)
        guard let got, got.count == expected.count else {
            failures.append(
                "\(name) is \(got.map { "\($0.shape)" } ?? "missing"), expected \(expected.shape) (\(engine))")
            return
        }
        let largest = max(expected.largest, floors[TaskNet.kind(name)] ?? 0)
        let share = if case .evaluate = engine { 1e-9 } else { 2e-4 }
        if hasChoices, case .plan(_, isExact: false) = engine, got.rootMeanSquare(from: expected) <= 1e-3 * largest,
            Deviation(got, from: expected, allowed: { _ in 0.1 * largest }) == nil
        {
            return
        }
        if case .plan = engine, let loosely, loosely.gradient.count == got.count {
            let small = 1e-5 * loosely.gradient.largest
            let (given, gradient) = (got.doubles, loosely.gradient.doubles)
            let isNear = zip(expected.doubles, given).enumerated().allSatisfy { place, pair in
                (pair.0 - pair.1).magnitude <= share * largest + (gradient[place].magnitude < small ? loosely.reach : 0)
            }
            if isNear { return }
        }
        if let worst = Deviation(got, from: expected, allowed: { _ in share * largest }) {
            failures.append("\(name)\(list(worst.index)) is \(worst.got), expected \(worst.expected) (\(engine))")
        }
    }
}

extension Optimizer {
    /// `{"lr", "momentum", "weight_decay", "nesterov"}` or `{"lr", "betas", "eps", "weight_decay"}`.
    fileprivate init(_ field: JSONField) throws(JSONError) {
        let decay = try field["weight_decay"].present?.number() ?? 0
        if let betas = field["betas"].present {
            let numbers = try betas.elements(count: 2)
            self = .adamW(
                beta1: try numbers[0].number(), beta2: try numbers[1].number(),
                epsilon: try field["eps"].present?.number() ?? 1e-8, weightDecay: decay)
        } else {
            self = .sgd(
                momentum: try field["momentum"].present?.number() ?? 0,
                nesterov: try field["nesterov"].present?.bool() ?? false, weightDecay: decay)
        }
    }
}

extension Network {
    /// Whether an input of a training graph is a moment of one of the parameters.
    fileprivate func isMoment(_ name: String) -> Bool {
        parameters.contains { name.hasPrefix($0.name + " ") }
    }
}

extension Tensor {
    /// The largest magnitude.
    var largest: Double { doubles.reduce(0) { max($0, $1.magnitude) } }

    /// √(Σ (a − b)²∕n)
    fileprivate func rootMeanSquare(from other: Tensor) -> Double {
        let squares = zip(doubles, other.doubles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (squares / Double(max(1, count))).squareRoot()
    }
}

extension Primitive {
    /// Whether the result jumps where operands differ little.
    var isChoice: Bool {
        switch self {
        case .pooling(.choice), .pointwise(.less), .pointwise(.lessOrEqual), .pointwise(.equal): true
        default: false
        }
    }
}
