import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import TestSupport
import Testing

@testable import AdjointCommands

/// `adjoint explain MODEL` of networks that are no classifiers: several inputs and heads, sequences, volumes, shared weights.
@Suite struct ExplainNetworkTests {
    /// The command's explanation for a network's JSON.
    private static func explained(_ network: String, _ words: [String]) throws -> ModelExplanation {
        let folder = try TemporaryFolder()
        try folder.write(Array(network.utf8), to: "net.json")
        return try explainModel(try Arguments(["explain", folder.path + "/net.json"] + words, for: .adjoint))
    }

    /// A central difference of the error, for random inputs and initial parameters, as the command draws them.
    private func difference(_ document: String, _ parameter: String, _ element: [Int]) throws -> Double {
        let network = try Network(parsing: Array(document.utf8))
        let (graph, error) = try network.explainedGraph(.inference, type: .float64)
        let folder = try TemporaryFolder()
        try folder.write(Array(document.utf8), to: "net.json")
        let path = folder.path + "/net.json"
        let arguments = try Arguments(["explain", path], for: .adjoint)
        let bindings = try ModelInputs(try Model(path), path, graph, arguments).bindings
        let given = try #require(bindings[parameter])
        let place = try #require(given.shape.place(of: element))
        func loss(_ step: Double) throws -> Double {
            var (bindings, numbers) = (bindings, given.doubles)
            numbers[place] += step
            bindings[parameter] = try Tensor(given.shape, numbers)
            return try #require(try graph.evaluated(bindings)[error]).doubles[0]
        }
        return try (loss(1e-5) - loss(-1e-5)) / 2e-5
    }

    /// The terms of all shares, and the gradient, against a difference.
    private func agree(_ document: String, _ parameter: String, _ element: [Int], shares: Int = 1) throws {
        let index = element.map { "\($0)" }.joined(separator: ",")
        let explained = try Self.explained(document, ["--parameter", "\(parameter)[\(index)]"])
        let json = JSONField(explained.json)
        let parts =
            shares > 1 ? try json["shares"].elements().map { $0["contributions"] } : [json["contributions"]]
        #expect(parts.count == shares, "\(parameter)")
        var sum = 0.0
        for part in parts { for term in try part["terms"].elements() { sum += try term["product"].number() } }
        let difference = try difference(document, parameter, element)
        #expect((sum - difference).magnitude < 1e-7 * max(0.01, difference.magnitude), "\(parameter)[\(index)]: \(sum)")
        #expect(explained.explanation.html().contains("</html>"))
        #expect(!explained.explanation.latexDocument().isEmpty && explained.text.contains("The way of the error"))
    }

    /// Two sequences through one encoder of every kind of parameter, and no loss: E is the sum of the output.
    private static let twins = """
        {"name": "twins", "outputs": ["apart", "length"], "inputs": [
            {"name": "a", "shape": [2, 5], "type": "int64"}, {"name": "b", "shape": [2, 5], "type": "int64"}],
         "operations": [
            {"op": "embedding", "inputs": ["a"], "output": "ea", "weight": "table", "shape": [7, 4]},
            {"op": "embedding", "inputs": ["b"], "output": "eb", "weight": "table", "shape": [7, 4]},
            {"op": "permute", "inputs": ["ea"], "output": "pa", "order": [0, 2, 1]},
            {"op": "permute", "inputs": ["eb"], "output": "pb", "order": [0, 2, 1]},
            {"op": "pad", "inputs": ["pa"], "output": "qa", "mode": "reflect", "pads": [1, 1]},
            {"op": "conv1d", "inputs": ["qa"], "output": "ca", "weight": "c.weight", "bias": "c.bias", "filters": 4,
             "kernel": [3]},
            {"op": "conv1d", "inputs": ["pb"], "output": "cb", "weight": "c.weight", "bias": "c.bias", "filters": 4,
             "kernel": [3], "pads": [1, 1]},
            {"op": "prelu", "inputs": ["ca"], "output": "ra", "weight": "slope", "count": 4},
            {"op": "group_norm", "inputs": ["cb"], "output": "gb", "weight": "g.weight", "bias": "g.bias", "groups": 2},
            {"op": "scale", "inputs": ["gb"], "output": "sb", "weight": "s.weight", "axis": 1},
            {"op": "multiply", "inputs": ["ra", "sb"], "output": "m"},
            {"op": "mean", "inputs": ["m"], "output": "apart", "axes": [1, 2], "keepdim": false},
            {"op": "sum", "inputs": ["ra"], "output": "length", "axes": [2], "keepdim": false}]}
        """

    @Test func sharedTablesAndFiltersAreSumsOverTheirPlaces() throws {
        try agree(Self.twins, "table", [1, 2], shares: 2)
        try agree(Self.twins, "c.weight", [2, 1, 0], shares: 2)
        try agree(Self.twins, "c.bias", [3], shares: 2)
        try agree(Self.twins, "slope", [1])
        try agree(Self.twins, "g.weight", [3])
        try agree(Self.twins, "g.bias", [0])
        try agree(Self.twins, "s.weight", [2])
        let text = try Self.explained(Self.twins, ["--parameter", "c.weight"]).text
        #expect(text.contains("c.weight is used in 2 places"))
        #expect(text.contains("the sum of apart, as the network has no loss"))
        #expect(text.contains("Parameters are as they are before training."))
        #expect(try Self.explained(Self.twins, ["--parameter", "table"]).text.contains("the places that took it"))
    }

    /// A volume with a path around a block, a value that is a parameter itself, and a loss with two kinds of terms.
    private static let volume = """
        {"name": "volume", "outputs": ["y"], "loss": "loss", "inputs": [
            {"name": "x", "shape": [2, 2, 3, 4, 3], "gradient": true},
            {"name": "target", "shape": [2, 3, 4, 3], "type": "int64"}],
         "operations": [
            {"op": "conv3d", "inputs": ["x"], "output": "c", "weight": "c.weight", "bias": null, "filters": 2,
             "kernel": [3, 1, 2], "pads": [1, 0, 0, 1, 0, 1]},
            {"op": "mish", "inputs": ["c"], "output": "r"},
            {"op": "add", "inputs": ["r", "x"], "output": "s"},
            {"op": "parameter", "inputs": [], "output": "p", "weight": "shift", "shape": [2, 1, 1, 1]},
            {"op": "power", "inputs": ["p"], "output": "p2", "exponent": 2},
            {"op": "add", "inputs": ["s", "p2"], "output": "y"},
            {"op": "cross_entropy", "inputs": ["y", "target"], "output": "ce"},
            {"op": "mean", "inputs": ["p2"], "output": "decay", "axes": [0, 1, 2, 3], "keepdim": false},
            {"op": "add", "inputs": ["ce", "decay"], "output": "loss"}]}
        """

    @Test func volumesAndWaysAroundBlocksAreExplained() throws {
        try agree(Self.volume, "c.weight", [1, 0, 2, 0, 1])
        try agree(Self.volume, "x", [1, 1, 0, 3, 2], shares: 2)
        // The parameter starts as 0, so that both its gradient and the difference are.
        try agree(Self.volume, "shift", [1, 0, 0, 0])
    }

    @Test func inputsOfFilesAreTaken() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array(Self.volume.utf8), to: "net.json")
        var file = TensorFile(metadata: [:])
        file["x"] = try Tensor([2, 2, 3, 4, 3], (0..<144).map { Double($0 % 7) / 7 })
        file["input.target"] = Tensor(known: [2, 3, 4, 3], repeating: 1, as: .int32)
        file["param.c.weight"] = try Tensor([2, 2, 3, 1, 2], (0..<24).map { Double($0 % 5) / 5 })
        file["param.shift"] = try Tensor([2, 1, 1, 1], [0.5, -1])
        try Files.writeSafely(try file.serialized(), to: folder.path + "/net.safetensors")
        func explained(_ words: [String] = []) throws -> ModelExplanation {
            try explainModel(
                try Arguments(
                    ["explain", folder.path + "/net.json", "--parameter", "shift"] + words, for: .adjoint))
        }
        let beside = try explained()
        #expect(beside.text.contains("Inputs are those of \(folder.path)/net.safetensors"))
        // ∂E∕∂shift = 2·shift·(∂E∕∂y summed + ½), of which the second half is known.
        let gradient = try JSONField(beside.json)["largest"].elements()
        #expect(gradient.count == 2)
        #expect(try explained(["--inputs", folder.path + "/net.safetensors"]).json == beside.json)
        #expect(try explained(["--inputs", "zeros"]).text.contains("All inputs are 0."))
        #expect(try explained(["--inputs", "random"]).json != explained(["--inputs", "random", "--seed", "1"]).json)
        file["input.target"] = Tensor(known: [2, 3, 4], repeating: 1, as: .int32)
        try Files.writeSafely(try file.serialized(), to: folder.path + "/net.safetensors")
        let failure = #expect(throws: CommandFailure.self) { try explained() }
        #expect(failure?.sentence.contains("expected target as int32[2, 3, 4, 3], given int32[2, 3, 4]") == true)
    }

    @Test(
        arguments: [
            ["--data", "digits", "--parameter", "shift"], ["--input-pixel", "0,0,0"], ["--parameter", "target"],
            ["--parameter", "x[2,0,0,0,0]"], ["--parameter", "shift", "--inputs", "none.safetensors"],
            ["--parameter", "shift", "--seed", "1", "--inputs", "zeros"],
        ])
    func refusesWhatDoesNotFit(_ words: [String]) throws {
        let failure = #expect(throws: CommandFailure.self) { try Self.explained(Self.volume, words) }
        #expect(failure != nil && failure?.sentence.contains("\n") == false, "\(failure?.sentence ?? "")")
    }

    /// Gradients of every parameter of whole tasks, in training, against those of another program.
    @Test(
        .enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)),
        arguments: ["text_cnn", "siamese", "accumulate", "finetune"])
    func tasksAgreeWithPyTorch(name: String) throws {
        let tensors = try TensorFile(parsing: Shared.bytes("tasks/\(name).safetensors")).tensors
        for stored in tensors where stored.name.hasPrefix("grad.") {
            let parameter = String(stored.name.dropFirst(stored.name.hasPrefix("grad.input.") ? 11 : 5))
            let path = Shared.path("tasks/\(name).json")
            let words = ["explain", path, "--parameter", parameter, "--training", "--top", "1"]
            let largest = JSONField(try explainModel(try Arguments(words, for: .adjoint)).json)["largest"]
            let gradient = try largest.elements()[0]["gradient"].number()
            let expected = stored.tensor.doubles.reduce(0) { max($0, $1.magnitude) }
            #expect((gradient.magnitude - expected).magnitude <= 1e-9 * expected, "\(parameter)")
        }
    }
}
