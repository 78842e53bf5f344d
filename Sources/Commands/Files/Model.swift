import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels

/// A model as the command line names it: one of the zoo, a network's JSON, or a safetensors file that carries one; the last
/// two may come from the standard input.
struct Model {
    let network: Network
    /// The parameters, where the file has them.
    let parameters: [(name: String, tensor: Tensor)]?
    /// The file from which they come, or the network's name.
    private let source: String
    /// The normalization of the pictures in training, where the file has it.
    let normalization: Normalization?

    /// - Parameters:
    ///   - name: a built-in name, or a file.
    ///   - weights: a safetensors file with the parameters, in place of the model's own.
    ///   - input: the shape of a sample, for built-in networks; their usual one unless given.
    init(_ name: String, weights: String? = nil, input: Shape? = nil, classes: Int? = nil) throws {
        let isFile =
            !Zoo.names.contains(name)
            && (name == Files.standard || name.contains { $0 == "." || $0 == "/" } || Files.exists(name))
        let bytes = isFile ? try Files.read(name) : []
        let kind = isFile ? try named(name) { try FileKind(of: bytes, name: name) } : .manifest
        let own = kind == .safetensors ? try named(name) { try TensorFile(parsing: bytes) } : nil
        let file = try weights.map { path in try named(path) { try TensorFile(parsing: try Files.read(path)) } } ?? own
        let tensors = file.map { file in file.tensors.map { (name: $0.name, tensor: $0.tensor) } }
        if let own {
            guard let text = own.metadata[Checkpoint.model] else {
                throw CommandFailure.failed(
                    "\(printable(name)): expected a network under \"\(Checkpoint.model)\" in its metadata, given none "
                        + "(for other files: --model NAME --weights FILE)")
            }
            network = try named(name) { try Network(parsing: Array(text.utf8)) }
        } else if !isFile {
            let shape = input ?? (name == "lenet5" ? [1, 28, 28] : [3, 32, 32])
            network = try Zoo.named(name, input: shape, classes: classes ?? 10)
        } else if kind == .manifest {
            network = try Model.decoded(bytes, name, beside: tensors)
        } else {
            throw CommandFailure.failed(
                "\(printable(name)): expected a network's JSON or a safetensors file, given one of pictures")
        }
        (parameters, source) = (tensors, weights ?? name)
        let isTold = file?.metadata[Checkpoint.normalization] != nil
        let (described, holder) = isTold ? (file, weights ?? name) : (own, name)
        normalization = try described?.metadata[Checkpoint.normalization].map { text in
            try named(holder) { try Normalization(try JSON(parsing: Array(text.utf8))) }
        }
        if let tensors { _ = try named(source) { try network.matched(tensors) } }
    }

    /// The network of a JSON file. Widths that JSON leaves open are those of the parameters that are given, or of
    /// a safetensors file of the same name beside it.
    private static func decoded(
        _ bytes: [UInt8], _ path: String, beside tensors: [(name: String, tensor: Tensor)]?
    ) throws -> Network {
        var shapes: [String: Shape] = [:]
        for (name, tensor) in tensors ?? [] { shapes[name] = tensor.shape }
        let beside = path.dropLast(".json".count) + ".safetensors"
        if tensors == nil, path.hasSuffix(".json"), Files.exists(String(beside)) {
            let file = try named(String(beside)) { try TensorFile(parsing: try Files.read(String(beside))) }
            for stored in file.tensors where stored.name.hasPrefix("param.") {
                shapes[String(stored.name.dropFirst("param.".count))] = stored.tensor.shape
            }
        }
        let known = shapes
        return try named(path) { try Network(parsing: bytes) { known[$0] } }
    }
}

extension Model {
    /// The parameters, checked to be finite.
    ///
    /// - Throws: where there are no parameters, or one of them is not finite.
    func finiteParameters(_ arguments: Arguments) throws(CommandFailure) -> [(name: String, tensor: Tensor)] {
        guard let parameters else {
            throw arguments.failure("MODEL: expected one with parameters (or --weights FILE), given only a network")
        }
        for (name, tensor) in parameters where network.parameters.contains(where: { $0.name == name }) {
            let numbers = tensor.doubles
            guard let place = numbers.firstIndex(where: { !$0.isFinite }) else { continue }
            throw .failed(
                "\(printable(source)): expected finite numbers in \(printable(name)), given \(numbers[place]) at "
                    + list(tensor.shape.index(of: place)))
        }
        return parameters
    }
}

/// Runs code that reads a file, and puts the file's name in front of its errors.
func named<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    let name = path == Files.standard ? "the standard input" : path
    do {
        return try body()
    } catch let error as FormatError {
        throw CommandFailure.failed("\(error.naming(name))")
    } catch let error as ArgumentError {
        throw CommandFailure.failed("\(printable(name)): \(error)")
    } catch let error as JSONError {
        throw CommandFailure.failed("\(printable(name)): \(error)")
    }
}

extension Checkpoint {
    init(_ file: TensorFile) {
        self.init(tensors: file.tensors.map { Entry($0.name, $0.tensor) }, metadata: file.metadata)
    }

    /// The whole checkpoint as a safetensors file.
    func serialized() throws -> [UInt8] {
        var file = TensorFile(metadata: metadata)
        for entry in tensors { file[entry.name] = entry.tensor }
        return try file.serialized()
    }
}
