import AdjointGraphs

extension Name {
    /// `W1`, `V[0,2,1,1]`, `E`
    public var text: String {
        switch index {
        case .none: letter
        case .number(let number): letter + String(number)
        case .axes(let axes): letter + "[" + joined(axes, by: ",") + "]"
        }
    }
}

extension Expression {
    /// The expression in one line for a terminal: `∂E/∂G1·V1 + ∂E/∂G2·V2`.
    public var text: String { TextNotation().written(self) }
}

struct TextNotation: Notation {
    var signs: Signs {
        (" + ", " - ", "-", "·", "∂")
    }
    var hasBars: Bool { false }
    func number(_ number: Double) -> String { shortest(number) }
    func name(_ name: Name) -> String { name.text }
    func parenthesized(_ inside: String) -> String { "(" + inside + ")" }
    func quotient(_ a: String, _ b: String) -> String { a + "/" + b }
    var brackets: (open: String, close: String)? { ("(", ")") }
    func functionName(_ name: String) -> String { name }
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String {
        "[" + a + " " + Expression.Relation.signs[relation.rawValue] + " " + b + "]"
    }
}
