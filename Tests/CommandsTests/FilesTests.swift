import Foundation
import TestSupport
import Testing

@testable import AdjointCommands

@Suite struct FilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var entries: [String] { (try? Files.names(in: folder.path)) ?? [] }

    @Test func writesAndReads() throws {
        let path = folder.path + "/a"
        for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 3_000_000)] as [[UInt8]] {
            try Files.writeSafely(bytes, to: path)
            #expect(try Files.read(path) == bytes)
            #expect(entries == ["a"])
        }
    }

    @Test func keepsPermissionsAndLinks() throws {
        let path = folder.path + "/private"
        try Files.writeSafely([1], to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "private")
        try Files.writeSafely([2], to: folder.path + "/link")
        #expect(try Files.read(path) == [2])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link") == "private")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(entries == ["link", "private"])
    }

    @Test func stepsOverWhatAKilledProcessLeft() throws {
        let left = folder.path + "/.adjoint-\(getpid())-0.tmp"
        try Data([1]).write(to: URL(fileURLWithPath: left))
        try Files.writeSafely([2], to: folder.path + "/a")
        #expect(try Files.read(folder.path + "/a") == [2])
        #expect(try Files.read(left) == [1])
    }

    @Test func writesRelativePaths() throws {
        let name = "adjoint-test-\(getpid()).bin"
        defer { try? FileManager.default.removeItem(atPath: name) }
        try Files.writeSafely([5], to: name)
        #expect(try Files.read("./" + name) == [5])
    }

    @Test func refusesWhatIsNoFile() throws {
        try Files.writeSafely([1], to: folder.path + "/file")
        let cases = [
            ("/none/a", "cannot open it: No such file or directory"), ("/file/a", "cannot open it: Not a directory"),
            ("", "expected a file to write, given a folder, a device or a pipe"),
            ("/", "expected a file to write, given a folder, a device or a pipe"),
            ("/new/", "expected the name of a file to write, given a folder's"),
            ("/" + String(repeating: "x", count: 300), "File name too long"),
        ]
        for (name, sentence) in cases {
            #expect {
                try Files.writeSafely([2], to: folder.path + name)
            } throws: { error in
                "\(error)".hasSuffix(sentence) && (error as? CommandFailure)?.status == .failed
            }
        }
        #expect(throws: CommandFailure.self) { try Files.writeSafely([1], to: "/dev/null") }
        #expect(throws: CommandFailure.self) { try Files.writeSafely([1], to: "") }
        #expect(entries == ["file"])
        #expect(try Files.read(folder.path + "/file") == [1])
    }

    /// The system says no in the middle of the bytes: a limit on the size of files stands in for a full disk.
    @Test func keepsTheOldFileWhenTheDiskIsFull() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            let folder = try TemporaryFolder()
            let path = folder.path + "/a"
            try Files.writeSafely([1, 2, 3], to: path)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            #if canImport(Darwin)
                setrlimit(RLIMIT_FSIZE, &limit)
            #else
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #endif
            #expect {
                try Files.writeSafely([UInt8](repeating: 9, count: 200_000), to: path)
            } throws: { error in
                "\(error)" == path + ": cannot write it: File too large"
            }
            #expect(try Files.read(path) == [1, 2, 3])
            #expect(try Files.names(in: folder.path) == ["a"])
        }
    }

    @Test func refusesToReadWhatIsNoFile() throws {
        mkfifo(folder.path + "/pipe", 0o600)
        for path in [folder.path, folder.path + "/pipe", "/dev/zero", folder.path + "/none", ""] {
            #expect(throws: CommandFailure.self) { try Files.read(path) }
        }
        #expect(throws: CommandFailure.self) { try Files.names(in: folder.path + "/none") }
    }
}
