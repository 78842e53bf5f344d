import AdjointGraphs

/// What the parts of a sum are called.
extension Contributions {
    var name: String { Expression.derivative(of: "E", by: Name(parameter, .axes(element))).text }

    /// The sums in sentences.
    var sentences: [String] {
        let add = "\(nonZeroCount) that add something"
        let sum =
            switch summation {
            case .windows: "the sum over \(windows.count) windows: \(terms.count) with a pixel under the weight, \(add)"
            case .covering: "the sum over filters and the windows that cover the pixel: \(terms.count) terms, \(add)"
            case .covered: "the sum over channels and the positions under it: \(terms.count) terms, \(add)"
            case .products: "the sum over the batch: \(terms.count == 1 ? "1 term" : "\(terms.count) terms"), \(add)"
            case .positions: "the sum over \(terms.count) positions: \(add)"
            case .single: terms.isEmpty ? "no term" : "one term"
            }
        return [
            sum,
            "plus \(rounded(plus)), minus \(rounded(minus)), net \(rounded(net)); "
                + "cancellation |net|/Σ|term| = \(rounded(cancellation, digits: 2))",
        ]
    }

    /// The strongest terms but those that add nothing; one at least, where there is one.
    func shown(_ count: Int) -> [Contribution] { strongest(min(count, max(1, nonZeroCount))) }

    var termName: String { summation.words.term }
    var meetingName: String? { summation.words.meeting }
    var partialName: String { summation.words.partial }

    /// Where a term stands: the window of a filter, else the place in the layer's output.
    func place(of term: Contribution) -> [Int] {
        if case .windows = summation { term.window } else { term.output }
    }
}
