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
    /// Presentation markup, for the inside of a `math` element.
    public var mathML: String { MathMLNotation().written(self) }

    /// The same for each addend, with the sign before it.
    package var mathMLAddends: [String] { MathMLNotation().addends(of: self) }
}

struct MathMLNotation: Notation {
    var signs: Signs {
        (
            "<mo form=\"infix\">+</mo>", "<mo form=\"infix\">−</mo>", "<mo form=\"prefix\">−</mo>", "<mo>·</mo>",
            "<mi>∂</mi>"
        )
    }
    var hasBars: Bool { true }
    func number(_ number: Double) -> String { "<mn>\(shown(number))</mn>" }
    func name(_ name: Name) -> String { name.mathML }
    func parenthesized(_ inside: String) -> String { "<mrow><mo>(</mo>\(inside)<mo>)</mo></mrow>" }
    func quotient(_ a: String, _ b: String) -> String { "<mfrac><mrow>\(a)</mrow><mrow>\(b)</mrow></mfrac>" }
    func function(_ name: String, _ operands: [String]) -> String {
        functionName(name) + "<mo>(</mo>" + joined(operands, by: "<mo separator=\"true\">,</mo>") + "<mo>)</mo>"
    }
    /// No brackets, since elements must end in the row where they begin.
    var brackets: (open: String, close: String)? { nil }
    func functionName(_ name: String) -> String { "<mi>\(name)</mi>" }
    func indicator(_ a: String, _ relation: Expression.Relation, _ b: String) -> String {
        "<mo>[</mo>\(a)<mo>\(markup(Expression.Relation.signs[relation.rawValue]))</mo>\(b)<mo>]</mo>"
    }
}

extension [Equation] {
    /// One `math` element with the equality signs below each other, and long sums in several rows.
    public var mathML: String {
        "<math display=\"block\"><mtable columnalign=\"right center left\" displaystyle=\"true\">"
            + AdjointGraphs.joined(flatMap { $0.rows }, by: "\n") + "</mtable></math>"
    }
}

extension Equation {
    fileprivate var rows: [String] {
        sides.enumerated().flatMap { number, side in
            var pieces = MathMLNotation().rows(of: side, width: Equation.width).map { $0.text }
            if isCut(side) { pieces[pieces.count - 1] += "<mo form=\"infix\">+</mo><mo>…</mo>" }
            return pieces.enumerated().map { position, piece in
                let isFirst = number == 0 && position == 0
                let cells = [isFirst ? left.mathML : "", position == 0 ? "<mo>=</mo>" : "", piece]
                return (isFirst ? "<mtr class=\"next\">" : "<mtr>")
                    + joined(cells.map { "<mtd>\($0)</mtd>" }, by: "") + "</mtr>"
            }
        }
    }
}
