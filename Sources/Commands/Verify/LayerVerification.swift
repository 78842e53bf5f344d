import AdjointFormats
import AdjointGraphs

/// `adjoint verify cases`: layers of every geometry.
enum LayerVerification {
    /// - Parameter manifest: a file beside those that it names.
    static func checks(_ manifest: String) throws(CommandFailure) -> [Check] {
        let folder = manifest.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let bytes = try Files.read(manifest)
        let cases = try asFailure(of: manifest) { () throws(FormatError) in try CaseManifest(parsing: bytes).cases }
        return cases.map { layer in
            Check(name: layer.name) { verification throws(CommandFailure) in
                let file = try TensorFile(
                    at: (folder.isEmpty ? "" : folder + "/") + layer.file, hash: layer.hash)
                return try verification.failures { engine throws(CommandFailure) in try layer.failures(engine, file) }
            }
        }
    }
}

extension TensorFile {
    /// - Parameter hash: the expected SHA-256 of the file, where it is known.
    init(at path: String, hash: String? = nil) throws(CommandFailure) {
        let bytes = try Files.read(path)
        if let hash, hash != sha256(bytes) {
            throw .failed("\(printable(path)): sha256 is \(sha256(bytes)), expected \(printable(hash))")
        }
        self = try asFailure(of: path) { () throws(FormatError) in try TensorFile(parsing: bytes) }
    }
}

extension LayerCase {
    /// The differences between an engine's results and the file.
    fileprivate func failures(_ engine: Verification.Engine, _ file: TensorFile) throws(CommandFailure) -> [String] {
        let graph = try asFailure { () throws(ArgumentError) in try self.graph(engine.type) }
        var inputs: [String: Tensor] = [:]
        for input in graph.inputs {
            guard let tensor = file[input.name], tensor.shape == input.shape else {
                let given = file[input.name].map { "\($0.shape)" } ?? "none"
                return ["\(self.file): tensor \(input.name) of shape \(input.shape) expected, given \(given)"]
            }
            inputs[input.name] = tensor
        }
        let results = try engine.run(graph, inputs)
        var failures: [String] = []
        for output in graph.outputs {
            guard let got = results[output.name] else { continue }
            guard let expected = file[output.name], expected.shape == got.shape else {
                let given = file[output.name].map { "\($0.shape)" } ?? "none"
                failures.append("\(output.name) is \(got.shape), expected \(given) (\(engine))")
                continue
            }
            if let worst = Deviation(got, from: expected, allowed: tolerance(output.name, engine, expected)) {
                failures.append(
                    "\(output.name)\(list(worst.index)) is \(worst.got), expected \(worst.expected) "
                        + "(\(engine); \(window(of: output.name, at: worst.index)))")
            }
        }
        return failures
    }

    /// The tolerance: 0 on integers, except for plans that need not be exact; otherwise what the manifest allows.
    private func tolerance(_ tensor: String, _ engine: Verification.Engine, _ expected: Tensor) -> (Double) -> Double {
        if tensor == "idx" { return { _ in 0 } }
        if case .plan(_, let isExact) = engine, !(integers && isExact) {
            let largest = expected.largest
            return { _ in 2e-5 * largest }
        }
        if integers { return { _ in 0 } }
        let scale = 1e-12 * Double(terms(of: tensor)).squareRoot()
        return { $0.isFinite ? scale * (1 + $0.magnitude) : 0 }
    }

    /// The geometry of a tensor's element: which positions belong to it.
    private func window(of tensor: String, at index: [Int]) -> String {
        let geometry =
            "kernel \(list(kernel)) stride \(list(stride)) dilation \(list(dilation)) "
            + "padding \(list(padsBegin)) \(list(padsEnd)) groups \(groups)"
        let isOutput = ["y", "dy", "udy", "vdy", "idx"].contains(tensor) && operation != .transposedConvolution
        guard isOutput, index.count == kernel.count + 2 else { return geometry }
        let start = kernel.indices.map { index[$0 + 2] * stride[$0] - padsBegin[$0] }
        return "window from \(list(start)) of the input, \(geometry)"
    }
}
