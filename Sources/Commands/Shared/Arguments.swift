import AdjointGraphs
import AdjointJSON

/// The meaning of a command line's words: the command that they name, and the values for it.
struct Arguments: Sendable {
    /// The names that lead to the command: `["adjoint", "verify", "cases"]`.
    private(set) var path: [String]
    private(set) var command: Command
    /// Whether help was asked for; operands may be missing then.
    private(set) var wantsHelp = false
    private var values: [String: any Sendable] = [:]

    /// - Throws: `CommandFailure` with the usage status, for the first word that has no meaning.
    init(_ words: some Collection<String>, for root: Command) throws(CommandFailure) {
        path = [root.name]
        command = root
        var words = Array(words)[...]
        var operands = root.operands[...]
        var onlyOperands = false

        while let word = words.popFirst() {
            if !onlyOperands, word == "--" {
                onlyOperands = true
            } else if !onlyOperands, word == "--help" || word == "-h" {
                wantsHelp = true
            } else if !onlyOperands, word.hasPrefix("-"), word != "-" {
                try read(option: word, &words)
            } else if !onlyOperands, word == "help", !command.subcommands.isEmpty {
                wantsHelp = true
            } else if let subcommand = command.subcommands.first(where: { $0.name == word }) {
                command = subcommand
                path.append(word)
                operands = subcommand.operands[...]
            } else if !command.subcommands.isEmpty {
                throw failure(unknown("command", word, among: command.subcommands.map(\.name)))
            } else if let operand = operands.popFirst() {
                try set(operand, to: word)
            } else {
                throw failure("expected nothing more, given \(quoted(word))")
            }
        }
        if wantsHelp { return }
        if let operand = operands.first(where: { $0.isRequired }) {
            throw failure("\(operand.name): expected \(operand.expected), given nothing")
        }
    }

    subscript<Value>(operand: Operand<Value>) -> Value {
        // The operand has a value, or the initializer had thrown.
        values[operand.name] as! Value
    }

    subscript<Value>(ifGiven operand: Operand<Value>) -> Value? { values[operand.name] as? Value }

    subscript<Value>(option: Option<Value>) -> Value? { values[option.name] as? Value }

    subscript(flag: Flag) -> Bool { values[flag.name] != nil }

    /// An error in the use of an argument that only its command can find.
    func failure(_ sentence: String) -> CommandFailure {
        let place = path.dropFirst().map { $0 + ": " }.joined()
        return .usage("\(place)\(sentence) (see \(path.joined(separator: " ")) --help)")
    }

    /// Throws where one of these options was given, since it has no meaning here.
    ///
    /// - Parameter expected: what must be given beside it, or must not.
    func refuse(_ options: [any Parameter], expected: String) throws(CommandFailure) {
        guard let option = options.first(where: { values[$0.name] != nil }) else { return }
        throw failure("\(option.name): expected \(expected) beside it")
    }

    private mutating func read(option word: String, _ words: inout ArraySlice<String>) throws(CommandFailure) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = command.options.first(where: { $0.name == parts[0] }) else {
            throw failure(unknown("option", parts[0], among: command.options.map(\.name) + ["--help"]))
        }
        if option.placeholder == nil {
            if parts.count > 1 { throw failure("\(option.name): expected no value, given \(quoted(parts[1]))") }
            values[option.name] = true
        } else if parts.count > 1 {
            try set(option, to: parts[1])
        } else if let text = words.popFirst() {
            try set(option, to: text)
        } else {
            throw failure("\(option.name): expected \(option.expected), given nothing")
        }
    }

    private mutating func set(_ parameter: any Parameter, to text: String) throws(CommandFailure) {
        guard let value = parameter.value(of: text) else {
            throw failure("\(parameter.name): expected \(parameter.expected), given \(quoted(text))")
        }
        values[parameter.name] = value
    }

    private func unknown(_ kind: String, _ word: String, among names: [String]) -> String {
        if let nearest = nearest(word, among: names) {
            return "unknown \(kind) \(quoted(word)), did you mean \(nearest)?"
        }
        return "unknown \(kind) \(quoted(word)), expected "
            + (names.isEmpty ? "none" : (names.count > 1 ? "one of " : "") + names.joined(separator: ", "))
    }
}

private func quoted(_ word: String) -> String { "\"" + shortened(word) + "\"" }
