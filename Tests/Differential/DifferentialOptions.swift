/// The options of the command line.
struct DifferentialOptions {
    enum Mode {
        case search
        /// A child process under a search: a case that ends the process is a failure like others.
        case worker
        case single(String)
    }

    var mode = Mode.search
    var seed: UInt64 = 1
    /// The number of cases of all kinds together, whatever their time; nil for as many as the minutes allow.
    var cases: Int?
    var minutes = 3.0
    var kinds = Case.Kind.allCases
    /// The number of a worker's first case.
    var first = 0
    /// The number of failures after which the search ends.
    var failures = 1
    /// The time in which a failing case is made smaller, in seconds.
    var shrinkingSeconds = 60.0
    /// Whether every optimization must occur.
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
