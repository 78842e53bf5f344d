import AdjointGraphs

/// The reason why a command ends early: a sentence for the standard error, and the exit status.
struct CommandFailure: Error, Hashable {
    let sentence: String
    let status: ExitStatus

    /// A failure of the work that was asked for.
    static func failed(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, status: .failed) }

    /// A use of the program that has no meaning.
    static func usage(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, status: .usage) }

    /// The end by a signal, after everything was saved.
    static func interrupted(by signal: Int32, _ sentence: String) -> CommandFailure {
        CommandFailure(sentence: sentence, status: ExitStatus(rawValue: 128 + signal) ?? .interrupted)
    }
}

extension CommandFailure: CustomStringConvertible {
    var description: String { sentence }
}

/// Runs code that throws errors of another type, and turns these into sentences, with the file's name where there is one.
func asFailure<Result, Failure: Error & CustomStringConvertible>(
    of path: String? = nil, _ body: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
    do throws(Failure) {
        return try body()
    } catch {
        throw .failed((path.map { printable($0) + ": " } ?? "") + "\(error)")
    }
}

enum ExitStatus: Int32 {
    case succeeded = 0
    case failed = 1
    case usage = 2
    /// 128 and the signal's number, as in shells: SIGHUP, SIGINT, SIGTERM.
    case hungUp = 129
    case interrupted = 130
    case terminated = 143
}
