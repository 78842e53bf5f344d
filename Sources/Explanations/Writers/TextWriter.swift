import AdjointGraphs

extension Explanation {
    /// For a terminal: a title, and under it one equation a line; where there are numbers, they and the value stand on
    /// lines of their own below it.
    ///
    /// - Parameter width: characters in a line: sums that are longer go on after an addend, and prose after a word.
    ///   Unless given, equations are not broken.
    public func text(width: Int? = nil) -> String { TextWriter(width: width).written(self) }
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
        func paragraph(_ text: String) -> [String] { wrapped(text, min(room, 78)) }
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
        let column = equation.left.text.count + 1
        let margin = String(repeating: " ", count: column)
        var texts = [equation.text]
        if let numbers = equation.numbers, numbers != equation.right {
            texts.append(margin + "= " + equation.text(of: numbers))
        }
        // What goes on stands under the first addend.
        let indentation = String(repeating: " ", count: min(room / 2, column + 2))
        texts = texts.flatMap { wrapped($0, room, margin: indentation) { $0 == "+" || $0 == "-" } }
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

/// Breaks a text at spaces, or only at spaces before certain words, so that its lines fit.
func wrapped(
    _ text: String, _ room: Int, margin: String = "", before canBegin: (Substring) -> Bool = { _ in true }
) -> [String] {
    guard text.count > room else { return [text] }
    let lead = String(text.prefix { $0 == " " })
    var pieces: [String] = []
    for word in text.dropFirst(lead.count).split(separator: " ") {
        if pieces.isEmpty || canBegin(word) {
            pieces.append(String(word))
        } else {
            pieces[pieces.count - 1] += " " + word
        }
    }
    var lines = [lead + (pieces.first ?? "")]
    for piece in pieces.dropFirst() {
        if lines[lines.count - 1].count + piece.count + 1 > room {
            lines.append(margin + piece)
        } else {
            lines[lines.count - 1] += " " + piece
        }
    }
    return lines
}
