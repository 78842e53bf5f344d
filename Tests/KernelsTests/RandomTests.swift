import AdjointKernelTables
import Testing

@Suite struct RandomTests {
    /// The known answers of Random123's kat_vectors for threefry2x32-20.
    @Test(arguments: TestedKernels.all)
    func knownAnswers(kernels: TestedKernels) {
        #expect(kernels.threefry((0, 0), (0, 0)) == (0x6b20_0159, 0x99ba_4efe))
        #expect(kernels.threefry((.max, .max), (.max, .max)) == (0x1cb9_96fc, 0xbb00_2be7))
        #expect(
            kernels.threefry((0x1319_8a2e, 0x0370_7344), (0x243f_6a88, 0x85a3_08d3)) == (0xc492_3a9c, 0x483d_f7a0))
    }

    @Test(arguments: TestedKernels.all, [0, 1, 7, 16, 50, 16_400])
    func uniform(kernels: TestedKernels, count: Int) {
        let key = GuardedMemory([Int32(-7)])
        let counter = GuardedMemory([Int32(12345)])
        let memory = GuardedMemory(count)
        var arguments = RandomArguments(
            key: key.integers, counter: counter.integers, stream: 9, destination: memory.floats, count: count)
        run(kernels.random, &arguments)
        #expect(memory.isIntact)
        let expected = (0..<count).map { i -> Float in
            Float(kernels.threefry((UInt32(bitPattern: -7), 9), (12345, UInt32(i))).0 >> 8) * 0x1p-24
        }
        #expect(memory.values == expected)
        #expect(memory.values.allSatisfy { $0 >= 0 && $0 < 1 })
    }
}
