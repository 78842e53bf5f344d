import AdjointFormats
import AdjointGraphs
import AdjointJSON
import Foundation
import TestSupport
import Testing

@testable import AdjointCommands

/// The built program, from the outside.
@Suite(.enabled(if: Program.isPresent, "no built program beside the tests"))
struct ProgramTests {
    @Test func tellsItsVersion() throws {
        let outcome = try Program.run(["--version"])
        #expect(outcome.status == 0 && outcome.output == "adjoint \(version)\n" && outcome.errors == "")
    }

    @Test(arguments: [["--help"], ["inspect", "--help"], ["inspect", "-h", "x"]])
    func helps(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 0 && outcome.output.contains("usage: adjoint") && outcome.errors == "")
    }

    @Test(arguments: [[], ["wrong"], ["--wrong"], ["inspect"], ["inspect", "a", "b"], ["inspect", "--wrong"]])
    func endsWithTwoForWrongUsage(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.status == 2 && outcome.output == "")
        #expect(isSentence(outcome.errors))
    }

    #if os(Linux)
        /// The summary reports gigabytes without needing them.
        @Test func summaryTakesNoMemory() throws {
            var pages = 0
            let outcome = try Program.run(["summary", "resnet18", "--batch", "1024"], limit: 60) { process in
                let sizes = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)) ?? ""
                let resident = sizes.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                pages = max(pages, resident ?? 0)
            }
            // Or the machine has less than that, and the error says so.
            #expect(outcome.status == 0 || outcome.errors.contains("expected at most"), "\(outcome)")
            #expect(pages > 0 && pages * sysconf(Int32(_SC_PAGESIZE)) < 500_000_000)
        }
    #endif

    @Test func inspects() throws {
        let folder = try TemporaryFolder()
        try Files.writeSafely(try IDXArray([2, 1], .int8([-3, 4])).serialized(), to: folder.path + "/a.idx")
        let outcome = try Program.run(["inspect", "a.idx"], in: folder.path)
        #expect(outcome.status == 0)
        #expect(outcome.output == "IDX\nelements int8 [2,1] from -3 to 4\n")
        let none = try Program.run(["inspect", "none.idx"], in: folder.path)
        #expect(none.status == 1)
        #expect(none.errors == "adjoint: none.idx: cannot open it: No such file or directory\n")
    }

    @Test(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence)))
    func treatsBadInputsAsTheirManifestSays() throws {
        let manifest = try JSON(parsing: try Shared.bytes("bad-inputs/manifest.json"))
        for field in try JSONField(manifest)["files"].elements() {
            guard ["safetensors", "idx", "cifar", "manifest"].contains(try field["format"].string()) else { continue }
            let name = try field["file"].string()
            let outcome = try Program.run(["inspect", Shared.path("bad-inputs/" + name)])
            let why = Comment(rawValue: "\(name): \(try field["why"].string())")
            #expect(outcome.seconds < 2, why)
            if try field["expect"].string() == "accept" {
                #expect(outcome.status == 0 && outcome.errors == "" && !outcome.output.isEmpty, why)
            } else {
                #expect(outcome.status == 1 && outcome.output == "", why)
                #expect(isSentence(outcome.errors) && outcome.errors.contains(name), why)
            }
        }
    }

    private func isSentence(_ text: String) -> Bool {
        text.hasPrefix("adjoint: ") && text.hasSuffix("\n") && text.dropLast().allSatisfy { !$0.isNewline }
    }
}
