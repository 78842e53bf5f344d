import AdjointFormats
import AdjointGraphs
import AdjointJSON
import TestSupport
import Testing

@testable import AdjointCommands

/// `adjoint explain`, from the outside.
@Suite(.enabled(if: Program.isPresent, "no built program beside the tests"))
struct ExplainTests {
    @Test func withoutOptionsItIsTheQuestion() throws {
        let outcome = try Program.run(["explain"])
        #expect(outcome.status == 0 && outcome.errors == "")
        let lines = outcome.output.split(separator: "\n").map { $0.drop { $0 == " " } }
        for line in [
            "G1 = V1·W1 + V2·W2 + V4·W3 + V5·W4", "G2 = V2·W1 + V3·W2 + V5·W3 + V6·W4",
            "G3 = V4·W1 + V5·W2 + V7·W3 + V8·W4", "G4 = V5·W1 + V6·W2 + V8·W3 + V9·W4",
            "∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + ∂E/∂G2·∂G2/∂W1 + ∂E/∂G3·∂G3/∂W1 + ∂E/∂G4·∂G4/∂W1", "∂G1/∂W1 = V1",
            "∂G2/∂W1 = V2", "∂G3/∂W1 = V4", "∂G4/∂W1 = V5",
            "∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5",
            "∂E/∂V5 = ∂E/∂G1·W4 + ∂E/∂G2·W3 + ∂E/∂G3·W2 + ∂E/∂G4·W1", "Both agree within rounding.",
        ] {
            #expect(lines.contains { $0 == line }, "\(line)")
        }
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test(arguments: [
        ["--of", "bias", "--channels", "2", "--filters", "2"], ["--pool", "max"],
        ["--pool", "average", "--input", "4"],
        ["--input", "5x4", "--padding", "1,0,0,2", "--stride", "2x1"], ["--padding", "same", "--input", "2x3x2"],
        ["--transposed", "--output-padding", "1", "--stride", "2", "--values", "random", "--seed", "7"],
        ["--groups", "2", "--channels", "4", "--filters", "2", "--dilation", "2", "--batch", "2", "--select", "G2"],
        ["--dims", "1", "--select", "b1"], ["--dense", "3,2,2", "--activation", "leaky_relu"],
        ["--dense", "2,2,1", "--activation", "identity"],
    ])
    func explains(arguments: [String]) throws {
        for form in ["text", "markdown", "latex", "html", "svg", "json"] {
            let outcome = try Program.run(["explain"] + arguments + ["--as", form])
            #expect(outcome.status == 0 && outcome.errors == "" && !outcome.output.isEmpty, "\(form)")
            if form == "json" { try checkSchema(JSON(parsing: Array(outcome.output.utf8))) }
        }
    }

    /// Before any of its equations is written.
    @Test(arguments: [
        ["--input", "5000x5000", "--kernel", "5000x5000"], ["--channels", "1000000"], ["--filters", "10000000"],
        ["--pool", "average", "--input", "5000x5000", "--kernel", "5000x5000"],
        ["--input", "2147483647", "--kernel", "2147483647"],
    ])
    func refusesSumsThatNoOneReads(arguments: [String]) throws {
        let outcome = try Program.run(["explain"] + arguments, limit: 20)
        #expect(outcome.status == 2 && outcome.errors.contains("explain: expected a layer w"), "\(outcome)")
    }

    private func checkSchema(_ document: JSON) throws {
        let fields = JSONField(document)
        _ = try fields["title"].string()
        #expect(document["geometry"] == nil || document["geometry"]?["kernel"]?.array != nil)
        for equation in try fields["equations"].elements() {
            #expect(try !equation["of"].string().isEmpty && !equation["latex"].string().isEmpty)
            let kinds = ["forward", "chainRule", "partial", "gradient", "paths", "factored"]
            #expect(kinds.contains(try equation["kind"].string()))
            #expect(try equation["text"].string().contains(" = "))
            _ = try equation["value"].present?.number()
        }
        for window in try fields["windows"].elements() {
            #expect(try window["term"].string().contains(window["output"].string()))
            _ = try (window["value"].present?.number(), window["total"].present?.number())
        }
        for fold in try fields["folds"].elements() { #expect(try !fold["opening"].string().isEmpty) }
    }

    @Test func numbersComeFromFiles() throws {
        let folder = try TemporaryFolder()
        var file = TensorFile()
        file["x"] = try Tensor([1, 1, 3, 3], (1...9).map { Double($0) })
        file["w"] = try Tensor([1, 1, 2, 2], [1, 0, 0, -1] as [Double])
        file["b"] = try Tensor([1], [10] as [Double])
        file["dy"] = try Tensor([1, 1, 2, 2], [1, 2, 3, 4] as [Double])
        try Files.writeSafely(try file.serialized(), to: folder.path + "/a.safetensors")
        let outcome = try Program.run(["explain", "--values", "a.safetensors", "--as", "json"], in: folder.path)
        let document = try JSON(parsing: Array(outcome.output.utf8))
        func values(_ kind: String, of part: String) -> [Double?] {
            (document["equations"]?.array ?? []).filter { $0["kind"]?.string == kind && $0["of"]?.string == part }
                .map { $0["value"]?.number }
        }
        #expect(values("forward", of: "output") == [6, 6, 6, 6])
        #expect(values("gradient", of: "filter") == [37, 47, 67, 77])
        #expect(values("gradient", of: "bias") == [10])
        #expect(document["windows"]?.array?.last?["total"]?.number == 37)
        let wrong = try Program.run(["explain", "--values", "a.safetensors", "--input", "4x4"], in: folder.path)
        #expect(wrong.status == 1)
        #expect(wrong.errors == "adjoint: a.safetensors: expected x of shape [1, 1, 4, 4], given [1, 1, 3, 3]\n")
    }

    @Test func writesFiles() throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(["explain", "--as", "latex", "--out", "x.tex"], in: folder.path)
        #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "")
        let text = String(decoding: try Files.read(folder.path + "/x.tex"), as: UTF8.self)
        #expect(text.hasPrefix("\\documentclass") && text.hasSuffix("\\end{document}\n"))
        #expect(try Program.run(["explain", "--out", "none/x"], in: folder.path).status == 1)
    }

    static let refused: [(arguments: String, status: Int32)] = [
        ("--select W5", 2), ("--select w[0,0,0]", 2), ("--select Q1", 2), ("--select W1 --of input", 2),
        ("--input 0x3", 2), ("--input 3x3 --kernel 2", 2), ("--padding 1,2,3", 2), ("--pool max --transposed", 2),
        ("--pool max --of filter", 2), ("--dense 2", 2), ("--dense 500,500", 1), ("--activation wrong --dense 2,1", 2),
        ("--values none.safetensors", 1), ("--view wrong", 2), ("--output-padding 1", 2),
        // No layer has these sizes.
        ("--kernel 4x4", 2), ("--input 3x3 --kernel 9x9", 2), ("--groups 2", 2), ("--padding -2", 2),
        ("--input 100000000x100000000x100000000 --kernel 2x2x2", 2), ("--pool average --dilation 2", 2),
        ("--pool max --padding 2", 2), ("--transposed --padding 2", 2), ("--transposed --output-padding 5", 2),
        ("--transposed --stride 2x1 --output-padding 2", 2),
        // Options that mean nothing there.
        ("--dense 2,1 --values random", 2), ("--dense 2,1 --seed 1", 2), ("--dense 2,1 --select W1", 2),
        ("--dense 2,1 --view flow", 2), ("--dense 2,1 --of filter", 2), ("--dense 2,1 --input 3x3", 2),
        ("--dense 2,1 --top 3", 2), ("--dense 2,1 --transposed", 2), ("--activation relu", 2), ("--seed 1", 2),
        ("--values counting --seed 1", 2), ("--parameter conv1.weight", 2), ("--data digits", 2),
        ("--example 1", 2), ("--input-pixel 0,0,0", 2), ("--bias conv1", 2), ("--top 3", 2),
        ("--weights none.safetensors", 2), ("lenet5 --data digits --stride 2", 2), ("lenet5 --dense 2,1", 2),
        ("lenet5 --activation relu", 2), ("lenet5 --view windows", 2), ("lenet5 --values random", 2),
        ("lenet5 --of filter", 2), ("lenet5 --transposed", 2),
    ]

    @Test(arguments: refused.indices) func refuses(number: Int) throws {
        let (arguments, status) = Self.refused[number]
        let outcome = try Program.run(["explain"] + arguments.split(separator: " ").map { String($0) })
        #expect(outcome.status == status && outcome.output == "", "\(arguments) \(outcome.output.prefix(200))")
        let isSentence = outcome.errors.hasPrefix("adjoint: ") && outcome.errors.split(separator: "\n").count == 1
        #expect(isSentence, "\(arguments) \(outcome.errors)")
    }
}
