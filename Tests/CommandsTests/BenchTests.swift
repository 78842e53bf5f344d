import Foundation
import TestSupport
import Testing

/// The output of `adjoint bench`: lines for scripts.
@Suite(.enabled(if: Program.isPresent)) struct BenchTests {
    /// The named figures of the first line.
    private func figures(_ arguments: String...) throws -> [String: String] {
        let outcome = try Program.run(["bench"] + arguments + ["--seconds", "0.01"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let line = try #require(outcome.output.split(separator: "\n").first)
        var figures: [String: String] = [:]
        for field in line.split(separator: " ").dropFirst() {
            let parts = field.split(separator: "=", maxSplits: 1)
            figures[String(parts[0])] = String(parts[1])
        }
        return figures
    }

    @Test("a figure for each question", arguments: ["train", "infer"]) func figures(_ measurement: String) throws {
        let figures = try figures(measurement, "--net", "lenet5", "--batch", "2")
        for name in ["ms_best", "img_s", "gflops", "fma", "arena_mb", "rss_mb"] {
            #expect((figures[name].flatMap { Double($0) } ?? 0) > 0, "\(name) of \(figures)")
        }
        #expect(figures["fw"] == "adjoint" && figures["net"] == "lenet5" && figures["batch"] == "2")
    }

    @Test("the first step from nothing") func start() throws {
        let figures = try figures("start", "--batch", "4")
        #expect((figures["loss0"].flatMap { Double($0) } ?? 0) > 1)
    }

    @Test("another size of pictures is another network") func sizes() throws {
        let summary = try Program.run(["summary", "resnet18", "--size", "224", "--classes", "1000", "--batch", "1"])
        #expect(summary.output.contains("3,628,146,688") && summary.output.contains("[64, 112, 112]"))
        #expect(summary.output.contains("memory: parameters 46.8 MB"), "\(summary.output)")
    }
}

private let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: $0 + "/python3")
}

/// The table of `Benchmarks/compare`, made of earlier measurements.
@Suite(.enabled(if: hasPython, "no python3 is installed")) struct ComparisonTests {
    @Test("the best of all rounds, and what it reaches") func table() throws {
        let folder = try TemporaryFolder()
        let runs = [("adjoint", 1.25), ("adjoint", 1.0), ("torch-cl", 3.5), ("torch-nchw", 4.0)].map { side, value in
            #"{"row": "lenet", "side": "\#(side)", "value": \#(value), "fma": 200, "rss": 20, "version": "1", "commit": "c", "date": "d"}"#
        }
        let results = folder.path + "/runs.jsonl"
        try runs.joined(separator: "\n").write(toFile: results, atomically: true, encoding: .utf8)
        let script = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Benchmarks/compare").standardized
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script.path, "--results", results, "--table", "--threads", "2"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("| torch-cl 1 | 3.5 ms | 1 ms | 3.50x | 3.5x | 2.5x | goal |"), "\(text)")
    }
}
