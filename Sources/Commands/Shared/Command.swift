import AdjointModels

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
        (self.name, self.summary, self.reading, self.isRequired) = (name, summary, reading, isRequired)
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
        (self.name, self.placeholder, self.summary, self.reading) = (name, placeholder, summary, reading)
    }

    var expected: String { reading.expected }
    func value(of text: String) -> (any Sendable)? { reading.read(text) }
}

/// What is given or not.
struct Flag: Parameter {
    let name: String
    let summary: String

    init(_ name: String, _ summary: String) {
        (self.name, self.summary) = (name, summary)
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

    /// A file that is written more than once, or beside which something is printed: the standard output is none.
    static let fileByName = Reading(expected: "the name of a file") { $0.isEmpty || $0 == Files.standard ? nil : $0 }

    static func oneOf(_ choices: String...) -> Reading {
        Reading(expected: "one of " + choices.joined(separator: ", ")) { choices.contains($0) ? $0 : nil }
    }
}

extension Reading<Int> {
    /// So small that the product of two overflows nowhere.
    static let largest = Int(Int32.max)

    static let wholeAboveZero = whole(from: 1)

    static let threads = Reading(expected: "a whole number from 1 to 1024") {
        Int($0).flatMap { (1...1024).contains($0) ? $0 : nil }
    }

    static func whole(from least: Int) -> Reading {
        Reading(
            expected: least == 1 ? "a whole number above 0, below 2^31" : "a whole number from \(least), below 2^31"
        ) {
            Int($0).flatMap { (least...largest).contains($0) ? $0 : nil }
        }
    }
}

extension Reading<UInt64> {
    static let seed = Reading(expected: "a whole number from 0 to \(UInt64.max)") { UInt64($0) }
}

extension Reading<Double> {
    static func number(_ bounds: Bounds) -> Reading {
        Reading(expected: bounds.expected) { Double($0).flatMap { bounds.hold($0) ? $0 : nil } }
    }
}
