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
    public var mathML: String {
        switch self {
        case .number(let number):
            return number < 0
                ? "<mo form=\"prefix\">−</mo><mn>\(shown(-number))</mn>" : "<mn>\(shown(number))</mn>"
        case .variable(let name):
            return name.mathML
        case .derivative(let energy, let name):
            return "<mfrac><mrow><mi>∂</mi>\(energy.mathML)</mrow><mrow><mi>∂</mi>\(name.mathML)</mrow></mfrac>"
        case .sum(let terms):
            return joined(signed(terms).map { Expression.operation($0.sign) + $0.term.inside(.sum) }, by: "")
        case .product(let factors):
            if factors.first == .number(-1), factors.count > 1 {
                let rest = Array(factors.dropFirst())
                return "<mo form=\"prefix\">−</mo>" + (rest.count == 1 ? rest[0] : .product(rest)).mathML
            }
            return joined(factors.enumerated().map { $1.inside($0 == 0 ? .product : .atom) }, by: "<mo>·</mo>")
        case .quotient(let a, let b):
            return "<mfrac><mrow>\(a.mathML)</mrow><mrow>\(b.mathML)</mrow></mfrac>"
        case .function(let operation, let operands):
            return "<mi>\(operation.rawValue)</mi><mo>(</mo>"
                + joined(operands.map { $0.mathML }, by: "<mo separator=\"true\">,</mo>") + "<mo>)</mo>"
        case .indicator(let relation, let a, let b):
            let sign = relation == .less ? "&lt;" : relation == .greater ? "&gt;" : relation.text
            return "<mo>[</mo>\(a.mathML)<mo>\(sign)</mo>\(b.mathML)<mo>]</mo>"
        }
    }

    /// The sign between two addends, or none.
    package static func operation(_ sign: String) -> String {
        sign.isEmpty ? "" : sign == " - " ? "<mo form=\"infix\">−</mo>" : "<mo form=\"infix\">+</mo>"
    }

    /// In parentheses where it would fall apart.
    private func inside(_ outer: Binding) -> String {
        binding.rawValue < outer.rawValue ? "<mrow><mo>(</mo>\(mathML)<mo>)</mo></mrow>" : mathML
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
        let pieces = right.rows(Equation.width)
        return pieces.enumerated().map { position, piece in
            let isLast = position == pieces.count - 1
            let dots = isLast && (equation?.omitted ?? 0) > 0 ? "<mo form=\"infix\">+</mo><mo>…</mo>" : ""
            let cells = [
                position == 0 ? left : "", position == 0 ? "<mo>=</mo>" : "",
                Expression.operation(piece.sign) + piece.expression.mathML + dots,
            ]
            return (left.isEmpty || position > 0 ? "<mtr>" : "<mtr class=\"next\">")
                + AdjointGraphs.joined(cells.map { "<mtd>\($0)</mtd>" }, by: "") + "</mtr>"
        }
    }
}
