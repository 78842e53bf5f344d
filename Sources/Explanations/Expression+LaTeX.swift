import AdjointGraphs

extension Name {
    /// `W_{1}`, `\mathit{HA}_{1}`, `V_{0,2,1,1}`
    var latex: String {
        let letter = letter.utf8.count > 1 ? "\\mathit{\(letter)}" : letter
        return switch index {
        case .none: letter
        case .number(let number): "\(letter)_{\(number)}"
        case .axes(let axes): letter + "_{" + joined(axes.map { String($0) }, by: ",") + "}"
        }
    }
}

extension Expression {
    /// For math mode, with amsmath: `\frac{\partial E}{\partial G_{1}} V_{1} + …`
    public var latex: String {
        switch self {
        case .number(let number):
            return number.latex
        case .variable(let name):
            return name.latex
        case .derivative(let energy, let name):
            return "\\frac{\\partial \(energy.latex)}{\\partial \(name.latex)}"
        case .sum(let terms):
            return joined(signed(terms).map { $0.sign + $0.term.inside(.sum) }, by: "")
        case .product(let factors):
            if factors.first == .number(-1), factors.count > 1 {
                return "-" + Expression.product(Array(factors.dropFirst())).latex
            }
            return joined(factors.enumerated().map { $1.inside($0 == 0 ? .product : .atom) }, by: " \\cdot ")
        case .quotient(let a, let b):
            return "\\frac{\(a.latex)}{\(b.latex)}"
        case .function(let operation, let operands):
            return "\\operatorname{\(operation.rawValue)}\\left(" + joined(operands.map { $0.latex }) + "\\right)"
        case .indicator(let relation, let a, let b):
            return "\\left[\(a.latex) \(relation.latex) \(b.latex)\\right]"
        }
    }

    /// In parentheses where it would fall apart.
    private func inside(_ outer: Binding) -> String {
        binding.rawValue < outer.rawValue ? "\\left(\(latex)\\right)" : latex
    }
}

extension Double {
    fileprivate var latex: String {
        if isNaN { return "\\mathrm{NaN}" }
        if isInfinite { return self < 0 ? "-\\infty" : "\\infty" }
        let text = shown(self)
        guard let e = text.utf8.firstIndex(of: UInt8(ascii: "e")) else { return text }
        return String(text[..<e]) + " \\cdot 10^{" + String(text[text.index(after: e)...]) + "}"
    }
}

extension Expression.Relation {
    fileprivate var latex: String {
        switch self {
        case .less: "<"
        case .lessOrEqual: "\\le"
        case .greater: ">"
        case .greaterOrEqual: "\\ge"
        case .equal: "="
        case .notEqual: "\\ne"
        }
    }
}
