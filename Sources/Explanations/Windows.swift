import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// A sum over the sliding windows of a layer, one row a window, and how often the windows meet each position.
    ///
    /// - Parameters:
    ///   - selection: an element of W, V or B, whose derivative is the sum, or of G, which is one itself.
    ///   - values: numbers for V, W, B and ∂G, where there are some.
    /// - Throws: an error that names what does not fit.
    /// - Complexity: the terms of the sum, and the positions of the layer's plane.
    public static func windows(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:]
    ) throws(GraphError) -> [Section] {
        let sliding = try Sliding(of: layer)
        let terms = try sliding.terms(of: selection, values: values)
        let name = sliding.written(selection)
        var sections: [Section] = []
        if !terms.isEmpty {
            var blocks = [Block.line(sliding.summary(of: terms, name))]
            if let picture = sliding.windowPicture(of: selection, terms) { blocks.append(.picture(picture)) }
            blocks += sliding.table(of: terms)
            sections.append(Section("\(name), window by window", view: .windows, blocks))
        }
        return sections + [sliding.coverage]
    }

    /// How often the windows of a layer meet each position of the plane that they slide over.
    package static func coverage(of layer: LayerGeometry, _ words: Words) throws(GraphError) -> Section {
        try Sliding(of: layer, words).coverage
    }
}

extension Sliding {
    fileprivate var coverage: Explanation.Section {
        let blocks = coverageLines.map { Explanation.Block.line($0) } + [.picture(coveragePicture())]
        return Explanation.Section(filled(words.coverage, [field]), view: .windows, blocks)
    }

    /// `G1`, or the derivative of E by one of the others.
    func written(_ selection: Selection) -> String {
        let element = naming.name(selection.name, at: selection.place, of: shapes[selection.name] ?? [])
        return (selection.name == "G" ? .variable(element) : Expression.derivative(of: "E", by: element)).text
    }

    fileprivate func summary(of terms: [WindowTerm], _ name: String) -> String {
        let total = terms.reduce(0.0 as Double?) { sum, term in
            sum.flatMap { sum in term.value.map { sum + $0 } }
        }
        let windows = Shape(outputs).count * (shapes[result]?[0] ?? 1)
        return "\(name) is a sum of \(terms.count) term\(terms.count == 1 ? "" : "s") over "
            + "\(windows) window\(windows == 1 ? "" : "s")" + (total.map { ": \(rounded($0, digits: 6))" } ?? "") + "."
    }

    /// A row for every term with its running total, or the largest of many.
    fileprivate func table(of terms: [WindowTerm]) -> [Explanation.Block] {
        let isKnown = terms.allSatisfy { $0.value != nil }
        var rows: [[String]] = []
        var running = 0.0
        let isFolded = terms.count > Sliding.readableRows
        let order: [Int]
        if isFolded, isKnown {
            order = Array(
                terms.indices.sorted {
                    let (a, b) = ((terms[$0].value ?? 0).magnitude, (terms[$1].value ?? 0).magnitude)
                    return a == b ? $0 < $1 : a > b
                }.prefix(10))
        } else {
            order = Array(terms.indices.prefix(isFolded ? 10 : terms.count))
        }
        for number in order {
            let term = terms[number]
            running += term.value ?? 0
            var row = [
                String(number + 1), list(term.window), term.position.isEmpty ? "" : list(term.position), term.text,
            ]
            if isKnown {
                row.append(joined(term.factors.map { bracketed($0.value ?? 0) }, by: "·"))
                row += [rounded(term.value ?? 0, digits: 6), rounded(running, digits: 6)]
            }
            rows.append(row)
        }
        let head = ["", "window", "position", "term"] + (isKnown ? ["numbers", "product", "total"] : [])
        var blocks = [Explanation.Block.table(.init(head, rows: rows, alignment: [.right, .left, .left, .left]))]
        if isFolded {
            let kind = isKnown ? "largest" : "first"
            blocks.append(
                .fold("\(terms.count) terms; the ten \(kind) shown", opening: "--as json lists them all"))
        }
        return blocks
    }

    /// As many as a reader follows from the first to the last.
    private static let readableRows = 64

    /// Negative numbers in parentheses, as factors are written.
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
        let counts = axes.map { coverage($0) }
        let largest = counts.reduce(1) { $0 * ($1.max() ?? 0) }
        lines.append(
            largest > 1 ? filled(words.overlap, ["\(largest)", perAxis { overlap($0) }]) : words.noOverlap)
        let covered = counts.reduce(1) { $0 * $1.count { $0 > 0 } }
        let all = Shape(inputs).count
        if covered < all { lines.append(filled(words.uncovered, ["\(all - covered)", "\(all)"])) }
        if axes.contains(where: { remainder($0) > 0 }) {
            lines.append(filled(words.remainder, [perAxis { remainder($0) }]))
        }
        return lines
    }
}
