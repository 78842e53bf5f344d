import AdjointExplanations
import AdjointGraphs

/// Whole networks: one that is trained in the page, with layers that open in the drawing above, and the fully connected one of
/// the question.
extension Page {
    func networkHTML() throws(ArgumentError) -> String {
        let net = try Explanation(dense: [2, 2, 1], words: strings.words) { $0.logistic() }
        let sections = each(net.sections.enumerated()) { number, section in
            """
            <details\(number == 1 ? " open" : "")><summary>\(markup(section.title))</summary>\
            \(blocks(section, "n\(number)"))</details>
            """
        }
        return """
            <p class="lead">\(markup(strings.networkLead))</p><div id="training">\(trainingHTML)</div>\
            \(view(net.title, sections))
            """
    }
}
