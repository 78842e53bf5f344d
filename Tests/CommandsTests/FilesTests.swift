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

    @Test func takesOverWhatAKilledProcessLeft() throws {
        let left = folder.path + "/.a.adjoint-new"
        for take in [{ try Files.checkWritable($0) }, { try Files.writeSafely([2], to: $0) }]
            as [(String) throws -> Void]
        {
            try Data([1, 1, 1, 1]).write(to: URL(fileURLWithPath: left))
            try take(folder.path + "/a")
            #expect(!Files.exists(left))
        }
        #expect(try Files.read(folder.path + "/a") == [2])
    }

    @Test func refusesWhatAnotherProcessWrites() throws {
        let path = folder.path + "/a"
        try Files.writeSafely([1], to: path)
        let held = open(folder.path + "/.a.adjoint-new", O_WRONLY | O_CREAT, 0o600)
        #expect(flock(held, LOCK_EX) == 0)
        for take in [{ try Files.checkWritable($0) }, { try Files.writeSafely([2], to: $0) }]
            as [(String) throws -> Void]
        {
            #expect {
                try take(path)
            } throws: { error in
                "\(error)".hasSuffix("/a: expected no one else to write it, given a process that does")
            }
        }
        #expect(try Files.read(path) == [1])
        #expect(entries == [".a.adjoint-new", "a"])
        close(held)
        try Files.writeSafely([2], to: path)
        #expect(entries == ["a"])
    }

    /// Between its writes a claim leaves nothing beside the file, and no other process has the right.
    @Test func aClaimLastsUntilItGoes() throws {
        let path = folder.path + "/a"
        for _ in 0..<2 {
            let claim = try Claim(path)
            for bytes in [[1], [2, 3], []] as [[UInt8]] {
                #expect(throws: CommandFailure.self) { try Files.writeSafely([9], to: path) }
                #expect(throws: CommandFailure.self) { try Files.checkWritable(path) }
                try claim.write(bytes)
                #expect(try Files.read(path) == bytes)
                #expect(entries == ["a"])
            }
            withExtendedLifetime(claim) {}
        }
        // A claim that has written nothing leaves what was there, or nothing.
        for name in ["/a", "/b"] { _ = try Claim(folder.path + name) }
        #expect(entries == ["a"])
        try Files.writeSafely([4], to: path)
        #expect(try Files.read(path) == [4])
    }

    /// Another process that tries to claim the file holds the temporary file meanwhile.
    @Test func aClaimWaitsForOneThatAsks() throws {
        let path = folder.path + "/a"
        try Files.writeSafely([1], to: path)
        let claim = try Claim(path)
        let asking = open(folder.path + "/.a.adjoint-new", O_WRONLY | O_CREAT, 0o600)
        #expect(flock(asking, LOCK_EX) == 0)
        Thread {
            usleep(50_000)
            unlink(folder.path + "/.a.adjoint-new")
            close(asking)
        }.start()
        try claim.write([2])
        #expect(try Files.read(path) == [2])
        #expect(entries == ["a"])
    }

    /// Names are bytes: 0xE9 is an é in Latin-1, and not valid UTF-8.
    @Test func pathsNeedNotBeUTF8() throws {
        let bytes = Array(folder.path.utf8) + [0x2F, 0x63, 0xE9, 0xC3, 0xA9, 0xF0]
        let path = String(systemPath: bytes)
        #expect(path.systemPath.map { UInt8(bitPattern: $0) } == bytes + [0])
        try Files.writeSafely([7], to: path)
        #expect(try Files.read(path) == [7])
        #expect(entries.map { folder.path + "/" + $0 } == [path])
        #expect {
            try Files.read(path + "x")
        } throws: { error in
            "\(error)".contains("c\\xE9é\\xF0x: cannot open it")
        }
        #expect(String(systemPath: Array("aé😀".utf8)) == "aé😀")
    }

    @Test func readsPipes() throws {
        let pipe = folder.path + "/pipe"
        mkfifo(pipe, 0o600)
        let bytes = [UInt8](repeating: 3, count: 300_000)
        let writer = Thread {
            let file = open(pipe, O_WRONLY)
            var sent = 0
            while sent < bytes.count { sent += write(file, [UInt8](bytes[sent...]), bytes.count - sent) }
            close(file)
        }
        writer.start()
        #expect(try Files.read(pipe) == bytes)
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
            ("/none/a", "cannot open its folder: No such file or directory"),
            ("/file/a", "cannot open its folder: Not a directory"),
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

    /// The system fails in the middle of writing: a limit on the size of files takes the place of a full disk.
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
        // A hole occupies no space on the disk.
        let hole = open(folder.path + "/hole", O_WRONLY | O_CREAT, 0o600)
        #expect(ftruncate(hole, 1 << 42) == 0)
        close(hole)
        for path in [folder.path, folder.path + "/hole", "/dev/zero", folder.path + "/none", ""] {
            #expect(throws: CommandFailure.self) { try Files.read(path) }
        }
        #expect(throws: CommandFailure.self) { try Files.names(in: folder.path + "/none") }
    }
}
