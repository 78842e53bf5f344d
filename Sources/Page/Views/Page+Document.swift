import AdjointExplanations
import AdjointGraphs

/// The frame around the regions.
extension Page {
    func documentHTML(_ shown: [String: String]) -> String {
        func region(_ id: String, _ name: String = "section", _ label: String? = nil) -> String {
            shown[id].map { element(name, ["class": "region", "id": id, "aria-label": label], $0) } ?? ""
        }
        let languages = radioGroup(strings.languageLabel, id: "lang-", does: "lang", on: state.language) { $0.rawValue }
        let header = """
            <header class="top"><p class="brand">\(markup(strings.title))</p><h1>\(markup(strings.question))</h1>\
            <p class="lead">\(markup(strings.lead))</p>\(languages)</header>
            """
        return """
            <a class="skip" href="#stage" data-skip="stage">\(markup(strings.skip))</a>\
            \(state.hidden.contains(.header) ? "" : header)\(region("stories", "nav"))\
            <main lang="\(markup(strings.language))" id="page" class="\(presentation)" data-title="\(markup(strings.title + ": " + strings.question))">\
            \(region("controls", "section", strings.controlsLabel))\
            <div class="desk"><div class="left">\(region("stage", "section", strings.stageLabel))\
            \(region("learning", "section", strings.learningLabel))\(region("check"))</div><div class="side">\(region("reading", "section", strings.readingLabel))\
            \(region("player"))\(region("exercise"))</div></div>\(region("strips"))</main>\
            <noscript><p>\(markup(strings.noScript))</p></noscript>\
            <p id="said" role="status" aria-live="polite"></p><p id="stopped" role="alert" hidden>\(markup(strings.stopped))</p>
            """
    }

    /// The class of a page of which only the figure and its equation are shown, large.
    var presentation: String { state.isPresented ? "presented" : "" }
}

extension PageState.Hideable {
    /// The region of a part that can be left out.
    var region: Page.Region? { self == .exercises ? .exercise : Page.Region(rawValue: rawValue) }
}
