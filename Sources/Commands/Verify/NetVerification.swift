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

/// The older form as the newer one: a classifier whose cross-entropy is not written out, with tensors `x`, `target`, `logits`.
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
    /// Of what Evaluate computes in Double.
    var precision = 1e-9
    /// For tensors of a kind the least that counts as their largest magnitude.
    var floors: [String: Double] = [:]

    init(engine: Verification.Engine, tensors: [String: Tensor]) {
        (self.engine, self.tensors) = (engine, tensors)
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
        let share = if case .evaluate = engine { precision } else { 2e-4 }
        if hasChoices, case .plan(_, isExact: false) = engine, got.rootMeanSquare(from: expected) <= 1e-3 * largest,
            Deviation(got, from: expected, allowed: { _ in 0.1 * largest }) == nil
        {
            return
        }
        if case .plan = engine, let loosely, loosely.gradient.count == got.count {
            let small = 1e-5 * max(loosely.gradient.largest, floors["grad"] ?? 0)
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
