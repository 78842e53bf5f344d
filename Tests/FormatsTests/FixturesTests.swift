import Foundation
import FuzzedReaders
import Testing

/// Files found by the fuzzer, read again: `Tests/Fixtures/READER/…`, and valid files beside them.
@Suite struct FixturesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    @Test(arguments: FuzzedReader.allCases) func areRead(reader: FuzzedReader) throws {
        for seed in try reader.seeds() { reader.read(seed) }
        let folder = Self.folder.appendingPathComponent(reader.rawValue).path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let start = ContinuousClock.now
            reader.read([UInt8](try #require(FileManager.default.contents(atPath: folder + "/" + name))))
            #expect(ContinuousClock.now - start < .seconds(20), "\(reader) \(name)")
        }
    }
}
