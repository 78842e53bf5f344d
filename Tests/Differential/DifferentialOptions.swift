/// What the command line asks for.
struct DifferentialOptions {
    enum Mode {
        case search
        /// The child that a search watches: a case that ends the process is a failure like any other.
        case worker
        case single(String)
    }

    var mode = Mode.search
    var seed: UInt64 = 1
    /// How many cases of all kinds together, whatever time they take; nil for as many as the minutes allow.
    var cases: Int?
    var minutes = 3.0
    var kinds = Case.Kind.allCases
    /// Where a worker begins.
    var first = 0
    /// Whether to go on after a failure, up to so many.
    var failures = 1
    /// How long a failing case is made smaller.
    var shrinkingSeconds = 60.0
    /// Whether every optimization has to be met.
    var needsCoverage = false

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func number(_ option: String) throws -> Double {
            guard let text = rest.popFirst(), let number = Double(text), number >= 0 else {
                throw Difference("expected a number behind \(option)")
            }
            return number
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "worker": mode = .worker
            case "case":
                guard let json = rest.popFirst() else { throw Difference("expected the JSON of a case") }
                mode = .single(json)
            case "--seed": seed = UInt64(try number(argument))
            case "--cases": cases = Int(try number(argument))
            case "--minutes": minutes = try number(argument)
            case "--first": first = Int(try number(argument))
            case "--failures": failures = Int(try number(argument))
            case "--shrinking": shrinkingSeconds = try number(argument)
            case "--coverage": needsCoverage = true
            case "--kind":
                guard let kind = rest.popFirst().flatMap({ Case.Kind(rawValue: $0) }) else {
                    throw Difference("expected layers, chains or networks behind --kind")
                }
                kinds = [kind]
            default: throw Difference("unknown argument \"\(argument)\"")
            }
        }
    }

    /// The kind and the seed of a case by its number.
    func caseNumber(_ number: Int) -> Case {
        Case(kinds[number % kinds.count], seed: seed &* 1_000_003 &+ UInt64(number))
    }
}
