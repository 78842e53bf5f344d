import AdjointModels

/// A command of the program. To add one: write a file with a static value of it, and put its name in
/// `Command.adjoint`.
struct Command: Sendable {
    let name: String
    /// The command's effect, as one line of help.
    let summary: String
    var operands: [any Parameter] = []
    var options: [any Parameter] = []
    var subcommands: [Command] = []
    var run: @Sendable (Arguments) throws -> Void = { _ in }
}

/// A parameter of a command: an operand by its place, an option or a flag by its name.
protocol Parameter: Sendable {
    /// `FILE` or `--epochs`.
    var name: String { get }
    /// The placeholder after the name, `N`; nil for operands and flags.
    var placeholder: String? { get }
    var summary: String { get }
    /// The value of a text; nil if it has none.
    func value(of text: String) -> (any Sendable)?
    /// A description of the texts that have a value.
    var expected: String { get }
    var isRequired: Bool { get }
}

extension Parameter {
    var isRequired: Bool { false }
}

/// A parameter that must be given, in its place.
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

/// A parameter that may be given, as `--name VALUE` or `--name=VALUE`; the last one counts.
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

/// A parameter without a value, which is given or not.
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

/// A function from texts to values, and a description of the texts that it accepts.
struct Reading<Value: Sendable>: Sendable {
    let expected: String
    let read: @Sendable (String) -> Value?
}

extension Reading<String> {
    /// Any text but the empty one, with a description of what it names: `a file`.
    static func text(_ expected: String) -> Reading {
        Reading(expected: expected) { $0.isEmpty ? nil : $0 }
    }

    /// A file that must have a name: it is written more than once, or the standard output is needed for something else.
    static let fileByName = Reading(expected: "the name of a file") { $0.isEmpty || $0 == Files.standard ? nil : $0 }

    static func oneOf(_ choices: String...) -> Reading {
        Reading(expected: "one of " + choices.joined(separator: ", ")) { choices.contains($0) ? $0 : nil }
    }
}

extension Reading<Int> {
    /// The largest number: the product of two such numbers does not overflow.
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
