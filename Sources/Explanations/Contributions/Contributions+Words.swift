import AdjointGraphs

/// The names of the parts of a sum.
extension Contributions {
    var name: String { Expression.derivative(of: "E", by: Name(parameter, .axes(element))).text }

    /// Sentences about the sums.
    var sentences: [String] {
        let single = terms.isEmpty ? words.noTerm : terms.count > 1 ? words.severalTerms : words.single
        let sum = summation == .single ? single : summation.words(words).sum
        let count = terms.count == 1 ? words.oneTerm : filled(words.terms, ["\(terms.count)"])
        return [
            filled(sum, ["\(terms.count)", "\(nonZeroCount)", "\(windows.count)", count]),
            filled(words.totals, [rounded(plus), rounded(minus), rounded(net), rounded(cancellation, digits: 2)]),
        ]
    }

    /// The strongest terms without those that are zero; at least one, where there is one.
    func shown(_ count: Int) -> [Contribution] { strongest(min(count, max(1, nonZeroCount))) }

    private var parts: [String] { summation.words(words).parts }
    var termName: String { parts[0] }
    var termNames: String { parts[1] }
    /// The name of the element's factor; nil where there is only the cotangent.
    var meetingName: String? { parts[2].isEmpty ? nil : parts[2] }
    /// The name of a place on the map.
    var placeName: String { summation.addsChannels ? words.windowParts[0] : termName }
    var fieldName: String { isTransposed ? words.layerOutput : words.layerInput }
    /// The heads of the columns for a term's equation and its share.
    var columns: [String] { words.termColumns.map { filled($0, [parts[3]]) } }

    /// The place of a term: for a filter its window, else the place in the layer's output.
    func place(of term: Contribution) -> [Int] {
        if case .windows = summation { term.window } else { term.output }
    }
}
