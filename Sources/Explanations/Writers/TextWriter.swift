import AdjointGraphs

extension Explanation {
    /// The text for a terminal: a title, and under it one equation a line; where numbers are known, they and the value are on
    /// lines of their own below it.
    ///
    /// - Parameter width: the characters in a line: longer sums continue after an addend, and prose after a word. By default
    ///   equations are not broken.
    public func text(width: Int? = nil) -> String { TextWriter(width: width).written(self) }
}

extension Equation {
    /// A right side in lines; the continuation is under the first addend, further in where brackets are open.
    ///
    /// - Parameters:
    ///   - start: the text before it.
    ///   - width: the characters in a line; `Int.max` for one line.
    package func lines(of side: Expression, after start: String, width: Int) -> [String] {
        if width == .max { return [start + text(of: side)] }
        var rows = TextNotation().rows(of: side, width: max(20, width - start.count))
        if isCut(side) { rows[rows.count - 1].text += " + …" }
        let indentation = min(width / 2, start.count)
        return rows.enumerated().map { number, row in
            if number == 0 { return start + row.text }
            return String(repeating: " ", count: indentation + 2 * row.depth) + row.text.drop { $0 == " " }
        }
    }
}

/// Explanations for a terminal.
struct TextWriter {
    /// Characters in a line.
    var width: Int?

    func written(_ explanation: Explanation) -> String {
        joined(
            explanation.sections.map { joined([$0.title] + $0.blocks.flatMap { lines(of: $0) }, by: "\n") }, by: "\n\n")
    }

    /// The lines of a block, two spaces from the margin.
    func lines(of block: Explanation.Block) -> [String] {
        let room = width.map { max(20, $0 - 2) } ?? .max
        func paragraph(_ text: String) -> [String] {
            text.count <= min(room, 78) ? [text] : wrapped(text) { $0.count <= min(room, 78) }
        }
        let lines: [String] =
            switch block {
            case .equations(let equations): equations.flatMap { self.lines(of: $0, room) }
            case .line(let line): paragraph(line)
            case .table(let table): self.lines(of: table)
            case .picture(let picture): paragraph(picture.title + ": " + picture.description)
            case .fold(let summary, let opening): paragraph("(" + summary + "; " + opening + ")")
            }
        return lines.map { $0.isEmpty ? "" : "  " + $0 }
    }

    /// The equation, and with numbers below it `= 1·0.5 + …` and `= 4`, the signs of equality one below the other.
    private func lines(of equation: Equation, _ room: Int) -> [String] {
        let left = equation.left.text + " "
        let margin = String(repeating: " ", count: left.count)
        var texts = equation.lines(of: equation.right, after: left + "= ", width: room)
        if let numbers = equation.numbers, numbers != equation.right {
            texts += equation.lines(of: numbers, after: margin + "= ", width: room)
        }
        let value = equation.value.map { margin + "= " + shown($0) }
        if let value, equation.right.constant == nil, texts.last != value { texts.append(value) }
        return texts
    }

    private func lines(of table: Explanation.Table) -> [String] {
        let rows = [table.head] + table.rows
        let widths = table.head.indices.map { column in rows.reduce(0) { max($0, $1[column].count) } }
        return rows.map { row in
            var line = joined(
                row.indices.map { column in
                    let space = String(repeating: " ", count: widths[column] - row[column].count)
                    return table.alignment[column] == .right ? space + row[column] : row[column] + space
                }, by: "  ")
            while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
            return line
        }
    }
}

/// The words of a text in lines that fit, but for words that fit nowhere.
func wrapped(_ text: String, where fits: (String) -> Bool) -> [String] {
    var lines: [String] = []
    for word in text.utf8.split(separator: UInt8(ascii: " ")).map({ String(decoding: $0, as: UTF8.self) }) {
        if let last = lines.last, fits(last + " " + word) {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(word)
        }
    }
    return lines
}
