import AdjointFormats
import TestSupport
import Testing

@Suite struct GzipTests {
    private let bytes = [UInt8]((0..<3000).map { UInt8($0 * $0 / 7 % 251) })

    @Test func roundTrips() throws {
        #expect(try gunzip(try gzip(bytes)) == bytes)
        #expect(try gunzip(try gzip([])) == [])
        var mutations = Mutations(seed: 1)
        let noise = (0..<1_000_000).map { _ in UInt8(mutations.next(below: 256)) }
        #expect(try gunzip(try gzip(noise)) == noise)
    }

    @Test func namesNoTimeAndNoSystem() throws {
        let packed = try gzip(bytes)
        #expect(Array(packed[..<10]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
        #expect(try gzip(bytes) == packed)
    }

    @Test func rejectsEveryTruncation() throws {
        let packed = try gzip(bytes)
        for count in 0..<packed.count {
            #expect(throws: FormatError.self, "\(count) bytes") { try gunzip(Array(packed[..<count])) }
        }
    }

    @Test func rejectsWrongChecks() throws {
        let packed = try gzip(bytes)
        for back in 1...8 {
            var damaged = packed
            damaged[damaged.count - back] ^= 1
            #expect(throws: FormatError.self) { try gunzip(damaged) }
        }
    }

    @Test func readsSeveralMembers() throws {
        let packed = try gzip(bytes)
        #expect(try gunzip(packed + (try gzip([])) + packed) == bytes + bytes)
        // Zeros fill the rest of a block.
        #expect(try gunzip(packed + [UInt8](repeating: 0, count: 512)) == bytes)
        #expect(throws: FormatError.self) { try gunzip(packed + [0, 1]) }
        #expect(throws: FormatError.self) { try gunzip(packed + [0x1F, 0x8B]) }
        #expect(throws: FormatError.self) { try gunzip(packed + packed.dropLast()) }
        #expect(throws: FormatError.self) { try gunzip(packed + bytes) }
    }

    @Test func limitsWhatItUnpacks() throws {
        let packed = try gzip([UInt8](repeating: 0, count: 1_000_000))
        #expect(try gunzip(packed, limit: 1_000_000).count == 1_000_000)
        #expect {
            try gunzip(packed, limit: 999_999)
        } throws: { error in
            "\(error)".hasSuffix("expected at most 999999 bytes when unpacked, given more")
        }
    }
}
