import AdjointFormats
import AdjointGraphs
import TestSupport
import Testing

@Suite struct InspectionTests {
    @Test func tellsTensorsAndRanges() throws {
        var file = TensorFile(metadata: ["made by": "a\u{1B}[2Jb"])
        file["conv1.weight"] = try Tensor([2, 1], [-0.5, .nan] as [Float])
        file["nothing"] = try Tensor([0], [] as [Int32])
        file["mask"] = try Tensor([3], [true, false, true])
        file["bad"] = try Tensor([1], [Float.nan])
        file["scalar"] = Tensor(scalar: 1e30, as: .float64)
        let found = try inspect(try file.serialized(), name: "a/b.safetensors")
        #expect(found.kind == "safetensors, 5 tensors")
        #expect(
            found.lines == [
                "scalar F64 [] from 1e+30 to 1e+30", "bad F32 [1] 1 not a number",
                "conv1.weight F32 [2,1] from -0.5 to -0.5, 1 not a number", "nothing I32 [0] empty",
                "mask BOOL [3] 2 true of 3", "made by = a\\u{1B}[2Jb",
            ])
    }

    @Test func tellsKindsByContents() throws {
        let array = try IDXArray([2], .uint8([3, 4])).serialized()
        #expect(try inspect(array, name: "labels").kind == "IDX")
        #expect(try inspect(try gzip(array), name: "labels").kind == "IDX, packed by gzip")
        #expect(try inspect(array, name: "train-labels-idx1-ubyte").lines == ["elements uint8 [2] from 3 to 4"])
        #expect(try inspect(try TensorFile().serialized(), name: "weights").kind == "safetensors, 0 tensors")
        let picture = [UInt8](repeating: 3, count: 3073)
        #expect(
            try inspect(picture, name: "x.bin").lines
                == ["labels uint8 [1] from 3 to 3", "pixels uint8 [1,3,32,32] from 3 to 3"])
        #expect {
            try inspect([0x89, 0x50], name: "x.png")
        } throws: { error in
            "\(error)".hasSuffix("a safetensors, IDX (plain or .gz), CIFAR (.bin) or JSON file, given bytes 89 50")
        }
    }

    @Test(arguments: [
        (#"{"files": []}"#, #"the document: expected a member "cases" or "operations", given neither"#),
        (#"{"operations": [], "shape": []}"#, "input: expected a string, given nothing"),
        (
            #"{"input": "x", "shape": [1], "operations": [{"op": "relu", "inputs": ["y"], "output": "z"}]}"#,
            #"operations[0].inputs[0]: expected a value from before this operation, given "y""#
        ),
        (
            #"{"input": "x", "shape": [1], "operations": [{"op": "relu", "inputs": ["x"], "output": "x"}]}"#,
            #"operations[0].output: expected a new name, given "x""#
        ),
        (
            #"{"input": "x", "shape": [1], "operations": [{"op": "p", "inputs": [], "output": "z", "stride": [0]}]}"#,
            "operations[0].stride[0]: expected a whole number from 1 to 1073741824, given 0"
        ),
    ])
    func rejectsManifests(text: String, sentence: String) {
        #expect {
            try inspect(Array(text.utf8), name: "m.json")
        } throws: { error in
            "\(error)" == "m.json: " + sentence
        }
    }

    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func tellsNets() throws {
        let net = try inspect(try Shared.bytes("nets/lenet5_tanh_avg.json"), name: "lenet5_tanh_avg.json")
        #expect(net.kind == "net, 12 operations")
        #expect(net.lines[0] == "x input [4,1,28,28]")
        #expect(net.lines[1] == "t1 conv2d x conv1.weight conv1.bias")
        let twins = try inspect(try Shared.bytes("tasks/siamese.json"), name: "siamese.json")
        #expect(twins.kind == "net, 29 operations")
        #expect(twins.lines.prefix(3) == ["left input [4,1,14,12]", "right input [4,1,14,12]", "same input [4]"])
        #expect(try inspect(try Shared.bytes("cases/manifest.json"), name: "manifest.json").lines.count == 245)
    }
}
