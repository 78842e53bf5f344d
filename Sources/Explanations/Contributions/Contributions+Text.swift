import AdjointGraphs

/// A number as a character of growing ink: shades for those above zero, lines for those below; nothing where there is none.
///
/// - Parameter largest: the magnitude that gets the most ink.
private func ink(_ number: Double?, largest: Double) -> String {
    guard let number else { return " " }
    if number == 0 || largest == 0 { return "·" }
    let share = number.magnitude / largest
    let level = share > 0.5 ? 3 : share > 0.25 ? 2 : share > 0.125 ? 1 : 0
    return number > 0 ? ["░", "▒", "▓", "█"][level] : ["-", "=", "≡", "#"][level]
}

extension Contributions {
    /// The text for a terminal: the sums, a map of all windows, and the strongest ones with their patches.
    ///
    /// - Parameters:
    ///   - count: how many of the strongest windows are listed.
    ///   - width: characters in a line; in a wider map, neighbouring windows are added up.
    public func text(strongest count: Int = 5, width: Int = 78) -> String {
        var parts = [["\(name) = \(rounded(gradient))"] + sentences.map { "  " + $0 }]
        parts.append(map(width: width))
        parts.append(ranking(count))
        parts.append(patches(shown(count), width: width))
        return joined(parts.filter { !$0.isEmpty }.map { joined($0, by: "\n") }, by: "\n\n")
    }

    // MARK: the map

    /// One picture for each plane of windows (each example, and each slice of a volume).
    private func map(width: Int) -> [String] {
        let whole = maps { $0.product }
        guard let first = whole.first else { return [] }
        // A cell is two characters wide, so that it is about square.
        let side = max(1, (first.columns + max(1, width / 2) - 1) / max(1, width / 2))
        let maps = whole.map { $0.reduced(by: side) }
        let largest = maps.largest
        var lines = [filled(words.eachAdds, [placeName]) + (side > 1 ? filled(words.eachCell, ["\(side)"]) : "")]
        lines.append(words.ramp + (whole.contains { $0.numbers.contains { $0 == nil } } ? words.blankPadding : ""))
        if summation.addsChannels, first.start != (0, 0) {
            lines.append(filled(words.mapStart, ["\(first.start.row)", "\(first.start.column)"]))
        }
        let shown = min(maps.count, Contributions.shownPlanes)
        for map in maps.prefix(shown) {
            if maps.count > 1 { lines.append("\(termName) " + list(map.plane) + ":") }
            for row in 0..<map.rows {
                let start = row * map.columns
                lines.append(Contributions.line(map.numbers[start..<start + map.columns], largest: largest))
            }
        }
        if shown < maps.count { lines.append(filled(words.morePlanes, ["\(maps.count - shown)"])) }
        return lines
    }

    /// The most maps that are shown, as a reader has to scroll through them.
    private static let shownPlanes = 8

    private static func line(_ cells: ArraySlice<Double?>, largest: Double) -> String {
        let end = cells.lastIndex { $0 != nil }.map { $0 + 1 } ?? cells.startIndex
        return joined(cells[..<end].map { String(repeating: ink($0, largest: largest), count: 2) }, by: "")
    }

    // MARK: the strongest windows

    private func ranking(_ count: Int) -> [String] {
        let strongest = shown(count)
        if strongest.isEmpty { return [] }
        let head = termName + (meetingName.map { ", " + $0 } ?? "")
        let one = filled(words.strongestOne, [termName])
        let title = strongest.count == 1 ? one : filled(words.strongestSome, ["\(strongest.count)", termNames])
        var lines = [title, "     \(head): \(columns[0]) (\(columns[1]))"]
        // The places have a column of their own.
        let places = strongest.map { term in
            list(place(of: term)) + (term.meeting.isEmpty ? "" : ", " + list(term.meeting)) + ": "
        }
        let column = places.reduce(0) { max($0, $1.utf8.count) }
        for (rank, term) in strongest.enumerated() {
            lines.append(
                rightAligned("\(rank + 1)", 3) + ". " + places[rank]
                    + String(repeating: " ", count: column - places[rank].utf8.count) + equation(of: term)
                    + " (\(shares(strongest)[rank]))")
        }
        return lines
    }

    /// The factors of a term: `5·(-13)`.
    func factors(of term: Contribution) -> String {
        let cotangent = rounded(term.cotangent)
        return rounded(term.partial) + "·" + (term.cotangent < 0 ? "(\(cotangent))" : cotangent)
    }

    /// The product of a term: `5·(-13) = -65`.
    func equation(of term: Contribution) -> String { factors(of: term) + " = \(rounded(term.product))" }

    /// The share of Σ|term| that the terms up to each one have together.
    func shares(_ terms: [Contribution]) -> [String] {
        var running = 0.0
        return terms.map { term in
            running += term.product.magnitude
            return rounded(plus == minus ? 0 : 100 * running / (plus - minus), digits: 3) + " %"
        }
    }

    /// The patches side by side, as many as fit, with the pixel under the weight marked.
    private func patches(_ strongest: [Contribution], width: Int) -> [String] {
        let fitting = max(1, width / (2 * (taps.last ?? 1) + 5))
        guard let (patches, own) = patches(under: Array(strongest.prefix(fitting))) else { return [] }
        let (largest, columns) = (patches.largest, patches[0].columns)
        var lines = [filled(words.patchText, [fieldName])]
        for row in 0..<patches[0].rows {
            var texts: [String] = []
            for (rank, patch) in patches.enumerated() {
                var text = row == 0 ? rightAligned("\(rank + 1)", 3) + ". " : "     "
                for tap in row * columns..<(row + 1) * columns {
                    let character = ink(patch.numbers[tap], largest: largest)
                    text += character + (tap == own ? "<" : character)
                }
                texts.append(text)
            }
            lines.append(joined(texts, by: ""))
        }
        return lines
    }
}
