import AdjointGraphs

extension Explanation {
    /// A sum over the sliding windows of a layer, one row for each window, and how often the windows meet each position.
    ///
    /// - Parameters:
    ///   - selection: an element of W, V or B, whose derivative is the sum, or of G, which is one itself.
    ///   - values: numbers for V, W, B and ∂G, where they are known.
    /// - Throws: an error that names what does not fit.
    /// - Complexity: the terms of the sum, and the positions of the layer's plane.
    public static func windows(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:],
        words: Words = .english
    ) throws(ArgumentError) -> [Section] {
        let sliding = try Sliding(of: layer, words)
        let terms = try sliding.terms(of: selection, values: values)
        var sections: [Section] = []
        if !terms.isEmpty {
            var blocks = [Block.line(sliding.summary(of: selection, terms))]
            if let picture = sliding.windowPicture(of: selection, terms) { blocks.append(.picture(picture)) }
            blocks += sliding.table(of: selection, terms)
            sections.append(Section(sliding.title(of: selection), view: .windows, blocks))
        }
        return sections + [sliding.coverage]
    }

    /// How often the windows of a layer meet each position of the plane that they slide over.
    package static func coverage(of layer: LayerGeometry, _ words: Words) throws(ArgumentError) -> Section {
        try Sliding(of: layer, words).coverage
    }
}

extension Sliding {
    fileprivate var coverage: Explanation.Section {
        let blocks = coverageLines.map { Explanation.Block.line($0) } + [.picture(coveragePicture())]
        return Explanation.Section(filled(words.coverage, [field]), view: .windows, blocks)
    }

    /// The name of an element: `V5`.
    func name(_ tensor: String, _ place: Int) -> String {
        naming.name(tensor, at: place, of: shapes[tensor] ?? []).text
    }

    /// `G1`, or the derivative of E by one of the others.
    func name(of selection: Selection) -> String {
        let element = naming.name(selection.name, at: selection.place, of: shapes[selection.name] ?? [])
        return (selection.name == "G" ? .variable(element) : Expression.derivative(of: "E", by: element)).text
    }

    /// What the sum over an element's windows is called, or over the taps of its one window.
    func title(of selection: Selection) -> String {
        filled(selection.name == result ? words.tapByTap : words.windowByWindow, [name(of: selection)])
    }

    /// The number of terms, the indices over which they run, and their sum where it is known.
    fileprivate func summary(of selection: Selection, _ terms: [WindowTerm]) -> String {
        let total = terms.map { $0.value }.allKnown?.reduce(0, +)
        let hasBias = selection.name == "G" && layer.hasBias
        return filled(
            words.windowSum,
            [
                name(of: selection), terms.count == 1 ? words.oneTerm : filled(words.terms, ["\(terms.count)"]),
                places(of: selection, terms) + outerSum(of: selection.name) + (hasBias ? words.andBias : ""),
                total.map { ": " + rounded($0, digits: 6) } ?? "",
            ])
    }

    /// The places of a sum's terms in words: windows, taps of one window, or positions to which a bias is added.
    private func places(of selection: Selection, _ terms: [WindowTerm]) -> String {
        if selection.name == result { return words.inOneWindow }
        let all = windowCount * (shapes[result]?[0] ?? 1)
        if selection.name == "B", isTransposed { return filled(words.overPositionsOf, ["\(terms.count)", field]) }
        let count = selection.name == field ? Set(terms.lazy.map { $0.window }.filter { !$0.isEmpty }).count : all
        return count == 1 ? words.overOneWindow : filled(words.overSomeWindows, ["\(count)"])
    }

    /// The index over which the sum of an element of V, W, B or G runs beside windows and taps.
    func outer(of name: String) -> (count: Int, noun: String) {
        guard let extents else { return (1, "") }
        return switch name {
        case "W", "B": (extents.batch, words.examples)
        case field: (extents.filters, isTransposed ? words.channels : words.filters)
        default: (extents.channels, isTransposed ? words.filters : words.channels)
        }
    }

    /// `, Σ over 2 examples`, where there is more than one.
    func outerSum(of name: String) -> String {
        let (count, noun) = outer(of: name)
        return count > 1 ? ", " + filled(words.sumOver, ["\(count)", noun]) : ""
    }

    /// A row for every term with its running total, or the largest of many.
    fileprivate func table(of selection: Selection, _ terms: [WindowTerm]) -> [Explanation.Block] {
        let values = terms.compactMap { $0.value }
        let isKnown = values.count == terms.count
        let isFolded = terms.count > Sliding.readableRows
        let order = !isFolded ? Array(terms.indices) : isKnown ? values.largest(10) : Array(0..<10)
        let examples = terms.contains { $0.example != terms[0].example }
        var running = 0.0
        let rows = order.map { number in
            let term = terms[number]
            let row =
                [String(number + 1)] + (examples ? ["\(term.example)"] : [])
                + [term.window, term.position].map { $0.isEmpty ? "" : list($0) } + [text(of: term)]
            guard isKnown else { return row }
            running += values[number]
            return row + [
                joined(term.factors.map { bracketed($0.value ?? 0) }, by: "·"), rounded(values[number], digits: 6),
                rounded(running, digits: 6),
            ]
        }
        let head =
            [""] + (examples ? [words.exampleColumn] : []) + words.windowColumns
            + (isKnown ? words.numberColumns + [isFolded ? words.shownTotal : words.total] : [])
        let left = [Explanation.Table.Alignment](
            repeating: .left, count: words.windowColumns.count + (examples ? 1 : 0))
        let table = Explanation.Block.table(.init(head, rows: rows, alignment: [.right] + left))
        guard isFolded else { return [table] }
        let summary = filled(isKnown ? words.largestTerms : words.firstTerms, ["\(terms.count)"])
        let isListed = terms.count <= Explanation.Detail.whole.limits.terms
        return [table, .fold(summary, opening: isListed ? words.allTerms : words.smallerInput)]
    }

    /// The most rows that are listed in full.
    private static let readableRows = 64

    /// The number as a factor, in parentheses if it is negative.
    func bracketed(_ number: Double) -> String {
        number < 0 ? "(\(rounded(number, digits: 6)))" : rounded(number, digits: 6)
    }

    // MARK: what the windows leave and share

    private func perAxis(_ number: (Int) -> Int) -> String {
        joined(window.axes.indices.map { String(number($0)) }, by: "×")
    }

    var coverageLines: [String] {
        let axes = window.axes.indices
        var lines = [
            filled(
                words.windows,
                [
                    perAxis { outputs[$0] }, perAxis { taps[$0] }, perAxis { inputs[$0] },
                    perAxis { window.axes[$0].stride }, perAxis { window.axes[$0].dilation },
                ])
        ]
        let coverage = Coverage(self)
        lines.append(
            coverage.largest > 1
                ? filled(words.overlap, ["\(coverage.largest)", perAxis { overlap($0) }, perAxis { taps[$0] }])
                : filled(words.noOverlap, [field]))
        let covered = coverage.counts.reduce(1) { $0 * $1.count { $0 > 0 } }
        let all = Shape(inputs).count
        if covered < all {
            let sentence =
                isTransposed
                ? layer.hasBias ? words.uncoveredWithBias : words.uncoveredOutput
                : layer.pool == nil ? words.uncovered : words.uncoveredByPool
            lines.append(filled(sentence, ["\(all - covered)", "\(all)"]))
        }
        if axes.contains(where: { remainder($0) > 0 }) {
            lines.append(filled(words.remainder, [perAxis { remainder($0) }]))
        }
        return lines
    }
}
