import AdjointModels
import Testing

@testable import AdjointCommands

private let folder = Operand("DIR", "where the data is", .text("a folder"))
private let epochs = Option("--epochs", "N", "how often the data is seen", .wholeAboveZero)
private let rate = Option("--learning-rate", "R", "the size of a step", .number(.aboveZero))
private let momentum = Option("--momentum", "M", "how much of the last step is kept", .number(.belowOne))
private let optimizer = Option("--optimizer", "NAME", "the rule", .oneOf("sgd", "adam"))
private let seed = Option("--seed", "N", "where chance begins", .seed)
private let augment = Flag("--augment", "also learn from mirrored pictures")
private let train = Command(
    name: "train", summary: "learns", operands: [folder],
    options: [epochs, rate, momentum, optimizer, seed, augment])
private let root = Command(
    name: "p", summary: "a program",
    subcommands: [train, Command(name: "verify", summary: "verifies", subcommands: [train])])

private func parsed(_ line: String) throws(CommandFailure) -> Arguments {
    try Arguments(line.split(separator: " ").map(String.init), for: root)
}

@Suite struct ArgumentsTests {
    @Test func readsValues() throws {
        let arguments = try parsed("train --epochs 3 data --learning-rate=0.5 --augment --momentum 0 --epochs=4")
        #expect(arguments.path == ["p", "train"])
        #expect(arguments[folder] == "data")
        #expect(arguments[epochs] == 4)
        #expect(arguments[rate] == 0.5)
        #expect(arguments[momentum] == 0)
        #expect(arguments[augment])
        #expect(arguments[optimizer] == nil)
        #expect(try parsed("verify train -- --epochs")[folder] == "--epochs")
        #expect(try parsed("train - --seed 18446744073709551615")[seed] == .max)
        #expect(try !parsed("train x")[augment])
    }

    @Test func findsHelpAtEveryLevel() throws {
        #expect(try parsed("--help").command.name == "p")
        #expect(try parsed("verify --help").path == ["p", "verify"])
        #expect(try parsed("verify train -h --epochs 3").path == ["p", "verify", "train"])
        #expect(try parsed("train --help").wantsHelp)
        #expect(try parsed("help verify train").path == ["p", "verify", "train"])
        #expect(try parsed("help").wantsHelp && parsed("verify help").wantsHelp)
        #expect(try parsed("train help")[folder] == "help")
    }

    @Test(arguments: [
        ("train x --epochs x", #"train: --epochs: expected a whole number above 0, below 2^31, given "x""#),
        ("train x --epochs 0", #"train: --epochs: expected a whole number above 0, below 2^31, given "0""#),
        ("train x --epochs=", #"train: --epochs: expected a whole number above 0, below 2^31, given """#),
        ("train x --epochs", "train: --epochs: expected a whole number above 0, below 2^31, given nothing"),
        (
            "train x --learning-rate nan",
            #"train: --learning-rate: expected a number above 0 that a float holds, given "nan""#
        ),
        (
            "train x --learning-rate -1",
            #"train: --learning-rate: expected a number above 0 that a float holds, given "-1""#
        ),
        (
            "train x --learning-rate 1e-50",
            #"train: --learning-rate: expected a number above 0 that a float holds, given "1e-50""#
        ),
        (
            "train x --epochs 2147483648",
            #"train: --epochs: expected a whole number above 0, below 2^31, given "2147483648""#
        ),
        ("train x --momentum 1", #"train: --momentum: expected a number from 0, below 1, given "1""#),
        ("train x --momentum -0.1", #"train: --momentum: expected a number from 0, below 1, given "-0.1""#),
        ("train x --optimizer sgf", #"train: --optimizer: expected one of sgd, adam, given "sgf""#),
        ("train x --augment=1", #"train: --augment: expected no value, given "1""#),
        ("train x --epoch 3", #"train: unknown option "--epoch", did you mean --epochs?"#),
        ("train", "train: DIR: expected a folder, given nothing"),
        ("train a b", #"train: expected nothing more, given "b""#),
        ("tran", #"unknown command "tran", did you mean train?"#),
        ("else", #"unknown command "else", expected one of train, verify"#),
        ("verify else", #"verify: unknown command "else", expected train"#),
        ("--what", #"unknown option "--what", expected --help"#),
    ])
    func rejects(line: String, sentence: String) {
        #expect {
            try parsed(line)
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.status == .usage && failure?.sentence.hasPrefix(sentence + " (see p") == true
        }
    }

    @Test func writesHelp() {
        #expect(
            train.help(["p", "train"]) == """
                p train: learns

                usage: p train DIR [options]

                operands:
                  DIR                where the data is

                options:
                  --epochs N         how often the data is seen
                  --learning-rate R  the size of a step
                  --momentum M       how much of the last step is kept
                  --optimizer NAME   the rule
                  --seed N           where chance begins
                  --augment          also learn from mirrored pictures
                  --help             this text

                """)
    }

    /// No name occurs twice, and everything has a line of help.
    @Test func declarationsAreSound() {
        func check(_ command: Command) {
            let names = (command.operands + command.options).map(\.name) + command.subcommands.map(\.name)
            #expect(Set(names).count == names.count)
            #expect(command.options.allSatisfy { $0.name.hasPrefix("--") && !$0.summary.isEmpty })
            #expect(!command.summary.isEmpty)
            for subcommand in command.subcommands { check(subcommand) }
        }
        check(.adjoint)
    }
}
