import AdjointGraphs

extension Explanation {
    /// For a terminal: a title, and under it one equation a line; where there are numbers, they and the value stand on
    /// lines of their own below it.
    ///
    /// - Parameter width: characters in a line: sums that are longer go on after an addend, and prose after a word.
    ///   Unless given, equations are not broken.
    public func text(width: Int? = nil) -> String {
        joined(sections.map { joined([$0.title] + $0.blocks.flatMap { $0.lines(width) }, by: "\n") }, by: "\n\n")
    }
}

extension Explanation.Block {
    /// The lines of text, two spaces from the margin.
    func lines(_ width: Int?) -> [String] {
        let room = width.map { max(20, $0 - 2) } ?? .max
        let page = min(room, 78)
        let lines: [String] =
            switch self {
            case .equations(let equations): equations.flatMap { $0.lines(room) }
            case .line(let line): wrapped(line, page)
            case .table(let table): table.lines
            case .picture(let picture): wrapped(picture.title + ": " + picture.description, page)
            case .fold(let fold): wrapped("(" + fold.summary + "; " + fold.opening + ")", page)
            }
        return lines.map { $0.isEmpty ? "" : "  " + $0 }
    }
}

extension Equation {
    /// The equation, and with numbers below it `= 1·0.5 + …` and `= 4`, the signs of equality one below the other.
    fileprivate func lines(_ room: Int) -> [String] {
        let column = left.text.count + 1
        let margin = String(repeating: " ", count: column)
        var texts = [text]
        if let numbers, numbers.text != right.text { texts.append(margin + "= " + text(of: numbers)) }
        // What goes on stands under the first addend.
        let indentation = String(repeating: " ", count: min(room / 2, column + 2))
        texts = texts.flatMap { wrapped($0, room, margin: indentation) { $0 == "+" || $0 == "-" } }
        if let number = value, right.constant == nil, texts.last != margin + "= " + shown(number) {
            texts.append(margin + "= " + shown(number))
        }
        return texts
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
    var lines: [String] = []
    var line = lead + (pieces.first ?? "")
    for piece in pieces.dropFirst() {
        if line.count + piece.count + 1 > room {
            lines.append(line)
            line = margin + piece
        } else {
            line += " " + piece
        }
    }
    return lines + [line]
}

extension Explanation.Table {
    fileprivate var lines: [String] {
        let all = [head] + rows
        let widths = head.indices.map { column in all.reduce(0) { max($0, $1[column].count) } }
        let texts = all.map { row in
            joined(
                row.indices.map { column in
                    let space = String(repeating: " ", count: widths[column] - row[column].count)
                    return alignment[column] == .right ? space + row[column] : row[column] + space
                }, by: "  ")
        }
        return texts.map { text in
            var text = text
            while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
            return text
        }
    }
}
