import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import TestSupport
import Testing

@testable import AdjointCommands

/// `adjoint explain MODEL` on the digits that the package carries, with a small network as it is initialized.
@Suite struct ExplainModelTests {
    /// Every kind of layer that has parameters.
    private static func saved() throws -> TemporaryFolder {
        let network = try Network("small", input: [1, 8, 8], classes: 10) {
            Convolution(4, kernel: 3, stride: 2, padding: 1)
            BatchNorm()
            ReLU()
            Convolution(3, kernel: 2)
            Flatten()
            Linear(10)
        }
        let folder = try TemporaryFolder()
        var file = TensorFile(metadata: [Checkpoint.model: network.encoded().serialized()])
        for (name, tensor) in network.initialParameters(seed: 1) { file[name] = tensor }
        try Files.writeSafely(try file.serialized(), to: folder.path + "/small.safetensors")
        return folder
    }

    private static func explained(_ words: [String]) throws -> ModelExplanation {
        let folder = try saved()
        let all = ["explain", folder.path + "/small.safetensors", "--data", "digits"] + words
        return try explainModel(try Arguments(all, for: .adjoint))
    }

    /// That the terms sum to the gradient is checked within.
    @Test(
        arguments: [
            ["--parameter", "conv1.weight"], ["--parameter", "conv1.weight", "--select", "3,0,2,2"],
            ["--parameter", "conv2.weight[2,3,0,1]"], ["--bias", "conv1[3]"], ["--bias", "conv2.bias"],
            ["--parameter", "bn1.weight", "--select", "[2]"], ["--parameter", "bn1.bias", "--top", "2"],
            ["--parameter", "fc1.weight", "--select", "9,26"], ["--input-pixel", "0,3,4"],
            ["--parameter", "conv1.weight", "--example", "7", "--top", "3"],
        ])
    func explains(_ words: [String]) throws {
        let explained = try Self.explained(words)
        #expect(explained.text.contains("∂E/∂"))
        #expect(explained.text.contains("The way of the error"))
        #expect(explained.explanation.html().contains("<svg") || words.contains("fc1.weight"))
        let json = JSONField(explained.json)
        #expect(try json["layers"].elements().count >= 1)
        if !words.contains("--top") {
            let contributions = json["contributions"]
            let sum = try contributions["terms"].elements().reduce(0.0) { $0 + (try $1["product"].number()) }
            let gradient = try contributions["gradient"].number()
            #expect((sum - gradient).magnitude <= 1e-5 * max(1e-3, gradient.magnitude))
        } else {
            #expect(try json["largest"].elements().count >= 2)
        }
    }

    @Test(
        arguments: [
            ["--parameter", "conv9.weight"], ["--parameter", "conv1.weight", "--select", "4,0,0,0"],
            ["--parameter", "conv1.weight", "--select", "0,0"], ["--parameter", "conv1.weight", "--select", "W"],
            ["--bias", "bn1.weight"], ["--input-pixel", "1,0,0"], ["--input-pixel", "0,8,0"], [],
            ["--parameter", "conv1.weight", "--example", "360"], ["--parameter", "bn1.running_mean"],
        ])
    func refusesWhatDoesNotFit(_ words: [String]) throws {
        let failure = #expect(throws: CommandFailure.self) { try Self.explained(words) }
        #expect(failure?.status == .usage)
        #expect(failure?.sentence.contains("expected") == true)
    }

    @Test(.enabled(if: Program.isPresent, "no built program beside the tests"))
    func leavesNoFileAfterAnError() throws {
        let folder = try Self.saved()
        let words = ["explain", "small.safetensors", "--data", "digits", "--parameter"]
        let wrong = try Program.run(words + ["none", "--out", "none.html", "--as", "html"], in: folder.path)
        #expect(wrong.status == 2 && wrong.output == "" && wrong.errors.hasPrefix("adjoint: "))
        #expect(try Files.names(in: folder.path) == ["small.safetensors"])
        let unwritable = try Program.run(words + ["conv1.weight", "--out", "no/such/file"], in: folder.path)
        #expect(unwritable.status == 1 && unwritable.output == "")
        let right = try Program.run(words + ["conv1.weight", "--out", "right.svg", "--as", "svg"], in: folder.path)
        #expect(right.status == 0 && right.output == "")
        #expect(try Files.read(folder.path + "/right.svg").starts(with: "<svg".utf8))
    }
}
