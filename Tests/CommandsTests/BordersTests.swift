import AdjointFormats
import Foundation
import TestSupport
import Testing

@testable import AdjointCommands

/// Every option that takes a number, found in the declarations that `--help` prints, at the limits of numbers: the program
/// accepts it or refuses it in a few lines, and no signal ends it.
@Suite(.enabled(if: Program.isPresent)) struct BordersTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.writePictures(size: 8, to: "data")
        let network = """
            {"shape": [1, 1, 8, 8], "classes": 2, "operations": [{"op": "flatten", "inputs": ["x"], "output": "f"},
            {"op": "linear", "inputs": ["f"], "output": "y", "weight": "w", "bias": "b", "features": 2}]}
            """
        try folder.write(Array(network.utf8), to: "net.json")
        let outcome = try Program.run(
            ["train", "--data", "data", "--model", "net.json", "--epochs", "1", "--out", "m.safetensors"],
            in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    /// Words beside the option, so that it is used.
    private static let beside: [String: [[String]]] = [
        "train": [["--data", "data", "--model", "net.json", "--epochs", "1"]],
        "predict": [["m.safetensors", "--data", "data"]], "summary": [["lenet5"]],
        "explain": [["--dims", "2"], ["m.safetensors", "--data", "data", "--parameter", "w"]], "graph": [["--layer"]],
        "bench": [["--net", "net.json", "--seconds", "0.001"]],
    ]

    /// The words that lead to each command, and its options that take a number or several. Those of the measurements of
    /// `bench` are the same for all of them.
    private static let options: [(words: [String], option: any Parameter)] = {
        var found: [(words: [String], option: any Parameter)] = []
        func look(_ command: Command, _ words: [String]) {
            for option in command.options where option.placeholder != nil && !(option is Option<String>) {
                let isKnown = found.contains {
                    $0.words.first == "bench" && words.first == "bench" && $0.option.name == option.name
                }
                if !isKnown { found.append((words, option)) }
            }
            for subcommand in command.subcommands { look(subcommand, words + [subcommand.name]) }
        }
        look(.adjoint, [])
        return found
    }()

    @Test func areFound() {
        #expect(Self.options.count > 40)
        #expect(Self.options.allSatisfy { Self.beside[$0.words[0]] != nil }, "\(Self.options)")
    }

    @Test(arguments: Borders.texts) func ofOptions(text: String) throws {
        for (words, option) in Self.options {
            for beside in Self.beside[words[0]] ?? [] {
                let outcome = try Program.run(words + beside + [option.name + "=" + text], in: folder.path, limit: 3)
                let what = Comment(rawValue: "\(words) \(option.name) \(text): \(outcome.status) \(outcome.errors)")
                if outcome.isLate { continue }
                #expect([0, 1, 2].contains(outcome.status), what)
                #expect(outcome.errors.split(separator: "\n").count <= 3 && outcome.errors.count < 1000, what)
                #expect(outcome.status == 0 || outcome.errors.hasPrefix("adjoint: "), what)
                if option.value(of: text) == nil {
                    #expect(outcome.status == 2 && outcome.errors.contains(option.name + ": expected "), what)
                }
            }
        }
    }
}
