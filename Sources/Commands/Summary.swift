import AdjointExplanations
import AdjointGraphs
import AdjointModels
import AdjointPlans

extension Operand<String> {
    static let model = Operand(
        "MODEL", "lenet5, cifar, resnet18, mobilenetv2, FILE.json or FILE.safetensors", .text("a model"),
        isRequired: false)
}

extension Arguments {
    /// The model, given as an operand or as `--model`.
    func modelName() throws(CommandFailure) -> String {
        if let name = self[ifGiven: Operand.model] ?? self[Option.model] { return name }
        throw failure("MODEL: expected \(Operand.model.expected), given nothing")
    }
}

extension Option<String> {
    static let model = Option(
        "--model", "MODEL", "lenet5, cifar, resnet18, mobilenetv2, FILE.json or FILE.safetensors", .text("a model"))
    static let weights = Option("--weights", "FILE", "parameters from another safetensors file", .text("a file"))
}

extension Option<Int> {
    fileprivate static let batchInMemory = Option(
        "--batch", "N", "pictures of the training step whose memory is told (64)", .wholeAboveZero)
}

extension Command {
    static let summarize: Command = Command(
        name: "summary", summary: "lists a model's layers, output shapes, parameters and FLOPs",
        operands: [Operand.model],
        options: [
            Option<String>.model, Option<String>.weights, Option<Int>.size, Option<Int>.classes,
            Option<Int>.batchInMemory,
        ]
    ) { arguments in
        let network = try arguments.network(try arguments.modelName(), weights: arguments[Option<String>.weights])
        var table = Table(
            ["layer", "operation", "output", "parameters", "FLOPs"], alignment: [.left, .left, .left, .right, .right])
        for input in network.inputs {
            let isUsual = network.isClassifier
            table.add([
                isUsual ? "input" : input.name,
                isUsual ? "" : "input, \(input.type.isFloatingPoint ? "float" : input.type.rawValue)",
                "\(isUsual ? network.input : input.shape)", "", "",
            ])
        }
        for layer in network.counts {
            table.add([
                layer.label, layer.operation, "\(layer.shape)", layer.parameters > 0 ? grouped(layer.parameters) : "",
                layer.flops > 0 ? grouped(layer.flops) : "",
            ])
        }
        table.add(["total", "", "", grouped(network.parameterCount), grouped(network.flops)])
        let outputs = "outputs " + network.outputs.joined(separator: ", ") + (network.loss.map { "; loss \($0)" } ?? "")
        print("\(network.name): \(network.isClassifier ? "\(network.classes) classes" : outputs)")
        print(table.text)
        guard network.isClassifier else { return }
        print(try memory(network, batch: arguments[Option<Int>.batchInMemory] ?? 64))
    }

    /// The memory of a network's plans: the parameters with what is kept for each, and all values between the kernels.
    private static func memory(_ network: Network, batch: Int) throws -> String {
        let optimizer = Optimizer.sgd(momentum: 0.9)
        let state = try State(zeros: network.stateShapes(optimizer))
        let updates = Dictionary(uniqueKeysWithValues: state.names.map { ($0, $0) })
        let training = try network.trainingGraph(batch: batch, optimizer: optimizer)
        let step = try training.compiled(updating: updates, state: state).report.arenaBytes
        let inference = try network.inferenceGraph(batch: 1).compiled(state: state).report.arenaBytes
        func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 1) + " MB" }
        return
            "memory: parameters \(megabytes(4 * network.parameterCount)) and as much for momentum; a training step of "
            + "\(batch) \(batch == 1 ? "picture" : "pictures") \(megabytes(step)); in use, one picture \(megabytes(inference))"
    }
}

/// Rows of text in columns.
struct Table {
    enum Alignment { case left, right }

    private let alignment: [Alignment]
    private var rows: [[String]]

    init(_ head: [String], alignment: [Alignment]) {
        self.alignment = alignment
        rows = [head]
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return alignment[column] == .left ? row[column] + space : space + row[column]
            }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)])
        }.joined(separator: "\n")
    }
}

/// A number with this many decimals.
func fixed(_ number: Double, _ digits: Int) -> String {
    guard number.isFinite else { return "\(number)" }
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let whole = (number.magnitude * scale).rounded()
    guard whole < 1e15 else { return "\(number)" }
    var text = String(Int(whole))
    while text.count <= digits { text = "0" + text }
    if digits > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -digits)) }
    return (number < 0 && whole > 0 ? "-" : "") + text
}
