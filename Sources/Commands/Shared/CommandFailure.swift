import AdjointGraphs

/// Why a command ends early: what it says to the standard error, and with which status.
struct CommandFailure: Error, Hashable {
    let sentence: String
    let status: ExitStatus

    /// The command could not do what it was asked to.
    static func failed(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, status: .failed) }

    /// It was asked in a way that means nothing.
    static func usage(_ sentence: String) -> CommandFailure { CommandFailure(sentence: sentence, status: .usage) }

    /// A signal, after what was to be saved has been.
    static func interrupted(by signal: Int32, _ sentence: String) -> CommandFailure {
        CommandFailure(sentence: sentence, status: ExitStatus(rawValue: 128 + signal) ?? .interrupted)
    }
}

extension CommandFailure: CustomStringConvertible {
    var description: String { sentence }
}

/// Runs what throws errors of another type: they become sentences, said of a file where one is named.
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
    /// 128 and the signal's number, as shells have it: SIGHUP, SIGINT, SIGTERM.
    case hungUp = 129
    case interrupted = 130
    case terminated = 143
}
