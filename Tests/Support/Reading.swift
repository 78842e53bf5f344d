import Foundation

/// The meaning of a printed expression by the ordinary rules of mathematics: powers before products and quotients, these before
/// sums and differences, a leading minus for the whole product after it, and equal precedence from the left. Two signs in a
/// row have no meaning.
///
/// It does not depend on how anything is printed.
public indirect enum Reading: Hashable, Sendable {
    case number(Double)
    /// `W` · `W_1` · `W_0,2` · `∂E/∂W_1` · `…`
    case name(String)
    case opposite(Reading)
    /// One of `+ - · / ^`, or in brackets a relation, which is 1 where it is true and 0 elsewhere.
    case operation(String, Reading, Reading)
    case function(String, [Reading])

    /// An error in a text.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        public init(description: String) { self.description = description }
    }

    public enum Token: Hashable, Sendable {
        case number(Double)
        case name(String)
        case function(String)
        /// Braces group what a fraction or an exponent groups by its place on the paper.
        case sign(String)
    }

    /// Reads one expression.
    public init(_ tokens: [Token]) throws {
        var reader = Grammar(tokens: tokens[...])
        self = try reader.sum()
        guard reader.tokens.isEmpty else { throw reader.failure("nothing more") }
    }

    /// Reads a chain of equalities.
    public static func sides(_ tokens: [Token]) throws -> [Reading] {
        var (depth, sides) = (0, [[Token]()])
        for token in tokens {
            if case .sign("[") = token { depth += 1 }
            if case .sign("]") = token { depth -= 1 }
            if token == .sign("="), depth == 0 { sides.append([]) } else { sides[sides.count - 1].append(token) }
        }
        return try sides.map { try Reading($0) }
    }
}

/// The grammar: one function for each level of precedence.
private struct Grammar {
    var tokens: ArraySlice<Reading.Token>

    func failure(_ expected: String) -> Reading.Failure {
        Reading.Failure(description: "\(expected) expected before \(tokens.prefix(4))")
    }

    private mutating func take(_ signs: [String]) -> String? {
        guard case .sign(let sign)? = tokens.first, signs.contains(sign) else { return nil }
        tokens.removeFirst()
        return sign
    }

    private mutating func expect(_ sign: String) throws {
        if take([sign]) == nil { throw failure(sign) }
    }

    mutating func sum() throws -> Reading {
        var sum = take(["-"]) == nil ? try product() : .opposite(try product())
        while let sign = take(["+", "-"]) { sum = .operation(sign, sum, try product()) }
        return sum
    }

    private mutating func product() throws -> Reading {
        var product = try power()
        while let sign = take(["·", "/"]) { product = .operation(sign, product, try power()) }
        return product
    }

    private mutating func power() throws -> Reading {
        let base = try atom()
        return take(["^"]) == nil ? base : .operation("^", base, try power())
    }

    private mutating func atom() throws -> Reading {
        switch tokens.popFirst() {
        case .number(let number)?: return .number(number)
        case .name(let name)?: return .name(name)
        case .function(let name)?:
            try expect("(")
            var arguments = [try sum()]
            while take([","]) != nil { arguments.append(try sum()) }
            try expect(")")
            return .function(name, arguments)
        case .sign("(")?: return try inside(")")
        case .sign("{")?: return try inside("}")
        case .sign("[")?:
            let left = try sum()
            guard let relation = take(["<", "≤", ">", "≥", "=", "≠"]) else { throw failure("a relation") }
            let mask = Reading.operation(relation, left, try sum())
            try expect("]")
            return mask
        case let other:
            if let other { tokens = [other] + tokens }
            throw failure("an operand")
        }
    }

    private mutating func inside(_ end: String) throws -> Reading {
        let inside = try sum()
        try expect(end)
        return inside
    }
}

extension Reading {
    /// The number, in Double.
    public func value(_ known: [String: Double]) throws -> Double {
        switch self {
        case .number(let number): return number
        case .name(let name):
            guard let number = known[name] else { throw Failure(description: "\(name) has no number") }
            return number
        case .opposite(let operand): return -(try operand.value(known))
        case .operation(let sign, let first, let second):
            let (a, b) = (try first.value(known), try second.value(known))
            switch sign {
            case "+": return a + b
            case "-": return a - b
            case "·": return a * b
            case "/": return a / b
            case "^": return pow(a, b)
            case "<": return a < b ? 1 : 0
            case "≤": return a <= b ? 1 : 0
            case ">": return a > b ? 1 : 0
            case "≥": return a >= b ? 1 : 0
            case "=": return a == b ? 1 : 0
            default: return a != b ? 1 : 0
            }
        case .function(let name, let operands):
            let x = try operands.map { try $0.value(known) }
            switch (name, x.count) {
            case ("exp", 1): return exp(x[0])
            case ("expm1", 1): return expm1(x[0])
            case ("log", 1): return log(x[0])
            case ("log1p", 1): return log1p(x[0])
            case ("sqrt", 1): return sqrt(x[0])
            case ("tanh", 1): return tanh(x[0])
            case ("logistic", 1): return 1 / (1 + exp(-x[0]))
            case ("erf", 1): return erf(x[0])
            case ("abs", 1): return abs(x[0])
            case ("sign", 1): return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0
            case ("floor", 1): return floor(x[0])
            case ("power", 2): return pow(x[0], x[1])
            case ("maximum", 2): return max(x[0], x[1])
            case ("minimum", 2): return min(x[0], x[1])
            default: throw Failure(description: "no function \(name) of \(x.count)")
            }
        }
    }

    /// Whether a pair of parentheses can go without a change of what is read.
    public static func hasSuperfluousParentheses(_ tokens: [Token]) throws -> Bool {
        let reading = try Reading(tokens)
        var open: [Int] = []
        for (place, token) in tokens.enumerated() {
            if token == .sign("(") { open.append(place) }
            guard token == .sign(")"), let start = open.popLast() else { continue }
            if start > 0, case .function = tokens[start - 1] { continue }
            var rest = tokens
            rest.remove(at: place)
            rest.remove(at: start)
            if (try? Reading(rest)) == reading { return true }
        }
        return false
    }
}
