import AdjointFormats
import AdjointGraphs
import AdjointJSON
import TestSupport
import Testing

@Suite struct IDXArrayTests {
    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func readsEveryType() throws {
        let expected = try JSON(parsing: try Shared.bytes("data/idx-types/expected.json"))
        let members = try #require(expected.object?.members)
        #expect(members.count == 6)
        for member in members {
            let bytes = try Shared.bytes("data/idx-types/" + member.name)
            let array = try IDXArray(parsing: bytes)
            #expect(array.shape.sizes == member.value["shape"]?.array?.compactMap(\.integer))
            #expect(array.tensor().doubles == member.value["values"]?.array?.compactMap(\.number))
            let type = try #require(member.value["dtype"]?.string)
            #expect(try inspect(bytes, name: member.name).lines[0].contains(" \(type) ["))
            #expect(array.serialized() == bytes)
            #expect(try IDXArray(parsing: try gzip(bytes)) == array)
        }
    }

    @Test func roundTrips() throws {
        let arrays = [
            try IDXArray([2, 2], .uint8([0, 1, 254, 255])), try IDXArray([3], .int8([-128, 0, 127])),
            try IDXArray([1, 2, 1], .int16([.min, .max])), try IDXArray([2], .int32([.min, .max])),
            try IDXArray([2], .float32([-.infinity, 0.1])), try IDXArray([], .float64([.pi])),
            try IDXArray([0, 7], .uint8([])), try IDXArray(Shape([Int](repeating: 1, count: 255)), .int8([1])),
        ]
        for array in arrays { #expect(try IDXArray(parsing: array.serialized()) == array) }
    }

    @Test(
        arguments: [
            ([], "byte 0: expected an IDX header of 4 bytes, given 0"),
            ([0, 1, 8, 1], "byte 0: expected an IDX file, which begins with two zeros, given 0 1"),
            ([0, 0, 10, 1], "byte 2: expected a type, 8, 9 or 11 to 14, given 10"),
            ([0, 0, 8, 1, 0, 0], "byte 4: expected 1 sizes of 4 bytes, given 2 bytes"),
            ([0, 0, 8, 1, 0, 0, 0, 2, 7], "byte 9: expected 10 bytes in all for uint8 times [2], given 9"),
            ([0, 0, 8, 1, 0, 0, 0, 1, 7, 7], "byte 9: expected 9 bytes in all for uint8 times [1], given 10"),
            (
                [0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255],
                "byte 4: expected fewer elements than 2^59, given shape [4294967295, 4294967295]"
            ),
        ] as [([UInt8], String)])
    func rejects(bytes: [UInt8], sentence: String) {
        #expect {
            try IDXArray(parsing: bytes)
        } throws: { error in
            "\(error)" == sentence
        }
    }

    @Test func rejectsAPackedFileThatHoldsMore() throws {
        let bytes = try IDXArray([3], .uint8([1, 2, 3])).serialized()
        #expect(throws: FormatError.self) { try IDXArray(parsing: try gzip(bytes + [0])) }
        #expect(throws: FormatError.self) {
            try IDXArray(parsing: try gzip(bytes + [UInt8](repeating: 0, count: 10_000_000)))
        }
    }

    @Test func rejectsShapesThatNoFileCanTell() {
        #expect(throws: FormatError.self) { try IDXArray([2], .uint8([1])) }
        #expect(throws: FormatError.self) { try IDXArray([-1], .uint8([])) }
        #expect(throws: FormatError.self) { try IDXArray([0, 1 << 32], .uint8([])) }
        #expect(throws: FormatError.self) { try IDXArray(Shape([Int](repeating: 1, count: 256)), .uint8([1])) }
    }

    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func keepsPicturesAsBytes() throws {
        let images = try IDXArray(parsing: try Shared.bytes("data/fashion-mnist/t10k-images-idx3-ubyte.gz"))
        #expect(images.shape == [10_000, 28, 28])
        guard case .uint8(let bytes) = images.elements else { throw FormatError(.byte(2), expected: "", given: "") }
        #expect(bytes.count == 7_840_000)
    }
}
