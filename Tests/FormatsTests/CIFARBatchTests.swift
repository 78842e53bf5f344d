import AdjointFormats
import AdjointGraphs
import TestSupport
import Testing

@Suite struct CIFARBatchTests {
    private func record(_ label: UInt8, _ pixel: UInt8) -> [UInt8] {
        [label] + [UInt8](repeating: pixel, count: 3072)
    }

    @Test func readsRecords() throws {
        let batch = try CIFARBatch(parsing: record(9, 1) + record(0, 255))
        #expect(batch.labels == [9, 0])
        #expect(batch.shape == [2, 3, 32, 32])
        #expect(batch.pixels == [UInt8](repeating: 1, count: 3072) + [UInt8](repeating: 255, count: 3072))
    }

    @Test func rejects() {
        for bytes in [[], record(0, 0) + [1], record(0, 0).dropLast(), record(1, 0) + record(10, 0)] as [[UInt8]] {
            #expect(throws: FormatError.self) { try CIFARBatch(parsing: bytes) }
        }
    }

    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func readsABatch() throws {
        let batch = try CIFARBatch(parsing: try Shared.bytes("data/photo10/test_batch.bin"))
        #expect(batch.labels.count == 300)
        #expect(Set(batch.labels) == Set(0..<10))
    }
}
