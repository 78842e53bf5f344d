import AdjointGraphs

extension Explanation.Section {
    /// The contributions to the gradient of one element: the sums, the map of all terms, and the strongest with their patches.
    ///
    /// - Parameter count: how many of the strongest are shown.
    public init(_ contributions: Contributions, strongest count: Int = 5) {
        let words = contributions.words
        var blocks = [Explanation.Block.line("\(contributions.name) = \(rounded(contributions.gradient))")]
        blocks += contributions.sentences.map { .line($0) }
        if let map = contributions.mapPicture(strongest: count) { blocks.append(.picture(map)) }
        blocks.append(.table(contributions.table(strongest: count)))
        if contributions.nonZeroCount > count {
            let summary = filled(words.addingTerms, ["\(contributions.nonZeroCount)", "\(count)"])
            blocks.append(.fold(summary, opening: words.allTerms))
        }
        if let patches = contributions.patchPicture(strongest: count) { blocks.append(.picture(patches)) }
        self.init(filled(words.origin, [contributions.elementName]), view: .windows, blocks)
    }

    /// The layers that the gradient passes, from the loss back to the parameter.
    ///
    /// - Parameter label: a description of a layer, beside the name of its output.
    public init(_ passages: [Passage], words: Words = .english, label: (String) -> String = { _ in "" }) {
        let rows = passages.map { passage in
            [
                passage.layer, label(passage.layer), "\(passage.shape)", rounded(passage.norm),
                filled(words.amount, ["\(passage.nonZeroCount)", "\(passage.shape.count)"]),
            ]
        }
        let table = Explanation.Table(
            words.wayColumns, rows: rows, alignment: [.left, .left, .left, .right, .right])
        self.init(words.way, view: .windows, [.table(table)])
    }

    /// The contributions to one element from each use of the parameter, the largest share first.
    ///
    /// - Parameter label: a description of a layer, beside the name of its output.
    public init(
        _ gradient: SharedGradient, at element: [Int], words: Words = .english, label: (String) -> String = { _ in "" }
    ) {
        let place = gradient.shape.place(of: element) ?? 0
        let rows = gradient.ranked(at: element).map { share in
            let layer = share.layer(words)
            return [layer, label(layer), rounded(share.gradient.doubles[place])]
        }
        let name = Expression.derivative(of: "E", by: Name(gradient.parameter, .axes(element))).text
        self.init(
            filled(words.shares, [gradient.parameter, "\(gradient.shares.count)"]), view: .windows,
            [
                .line("\(name) = \(rounded(gradient.gradient[place])): \(words.sumOfShares)"),
                .table(Explanation.Table(words.shareColumns, rows: rows, alignment: [.left, .left, .right])),
            ])
    }

    /// The largest gradients of a parameter that is used in several places.
    public init(largest count: Int, of gradient: SharedGradient, words: Words = .english) {
        let rows = gradient.largest(count).enumerated().map { rank, element in
            ["\(rank + 1)", list(element), rounded(gradient.gradient[gradient.shape.place(of: element) ?? 0])]
        }
        let columns = Array(words.largestColumns.prefix(3))
        self.init(
            filled(words.largestGradients, [gradient.parameter]), view: .windows,
            [.table(Explanation.Table(columns, rows: rows, alignment: [.right, .left, .right]))])
    }

    /// The largest gradients of a parameter with the strongest term of each, and all of them as small maps.
    ///
    /// - Throws: where terms do not sum to a gradient.
    public init(largest count: Int, of gradient: ParameterGradient, words: Words = .english) throws(ArgumentError) {
        var rows: [[String]] = []
        var name = words.singleParts[0]
        for (rank, element) in gradient.largest(count).enumerated() {
            var contributions = try gradient.contributions(to: element)
            contributions.words = words
            let term = contributions.strongest(1).first
            name = contributions.termName
            rows.append([
                "\(rank + 1)", list(element), rounded(contributions.gradient),
                rounded(contributions.cancellation, digits: 2),
                term.map { list(contributions.place(of: $0)) } ?? "",
                term.map { contributions.equation(of: $0) } ?? "",
            ])
        }
        let table = Explanation.Table(
            words.largestColumns.map { filled($0, [name]) }, rows: rows,
            alignment: [.right, .left, .right, .right, .left, .left])
        self.init(
            filled(words.largestGradients, [gradient.parameter]), view: .windows,
            [.table(table), .picture(gradient.atlasPicture(words: words))])
    }
}

extension ParameterGradient {
    /// The name of the output of the layer whose parameter it is.
    package func layer(_ words: Words = .english) -> String { passages.last?.layer ?? words.error }
}

extension Contributions {
    fileprivate var elementName: String { Name(parameter, .axes(element)).text }

    /// The strongest terms: their places, their factors, and their share so far.
    fileprivate func table(strongest count: Int) -> Explanation.Table {
        let strongest = shown(count)
        let shares = shares(strongest)
        let rows = strongest.indices.map { rank in
            let term = strongest[rank]
            return ["\(rank + 1)", list(place(of: term))] + (meetingName == nil ? [] : [list(term.meeting)])
                + [equation(of: term), shares[rank]]
        }
        return Explanation.Table(
            ["", termName] + (meetingName.map { [$0] } ?? []) + columns, rows: rows,
            alignment: [.right, .left] + (meetingName == nil ? [] : [.left]) + [.left, .right])
    }
}
