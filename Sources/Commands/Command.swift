/// Something that the program can be asked to do. To add one: a file with a static value of it, and its name in
/// `Command.adjoint`.
struct Command: Sendable {
    let name: String
    /// What it does, as one line of help.
    let summary: String
    var operands: [any Parameter] = []
    var options: [any Parameter] = []
    var subcommands: [Command] = []
    var run: @Sendable (Arguments) throws -> Void = { _ in }
}

/// What a command takes: an operand in its place, an option or a flag by its name.
protocol Parameter: Sendable {
    /// `FILE` or `--epochs`.
    var name: String { get }
    /// What follows the name, `N`; nil for operands and flags.
    var placeholder: String? { get }
    var summary: String { get }
    /// The value that a text means, nil if none.
    func value(of text: String) -> (any Sendable)?
    /// What a text must be to mean one.
    var expected: String { get }
    var isRequired: Bool { get }
}

extension Parameter {
    var isRequired: Bool { false }
}

/// What must be given, in its place.
struct Operand<Value: Sendable>: Parameter {
    let name: String
    let summary: String
    let reading: Reading<Value>
    let isRequired: Bool

    init(_ name: String, _ summary: String, _ reading: Reading<Value>, isRequired: Bool = true) {
        self.name = name
        self.summary = summary
        self.reading = reading
        self.isRequired = isRequired
    }

    var placeholder: String? { nil }
    var expected: String { reading.expected }
    func value(of text: String) -> (any Sendable)? { reading.read(text) }
}

/// What may be given, as `--name VALUE` or `--name=VALUE`; the last one counts.
struct Option<Value: Sendable>: Parameter {
    let name: String
    let placeholder: String?
    let summary: String
    let reading: Reading<Value>

    init(_ name: String, _ placeholder: String, _ summary: String, _ reading: Reading<Value>) {
        self.name = name
        self.placeholder = placeholder
        self.summary = summary
        self.reading = reading
    }

    var expected: String { reading.expected }
    func value(of text: String) -> (any Sendable)? { reading.read(text) }
}

/// What is given or not.
struct Flag: Parameter {
    let name: String
    let summary: String

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }

    var placeholder: String? { nil }
    var expected: String { "no value" }
    func value(of text: String) -> (any Sendable)? { nil }
}

/// How a text becomes a value, and what it must be for that.
struct Reading<Value: Sendable>: Sendable {
    let expected: String
    let read: @Sendable (String) -> Value?
}

extension Reading<String> {
    /// Any text but the empty one, called what it stands for: `a file`.
    static func text(_ expected: String) -> Reading {
        Reading(expected: expected) { $0.isEmpty ? nil : $0 }
    }

    static func oneOf(_ choices: String...) -> Reading {
        Reading(expected: "one of " + choices.joined(separator: ", ")) { choices.contains($0) ? $0 : nil }
    }
}

extension Reading<Int> {
    static let wholeAboveZero = Reading(expected: "a whole number above 0") { Int($0).flatMap { $0 > 0 ? $0 : nil } }

    static let threads = Reading(expected: "a whole number from 1 to 1024") {
        Int($0).flatMap { (1...1024).contains($0) ? $0 : nil }
    }

    static func whole(from least: Int) -> Reading {
        Reading(expected: "a whole number from \(least) on") { Int($0).flatMap { $0 >= least ? $0 : nil } }
    }
}

extension Reading<UInt64> {
    static let seed = Reading(expected: "a whole number from 0 to \(UInt64.max)") { UInt64($0) }
}

extension Reading<Double> {
    static let numberAboveZero = Reading(expected: "a number above 0") {
        Double($0).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    static let numberFromZero = Reading(expected: "a number, 0 or above") {
        Double($0).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
}
