import Foundation

/// The built command `adjoint`, which is beside the test program.
public enum Program {
    public struct Outcome: Sendable {
        public let status: Int32
        public let output: String
        public let errors: String
        public let seconds: Double
        /// Whether it was ended because it took too long.
        public let isLate: Bool
    }

    public static let path: String = {
        let place = ProcessInfo.processInfo.environment["ADJOINT_BINARY"]
        return place ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/adjoint"
    }()

    public static let isPresent = FileManager.default.isExecutableFile(atPath: path)

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - folder: the folder in which it runs; by default the test program's own.
    ///   - input: a file for its standard input.
    ///   - limit: the most seconds that it may take.
    ///   - interrupt: called again and again with its process number while it runs.
    public static func run(
        _ arguments: [String], in folder: String? = nil, input: String? = nil, limit: Double = 600,
        while interrupt: (Int32) -> Void = { _ in }
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        // Files and not pipes: neither fills up while the other is read.
        let outputs = try TemporaryFolder()
        let (output, errors) = (outputs.path + "/output", outputs.path + "/errors")
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) } ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        let start = ContinuousClock.now
        try process.run()
        var isLate = false
        while process.isRunning {
            usleep(1000)
            interrupt(process.processIdentifier)
            if !isLate, (ContinuousClock.now - start) / .seconds(1) > limit {
                isLate = true
                kill(process.processIdentifier, SIGKILL)
            }
        }
        process.waitUntilExit()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8), seconds: seconds, isLate: isLate)
    }
}

/// A new folder that is removed with the value.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "/adjoint-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
