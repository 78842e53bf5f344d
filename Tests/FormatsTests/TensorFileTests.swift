import AdjointGraphs
import TestSupport
import Testing

@testable import AdjointFormats

/// A safetensors file of a header and data, unchecked.
func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append([UInt64(header.utf8.count)], .little)
    return bytes + Array(header.utf8) + data
}

@Suite struct TensorFileTests {
    @Test func readsEveryType() throws {
        let cases: [(String, [UInt8], Tensor.Elements)] = [
            ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], .float64([-1.5])),
            ("F32", [0, 0, 0xC0, 0xBF], .float32([-1.5])),
            ("F16", [0, 0xBE], .float32([-1.5])),
            ("BF16", [0xC0, 0xBF], .float32([-1.5])),
            ("I64", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .int32([-2])),
            ("I64", [0, 0, 0, 0, 0, 1, 0, 0], .float64([0x1p40])),
            ("I64", [0, 0, 0, 0, 0, 0, 0, 0x80], .float64([-0x1p63])),
            ("U64", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .float64([0x1p64])),
            ("U32", [0, 0, 0, 0x80], .float64([0x1p31])),
            ("I32", [0, 0, 0, 0x80], .int32([.min])),
            ("I16", [0, 0x80], .int32([-0x8000])),
            ("I8", [0x80], .int32([-128])),
            ("U64", [0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0], .int32([.max])),
            ("U32", [0xFF, 0xFF, 0xFF, 0x7F], .int32([.max])),
            ("U16", [0xFF, 0xFF], .int32([0xFFFF])),
            ("U8", [0xFF], .int32([255])),
            ("BOOL", [1], .bool([true])),
        ]
        #expect(Set(cases.map { $0.0 }) == Set(DataType.allCases.map { $0.rawValue }))
        for (type, data, elements) in cases {
            let header = #"{"a":{"dtype":"\#(type)","shape":[1],"data_offsets":[0,\#(data.count)]}}"#
            let read = try TensorFile(parsing: file(header, data))
            #expect(read["a"] == (try Tensor([1], elements)))
            #expect(read.tensors[0].dataType.rawValue == type)
        }
    }

    @Test func convertsEveryHalf() {
        #if !(os(macOS) && arch(x86_64))
            for bits in UInt16.min...UInt16.max {
                let expected = Float(Float16(bitPattern: bits))
                let given = floatFromHalf(bits)
                #expect(expected.isNaN ? given.isNaN : given.bitPattern == expected.bitPattern)
            }
        #endif
    }

    @Test(
        arguments: [
            (
                #"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, [1, 2],
                "expected a truth value, 0 or 1, given 2"
            ),
            (#"{"a":{"dtype":"F8_E5M2","shape":[1],"data_offsets":[0,1]}}"#, [1], "not one that is read here"),
            (
                #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, [],
                "a.shape[0]: expected a whole number from 0"
            ),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}"#, [1, 2, 3], "expected 4 bytes, F32 times [1]"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [1, 2, 3, 4], "expected 4 bytes"),
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [1, 2], "expected data from 0 on"),
            (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [1, 2], "data: expected 1 bytes"),
            (#"{"a":{"dtype":"U8","shape":[1]}}"#, [1], "a.data_offsets: expected an array, given nothing"),
            (#"{"a":3}"#, [], "a.dtype: expected a string, given nothing"),
            (#"{"__metadata__":{"a":3}}"#, [], "__metadata__.a: expected a string, given 3"),
            (
                #"{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, [],
                "fewer elements than 2^60"
            ),
            (#"{} x"#, [], "byte 11: expected nothing after the value, given 'x'"),
            (#" {}"#, [], "expected a header that is a JSON object"),
        ] as [(String, [UInt8], String)])
    func rejects(header: String, data: [UInt8], sentence: String) {
        #expect {
            try TensorFile(parsing: file(header, data))
        } throws: { error in
            "\(error)".contains(sentence)
        }
    }

    @Test func writesEqualBytesForEqualFiles() throws {
        var first = TensorFile(metadata: ["b": "2", "a": "1"])
        first["y"] = try Tensor([2], [1, 2] as [Float])
        first["x"] = try Tensor([], [true])
        first["z"] = try Tensor([1, 2], [3, 4] as [Double])
        first["empty"] = try Tensor([0, 3], [] as [Int32])
        var second = TensorFile(metadata: ["a": "1", "b": "2"])
        for stored in first.tensors.reversed() { second[stored.name] = stored.tensor }
        let bytes = try first.serialized()
        #expect(try second.serialized() == bytes)
        #expect(bytes[0] % 8 == 0)
        let header = String(decoding: bytes[8..<(8 + Int(bytes[0]) + 256 * Int(bytes[1]))], as: UTF8.self)
        #expect(
            header.hasPrefix(
                #"{"__metadata__":{"a":"1","b":"2"},"z":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}"#))

        let back = try TensorFile(parsing: bytes)
        #expect(back.metadata == first.metadata)
        for stored in first.tensors { #expect(back[stored.name] == stored.tensor) }
        #expect(try back.serialized() == bytes)
    }

    @Test func writesTheEmptyFile() throws {
        #expect(try TensorFile().serialized() == file("{}      "))
        #expect(try TensorFile(parsing: file("{}")) == TensorFile())
    }

    @Test func keepsTheReservedName() throws {
        var file = TensorFile()
        file["__metadata__"] = Tensor(scalar: 1)
        #expect(throws: FormatError.self) { try file.serialized() }
    }

    /// Files of another program: reading, writing and reading again gives the same.
    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func readsOtherFiles() throws {
        for folder in ["cases", "nets"] {
            for name in Shared.files(folder) where name.hasSuffix(".safetensors") {
                let read = try TensorFile(parsing: try Shared.bytes(folder + "/" + name))
                let written = try read.serialized()
                let back = try TensorFile(parsing: written)
                #expect(Set(back.tensors.map(\.name)) == Set(read.tensors.map(\.name)))
                #expect(read.tensors.allSatisfy { back[$0.name] == $0.tensor })
                #expect(try back.serialized() == written)
            }
        }
    }
}
