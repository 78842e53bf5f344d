import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import Foundation
import TestSupport
import Testing

@testable import AdjointCommands

/// `adjoint explain MODEL` on the digits that the package carries, with a small network as it is initialized.
@Suite struct ExplainModelTests {
    /// Every kind of layer that has parameters.
    private static let small: @Sendable () throws -> Network = {
        try Network("small", input: [1, 8, 8], classes: 10) {
            Convolution(4, kernel: 3, stride: 2, padding: 1)
            BatchNorm()
            ReLU()
            Convolution(3, kernel: 2)
            Flatten()
            Linear(10)
        }
    }

    /// - Parameter change: a change of the initial parameters.
    private static func saved(
        _ network: () throws -> Network = small, change: (inout [String: Tensor]) -> Void = { _ in }
    ) throws -> TemporaryFolder {
        let network = try network()
        let folder = try TemporaryFolder()
        var file = TensorFile(metadata: [Checkpoint.model: network.encoded().serialized()])
        var parameters = Dictionary(uniqueKeysWithValues: network.initialParameters(seed: 1).map { ($0.0, $0.1) })
        change(&parameters)
        for (name, tensor) in parameters.sorted(by: { $0.key < $1.key }) { file[name] = tensor }
        try Files.writeSafely(try file.serialized(), to: folder.path + "/small.safetensors")
        return folder
    }

    private static func explained(
        _ words: [String], in folder: TemporaryFolder? = nil, exactProducts: Int = ModelExplanation.exactProducts
    ) throws -> ModelExplanation {
        let folder = try folder ?? saved()
        let all = ["explain", folder.path + "/small.safetensors", "--data", "digits"] + words
        return try explainModel(try Arguments(all, for: .adjoint), exactProducts: exactProducts)
    }

    /// The terms sum to the gradient, which is checked inside.
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
        for case .picture(let picture) in explained.explanation.sections.flatMap({ $0.blocks }) {
            let isTitled = picture.elements.contains {
                if case .text(_, picture.title, _, _, _, _) = $0 { true } else { false }
            }
            #expect(isTitled, "\(picture.title)")
        }
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
            ["--bias", "conv1", "--parameter", "conv1.weight"], ["--input-pixel", "0,3,4", "--select", "0,0"],
            ["--parameter", "conv1.weight[3,0,2,2]", "--select", "3,0,2,2"], ["--bias", "conv1[3]", "--select", "3"],
            ["--input-pixel", "0,3,4", "--parameter", "conv1.weight"], ["--input-pixel", "0,3,4", "--bias", "conv1"],
            ["--bias", "bn1.weight"], ["--input-pixel", "1,0,0"], ["--input-pixel", "0,8,0"], [],
            ["--parameter", "conv1.weight", "--example", "360"], ["--parameter", "bn1.running_mean"],
        ])
    func refusesWhatDoesNotFit(_ words: [String]) throws {
        let failure = #expect(throws: CommandFailure.self) { try Self.explained(words) }
        #expect(failure?.status == .usage)
        #expect(failure?.sentence.contains("expected") == true)
    }

    /// Numbers as in Double, where a plan in Float might choose Winograd's algorithm: a dead unit has terms of exactly 0.
    @Test func gradientsAreThoseOfFiniteDifferences() throws {
        let network = try Network("small", input: [1, 8, 8], classes: 10) {
            Convolution(16, kernel: 3, padding: 1)
            ReLU()
            Convolution(16, kernel: 3, padding: 1)
            ReLU()
            MaxPool(2)
            Flatten()
            Linear(10)
        }
        let folder = try Self.saved { network }
        let parameters = network.initialParameters(seed: 1)
        let source = try Data("digits").testSet()
        let energy = try network.evaluationGraph(batch: 1, type: .float64)
        var bindings: [String: Tensor] = [:]
        for (name, tensor) in parameters { bindings[name] = tensor.converted(to: .float64) }
        bindings["images"] = try source.images(0..<1).converted(to: .float64)
        bindings["labels"] = try Tensor([1], [source.labels[0]])
        func loss(_ weights: [Double]) throws -> Double {
            var bindings = bindings
            bindings["conv2.weight"] = try Tensor([16, 16, 3, 3], weights)
            return try energy.evaluated(bindings)["loss"]!.doubles[0]
        }
        let weights = try #require(bindings["conv2.weight"]).doubles
        for element in stride(from: 0, to: 16 * 16 * 9, by: 97) {
            let index = Shape([16, 16, 3, 3]).index(of: element).map { "\($0)" }.joined(separator: ",")
            let json = JSONField(try Self.explained(["--parameter", "conv2.weight[\(index)]"], in: folder).json)
            let gradient = try json["contributions"]["gradient"].number()
            var (above, below) = (weights, weights)
            above[element] += 0x1p-14
            below[element] -= 0x1p-14
            let difference = try (loss(above) - loss(below)) / 0x1p-13
            #expect((gradient - difference).magnitude < 1e-6 * max(0.01, gradient.magnitude), "\(index)")
        }
    }

    /// Of equal numbers a maximum takes the first, in plans as in Evaluate: here all four numbers of every window are equal.
    @Test func maximaThatTieTakeTheFirst() throws {
        let network = try Network("ties", input: [1, 8, 8], classes: 10) {
            Convolution(1, kernel: 1)
            MaxPool(2)
            Flatten()
            Linear(10)
        }
        let folder = try Self.saved({ network }) {
            $0["conv1.weight"] = Tensor(known: [1, 1, 1, 1], repeating: 0, as: .float32)
            $0["conv1.bias"] = Tensor(known: [1], repeating: 1, as: .float32)
            $0["fc1.bias"] = Tensor(known: [10], repeating: 0, as: .float32)
        }
        let source = try Data("digits").testSet()
        let (image, label) = (try source.images(0..<1).doubles, Int(source.labels[0]))
        let weights = try #require(network.initialParameters(seed: 1).first { $0.name == "fc1.weight" }).tensor.doubles
        // Every pooled number is 1.
        let powers = (0..<10).map { exp(weights[$0 * 16..<($0 + 1) * 16].reduce(0, +)) }
        let all = powers.reduce(0, +)
        let expected = (0..<16).reduce(0.0) { sum, place in
            let cotangent = (0..<10).reduce(0.0) {
                $0 + weights[$1 * 16 + place] * (powers[$1] / all - ($1 == label ? 1 : 0))
            }
            return sum + cotangent * image[place / 4 * 16 + place % 4 * 2]
        }
        let explained = try Self.explained(["--parameter", "conv1.weight[0,0,0,0]"], in: folder)
        let gradient = try JSONField(explained.json)["contributions"]["gradient"].number()
        #expect((gradient - expected).magnitude < 1e-12 && expected != 0)
    }

    /// Networks too large for Evaluate run in Float, the text says so, and their sums are the same within rounding.
    @Test(arguments: ["conv1.weight[3,0,2,2]", "conv2.weight[2,3,0,1]", "bn1.weight[2]"])
    func largeNetworksRunInFloat(_ element: String) throws {
        let folder = try Self.saved()
        let exact = try Self.explained(["--parameter", element], in: folder)
        let rounded = try Self.explained(["--parameter", element], in: folder, exactProducts: 0)
        #expect(exact.text.contains("Every number is computed in Double") && !exact.text.contains("in Float"))
        #expect(rounded.text.contains("The network is large: its numbers are computed in Float by a plan"))
        let (a, b) = (JSONField(exact.json)["contributions"], JSONField(rounded.json)["contributions"])
        let size = try a["plus"].number() - a["minus"].number()
        #expect(try (a["gradient"].number() - b["gradient"].number()).magnitude < 1e-5 * size)
    }

    /// Options and members of JSON that are not documented cannot be found.
    @Test func theDocumentationNamesEverything() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../Documentation/Explain.md").standardized.path
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        for option in Command.explain.options {
            #expect(text.contains("`" + option.name + "`") || text.contains("`" + option.name + " "), "\(option.name)")
        }
        let document = try Self.explained(["--parameter", "conv1.weight", "--top", "1"]).json
        let element = try Self.explained(["--parameter", "conv1.weight"]).json
        for case .object(let object) in [
            document, element["contributions"], element["contributions"]?["terms"]?.array?.first,
            document["largest"]?.array?.first, document["layers"]?.array?.first,
        ] {
            for member in object.members { #expect(text.contains("`\(member.name)`"), "\(member.name)") }
        }
    }

    /// The terms of a value that flatten only moves are those of the sum after it.
    @Test func pixelsThroughFlattenHaveAllTerms() throws {
        let folder = try Self.saved {
            try Network("dense", input: [1, 8, 8], classes: 10) {
                Flatten()
                Linear(5)
                ReLU()
                Linear(10)
            }
        }
        let explained = try Self.explained(["--input-pixel", "0,3,4"], in: folder)
        let contributions = JSONField(explained.json)["contributions"]
        #expect(try contributions["terms"].elements().count == 5)
        #expect(explained.text.contains("the sum over the layer's outputs: 5 terms, "))
        let weight = try Self.explained(["--parameter", "fc1.weight[2,28]"], in: folder)
        #expect(weight.text.contains("the sum over the batch: 1 term, "))
    }

    @Test func numbersThatAreNoneAreNamed() throws {
        let folder = try Self.saved(change: {
            $0["conv2.weight"] = try? Tensor([3, 4, 2, 2], (0..<48).map { $0 == 21 ? .nan : 0.1 })
        })
        let failure = #expect(throws: CommandFailure.self) {
            try Self.explained(["--parameter", "conv1.weight"], in: folder)
        }
        #expect(failure?.status == .failed)
        #expect(
            failure?.sentence.hasSuffix(
                "small.safetensors: expected finite numbers in conv2.weight, given nan at [1, 1, 0, 1]")
                == true)
        guard Program.isPresent else { return }
        let predicted = try Program.run(["predict", "small.safetensors", "--data", "digits"], in: folder.path)
        #expect(
            predicted.status == 1 && predicted.output == "" && predicted.errors.contains("given nan at [1, 1, 0, 1]"))
    }

    @Test func smallErrorsAreNotZero() throws {
        let label = try Int(Data("digits").testSet().labels[0])
        let bias = try Tensor([10], (0..<10).map { $0 == label ? 30 : 0 as Float })
        let folder = try Self.saved(change: { $0["fc1.bias"] = bias })
        let text = try Self.explained(["--parameter", "conv1.weight"], in: folder).text
        #expect(text.contains(/E = \d\.\d+e-1\d:/), "\(text.prefix(200))")
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
