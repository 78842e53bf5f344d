import AdjointGraphs

/// Numbers as characters of growing ink: shades for those above zero, lines for those below.
private enum Ramp {
    static let legend = "░▒▓█ above zero, -=≡# below, by size: over 1/2, 1/4, 1/8 of the largest, less; · zero"

    /// - Parameter largest: the magnitude that gets the most ink.
    static func character(_ number: Double, largest: Double) -> String {
        if number == 0 || largest == 0 { return "·" }
        let share = number.magnitude / largest
        let level = share > 0.5 ? 3 : share > 0.25 ? 2 : share > 0.125 ? 1 : 0
        return number > 0 ? ["░", "▒", "▓", "█"][level] : ["-", "=", "≡", "#"][level]
    }
}

extension Contributions {
    /// For a terminal: the sums, a map of all windows, and the strongest ones with their patches.
    ///
    /// - Parameters:
    ///   - count: how many of the strongest windows.
    ///   - width: characters in a line; a map that is wider adds neighbouring windows up.
    public func text(strongest count: Int = 5, width: Int = 78) -> String {
        let lines = summary + [""] + map(width: width) + [""] + ranking(count, width: width)
        return joined(lines, by: "\n")
    }

    private var summary: [String] {
        let name = Expression.derivative(of: "E", by: Name(parameter, .axes(element))).text
        return [
            "\(name) = \(rounded(gradient))",
            "  the sum over \(windows.count) windows: \(terms.count) with a pixel under the weight, "
                + "\(nonZeroCount) that add something",
            "  plus \(rounded(plus)), minus \(rounded(minus)), net \(rounded(net)); "
                + "cancellation |net|/Σ|term| = \(rounded(cancellation, digits: 2))",
        ]
    }

    // MARK: the map

    /// One picture for each plane of windows (each example, and each slice of a volume).
    private func map(width: Int) -> [String] {
        let planes = Shape(Array(windows.sizes.dropLast(min(2, windows.rank - 1))))
        let rows = windows.rank > 2 ? windows[windows.rank - 2] : 1
        let columns = windows[windows.rank - 1]
        // A cell is two characters wide, so that it is about square.
        let side = max(1, (columns + max(1, width / 2) - 1) / max(1, width / 2))
        let grid = Shape([planes.count, (rows + side - 1) / side, (columns + side - 1) / side])
        var cells = [Double?](repeating: nil, count: grid.count)
        for term in terms {
            let place = windows.place(of: term.window) ?? 0
            let cell = grid.place(of: [
                place / (rows * columns), place / columns % rows / side, place % columns / side,
            ])
            if let cell { cells[cell] = (cells[cell] ?? 0) + term.product }
        }
        let largest = cells.reduce(0) { max($0, $1?.magnitude ?? 0) }
        var lines = ["What each window adds" + (side > 1 ? " (a cell: \(side)x\(side) windows)" : "")]
        lines.append(Ramp.legend + (terms.count < windows.count ? ", blank padding" : ""))
        let shown = min(planes.count, Contributions.shownPlanes)
        for plane in 0..<shown {
            if planes.count > 1 { lines.append("window " + list(planes.index(of: plane)) + ":") }
            for row in 0..<grid[1] {
                let start = (plane * grid[1] + row) * grid[2]
                lines.append(Contributions.line(cells[start..<start + grid[2]], largest: largest))
            }
        }
        if shown < planes.count { lines.append("… and \(planes.count - shown) more planes of windows") }
        return lines
    }

    /// As many maps as a reader scrolls through.
    private static let shownPlanes = 8

    private static func line(_ cells: ArraySlice<Double?>, largest: Double) -> String {
        var line = ""
        let end = cells.lastIndex { $0 != nil }.map { $0 + 1 } ?? cells.startIndex
        for cell in cells[..<end] {
            let character = cell.map { Ramp.character($0, largest: largest) } ?? " "
            line += character + character
        }
        return line
    }

    // MARK: the strongest windows

    private func ranking(_ count: Int, width: Int) -> [String] {
        let strongest = strongest(count)
        var lines = [
            "The \(strongest.count) strongest windows",
            "     window, pixel: input·cotangent = term (share of Σ|term| so far)",
        ]
        // Places stand in a column of their own.
        let places = strongest.map { "\(list($0.window)), \(list($0.pixel)): " }
        let column = places.reduce(0) { max($0, $1.utf8.count) }
        var running = 0.0
        for (rank, term) in strongest.enumerated() {
            running += term.product.magnitude
            let share = plus == minus ? 0 : 100 * running / (plus - minus)
            let cotangent = rounded(term.cotangent)
            lines.append(
                rightAligned("\(rank + 1)", 3) + ". " + places[rank]
                    + String(repeating: " ", count: column - places[rank].utf8.count)
                    + rounded(term.input) + "·" + (term.cotangent < 0 ? "(\(cotangent))" : cotangent)
                    + " = \(rounded(term.product)) (\(rounded(share, digits: 3)) %)")
        }
        return lines + patches(strongest, width: width)
    }

    /// Side by side, as many as fit, the weight's own place marked.
    private func patches(_ strongest: [Contribution], width: Int) -> [String] {
        guard taps.count <= 2, !strongest.isEmpty else { return [] }
        let (rows, columns) = (taps.count == 2 ? taps[0] : 1, taps[taps.count - 1])
        let own = Shape(taps).place(of: Array(element.dropFirst(2)))
        let patches = strongest.prefix(max(1, width / (2 * columns + 5))).map { patch(under: $0) }
        let largest = patches.joined().reduce(0) { max($0, $1?.magnitude ?? 0) }
        let field = isTransposed ? "∂E/∂ of the output" : "the layer's input"
        var lines = ["", "Patches of \(field) under them, the weight's own pixel marked by <"]
        for row in 0..<rows {
            var texts: [String] = []
            for (rank, patch) in patches.enumerated() {
                var text = row == 0 ? rightAligned("\(rank + 1)", 3) + ". " : "     "
                for tap in row * columns..<(row + 1) * columns {
                    let character = patch[tap].map { Ramp.character($0, largest: largest) } ?? " "
                    text += character + (tap == own ? "<" : character)
                }
                texts.append(text)
            }
            lines.append(joined(texts, by: ""))
        }
        return lines
    }
}
