import AdjointFormats
import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels

/// `adjoint verify nets`: whole networks with their losses, gradients and steps of optimizers.
enum NetVerification {
    /// - Parameter path: a folder of networks in JSON with tensors beside them, or one of them.
    static func checks(in path: String) throws -> [Check] {
        let files =
            Files.isFolder(path)
            ? try Files.names(in: path).filter { $0.hasSuffix(".json") }.map { path + "/" + $0 } : [path]
        return files.map { file in
            Check(name: file.split(separator: "/").last.map(String.init) ?? file) { verification in
                let net = try named(file) { try ReferenceNet(file) }
                return try verification.engines.flatMap { try net.failures($0) }
            }
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

    init(_ path: String) throws {
        let stem = path.hasSuffix(".json") ? String(path.dropLast(".json".count)) : path
        let file = try named(stem + ".safetensors") {
            try TensorFile(parsing: try Files.read(stem + ".safetensors"))
        }
        var tensors: [String: Tensor] = [:]
        for stored in file.tensors { tensors[stored.name] = stored.tensor }
        self.tensors = tensors
        let document = try JSON(parsing: try Files.read(path))
        let shapes = tensors.mapValues { $0.shape }
        network = try Network(document) { shapes["param." + $0] }
        let fields = JSONField(document)
        batch = try fields["shape"].integers(in: 1...1 << 20).first ?? 1
        steps = try fields["steps"].present?.integer(in: 0...1000) ?? 0
        optimizers = try (fields["optimizers"].present?.object().members ?? []).map { member in
            let field = fields["optimizers"][member.name]
            return (member.name, try Optimizer(field), try field["lr"].number())
        }
    }

    /// What an engine computes otherwise than the file.
    func failures(_ engine: Verification.Engine) throws -> [String] {
        var comparison = Comparison(engine: engine, tensors: tensors)
        var inputs = try start(comparison)
        inputs[InputName.images] = try comparison.tensor("x")
        inputs[InputName.labels] = try comparison.tensor("target")
        let gradient = try network.lossGraph(batch: batch, type: engine.type)
            .valueAndGradient(of: network.trained + [InputName.images], output: "loss")
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
        let use = try engine.run(network.inferenceGraph(batch: batch, type: engine.type).keeping(["logits"]), after)
        try comparison.compare(use["logits"], with: "eval_logits")
        for (name, optimizer, rate) in optimizers { try step(name, optimizer, rate, &comparison) }
        return comparison.failures
    }

    /// Parameters and running statistics before training.
    private func start(_ comparison: Comparison) throws -> [String: Tensor] {
        var start: [String: Tensor] = [:]
        for parameter in network.parameters {
            start[parameter.name] = try comparison.tensor((parameter.isTrained ? "param." : "buffer.") + parameter.name)
        }
        return start
    }

    /// Steps of an optimizer: the loss before each of them and after the last, and what the parameters have become.
    private func step(
        _ name: String, _ optimizer: Optimizer, _ rate: Double, _ comparison: inout Comparison
    ) throws {
        let type = comparison.engine.type
        let graph = try network.trainingGraph(batch: batch, optimizer: optimizer, type: type)
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
            let corrections = optimizer.corrections(step: number)
            for (input, value) in zip(InputName.corrections, [corrections.first, corrections.second])
            where graph.input(named: input) != nil { inputs[input] = Tensor(scalar: value, as: type) }
            let results = try comparison.engine.run(graph, inputs)
            losses.append(results["loss"]?.doubles[0] ?? .nan)
            if number > steps { break }
            for (name, tensor) in results where state[name] != nil { state[name] = tensor }
        }
        try comparison.compare(Tensor([losses.count], losses), with: "\(name).loss")
        for parameter in network.parameters {
            try comparison.compare(
                state[parameter.name], with: "\(name).\(parameter.isTrained ? "param" : "buffer").\(parameter.name)")
        }
    }
}

/// Results against the tensors of a file: 1e-9 in Double and 2e-4 in Float, relative to the largest magnitude.
private struct Comparison {
    let engine: Verification.Engine
    let tensors: [String: Tensor]
    private(set) var failures: [String] = []

    init(engine: Verification.Engine, tensors: [String: Tensor]) {
        self.engine = engine
        self.tensors = tensors
    }

    func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else {
            throw CommandFailure.failed("expected a tensor \"\(name)\", given none")
        }
        return tensor
    }

    mutating func compare(_ got: Tensor?, with name: String) throws {
        let expected = try tensor(name)
        guard let got, got.count == expected.count else {
            failures.append(
                "\(name) is \(got.map { "\($0.shape)" } ?? "missing"), expected \(expected.shape) (\(engine))")
            return
        }
        let largest = expected.doubles.reduce(0) { max($0, $1.magnitude) }
        let share = if case .evaluate = engine { 1e-9 } else { 2e-4 }
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
