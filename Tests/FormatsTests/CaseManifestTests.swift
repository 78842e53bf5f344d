import AdjointGraphs
import AdjointJSON
import TestSupport
import Testing

@testable import AdjointFormats

@Suite struct CaseManifestTests {
    private let convolution: JSON = [
        "name": "c", "file": "c.safetensors", "op": "conv", "spatial_dims": 2, "input": [2, 4, 7, 5],
        "weight": [6, 2, 3, 2], "output": [2, 6, 4, 3], "kernel": [3, 2], "stride": [2, 1], "dilation": [1, 3],
        "pads_begin": [1, -1], "pads_end": [1, 2], "groups": 2, "bias": true, "integers": true,
    ]

    private func read(_ value: JSON) throws(FormatError) -> LayerCase {
        try CaseManifest(parsing: Array(JSON(dictionaryLiteral: ("cases", [value])).serialized().utf8)).cases[0]
    }

    private func changed(_ name: String, to value: JSON?) -> JSON {
        var object = convolution.object ?? JSON.Object()
        object[name] = value
        return .object(object)
    }

    @Test func reads() throws {
        let layer = try read(convolution)
        #expect(layer.operation == .convolution)
        #expect(layer.weight == [6, 2, 3, 2])
        #expect(layer.padsBegin == [1, -1])
        #expect(layer.outputPadding == [0, 0])
        #expect(layer.bias && layer.integers && !layer.ceilMode && !layer.ties && layer.countIncludePad)
        #expect(layer.groups == 2 && layer.uncovered == nil && layer.tensors.isEmpty)
    }

    @Test func readsEmptyBatches() throws {
        var object = try #require(convolution.object)
        object["input"] = [0, 4, 7, 5]
        object["output"] = [0, 6, 4, 3]
        #expect(try read(.object(object)).output == [0, 6, 4, 3])
    }

    @Test(
        arguments: [
            ("name", nil, "cases[0].name: expected a string, given nothing"),
            ("op", "pool", "cases[0].op: expected one of conv, conv_transpose, max_pool, avg_pool, given \"pool\""),
            ("spatial_dims", 4, "cases[0].spatial_dims: expected a whole number from 1 to 3, given 4"),
            ("input", [2, 4, 7], "cases[0].input: expected an array of 4, given an array of 3"),
            ("input", [2, 0, 7, 5], "cases[0].input[1]: expected a whole number from 1 to 1073741824, given 0"),
            ("weight", [6, 4, 3, 2], "cases[0].weight: expected [6, 2, 3, 2], given [6, 4, 3, 2]"),
            ("output", [2, 6, 4, 4], "cases[0].output: expected [2, 6, 4, 3], given [2, 6, 4, 4]"),
            ("stride", [2, 0], "cases[0].stride[1]: expected a whole number from 1 to 1073741824, given 0"),
            ("dilation", [0, 1], "cases[0].dilation[0]: expected a whole number from 1 to 1073741824, given 0"),
            ("kernel", [3, -2], "cases[0].kernel[1]: expected a whole number from 1 to 1073741824, given -2"),
            ("groups", 3, "cases[0].groups: expected a divisor of 4 and 6 channels, given 3"),
            ("groups", 0, "cases[0].groups: expected a whole number from 1 to 1073741824, given 0"),
            ("file", "../c", "cases[0].file: expected a file in the manifest's folder, given \"../c\""),
            ("file", "/c", "cases[0].file: expected a file in the manifest's folder, given \"/c\""),
            ("file", "a/../../c", "cases[0].file: expected a file in the manifest's folder, given \"a/../../c\""),
            ("file", "", "cases[0].file: expected a file in the manifest's folder, given \"\""),
            ("bias", 1, "cases[0].bias: expected true or false, given 1"),
            ("dilation", [1_073_741_824, 1_073_741_824], "cases[0].output: expected [2, 6, 0, 0], given [2, 6, 4, 3]"),
        ] as [(String, JSON?, String)])
    func rejects(field: String, value: JSON?, sentence: String) {
        #expect {
            try read(changed(field, to: value))
        } throws: { error in
            "\(error)" == sentence
        }
    }

    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func readsAllCases() throws {
        let manifest = try CaseManifest(parsing: try Shared.bytes("cases/manifest.json"))
        #expect(manifest.cases.count == 245)
        #expect(Set(manifest.cases.map(\.operation)) == Set(LayerCase.Operation.allCases))
        #expect(manifest.cases.contains { $0.ceilMode } && manifest.cases.contains { $0.ties })
        for layer in manifest.cases {
            let file = try TensorFile(parsing: try Shared.bytes("cases/" + layer.file))
            #expect(Set(file.tensors.map(\.name)) == Set(layer.tensors))
            #expect(file["x"]?.shape == layer.input && file["y"]?.shape == layer.output)
        }
    }
}
