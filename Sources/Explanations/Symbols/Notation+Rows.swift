import AdjointGraphs

/// A row of an expression that is too long for one row, with its depth: the number of brackets that are open at its start.
struct Row: Hashable {
    var depth: Int
    var text: String
}

extension Notation {
    /// An expression in rows of about `width` characters of text, each but the first with its sign before it.
    ///
    /// An addend stays in its row if it fits into one; a longer one is broken before its factors, and an expression in brackets
    /// only if it is itself too long.
    func rows(of expression: Expression, width: Int) -> [Row] {
        var writer = RowWriter(notation: self, width: width)
        writer.write(expression, .sum, depth: 0)
        return writer.rows
    }
}

private struct RowWriter<Form: Notation> {
    let notation: Form
    let width: Int
    private(set) var rows: [Row] = []
    /// What is left of the last row.
    fileprivate var room = 0

    /// - Parameter isHeld: whether it stays in the row of the text before it.
    private mutating func add(_ text: String, _ count: Int, depth: Int, isHeld: Bool = false) {
        if rows.isEmpty || !isHeld && count > room {
            rows.append(Row(depth: depth, text: text))
            room = width - 2 * depth
        } else {
            rows[rows.count - 1].text += text
        }
        room -= count
    }

    /// - Parameter lead: the text before it, and the number of its characters.
    mutating func write(
        _ expression: Expression, _ least: Binding, lead: (String, Int) = ("", 0), depth: Int, isHeld: Bool = false
    ) {
        let isWhole = least == .sum
        let count = lead.1 + TextNotation().operand(expression, least, isWhole: isWhole).count
        let fits = count <= width - 2 * depth && (!isHeld || count <= room || rows.isEmpty)
        guard !fits, let brackets = notation.brackets else {
            if !fits, isWhole { return writeAddends(of: expression, lead: lead, depth: depth) }
            let text = notation.operand(expression, least, isWhole: isWhole)
            return add(lead.0 + text, count, depth: depth, isHeld: isHeld)
        }
        if isWhole { return writeAddends(of: expression, lead: lead, depth: depth, isHeld: isHeld) }
        // A quotient that is broken is written with a slash.
        let binding = if case .quotient = expression { Binding.product } else { notation.binding(of: expression) }
        guard binding.rawValue >= least.rawValue else {
            add(lead.0 + brackets.open, lead.1 + 1, depth: depth, isHeld: isHeld)
            write(expression, .sum, depth: depth + 1, isHeld: true)
            return add(brackets.close, 1, depth: depth, isHeld: true)
        }
        switch expression {
        case .product(let factors):
            for (number, factor) in factors.enumerated() {
                let isFirst = number == 0
                write(
                    factor, isFirst ? .product : .ratio, lead: isFirst ? lead : (notation.signs.times, 1),
                    depth: isFirst ? depth : depth + 1, isHeld: isFirst && isHeld)
            }
        case .quotient(let a, let b):
            write(a, .product, lead: lead, depth: depth, isHeld: isHeld)
            write(b, .atom, lead: ("/", 1), depth: depth + 1)
        case .function(let operation, let operands):
            let name = operation.rawValue
            add(
                lead.0 + notation.functionName(name) + brackets.open, lead.1 + name.count + 1, depth: depth,
                isHeld: isHeld)
            for (number, operand) in operands.enumerated() {
                write(operand, .sum, lead: number == 0 ? ("", 0) : (", ", 2), depth: depth + 1, isHeld: number == 0)
            }
            add(brackets.close, 1, depth: depth, isHeld: true)
        default: add(lead.0 + notation.operand(expression, least), count, depth: depth, isHeld: isHeld)
        }
    }

    /// A broken sum has rows of its own.
    private mutating func writeAddends(of sum: Expression, lead: (String, Int), depth: Int, isHeld: Bool = false) {
        var wasBroken = false
        for (number, (sign, addend)) in notation.signed(sum).enumerated() {
            let isFirst = number == 0
            let count = isFirst ? lead.1 + (sign.isEmpty ? 0 : 1) : 3
            let isBroken = count + TextNotation().operand(addend, .product).count > width - 2 * depth
            if !isFirst, isBroken || wasBroken { room = 0 }
            write(
                addend, .product, lead: (isFirst ? lead.0 + sign : sign, count), depth: depth,
                isHeld: isFirst && isHeld)
            wasBroken = isBroken
        }
    }
}

extension Notation {
    /// An expression as an operand of a sign, or by itself.
    fileprivate func operand(_ expression: Expression, _ least: Binding, isWhole: Bool) -> String {
        isWhole ? written(expression) : operand(expression, least)
    }
}
