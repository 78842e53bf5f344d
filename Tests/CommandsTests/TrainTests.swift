import AdjointFormats
import AdjointGraphs
import Foundation
import TestSupport
import Testing

/// `adjoint train` and what works with its files, on pictures so small that a debug build is quick.
@Suite(.enabled(if: Program.isPresent)) struct TrainTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.writePictures(size: 8, to: "data")
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func train(_ more: String...) throws -> Program.Outcome {
        try Program.run(
            ["train", "--data", "data", "--model", "lenet5", "--epochs", "2", "--batch", "16"] + more, in: folder.path)
    }

    /// The program failed with this status and one sentence that has all of these parts, and left no other file.
    private func expectFailure(
        _ outcome: Program.Outcome, status: Int32, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
        for part in parts {
            #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: sourceLocation)
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".adjoint-new")
        }
        #expect(left.isEmpty, sourceLocation: sourceLocation)
    }

    @Test func saysWhereTheTimeWent() throws {
        let outcome = try train("--profile")
        #expect(outcome.status == 0, "\(outcome.errors)")
        for part in [
            "conv1  ", "conv2  ", "fc3  ", "optimizer  ", "all forward ", "all dX ", "all dW ", "GFLOP/s", "of limit",
        ] {
            #expect(outcome.output.contains(part), "\(outcome.output)")
        }
    }

    @Test func trainsPredictsAndDescribesWhatItWrote() throws {
        let outcome = try train("--out", "model.safetensors", "--log", "log.csv")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("epoch 2/2  loss "))
        #expect(outcome.output.contains(#/test accuracy \d+\.\d\d % \(\d+ of 10\)/#))
        let log = try String(contentsOfFile: path("log.csv"), encoding: .utf8).split(separator: "\n")
        #expect(log.first == "epoch,step,loss,accuracy,learning_rate")
        #expect(log.count == 3)

        let predicted = try Program.run(
            ["predict", "model.safetensors", "--data", "data", "--index", "1"], in: folder.path)
        let rows = predicted.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(rows.count == 2)
        #expect(abs(rows.compactMap { Double($0[1]) }.reduce(0, +) - 1) < 1e-4)
        #expect(try Program.run(["summary", "model.safetensors"], in: folder.path).output.contains("conv1"))
        #expect(
            try Program.run(["inspect", "model.safetensors"], in: folder.path).output.contains("conv1.weight F32 ["))
        #expect(
            try Program.run(["graph", "model.safetensors", "--gradient"], in: folder.path).output.contains(
                "role: filter"))
        let foreign = try Program.run(
            ["predict", "lenet5", "--weights", "model.safetensors", "--data", "data", "--index", "1"], in: folder.path)
        #expect(foreign.status == 0, "\(foreign.errors)")
    }

    @Test func equalRunsGiveEqualBytesAndAResumedOneToo() throws {
        _ = try train("--out", "first.safetensors")
        _ = try train("--out", "second.safetensors", "--checkpoint", "checkpoint", "--every", "4")
        let resumed = try train("--out", "third.safetensors", "--resume", "checkpoint")
        #expect(resumed.status == 0, "\(resumed.errors)")
        let first = FileManager.default.contents(atPath: path("first.safetensors"))
        #expect(first != nil)
        #expect(FileManager.default.contents(atPath: path("second.safetensors")) == first)
        #expect(FileManager.default.contents(atPath: path("third.safetensors")) == first)
        try expectFailure(
            train("--resume", "checkpoint", "--seed", "9"), status: 1, "checkpoint", "seed", "expected 9", "0")
    }

    @Test func usage() throws {
        try expectFailure(Program.run(["train"], in: folder.path), status: 2, "--data")
        try expectFailure(Program.run(["train", "--data", "data"], in: folder.path), status: 2, "--model")
        try expectFailure(train("--epochs", "0"), status: 2, "--epochs", "above 0", "\"0\"")
        try expectFailure(train("--optimizer", "newton"), status: 2, "--optimizer", "sgd, adam, adamw", "newton")
        try expectFailure(train("--bacth", "3"), status: 2, "--bacth", "--batch")
        #expect(try Program.run(["train", "--help"], in: folder.path).status == 0)
    }

    @Test func whatCannotBeDone() throws {
        try expectFailure(
            Program.run(["train", "--data", "nowhere", "--model", "lenet5"], in: folder.path), status: 1, "nowhere")
        try expectFailure(
            Program.run(["train", "--data", "data", "--model", "lenet7"], in: folder.path), status: 1, "lenet7",
            "lenet5")
        try expectFailure(train("--out", "nowhere/model.safetensors"), status: 1, "nowhere/model.safetensors")
        try FileManager.default.removeItem(atPath: path("data/train-labels-idx1-ubyte.gz"))
        try expectFailure(train(), status: 1, "labels", "train-images-idx3-ubyte")
    }

    @Test func dataOfAnotherSizeThanTheModel() throws {
        _ = try train("--out", "model.safetensors")
        try folder.writePictures(size: 12, to: "large")
        try expectFailure(
            Program.run(["predict", "model.safetensors", "--data", "large"], in: folder.path), status: 1, "[1, 8, 8]",
            "12, 12]")
        try expectFailure(
            Program.run(["predict", "model.safetensors", "--data", "data", "--index", "10"], in: folder.path),
            status: 2,
            "--index", "10")
    }

    @Test func unknownAndMissingParameters() throws {
        var file = TensorFile()
        file["conv1.weight"] = Tensor(known: [6, 1, 3, 3], repeating: 0)
        try Data(file.serialized()).write(to: URL(fileURLWithPath: path("some.safetensors")))
        try expectFailure(
            Program.run(["predict", "some.safetensors", "--data", "data"], in: folder.path), status: 1,
            "some.safetensors",
            "adjoint.model")
        try expectFailure(
            Program.run(["predict", "lenet5", "--weights", "some.safetensors", "--data", "data"], in: folder.path),
            status: 1,
            "conv1.bias", "missing")
    }

    @Test func aLossThatIsNotFiniteStopsAndKeepsTheCheckpoint() throws {
        let outcome = try train(
            "--learning-rate", "1e30", "--schedule", "constant", "--checkpoint", "checkpoint", "--every", "1")
        try expectFailure(outcome, status: 1, "step", "not finite")
        let kept = try TensorFile(parsing: [UInt8](FileManager.default.contents(atPath: path("checkpoint")) ?? Data()))
        #expect(kept.metadata["adjoint.step"] != nil)
    }
}
