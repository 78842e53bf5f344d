import AdjointGraphs

extension Explanation.Section {
    /// Where the gradient of one element came from: the sums, the map of all terms, the strongest with their patches.
    ///
    /// - Parameter count: how many of the strongest.
    public init(_ contributions: Contributions, strongest count: Int = 5) {
        var blocks = [Explanation.Block.line("\(contributions.name) = \(rounded(contributions.gradient))")]
        blocks += contributions.sentences.map { .line($0) }
        if let map = contributions.mapPicture(strongest: count) { blocks.append(.picture(map)) }
        blocks.append(.table(contributions.table(strongest: count)))
        if contributions.nonZeroCount > count {
            blocks.append(
                .fold(
                    "\(contributions.nonZeroCount) terms that add something; the \(count) largest shown",
                    opening: "--as json lists them all"))
        }
        if let patches = contributions.patchPicture(strongest: count) { blocks.append(.picture(patches)) }
        self.init("Where the gradient of \(contributions.elementName) came from", view: .windows, blocks)
    }

    /// The layers that the error came through, from the loss back to the parameter.
    ///
    /// - Parameter label: what a layer is called beside the name of its output.
    public init(_ passages: [Passage], label: (String) -> String = { _ in "" }) {
        let rows = passages.map { passage in
            [
                passage.layer, label(passage.layer), "\(passage.shape)", rounded(passage.norm),
                "\(passage.nonZeroCount) of \(passage.shape.count)",
            ]
        }
        let table = Explanation.Table(
            ["output", "layer", "shape", "norm", "not zero"], rows: rows,
            alignment: [.left, .left, .left, .right, .right])
        self.init(
            "The way of the error: ∂E/∂ of each layer's output, from the loss back", view: .windows, [.table(table)])
    }

    /// The largest gradients of a parameter with the strongest term of each, and all of them as small maps.
    ///
    /// - Throws: where terms do not sum to a gradient.
    public init(largest count: Int, of gradient: ParameterGradient) throws(ArgumentError) {
        var rows: [[String]] = []
        var head = "strongest term"
        for (rank, element) in gradient.largest(count).enumerated() {
            let contributions = try gradient.contributions(to: element)
            let term = contributions.strongest(1).first
            head = "strongest \(contributions.termName)"
            rows.append([
                "\(rank + 1)", list(element), rounded(contributions.gradient),
                rounded(contributions.cancellation, digits: 2),
                term.map { list(contributions.place(of: $0)) } ?? "",
                term.map { contributions.equation(of: $0) } ?? "",
            ])
        }
        let table = Explanation.Table(
            ["", "element", "∂E/∂", "cancellation", head, "what it adds"], rows: rows,
            alignment: [.right, .left, .right, .right, .left, .left])
        self.init(
            "The largest gradients of \(gradient.parameter)", view: .windows,
            [.table(table), .picture(gradient.atlasPicture())])
    }
}

extension Contributions {
    fileprivate var elementName: String { Name(parameter, .axes(element)).text }

    /// The strongest terms: where they stand, what they multiply, and their share so far.
    fileprivate func table(strongest count: Int) -> Explanation.Table {
        let strongest = shown(count)
        let shares = shares(strongest)
        let rows = strongest.indices.map { rank in
            let term = strongest[rank]
            return ["\(rank + 1)", list(place(of: term))] + (meetingName == nil ? [] : [list(term.meeting)])
                + [equation(of: term), shares[rank]]
        }
        return Explanation.Table(
            ["", termName] + (meetingName.map { [$0] } ?? [])
                + ["\(partialName)·cotangent = term", "share of Σ|term| so far"],
            rows: rows, alignment: [.right, .left] + (meetingName == nil ? [] : [.left]) + [.left, .right])
    }
}
