import AdjointCommands
import AdjointFormats
import AdjointGraphs
import TestSupport
import Testing

/// Every case of the shared folder, both orders of derivative, through Evaluate in Double.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence))) struct LayerGraphsTests {
    static let cases =
        Shared.isPresent ? (try? CaseManifest(parsing: Shared.bytes("cases/manifest.json")).cases) ?? [] : []

    @Test func allAreHere() {
        #expect(Self.cases.count == 245)
    }

    @Test(arguments: cases.map { $0.name }) func agrees(name: String) throws {
        let layer = Self.cases.first { $0.name == name }!
        let file = try TensorFile(parsing: Shared.bytes("cases/" + layer.file))
        let graph = try layer.graph(.float64)
        var inputs: [String: Tensor] = [:]
        for input in graph.inputs { inputs[input.name] = file[input.name] }
        let results = try graph.evaluated(inputs)
        // Nothing in the file is left out.
        #expect(Set(results.keys).union(inputs.keys) == Set(file.tensors.map { $0.name }))
        for (tensor, got) in results {
            let want = try #require(file[tensor])
            #expect(got.shape == want.shape)
            if layer.integers || tensor == "idx" {
                #expect(got.doubles == want.doubles, "\(tensor) of \(name)")
            } else {
                let scale = 1e-12 * Double(layer.terms(of: tensor)).squareRoot()
                for (a, b) in zip(got.doubles, want.doubles) {
                    #expect((a - b).magnitude <= scale * (1 + b.magnitude), "\(tensor) of \(name)")
                }
            }
        }
        if let uncovered = layer.uncovered {
            let plane = Shape(Array(layer.input.sizes.dropFirst(2))).count
            let dx = results["dx"]!.doubles
            let still = (0..<plane).filter { position in
                stride(from: position, to: dx.count, by: plane).allSatisfy { dx[$0] == 0 }
            }
            #expect(still.count >= uncovered)
        }
    }
}
