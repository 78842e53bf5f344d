import AdjointGraphs

extension Name {
    var mathML: String {
        let letter = "<mi>\(letter)</mi>"
        return switch index {
        case .none: letter
        case .number(let number): "<msub>\(letter)<mn>\(number)</mn></msub>"
        case .axes(let axes):
            "<msub>\(letter)<mrow>" + joined(axes.map { "<mn>\($0)</mn>" }, by: "<mo separator=\"true\">,</mo>")
                + "</mrow></msub>"
        }
    }
}

extension Expression {
    /// Presentation markup, for inside of a `math` element.
    public var mathML: String { MathMLNotation().written(self) }

    /// The same addend by addend, each with the sign before it.
    package var mathMLAddends: [String] { MathMLNotation().addends(of: self) }
}

struct MathMLNotation: Notation {
    var signs: (plus: String, minus: String, negative: String, times: String) {
        ("<mo form=\"infix\">+</mo>", "<mo form=\"infix\">−</mo>", "<mo form=\"prefix\">−</mo>", "<mo>·</mo>")
    }
    var hasBars: Bool { true }
    func number(_ number: Double) -> String { "<mn>\(shown(number))</mn>" }
    func name(_ name: Name) -> String { name.mathML }
    func derivative(of energy: String, by name: String) -> String {
        quotient("<mi>∂</mi>" + energy, "<mi>∂</mi>" + name)
    }
    func parenthesized(_ inside: String) -> String { "<mrow><mo>(</mo>\(inside)<mo>)</mo></mrow>" }
    func quotient(_ a: String, _ b: String) -> String { "<mfrac><mrow>\(a)</mrow><mrow>\(b)</mrow></mfrac>" }
    func function(_ name: String, _ operands: [String]) -> String {
        "<mi>\(name)</mi><mo>(</mo>" + joined(operands, by: "<mo separator=\"true\">,</mo>") + "<mo>)</mo>"
    }
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String {
        let sign = relation == .less ? "&lt;" : relation == .greater ? "&gt;" : relation.text
        return "<mo>[</mo>\(a)<mo>\(sign)</mo>\(b)<mo>]</mo>"
    }
}

extension [Equation] {
    /// One `math` element, the signs of equality one below the other, long sums in several rows.
    public var mathML: String {
        var rows: [String] = []
        for equation in self {
            rows += row(equation.left.mathML, equation.right, equation)
            if let numbers = equation.numbers, numbers != equation.right { rows += row("", numbers, equation) }
            if let value = equation.value, equation.right.constant == nil { rows += row("", .number(value), nil) }
        }
        return "<math display=\"block\"><mtable columnalign=\"right center left\" displaystyle=\"true\">"
            + AdjointGraphs.joined(rows, by: "\n") + "</mtable></math>"
    }

    private func row(_ left: String, _ right: Expression, _ equation: Equation?) -> [String] {
        let pieces = MathMLNotation().rows(of: right, width: Equation.width)
        return pieces.enumerated().map { position, piece in
            let isLast = position == pieces.count - 1
            let dots = isLast && (equation?.omitted ?? 0) > 0 ? "<mo form=\"infix\">+</mo><mo>…</mo>" : ""
            let cells = [
                position == 0 ? left : "", position == 0 ? "<mo>=</mo>" : "", piece + dots,
            ]
            return (left.isEmpty || position > 0 ? "<mtr>" : "<mtr class=\"next\">")
                + AdjointGraphs.joined(cells.map { "<mtd>\($0)</mtd>" }, by: "") + "</mtr>"
        }
    }
}
