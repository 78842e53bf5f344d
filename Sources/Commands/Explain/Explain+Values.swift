import AdjointExplanations
import AdjointFormats
import AdjointGraphs

private let source = Option(
    "--values", "VALUES",
    "numbers beside the symbols: random, counting (1, 2, 3, …), or FILE.safetensors with x, w, b, dy",
    .text("random, counting or a file"))
let seed = Option("--seed", "N", "of random values (0)", .seed)

/// The options that give the numbers of V, W, B and ∂E∕∂G.
enum ValueOptions {
    static let all: [any Parameter] = [source, seed]
    /// The options that mean nothing beside a model.
    static let ofLayers: [any Parameter] = [source]

    /// The names of the tensors in files.
    private static let names = [("V", "x"), ("W", "w"), ("B", "b"), ("∂G", "dy")]

    /// The numbers of the options; random ones by default for a maximum, which needs numbers to choose by.
    ///
    /// - Parameter layer: gets a bias where the file has one.
    static func tensors(
        _ arguments: Arguments, for layer: inout LayerGeometry
    ) throws -> [String: Tensor] {
        let source = arguments[source] ?? (layer.pool == .max ? "random" : nil)
        if source != "random" { try arguments.refuse([seed], expected: "--values random") }
        guard let source else { return [:] }
        var shapes = try layer.shapes()
        if layer.pool == nil { shapes["B"] = [layer.filters] }
        let number = arguments[seed] ?? 0
        var tensors: [String: Tensor] = [:]
        switch source {
        case "random", "counting":
            for (stream, (name, _)) in names.enumerated() {
                guard let shape = shapes[name] ?? (name == "∂G" ? shapes["G"] : nil), name != "B" || layer.hasBias
                else { continue }
                tensors[name] =
                    source == "random"
                    ? .drawn(shape, seed: UInt32(truncatingIfNeeded: number ^ number >> 32), stream: UInt32(stream))
                    : try Tensor(shape, (0..<shape.count).map { Double($0 + 1) })
            }
        default:
            let file = try named(source) { try TensorFile(parsing: try Files.read(source)) }
            if file["b"] != nil, layer.pool == nil { layer.hasBias = true }
            for (name, stored) in names {
                guard let tensor = file[stored], let expected = shapes[name == "∂G" ? "G" : name] else { continue }
                guard tensor.shape == expected else {
                    throw CommandFailure.failed(
                        "\(printable(source)): expected \(stored) of shape \(expected), given \(tensor.shape)")
                }
                tensors[name] = tensor
            }
            guard !tensors.isEmpty else {
                throw CommandFailure.failed("\(printable(source)): expected tensors x, w, b or dy, given none of them")
            }
        }
        return tensors
    }
}
