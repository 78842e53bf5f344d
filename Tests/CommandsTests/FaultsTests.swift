import AdjointFormats
import AdjointGraphs
import Foundation
import TestSupport
import Testing

@testable import AdjointCommands

/// The small inputs of `../shared/faults`: accepted, or refused in a sentence before the first step.
@Suite(.enabled(if: Program.isPresent && Shared.isPresent, Comment(rawValue: Shared.absence)))
struct FaultsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(_ words: String...) throws -> Program.Outcome {
        try Program.run(words.map { $0.replacing("faults/", with: Shared.path("faults/")) }, in: folder.path)
    }

    private func expectRefused(
        _ outcome: Program.Outcome, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == 1 && outcome.output == "", "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
        for part in parts {
            #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test func labelsThatAreNone() throws {
        for (data, value) in [("tiny_nan", "nan"), ("tiny_max", "2147483647"), ("float_label_half", "1.7")] {
            let outcome = try run("train", "--data", "faults/\(data)", "--model", "lenet5", "--epochs", "1")
            expectRefused(outcome, "train-labels-idx1-ubyte: label of picture ", "given \(value)\n")
        }
    }

    @Test func whatWasFoundLate() throws {
        let more = try run("train", "--data", "faults/test_more_classes", "--model", "faults/mlp.json", "--epochs", "1")
        expectRefused(more, "test_more_classes: the pictures for testing do not fit", "is 5, expected at most 3")
        let one = try run("train", "--data", "faults/batch65", "--model", "faults/net_bn1d.json", "--epochs", "1")
        expectRefused(one, "last batch of an epoch has 1 of the 65 pictures", "--drop-last")
        for way in [["--drop-last"], ["--batch", "13"]] {
            let outcome = try Program.run(
                [
                    "train", "--data", Shared.path("faults/batch65"), "--model", Shared.path("faults/net_bn1d.json"),
                    "--epochs", "2",
                ]
                    + way, in: folder.path)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func settingsThatRuin() throws {
        expectRefused(try run("summary", "faults/net_drop_-0.1.json"), "dropout: rate is -0.1")
        expectRefused(try run("summary", "faults/net_eps_negative.json"), "batch_norm: eps is -1.0")
        expectRefused(
            try run("summary", "faults/net_typo_strides.json"), "strides is unknown, expected the name stride")
        for option in [
            "--learning-rate=nan", "--momentum=-1", "--weight-decay=inf", "--clip=1e-50",
            "--epochs=9223372036854775807",
        ] {
            let outcome = try run("train", "--data", "faults/ok3", "--model", "faults/mlp.json", option)
            #expect(outcome.status == 2 && outcome.errors.contains(option.prefix { $0 != "=" }), "\(outcome.errors)")
        }
    }

    @Test func whatIsHarmless() throws {
        #expect(try run("summary", "faults/net_bom.json").status == 0)
        #expect(
            try run("inspect", "faults/meta_null.safetensors").output
                == "safetensors, 1 tensor\na F32 [1] from 1 to 1\n")
        #expect(
            try run("inspect", "faults/int64_big.safetensors").output.contains(
                "ids I64 [2] from 1 to 1099511627776\nw F32"))
        let names = try run("inspect", "faults/names.safetensors").output
        #expect(names.split(separator: "\n").count == 5 && names.contains("\\n\\t\\u{202E}😀 F32"))
        let zeros = try run("train", "--data", "faults/gz_trailing_zero", "--model", "faults/mlp.json", "--epochs", "1")
        #expect(zeros.status == 0, "\(zeros.errors)")
        let lines = try run("train", "--data", "faults/cifar_crlf", "--model", "lenet5", "--epochs", "1")
        #expect(lines.output.contains("\nairplane ") && !lines.output.contains("\r"), "\(lines.output)")
    }

    @Test func summaryOfAnyBatch() throws {
        for batch in ["1000000000000", "2147483647", "10000000"] {
            let outcome = try Program.run(["summary", "resnet18", "--batch", batch], limit: 20)
            #expect(
                [1, 2].contains(outcome.status) && !outcome.isLate && outcome.errors.contains("expected"), "\(outcome)")
        }
    }

    /// Networks with the same parameters that compute something else.
    @Test func checkpointsOfAnotherNetwork() throws {
        func train(_ network: String, _ more: String...) throws -> Program.Outcome {
            try Program.run(
                [
                    "train", "--data", Shared.path("faults/ok3"), "--model", Shared.path("faults/\(network).json"),
                    "--epochs", "1",
                ] + more,
                in: folder.path)
        }
        #expect(try train("net_drop5", "--checkpoint", "c").status == 0)
        #expect(try train("net_drop5", "--resume", "c").status == 0)
        expectRefused(
            try train("net_drop1", "--resume", "c"),
            "c: checkpoint: the network's operations[1].op is \"relu\", expected \"tanh\"")
        let other = try String(contentsOfFile: Shared.path("faults/net_drop5.json"), encoding: .utf8)
        for (text, instead, sentence) in [
            ("0.5", "0.25", "operations[2].rate is 0.5, expected 0.25"),
            ("\"relu\"", "\"gelu\"", "operations[1].op is \"relu\", expected \"gelu\""),
        ] {
            try folder.write(Array(other.replacing(text, with: instead).utf8), to: "other.json")
            let outcome = try Program.run(
                [
                    "train", "--data", Shared.path("faults/ok3"), "--model", "other.json", "--epochs", "1", "--resume",
                    "c",
                ],
                in: folder.path)
            expectRefused(outcome, sentence)
        }
        // The network's name makes no difference.
        try folder.write(Array(other.replacing("\"name\": \"n\"", with: "\"name\": \"m\"").utf8), to: "other.json")
        let renamed = try Program.run(
            ["train", "--data", Shared.path("faults/ok3"), "--model", "other.json", "--epochs", "1", "--resume", "c"],
            in: folder.path)
        #expect(renamed.status == 0, "\(renamed.errors)")
    }
}
