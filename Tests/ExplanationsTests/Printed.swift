import AdjointExplanations
import AdjointGraphs
import TestSupport

/// The printed form of an expression or an equation, read back by `Reading` and computed in Double.
struct Printed {
    /// The numbers of names, by the names that the reader finds.
    var known: [String: Double] = [:]

    init(_ known: [Expression: Double] = [:]) {
        for (expression, number) in known { self[expression] = number }
    }

    subscript(_ expression: Expression) -> Double? {
        get { key(expression).flatMap { known[$0] } }
        set { if let key = key(expression) { known[key] = newValue } }
    }

    private func key(_ expression: Expression) -> String? {
        func key(_ name: Name) -> String {
            switch name.index {
            case .none: name.letter
            case .number(let number): "\(name.letter)_\(number)"
            case .axes(let axes): "\(name.letter)_" + axes.map { "\($0)" }.joined(separator: ",")
            }
        }
        return switch expression {
        case .variable(let name): key(name)
        case .derivative(let energy, let name): "∂\(key(energy))/∂\(key(name))"
        default: nil
        }
    }
}

extension Printed {
    /// An error in a printed text.
    struct Fault: CustomStringConvertible {
        enum Kind: String { case superfluous = "in superfluous parentheses", unreadable, wrong }
        let kind: Kind
        let description: String
    }

    /// The worst error of an expression in any form; nil where all forms give the number.
    ///
    /// - Parameter tolerance: for numbers that forms show with ten digits, and for sums in another order.
    func fault(in expression: Expression, saying expected: Double, within tolerance: Double) -> Fault? {
        var faults: [Fault] = []
        for form in PrintedForm.allCases {
            let printed =
                switch form {
                case .text: expression.text
                case .latex: expression.latex
                case .mathML: expression.mathML
                }
            func found(_ kind: Fault.Kind, _ what: String) {
                faults.append(Fault(kind: kind, description: "\(form): \(printed)\(what)"))
            }
            do {
                let tokens = try form.tokens(printed)
                let value = try Reading(tokens).value(known)
                // Each pair is left out in turn.
                if tokens.count <= 100, try Reading.hasSuperfluousParentheses(tokens) { found(.superfluous, "") }
                // Text has all digits and the order of the sum.
                let isExact = form == .text && !expression.hasFunctions
                let own = isExact ? expression.value(where: { self[$0] }) : nil
                if !((value - expected).magnitude <= tolerance) || own != nil && own != value {
                    found(.wrong, " is \(value), not \(own ?? expected)")
                }
            } catch { found(.unreadable, ": \(error)") }
        }
        for kind in [Fault.Kind.wrong, .unreadable, .superfluous] {
            if let fault = faults.first(where: { $0.kind == kind }) { return fault }
        }
        return nil
    }

    /// The number of faults of each kind, and the first of each.
    static func report(_ faults: [Fault], of count: Int) -> String {
        [Fault.Kind.wrong, .unreadable, .superfluous].map { kind in
            let its = faults.filter { $0.kind == kind }
            return ["\(its.count) of \(count) \(kind.rawValue)"] + its.prefix(12).map { "    \($0)" }
        }.joined().joined(separator: "\n")
    }
}

extension Expression {
    /// Whether it has functions, which the reader of printed text computes with another library.
    fileprivate var hasFunctions: Bool {
        switch self {
        case .number, .variable, .derivative: false
        case .sum(let parts), .product(let parts): parts.contains { $0.hasFunctions }
        case .quotient(let a, let b), .indicator(_, let a, let b): a.hasFunctions || b.hasFunctions
        case .function: true
        }
    }
}

extension Equation {
    /// The worst error of its right sides, in symbols and in numbers.
    func fault(_ printed: Printed, saying expected: Double, within tolerance: Double) -> Printed.Fault? {
        if let value, !((value - expected).magnitude <= tolerance) {
            return Printed.Fault(kind: .wrong, description: "\(text) carries \(value), not \(expected)")
        }
        let numbers = substituting { printed[$0] }.numbers ?? right
        return printed.fault(in: right, saying: expected, within: tolerance)
            ?? printed.fault(in: numbers, saying: expected, within: tolerance)
    }
}
