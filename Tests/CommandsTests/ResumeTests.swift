import AdjointFormats
import AdjointGraphs
import Foundation
import TestSupport
import Testing

/// The files of a run that ends, in any way, and their use when it is resumed.
@Suite(.enabled(if: Program.isPresent)) struct ResumeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.writePictures(size: 8, to: "data")
    }

    private static let run = [
        "train", "--data", "data", "--model", "lenet5", "--batch", "4", "--augment", "--seed", "3",
    ]

    private func train(_ words: [String], while interrupt: (Int32) -> Void = { _ in }) throws -> Program.Outcome {
        try Program.run(Self.run + words, in: folder.path, limit: 300, while: interrupt)
    }

    /// The step of a checkpoint, by its header alone: a whole file takes longer to read than a step.
    private func step(_ name: String) -> Int? {
        guard let file = FileHandle(forReadingAtPath: folder.path + "/" + name) else { return nil }
        let header = String(decoding: (try? file.read(upToCount: 16_000)) ?? Data(), as: UTF8.self)
        return header.split(separator: #""adjoint.step":""#).dropFirst().first.flatMap { Int($0.prefix { $0 != "\"" }) }
    }

    @Test(arguments: ["3", "100"]) func theLastStateIsSaved(every: String) throws {
        let outcome = try train(["--epochs", "1", "--checkpoint", "c", "--every", every])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(step("c") == 10)
    }

    /// A run that is ended in the middle of an epoch and resumed gives the same model, checkpoint and log to the byte.
    @Test(arguments: [SIGKILL, SIGTERM, SIGHUP, SIGINT]) func resumesAfter(number: Int32) throws {
        let files = ["--checkpoint", "c", "--every", "1", "--log", "l", "--out", "m"]
        #expect(try train(["--epochs", "6"] + files).status == 0)
        let undisturbed = ["c", "l", "m"].map { folder.bytes($0) }
        #expect(undisturbed.allSatisfy { $0 != nil })
        for file in ["c", "l", "m"] { try FileManager.default.removeItem(atPath: folder.path + "/" + file) }

        var sent = false
        let ended = try train(["--epochs", "6"] + files) { process in
            guard !sent, let step = step("c"), step % 10 > 3 else { return }
            sent = true
            kill(process, number)
        }
        #expect(ended.status == (number == SIGKILL ? -SIGKILL : 128 + number), "\(ended)")
        #expect(folder.temporaries.count <= 1)
        if number != SIGKILL {
            #expect(folder.temporaries.isEmpty)
            #expect(ended.errors.contains("which --resume c goes on from"), "\(ended.errors)")
        }
        let resumed = try train(["--epochs", "6", "--resume", "c"] + files)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(["c", "l", "m"].map { folder.bytes($0) } == undisturbed)
        #expect(folder.temporaries.isEmpty)
    }

    @Test func aResumeRemovesWhatAKilledSaveLeft() throws {
        #expect(try train(["--epochs", "1", "--checkpoint", "c"]).status == 0)
        try folder.write([1, 2, 3], to: ".c.adjoint-new")
        #expect(try train(["--epochs", "1", "--resume", "c"]).status == 0)
        #expect(folder.temporaries.isEmpty)
    }

    /// Between two saves, and before the first one: a checkpoint belongs to its run until that ends.
    @Test(arguments: ["1", "1000000"]) func aSecondRunWithTheSameCheckpointIsRefused(every: String) throws {
        let files = ["--checkpoint", "c", "--every", every]
        var (refused, before): (Program.Outcome?, [[UInt8]?]) = (nil, [])
        var seen = 0
        let first = try train(["--epochs", "100000"] + files) { process in
            // Where nothing is saved yet, its temporary file exists for longer than the check whether it can be saved.
            seen = folder.temporaries.isEmpty ? 0 : seen + 1
            guard refused == nil, every == "1" ? step("c") ?? 0 > 2 : seen > 50 else { return }
            // The run is stopped, like one in the middle of a long step.
            kill(process, SIGSTOP)
            before = [folder.bytes("c"), folder.bytes(".c.adjoint-new")]
            refused = try? train(["--epochs", "1"] + files)
            #expect([folder.bytes("c"), folder.bytes(".c.adjoint-new")] == before)
            kill(process, SIGKILL)
        }
        #expect(first.status == -SIGKILL)
        #expect(refused?.errors == "adjoint: c: expected no one else to write it, given a process that does\n")
        #expect(refused?.status == 1 && refused?.output == "" && refused.map { $0.seconds < 60 } == true)
        #expect(folder.temporaries.count <= 1)
        let next = try train(["--epochs", "1", "--checkpoint", "c"])
        #expect(next.status == 0 && step("c") == 10, "\(next.errors)")
        #expect(folder.temporaries.isEmpty)
    }

    @Test func logsOfOtherSystemsAndVersionsAreKept() throws {
        let files = ["--checkpoint", "c", "--log", "l", "--learning-rate", "0.01", "--schedule", "constant"]
        #expect(try train(["--epochs", "2"] + files).status == 0)
        let log = String(decoding: folder.bytes("l") ?? [], as: UTF8.self)
        let lines = log.split(separator: "\n")
        #expect(lines.count == 3)
        let older = zip(lines, [",seconds,images_per_second", ",0.1,400.0", ",0.1,400.0"]).map { $0 + $1 }.joined(
            separator: "\r\n")
        try folder.write(Array(older.utf8), to: "l")
        // With a constant rate a run that is done can be continued.
        #expect(try train(["--epochs", "3", "--resume", "c"] + files).status == 0)
        let longer = String(decoding: folder.bytes("l") ?? [], as: UTF8.self)
        #expect(longer.hasPrefix(log) && longer.split(separator: "\n").count == 4, "\(longer)")

        try folder.write(Array("my notes\n".utf8), to: "l")
        let refused = try train(["--epochs", "4", "--resume", "c"] + files)
        #expect(refused.status == 1 && refused.errors.contains("l: expected a log"), "\(refused.errors)")
        #expect(folder.bytes("l") == Array("my notes\n".utf8))
    }

    @Test func whatElseDiffersIsNamed() throws {
        #expect(try train(["--epochs", "1", "--checkpoint", "c"]).status == 0)
        for (words, part) in [
            (["--drop-last"], "adjoint.drop_last"), (["--epochs", "2"], "--weights instead of --resume"),
            (["--momentum", "0.5"], "optimizer"),
        ] {
            let outcome = try train(["--epochs", "1", "--resume", "c"] + words)
            #expect(outcome.status == 1 && outcome.errors.contains(part), "\(outcome.errors)")
        }
        let done = try train(["--epochs", "1", "--resume", "c", "--out", "m"])
        #expect(done.status == 0 && done.output.contains("c: all 1 epochs are done"), "\(done)")
        #expect(try train(["--epochs", "1", "--weights", "c"]).status == 0)
    }

    @Test func oneFileForTwoThingsIsRefused() throws {
        let twice = try train(["--epochs", "1", "--out", "a", "--log", "a"])
        #expect(twice.status == 2 && twice.errors.contains("different files"), "\(twice.errors)")
        for option in ["--checkpoint", "--log"] {
            let outcome = try train([option, "-"])
            #expect(
                outcome.status == 2 && outcome.errors.contains("\(option): expected the name of a file"),
                "\(outcome.errors)")
        }
    }

    @Test func standardInputAndOutput() throws {
        let trained = try Program.run(Self.run + ["--epochs", "1", "--out", "m.safetensors"], in: folder.path)
        #expect(trained.status == 0)
        let model = folder.path + "/m.safetensors"
        for words in [["inspect", "-"], ["summary", "-"], ["predict", "-", "--data", "data"]] {
            let piped = try Program.run(words, in: folder.path, input: model)
            let named = try Program.run(words.map { $0 == "-" ? "m.safetensors" : $0 }, in: folder.path)
            #expect(piped.status == 0 && piped.output == named.output, "\(words): \(piped)")
        }
        let drawn = try Program.run(["graph", "lenet5", "--out", "-"], in: folder.path)
        let printed = try Program.run(["graph", "lenet5"])
        #expect(drawn.status == 0 && drawn.output == printed.output)
        let none = try Program.run(["summary", "-"], in: folder.path)
        #expect(none.status == 1 && none.errors.contains("given an empty file"), "\(none.errors)")
        // A model that is written there belongs to one run alone.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "\"$0\" \(Self.run.joined(separator: " ")) --epochs 1 --out - 2>lines | \"$0\" inspect - >inspected",
            Program.path,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try process.run()
        process.waitUntilExit()
        #expect(String(decoding: folder.bytes("inspected") ?? [], as: UTF8.self).contains("conv1.weight F32"))
        #expect(String(decoding: folder.bytes("lines") ?? [], as: UTF8.self).contains("test accuracy"))
    }

    /// A file that is opened where a stream was closed does not get what is printed.
    @Test(arguments: ["<&- 2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"]) func closedStreams(closed: String) throws {
        let words = (Self.run + ["--log", "l", "--every", "3", "--checkpoint"]).joined(separator: " ")
        for epochs in 1...3 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [
                "-c", "\"$0\" \(words) c --epochs \(epochs); \"$0\" \(words) e --epochs \(epochs) \(closed); true",
                Program.path,
            ]
            process.standardOutput = FileHandle.nullDevice
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            try process.run()
            process.waitUntilExit()
            #expect(folder.bytes("c") != nil && folder.bytes("c") == folder.bytes("e"), "\(epochs) epochs, \(closed)")
        }
    }

    @Test func otherNamesOfDataFiles() throws {
        func rename(_ names: [String: String]) throws {
            for (old, new) in names {
                try FileManager.default.moveItem(
                    atPath: folder.path + "/data/" + old, toPath: folder.path + "/data/" + new)
            }
        }
        let (images, labels) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz")
        try rename([images: "train-images.idx3-ubyte", labels: "train-labels.idx1-ubyte.gz"])
        #expect(try train(["--epochs", "1"]).status == 0)
        try rename([
            "train-images.idx3-ubyte": "emnist-letters-\(images)",
            "train-labels.idx1-ubyte.gz": "emnist-letters-\(labels)",
        ])
        #expect(try train(["--epochs", "1"]).status == 0)
        try folder.write([], to: "data/emnist-digits-\(images).gz")
        let two = try train(["--epochs", "1"])
        #expect(two.status == 1 && two.errors.contains("expected one set of pictures, given emnist-"), "\(two.errors)")

        // CIFAR-100: a coarse and a fine label before each picture.
        try FileManager.default.createDirectory(atPath: folder.path + "/hundred", withIntermediateDirectories: true)
        for (name, count) in [("train", 100), ("test", 10)] {
            let records = (0..<count).flatMap {
                [UInt8($0 % 20), UInt8($0)] + [UInt8](repeating: UInt8($0), count: 3072)
            }
            try folder.write(records, to: "hundred/\(name).bin")
        }
        try folder.write(Array((0..<100).map { "thing \($0)\r\n" }.joined().utf8), to: "hundred/fine_label_names.txt")
        let hundred = try Program.run(
            ["train", "--data", "hundred", "--model", "lenet5", "--epochs", "1"], in: folder.path)
        #expect(hundred.status == 0 && hundred.output.contains("\nthing 9 "), "\(hundred)")
        #expect(
            try Program.run(["inspect", "hundred/test.bin"], in: folder.path).output.hasPrefix(
                "CIFAR-100 binary, 10 pictures"))
        for name in ["data_batch_1", "batches.meta"] { try folder.write([0x80], to: "hundred/\(name)") }
        for name in ["train.bin", "test.bin"] {
            try FileManager.default.removeItem(atPath: folder.path + "/hundred/" + name)
        }
        let python = try Program.run(["train", "--data", "hundred", "--model", "lenet5"], in: folder.path)
        #expect(python.status == 1 && python.errors.contains("take the binary one"), "\(python.errors)")
    }

    @Test func labelsThatCountFromOne() throws {
        try folder.write(
            try IDXArray([40], .uint8((0..<40).map { UInt8($0 % 2 + 1) })).serialized(),
            to: "data/train-labels-idx1-ubyte")
        let outcome = try train(["--epochs", "1"])
        #expect(outcome.status == 0 && outcome.output.contains("labels count from 1"), "\(outcome)")
    }

    @Test func weightsOfAnotherNetworkAreNamed() throws {
        #expect(try train(["--epochs", "1", "--out", "m.safetensors"]).status == 0)
        for command in [["train", "--epochs", "1", "--model"], ["predict"]] {
            let outcome = try Program.run(
                command + ["cifar", "--weights", "m.safetensors", "--data", "data"], in: folder.path)
            #expect(outcome.status == 1 && outcome.errors.hasPrefix("adjoint: m.safetensors: "), "\(outcome)")
        }
    }

    @Test func noPicturesAreNamed() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/none", withIntermediateDirectories: true)
        try folder.write(try IDXArray([0, 8, 8], .uint8([])).serialized(), to: "none/train-images-idx3-ubyte")
        try folder.write(try IDXArray([0], .uint8([])).serialized(), to: "none/train-labels-idx1-ubyte")
        let none = try Program.run(["train", "--data", "none", "--model", "lenet5"], in: folder.path)
        #expect(none.status == 1 && none.errors.hasPrefix("adjoint: none: expected pictures for training"), "\(none)")
    }

    /// A network of the library is named in errors, and not a line of its source.
    @Test func picturesTooSmallForANetwork() throws {
        try folder.writePictures(size: 1, to: "small")
        let small = try Program.run(["train", "--data", "small", "--model", "lenet5"], in: folder.path)
        #expect(small.status == 1 && small.errors.hasPrefix("adjoint: lenet5: operation 5: maxPool: "), "\(small)")
    }
}
