import AdjointFormats
import AdjointJSON
import TestSupport
import Testing

/// Every number of a file's header at the limits of numbers: read, or refused in a sentence on one line.
@Suite struct BordersTests {
    private func survives(_ name: String, _ bytes: [UInt8], _ what: String) {
        do throws(FormatError) {
            #expect(!(try inspect(bytes, name: name).kind.isEmpty))
        } catch {
            let sentence = error.description
            #expect(
                sentence.contains("expected") && !sentence.contains("\n") && sentence.count < 1000,
                "\(what): \(sentence)")
        }
    }

    @Test func ofIDXFiles() {
        let sizes: [UInt32] = [0, 1, 2, 1 << 31 - 1, 1 << 31, .max]
        for rank in [0, 1, 2, 3, 255] as [UInt8] {
            for type in [8, 9, 11, 12, 13, 14] as [UInt8] {
                for size in sizes {
                    for second in sizes {
                        var bytes: [UInt8] = [0, 0, type, rank]
                        for axis in 0..<rank {
                            let size = axis == 0 ? size : axis == 1 ? second : 1
                            bytes += (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) }
                        }
                        survives("a.idx", bytes + [1, 2, 3, 4, 5, 6, 7, 8], "\(type) \(rank) \(size) \(second)")
                    }
                }
            }
        }
    }

    @Test func ofTensorFiles() throws {
        let header = try JSON(
            parsing: Array(
                #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}"#
                    .utf8))
        for (path, document) in Borders.documents(of: header) {
            let text = Array(document.serialized().utf8)
            let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
            survives("a.safetensors", length + text + [UInt8](repeating: 0, count: 16), path)
        }
        for length in [0, 1, 1 << 31, UInt64(Int64.max), 1 << 63, .max] {
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            survives("a.safetensors", bytes + Array("{}".utf8), "\(length)")
        }
    }

    @Test func ofManifests() throws {
        let manifest = """
            {"cases": [{"name": "a", "file": "a.safetensors", "op": "conv_transpose", "spatial_dims": 1, "input": [1, 2, 4],
            "weight": [2, 2, 3], "output": [1, 2, 9], "kernel": [3], "stride": [2], "dilation": [1], "pads_begin": [0],
            "pads_end": [0], "output_padding": [0], "groups": 1, "uncovered": 0}]}
            """
        let document = try JSON(parsing: Array(manifest.utf8))
        survives("manifest.json", Array(manifest.utf8), "as it is")
        for (path, document) in Borders.documents(of: document) {
            survives("manifest.json", Array(document.serialized().utf8), path)
        }
    }

    @Test func longNamesAndShapesStayOnALine() throws {
        let name = String(repeating: "\\n", count: 5000)
        for header in [
            #"{"\#(name)":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
            #"{"a":{"dtype":"\#(name)","shape":[2],"data_offsets":[0,8]}}"#,
            #"{"a":{"dtype":"F32","shape":[\#([String](repeating: "9", count: 1000).joined(separator: ","))],"data_offsets":[0,8]}}"#,
        ] {
            let text = Array(header.utf8)
            let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
            #expect(throws: FormatError.self) {
                try inspect(length + text + [UInt8](repeating: 0, count: 8), name: "a.safetensors")
            }
            survives("a.safetensors", length + text + [UInt8](repeating: 0, count: 8), String(header.prefix(40)))
        }
    }
}
