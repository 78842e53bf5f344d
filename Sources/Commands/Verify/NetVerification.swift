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
            let hash = document["sha256"]?.string
            for stored in try TensorFile(at: stem + ".safetensors", hash: hash).tensors {
                tensors[stored.name] = stored.tensor
            }
            // Only tasks have the member `inputs`, which tells the two forms apart.
            let task: TaskNet
            if document["inputs"] != nil {
                task = try TaskNet(file, document, tensors)
            } else {
                let (given, known) = (document, tensors)
                let older = try asFailure(of: file) { () throws(JSONError) in try OlderForm(given, known) }
                task = try TaskNet(file, older.document, older.tensors)
            }
            return try verification.failures { engine throws(CommandFailure) in try task.failures(engine) }
        }
    }
}

/// The older form turned into the newer one: a classifier with an implied cross-entropy, and tensors `x`, `target`, `logits`.
private struct OlderForm {
    let document: JSON
    let tensors: [String: Tensor]

    init(_ given: JSON, _ tensors: [String: Tensor]) throws(JSONError) {
        let fields = JSONField(given)
        let operations = try fields["operations"].elements()
        guard let last = operations.last else { throw fields["operations"].failure("one or more") }
        let (input, output) = (try fields["input"].string(), try last["output"].string())
        let loss: JSON = [
            "op": "cross_entropy", "inputs": .array([.string(output), "target"]), "output": "loss",
            "label_smoothing": .number(try fields["label_smoothing"].present?.number() ?? 0),
        ]
        let shape = try fields["shape"].integers()
        var root = JSON.Object([("operations", .array(operations.compactMap { $0.value } + [loss]))])
        root["inputs"] = [
            ["name": .string(input), "shape": JSON(shape), "gradient": true],
            ["name": "target", "shape": JSON(Array(shape.prefix(1))), "type": "int64"],
        ]
        root["outputs"] = .array([.string(output)])
        root["loss"] = "loss"
        for name in ["name", "steps"] { root[name] = given[name] }
        let steps = try fields["steps"].present?.integer(in: 0...1000) ?? 0
        root["optimizers"] = .object(
            JSON.Object(
                (given["optimizers"]?.object?.members ?? []).map { member in
                    var settings = JSON.Object(
                        (member.value.object?.members ?? []).map { ($0.name, $0.value) }.filter { $0.0 != "lr" })
                    settings["kind"] = settings["betas"] == nil ? "sgd" : "adamw"
                    settings["rates"] = .array([JSON](repeating: member.value["lr"] ?? .null, count: steps))
                    return (member.name, .object(settings))
                }))
        document = .object(root)
        let names = [
            "x": "input." + input, "target": "input.target", "logits": "output." + output,
            "eval_logits": "eval_output." + output, "grad.x": "grad.input." + input,
        ]
        var renamed: [String: Tensor] = [:]
        for (name, tensor) in tensors { renamed[names[name] ?? name] = tensor }
        self.tensors = renamed
    }
}
