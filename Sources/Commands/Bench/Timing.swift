/// The times of repeated calls.
struct Timing {
    private(set) var best = Double.infinity
    private(set) var median = 0.0

    /// Repeats calls until both the time and the number of calls are reached; a first call is not counted.
    init(seconds: Double, atLeast calls: Int = 3, _ body: () -> Void) {
        body()
        let clock = ContinuousClock()
        var times: [Double] = []
        let start = clock.now
        while times.count < calls || clock.now - start < .seconds(seconds) {
            times.append(Timing.seconds(clock.measure(body)))
        }
        times.sort()
        best = times[0]
        median = times[times.count / 2]
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

/// A line of a benchmark: a tag and named figures; numbers have four significant digits.
func benchmarkLine(_ tag: String, _ fields: [(String, Field)]) -> String {
    ([tag] + fields.map { "\($0.0)=\($0.1.text)" }).joined(separator: " ")
}

/// A figure of a benchmark's line.
enum Field: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case count(Int)
    case number(Double)

    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral count: Int) { self = .count(count) }

    var text: String {
        switch self {
        case .text(let text): text
        case .count(let count): "\(count)"
        case .number(let number): significant(number)
        }
    }
}

/// A number with four significant digits: 0.01234, 1.234, 12340.
private func significant(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    var digits = 3
    var magnitude = number.magnitude
    while magnitude >= 10, digits > 0 {
        magnitude /= 10
        digits -= 1
    }
    while magnitude < 1, digits < 12 {
        magnitude *= 10
        digits += 1
    }
    return fixed(number, digits)
}
