import AdjointDigits
import AdjointFormats
import AdjointGraphs
import Testing

@Suite struct DigitsTests {
    @Test func areSoundData() throws {
        let expected: [(String, Shape, String)] = [
            ("train-images-idx3-ubyte.gz", [1437, 8, 8], "from 0 to 16"),
            ("train-labels-idx1-ubyte.gz", [1437], "from 0 to 9"),
            ("test-images-idx3-ubyte.gz", [360, 8, 8], "from 0 to 16"),
            ("test-labels-idx1-ubyte.gz", [360], "from 0 to 9"),
        ]
        for (file, (name, shape, range)) in zip(Digits.files, expected) {
            #expect(file.name == name)
            #expect(try IDXArray(parsing: file.bytes).shape == shape)
            #expect(try inspect(file.bytes, name: name).lines[0].hasSuffix(range))
        }
        #expect(Digits.files.count == expected.count)
    }
}
