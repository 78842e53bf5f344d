import AdjointGraphs
import Testing

@Suite struct ThreefryTests {
    /// Known answers of the Random123 distribution.
    @Test(arguments: [
        (0 as UInt32, 0 as UInt32, 0 as UInt32, 0 as UInt32, 0x6b20_0159 as UInt32, 0x99ba_4efe as UInt32),
        (.max, .max, .max, .max, 0x1cb9_96fc, 0xbb00_2be7),
        (0x1319_8a2e, 0x0370_7344, 0x243f_6a88, 0x85a3_08d3, 0xc492_3a9c, 0x483d_f7a0),
    ])
    func knownAnswers(k0: UInt32, k1: UInt32, c0: UInt32, c1: UInt32, x: UInt32, y: UInt32) {
        let words = Threefry.words(key: (k0, k1), counter: (c0, c1))
        #expect(words.0 == x)
        #expect(words.1 == y)
    }
}
