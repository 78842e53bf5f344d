import Foundation

/// The folder of data that stands beside the package: `../shared`, or where `ADJOINT_SHARED` says.
/// Tests that need it are skipped where it is absent: `@Test(.enabled(if: Shared.isPresent, Shared.absence))`.
public enum Shared {
    public static let folder: String = {
        if let place = ProcessInfo.processInfo.environment["ADJOINT_SHARED"] { return place }
        // This file is PACKAGE/Tests/Support/Shared.swift.
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared").path
    }()

    public static let isPresent = FileManager.default.fileExists(atPath: folder + "/bad-inputs/manifest.json")

    /// Why a test is skipped.
    public static let absence: String = "no folder \(folder); set ADJOINT_SHARED"

    public static func path(_ name: String) -> String { folder + "/" + name }

    /// The bytes of a file of the folder.
    public static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// The names of the files of a folder in it, sorted.
    public static func files(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
    }
}
