import AdjointExplanations
import AdjointGraphs

/// The frame around the regions.
extension Page {
    func documentHTML(_ shown: [String: String]) -> String {
        func region(_ id: String, _ element: String, _ label: String) -> String {
            guard let html = shown[id] else { return "" }
            return
                "<\(element) class=\"region\" id=\"\(id)\"\(label.isEmpty ? "" : " aria-label=\"\(markup(label))\"")>\(html)</\(element)>"
        }
        var html = "<a class=\"skip\" href=\"#stage\" data-skip=\"stage\">\(markup(strings.skip))</a>"
        if !state.hidden.contains(.header) {
            html +=
                "<header class=\"top\"><p class=\"brand\">\(markup(strings.title))</p><h1>\(markup(strings.question))</h1>"
                + "<p class=\"lead\">\(markup(strings.lead))</p></header>"
        }
        html +=
            region("stories", "nav", "") + "<main lang=\"\(markup(strings.language))\">"
            + region("controls", "section", strings.controlsLabel)
        html +=
            "<div class=\"desk\"><div class=\"left\">" + region("stage", "section", strings.stageLabel)
            + region("check", "section", "") + "</div><div class=\"side\">"
            + region("reading", "section", strings.readingLabel) + region("player", "section", "")
            + region("exercise", "section", "")
            + "</div></div>" + region("strips", "section", "") + "</main>"
        return html
            + "<noscript><p>\(markup(strings.noScript))</p></noscript><p id=\"said\" role=\"status\" aria-live=\"polite\"></p>"
    }
}

extension PageState.Hideable {
    /// The region that is left out.
    var region: String { self == .exercises ? "exercise" : rawValue }
}
