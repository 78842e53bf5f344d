import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import TestSupport
import Testing

/// A reference network with its tensors: parameters, inputs and the results of PyTorch.
struct ReferenceNet {
    let network: Network
    let document: JSON
    let tensors: [String: Tensor]

    static let names = ["lenet5_tanh_avg", "lenet5_relu_max", "resnet_bn", "densenet_gn"]

    init(_ name: String) throws {
        var tensors: [String: Tensor] = [:]
        for stored in try TensorFile(parsing: Shared.bytes("nets/\(name).safetensors")).tensors {
            tensors[stored.name] = stored.tensor
        }
        document = try JSON(parsing: Shared.bytes("nets/\(name).json"))
        let shapes = tensors.mapValues { $0.shape }
        network = try Network(document) { shapes["param." + $0] }
        self.tensors = tensors
    }

    func tensor(_ name: String) throws -> Tensor { try #require(tensors[name], "no tensor \(name)") }

    /// Parameters and running statistics before training.
    func start() throws -> [String: Tensor] {
        var start: [String: Tensor] = [:]
        for parameter in network.parameters {
            start[parameter.name] = try tensor((parameter.isTrained ? "param." : "buffer.") + parameter.name)
        }
        return start
    }

    var batch: Int { tensors["x"]?.shape[0] ?? 0 }

    func labels() throws -> Tensor { try tensor("target") }
}

/// Whether two tensors differ by at most 1e-9 of the expected one's largest magnitude.
func expectClose(
    _ given: Tensor?, _ expected: Tensor, _ what: String, tolerance: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let given, given.count == expected.count else {
        Issue.record(
            "\(what): \(given?.shape.description ?? "nothing"), expected \(expected.shape)",
            sourceLocation: sourceLocation)
        return
    }
    let largest = expected.doubles.map { $0.magnitude }.max() ?? 0
    let worst = zip(given.doubles, expected.doubles).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(worst <= tolerance * max(largest, 1e-30), "\(what): off by \(worst)", sourceLocation: sourceLocation)
}
