import AdjointGraphs

extension Name {
    /// `W_{1}`, `\mathit{HA}_{1}`, `V_{0,2,1,1}`
    var latex: String {
        let letter = letter.utf8.count > 1 ? "\\mathit{\(letter)}" : letter
        return switch index {
        case .none: letter
        case .number(let number): "\(letter)_{\(number)}"
        case .axes(let axes): "\(letter)_{\(joined(axes, by: ","))}"
        }
    }
}

extension Expression {
    /// The expression for math mode, with amsmath: `\frac{\partial E}{\partial G_{1}} \cdot V_{1} + …`
    public var latex: String { LaTeXNotation().written(self) }
}

struct LaTeXNotation: Notation {
    var signs: Signs {
        (" + ", " - ", "-", " \\cdot ", "\\partial ")
    }
    var hasBars: Bool { true }
    func number(_ number: Double) -> String { number.latex }
    func name(_ name: Name) -> String { name.latex }
    func parenthesized(_ inside: String) -> String { "\\left(" + inside + "\\right)" }
    func quotient(_ a: String, _ b: String) -> String { "\\frac{\(a)}{\(b)}" }
    var brackets: (open: String, close: String)? { ("\\bigl(", "\\bigr)") }
    func functionName(_ name: String) -> String { "\\operatorname{\(name)}" }
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String {
        let sign = ["", "<", "=", "\\le", ">", "\\ne", "\\ge", ""][relation.rawValue]
        return "\\left[\(a) \(sign) \(b)\\right]"
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
