import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointModels

/// The example on which a network of any inputs is explained: its inputs, and the parameters.
struct ModelInputs {
    /// A tensor for each input of the network's graphs.
    private(set) var bindings: [String: Tensor] = [:]
    /// The origin of the numbers, in a sentence each.
    private(set) var sentences: [String] = []

    static let option = Option(
        "--inputs", "VALUES",
        "of a MODEL, instead of --data: random, zeros, or FILE.safetensors with a tensor for each input (without --data "
            + "the file beside FILE.json, else random)", .text("random, zeros or a file"))
    static let training = Flag(
        "--training", "of a MODEL that is no classifier: with the statistics of the batch, as in training")

    init(_ model: Model, _ path: String, _ graph: Graph, _ arguments: Arguments) throws {
        let network = model.network
        let number = arguments[seed] ?? 0
        let beside = try Self.beside(path)
        let source = arguments[Self.option] ?? (beside == nil ? "random" : Self.name(beside: path))
        if source != "random", arguments[seed] != nil { try arguments.refuse([seed], expected: "--inputs random") }
        if source == "random" || source == "zeros" {
            for (stream, input) in network.inputs.enumerated() {
                bindings[input.name] =
                    source == "zeros"
                    ? Tensor(known: input.shape, repeating: 0, as: input.type)
                    : Self.drawn(input, below: graph.choices(by: input.name), number, stream)
            }
            sentences.append(
                source == "zeros"
                    ? "All inputs are 0." : "Inputs are random: numbers from 0 to 1, whole ones among those allowed.")
        } else {
            let file = try arguments[Self.option].map { try Self.file($0) } ?? beside
            for input in network.inputs {
                guard let tensor = file?["input." + input.name] ?? file?[input.name] else {
                    throw CommandFailure.failed(
                        "\(printable(source)): expected a tensor \(printable(input.name)) "
                            + "(or input.\(printable(input.name))) \(input.shape), given none")
                }
                guard tensor.shape == input.shape, tensor.elementType.isFloatingPoint == input.type.isFloatingPoint
                else {
                    throw CommandFailure.failed(
                        "\(printable(source)): expected \(printable(input.name)) as \(input.type.rawValue)\(input.shape), "
                            + "given \(tensor.elementType.rawValue)\(tensor.shape)")
                }
                bindings[input.name] = tensor
            }
            sentences.append("Inputs are those of \(printable(source)).")
        }
        for name in [InputName.key, InputName.counter] where graph.input(named: name) != nil {
            bindings[name] = Tensor(scalar: 0, as: .int32)
        }
        try addParameters(model, beside, arguments)
    }

    /// Adds the parameters of the model's file, or of a file beside its JSON, or else the initial ones.
    private mutating func addParameters(_ model: Model, _ beside: TensorFile?, _ arguments: Arguments) throws {
        let network = model.network
        let given = try model.parameters == nil ? nil : model.finiteParameters(arguments)
        if let tensors = network.parameters(among: given ?? beside?.tensors.map { ($0.name, $0.tensor) } ?? []) {
            // The numbers keep the precision that the file has.
            _ = try network.matched(tensors)
            for (name, tensor) in tensors { bindings[name] = tensor }
        } else {
            for (name, tensor) in network.initialParameters(seed: arguments[seed] ?? 0) { bindings[name] = tensor }
            if !network.parameters.isEmpty { sentences.append("Parameters are as they are before training.") }
        }
    }

    /// `net.safetensors` beside `net.json`.
    private static func name(beside path: String) -> String { path.dropLast(".json".count) + ".safetensors" }

    private static func beside(_ path: String) throws -> TensorFile? {
        guard path.hasSuffix(".json"), Files.exists(name(beside: path)) else { return nil }
        return try file(name(beside: path))
    }

    private static func file(_ path: String) throws -> TensorFile {
        try named(path) { try TensorFile(parsing: try Files.read(path)) }
    }

    private static func drawn(_ input: Network.Input, below limit: Int?, _ seed: UInt64, _ stream: Int) -> Tensor {
        let drawn = Tensor.drawn(
            input.shape, seed: UInt32(truncatingIfNeeded: seed ^ seed >> 32), stream: UInt32(stream))
        let shares = drawn.doubles.map { $0.magnitude }
        guard !input.type.isFloatingPoint else { return Tensor(known: input.shape, .float64(shares)) }
        let count = Double(input.type == .bool ? 2 : limit ?? 2)
        return Tensor(known: input.shape, .float64(shares.map { min(($0 * count).rounded(.down), count - 1) }))
            .converted(to: input.type)
    }
}

extension Network {
    /// The parameters and running statistics among tensors, by their names or by those of tasks, `param.NAME` and
    /// `buffer.NAME`; nil where there is none.
    fileprivate func parameters(
        among tensors: [(name: String, tensor: Tensor)]
    ) -> [(name: String, tensor: Tensor)]? {
        var known: [String: Tensor] = [:]
        for (name, tensor) in tensors { known[name] = tensor }
        let found = parameters.compactMap { parameter in
            (known[parameter.name] ?? known["param." + parameter.name] ?? known["buffer." + parameter.name]).map {
                (name: parameter.name, tensor: $0)
            }
        }
        return found.isEmpty ? nil : found
    }
}
