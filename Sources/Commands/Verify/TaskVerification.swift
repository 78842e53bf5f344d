import AdjointFormats
import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels

/// A training task: a network of any kind with its loss, and what another program computed from it.
struct TaskNet {
    private let network: Network
    private let tensors: [String: Tensor]
    private let steps: Int
    private let optimizers: [TaskOptimizer]

    init(_ path: String, _ document: JSON, _ tensors: [String: Tensor]) throws(CommandFailure) {
        self.tensors = tensors
        try asFailure(of: path) { () throws(JSONError) in try Self.checkParameters(JSONField(document), tensors) }
        let shapes = tensors.mapValues { $0.shape }
        network = try asFailure(of: path) { () throws(ArgumentError) in
            try Network(document) { shapes["param." + $0] }
        }
        let fields = JSONField(document)
        (steps, optimizers) = try asFailure(of: path) { () throws(JSONError) in
            let members = try fields["optimizers"].present?.object().members ?? []
            return (
                try fields["steps"].present?.integer(in: 0...1000) ?? 0,
                try members.map { member throws(JSONError) in
                    try TaskOptimizer(member.name, fields["optimizers"][member.name])
                }
            )
        }
        guard network.loss != nil else {
            throw .failed("\(printable(path)): loss: expected the name of a value, given nothing")
        }
        for optimizer in optimizers {
            try asFailure(of: path) { () throws(ArgumentError) in try optimizer.checkGroups(of: network.trained) }
        }
    }

    /// Whether there is a tensor for each parameter that an operation names.
    private static func checkParameters(_ document: JSONField, _ tensors: [String: Tensor]) throws(JSONError) {
        for operation in try document["operations"].elements() {
            for (member, kind) in [
                ("weight", "param"), ("bias", "param"), ("running_mean", "buffer"), ("running_var", "buffer"),
            ] {
                guard let name = operation[member].value?.string, tensors["\(kind).\(name)"] == nil else { continue }
                throw operation[member].failure("the name of a tensor \"\(kind).…\" beside the document")
            }
        }
    }

    private var loss: String { network.loss ?? "" }

    /// The differences between an engine's results and the file.
    func failures(_ engine: Verification.Engine) throws(CommandFailure) -> [String] {
        var comparison = Comparison(engine: engine, tensors: tensors)
        for (name, tensor) in tensors where !Self.kind(name).isEmpty {
            let floor = comparison.floors[Self.kind(name)] ?? 0
            comparison.floors[Self.kind(name)] = max(floor, 1e-3 * tensor.largest)
        }
        if network.hasRoundedDerivative { comparison.precision = 1e-7 }
        var inputs: [String: Tensor] = [:]
        for input in network.inputs {
            let tensor = try comparison.tensor("input." + input.name)
            if input.type == .int32, let far = tensor.doubles.first(where: { Int32(exactly: $0) == nil }) {
                throw .failed("input.\(input.name) has \(far), expected whole numbers that int32 holds")
            }
            inputs[input.name] = tensor
        }
        var parameters: [String: Tensor] = [:]
        for parameter in network.parameters {
            let kind = parameter.isTrained ? "param." : "buffer."
            parameters[parameter.name] = try comparison.tensor(kind + parameter.name)
        }
        let start = parameters.overwritten(by: inputs)
        let forward = try asFailure { () throws(ArgumentError) in try network.graph(.training, type: engine.type) }
        let differentiated = network.inputs.filter { $0.isDifferentiated }.map { $0.name }
        let gradient = try asFailure { () throws(ArgumentError) in
            try forward.valueAndGradient(of: network.trained + differentiated, output: loss)
        }
        comparison.hasChoices = gradient.nodes.contains { $0.primitive.isChoice }
        let results = try engine.run(gradient, start)
        let roundings = Roundings { gradient.roundings(start) }
        func compare(_ output: String, with name: String) throws(CommandFailure) {
            try comparison.compare(results[output], with: name, roundings: { roundings[output] })
        }
        for output in network.outputs { try compare(output, with: "output." + output) }
        try compare(loss, with: "loss")
        for name in network.trained { try compare(derivativeName(name), with: "grad." + name) }
        for name in differentiated { try compare(derivativeName(name), with: "grad.input." + name) }
        try use(after: results, start, &comparison)
        if tensors.keys.contains(where: { $0.hasPrefix("direction.") }) { try product(forward, start, &comparison) }
        for optimizer in optimizers { try train(optimizer, start, parameters, &comparison) }
        return comparison.failures
    }

    /// Compares the outputs in use, with the running statistics after one pass in training.
    private func use(
        after results: [String: Tensor], _ start: [String: Tensor], _ comparison: inout Comparison
    ) throws(CommandFailure) {
        var after = start
        for parameter in network.parameters where !parameter.isTrained {
            try comparison.compare(results[parameter.name], with: "buffer_after." + parameter.name)
            after[parameter.name] = results[parameter.name]
        }
        let graph = try asFailure { () throws(ArgumentError) in
            try network.graph(.inference, type: comparison.engine.type).keeping(network.outputs)
        }
        let outputs = try comparison.engine.run(graph, after)
        let roundings = Roundings { [after] in graph.roundings(after) }
        for output in network.outputs {
            try comparison.compare(
                outputs[output], with: "eval_output." + output, roundings: { roundings[output] })
        }
    }

    /// Compares the product of the loss's Hessian and the file's direction.
    private func product(
        _ forward: Graph, _ start: [String: Tensor], _ comparison: inout Comparison
    ) throws(CommandFailure) {
        let graph = try asFailure { () throws(ArgumentError) in
            try forward.keeping([loss]).hvp(of: network.trained)
        }
        var inputs = start
        for name in network.trained { inputs[derivativeName(name)] = try comparison.tensor("direction." + name) }
        let results = try comparison.engine.run(graph, inputs)
        let roundings = Roundings { [inputs] in graph.roundings(inputs) }
        for (name, output) in zip(network.trained, graph.outputs) {
            try comparison.compare(
                results[output.name], with: "hvp." + name, roundings: { roundings[output.name] })
        }
    }

    /// Compares the steps of an optimizer: the loss before each of them and after the last, and all tensors at the end.
    private func train(
        _ optimizer: TaskOptimizer, _ start: [String: Tensor], _ parameters: [String: Tensor],
        _ comparison: inout Comparison
    ) throws(CommandFailure) {
        let type = comparison.engine.type
        let batch = network.inputs.first { $0.isBatch }?.shape.sizes.first ?? 1
        guard optimizer.rates.count == steps else {
            throw .failed("\(optimizer.name).rates: expected \(steps) rates, given \(optimizer.rates.count)")
        }
        let (updates, settings) = (optimizer.optimizer, optimizer.settings)
        let graph = try asFailure { () throws(ArgumentError) in
            do throws(ArgumentError) {
                return try network.trainingGraph(batch: batch, optimizer: updates, settings: settings, type: type)
            } catch { throw error.within(optimizer.name) }
        }
        // Where a batch is cut into parts, its loss is compared with that of the whole.
        let whole = try asFailure { () throws(ArgumentError) in
            settings.parts == 1 ? nil : try network.graph(.training, type: type).keeping([loss])
        }
        var state = start
        for (name, shape) in network.stateShapes(updates, settings) where state[name] == nil {
            state[name] = Tensor(known: shape, repeating: 0, as: type)
        }
        for (name, tensor) in network.initialState(updates, settings, type: type, { parameters[$0] }) {
            state[name] = tensor
        }
        var losses: [Double] = []
        for number in 1...steps + 1 {
            let scalars = optimizer.scalars(step: number, type: type)
            let results = try comparison.engine.run(graph, state.overwritten(by: scalars))
            var value = results["loss"]
            if let whole {
                var given: [String: Tensor] = [:]
                for input in whole.inputs { given[input.name] = state[input.name] }
                value = try comparison.engine.run(whole, given)[loss]
            }
            losses.append(value?.doubles[0] ?? .nan)
            if number > steps { break }
            for (name, tensor) in results where state[name] != nil { state[name] = tensor }
        }
        try comparison.compare(Tensor(known: [losses.count], .float64(losses)), with: "\(optimizer.name).loss")
        try compare(state, after: optimizer, &comparison)
    }

    /// Compares parameters, running statistics and running averages after an optimizer's steps.
    private func compare(
        _ state: [String: Tensor], after optimizer: TaskOptimizer, _ comparison: inout Comparison
    ) throws(CommandFailure) {
        let name = optimizer.name
        // Where a gradient is nearly 0, rounding decides the sign of a step.
        let reach = optimizer.isAdaptive ? 2 * optimizer.rates.reduce(0, +) : nil
        for parameter in network.parameters {
            let kind = parameter.isTrained ? "param" : "buffer"
            let gradient = reach == nil ? nil : tensors["grad." + parameter.name]
            let loosely = gradient.map { ($0, reach ?? 0) }
            try comparison.compare(
                state[parameter.name], with: "\(name).\(kind).\(parameter.name)", loosely: loosely)
            if let average = state[Network.averageName(of: parameter.name)] {
                try comparison.compare(average, with: "\(name).ema.\(parameter.name)", loosely: loosely)
            }
        }
    }

    /// The kind of a tensor; the largest magnitude of its kind is a measure for each of the tensors.
    static func kind(_ name: String) -> String {
        for kind in ["output", "grad", "hvp", "eval_output"] where name.hasPrefix(kind + ".") { return kind }
        let parts = name.split(separator: ".", maxSplits: 2)
        return parts.count == 3 && (parts[1] == "param" || parts[1] == "ema") && parts[0] != "grad"
            ? parts[0] + ".param" : ""
    }
}

/// The roundings of a graph's outputs, computed at their first use.
private final class Roundings {
    private let compute: () -> [String: Tensor]
    private lazy var all = compute()

    init(_ compute: @escaping () -> [String: Tensor]) { self.compute = compute }

    subscript(output: String) -> Tensor? { all[output] }
}

extension [String: Tensor] {
    /// `merging` needs casts, which Embedded Swift does not have.
    fileprivate func overwritten(by others: [String: Tensor]) -> [String: Tensor] {
        var result = self
        for (name, tensor) in others { result[name] = tensor }
        return result
    }
}

extension Network {
    /// Whether PyTorch, which computed the expected results, rounds a number in them: only in the derivative of celu it takes
    /// alpha in single precision (`1.0 / alpha.toFloat()` in its table of derivatives).
    fileprivate var hasRoundedDerivative: Bool {
        steps.contains { step in
            let alpha = step.operation.attributes["alpha"]?.number ?? 1
            return step.operation.name == "celu" && Double(Float(alpha)) != alpha
        }
    }
}
