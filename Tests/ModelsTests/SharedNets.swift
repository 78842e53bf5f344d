import AdjointGraphs
import AdjointJSON
import AdjointModels
import Foundation
import Testing

/// The folder with reference networks: beside the package, or where ADJOINT_SHARED says.
let sharedFolder: URL? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder =
        ProcessInfo.processInfo.environment["ADJOINT_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? package.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// A reference network with its tensors: parameters, inputs and what PyTorch computed from them.
struct ReferenceNet {
    let network: Network
    let document: JSON
    let tensors: [String: Tensor]

    static let names = ["lenet5_tanh_avg", "lenet5_relu_max", "resnet_bn", "densenet_gn"]

    init(_ name: String) throws {
        let folder = try #require(sharedFolder).appendingPathComponent("nets")
        let tensors = try Self.read(folder.appendingPathComponent(name + ".safetensors"))
        let bytes = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
        document = try JSON(parsing: Array(bytes))
        network = try Network(document) { tensors["param." + $0]?.shape }
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

    private static func read(_ file: URL) throws -> [String: Tensor] {
        let data = [UInt8](try Data(contentsOf: file))
        func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        let body = 8 + Int(integer(data[..<8]))
        let header = JSONField(try JSON(parsing: Array(data[8..<body])))
        var tensors: [String: Tensor] = [:]
        for member in try header.object().members where member.name != "__metadata__" {
            let field = header[member.name]
            let offsets = try field["data_offsets"].integers()
            let words = stride(from: body + offsets[0], to: body + offsets[1], by: 8).map {
                integer(data[$0..<$0 + 8])
            }
            let shape = Shape(try field["shape"].integers())
            tensors[member.name] =
                try field["dtype"].string() == "F64"
                ? try Tensor(shape, words.map { Double(bitPattern: $0) })
                : try Tensor(shape, words.map { Int32(truncatingIfNeeded: $0) })
        }
        return tensors
    }
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
