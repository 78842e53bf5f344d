import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    @preconcurrency import Glibc
#endif

let version = "0.1.0"

extension Command {
    /// The program.
    static let adjoint: Command = Command(
        name: "adjoint",
        summary: "trains convolutional networks on a CPU, and explains every gradient",
        options: [Flag.version],
        subcommands: [.train, .predict, .summarize, .explain, .graph, .inspect, .verify, .bench, .demo, .page])
}

extension Flag {
    static let version = Flag("--version", "the version of this program")
}

@main
struct Main {
    static func main() {
        // Where a file may not grow, the write then fails with an error, as others do, and the signal does not end the program.
        signal(SIGXFSZ, SIG_IGN)
        // Lines are written one by one, so that a file with the output can be followed.
        setvbuf(stdout, nil, _IOLBF, 0)
        // A stream that was closed gets `/dev/null`. Else the next file would get its number, and what is printed.
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
        exit(status(of: words.dropFirst()).rawValue)
    }

    /// The words of the command line; paths among them need not be UTF-8.
    private static var words: [String] {
        (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { String(systemPath: $0) } }
    }

    private static func status(of words: some Collection<String>) -> ExitStatus {
        do {
            let arguments = try Arguments(words, for: .adjoint)
            if arguments.wantsHelp {
                print(arguments.command.help(arguments.path), terminator: "")
            } else if arguments[Flag.version] {
                print("adjoint \(version)")
            } else if !arguments.command.subcommands.isEmpty {
                let names = arguments.command.subcommands.map { $0.name }.joined(separator: ", ")
                throw arguments.failure("expected a command, one of \(names), given none")
            } else {
                try arguments.command.run(arguments)
            }
            guard fflush(stdout) == 0, ferror(stdout) == 0 else {
                throw Files.systemFailure("the standard output", "write it")
            }
            return .succeeded
        } catch let failure as CommandFailure {
            return end(failure.sentence, failure.status)
        } catch {
            return end("\(error)", .failed)
        }
    }

    private static func end(_ sentence: String, _ status: ExitStatus) -> ExitStatus {
        fflush(stdout)
        fputs("adjoint: " + printable(sentence) + "\n", stderr)
        return status
    }
}
