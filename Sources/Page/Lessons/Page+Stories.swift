import AdjointExplanations
import AdjointGraphs

/// Guided stories: a few steps each, every step a state of the page and a sentence.
extension Page {
    /// The states of each story's steps, and the part of the page that each is about.
    static let stories: [[(link: String, part: String)]] = [
        // Why is ∂E/∂W1 a sum of four terms?
        [
            ("", "stage"), ("term=1", "equation"), ("term=2", "equation"), ("show=values&term=4", "bars"),
            ("select=W4", "stage"),
        ],
        // What changes with stride 2?
        [
            ("input=5x5&kernel=2x2&V=counting", "stage"), ("input=5x5&kernel=2x2&stride=2&V=counting", "stage"),
            ("input=5x5&kernel=3x3&stride=2&V=counting&select=V13", "stage"),
            ("input=5x5&kernel=2x2&stride=2&V=counting&select=V25", "stage"),
            ("input=5x5&kernel=2x2&stride=2&V=counting", "view-r1"),
            ("input=5x5&kernel=2x2&stride=2&V=counting", "view-r2"),
        ],
        // Why is the filter rotated by 180° in ∂E/∂V, and not in ∂E/∂W?
        [
            ("select=V5", "stage"), ("select=V5&show=numbers&term=1", "equation"),
            ("select=V5&strip=flow&transpose=1", "flow"), ("select=V5", "view-r2"), ("", "equation"),
            ("", "view-r1"),
        ],
        // What does padding do to both?
        [
            ("input=3x3&kernel=2x2&padding=1&V=counting", "stage"),
            ("input=3x3&kernel=2x2&padding=1&V=counting&select=W4", "stage"),
            ("input=3x3&kernel=2x2&padding=1&V=counting", "view-r1"),
            ("input=3x3&kernel=2x2&padding=1&V=counting&select=V1", "stage"),
            ("input=3x3&kernel=2x2&padding=1&V=counting&select=V1&strip=coverage", "strips"),
            ("input=3x3&kernel=2x2&padding=1&V=counting&select=V1", "view-r2"),
        ],
        // How does the filter learn from that?
        [
            (learning + "&select=none", "stage"), (learning + "&select=G4", "equation"), (learning, "equation"),
            (learning, "learning"), (learning, "learning"), (learning + "&rate=0.4", "learning"),
        ],
        // And with channels and filters?
        [
            (channels + "&select=G1", "stage"), (channels, "equation"), (channels + "&select=V5", "equation"),
            (channels, "view-r1"), (channels + "&select=V5", "view-r2"), (channels + "&groups=2&select=V5", "stage"),
        ],
        // Where does a max pool send the gradient?
        [
            (pool + "&stride=2&select=G1", "stage"), (pool + "&stride=2&select=V5", "equation"),
            (pool + "&stride=2&select=V1", "stage"), (pool + "&kernel=3x3&select=V11", "equation"),
            (pool + "&kind=average&stride=2&select=V1", "equation"),
        ],
        // What do a bias and an activation do?
        [
            (activation + "&then=relu&select=A1", "stage"), (activation + "&then=relu&select=A4", "stage"),
            (activation + "&then=relu&select=B1", "equation"), (activation + "&then=relu", "bars"),
            (activation + "&then=tanh&select=A2", "stage"),
        ],
        // And with a batch?
        [(batch, "equation"), (batch + "&select=V1", "stage"), (batch, "bars")],
        // What is Wan's diagrammatic method?
        [
            ("select=W1&strip=flow", "flow"), ("select=W1&strip=flow&transpose=1", "flow"),
            ("select=V5&strip=flow&transpose=1", "flow"), ("select=W1&strip=flow&show=symbols", "flow"),
            ("select=W1&strip=flow&signal=W&transpose=1", "flow"),
        ],
    ]

    /// A filter that reaches its target in a few steps.
    private static let learning =
        "loss=squares&V=0,2,0,1,0,-1,1,2,-1&W=1,0,-1,2&T=0,2,3,5&rate=0.1"
    private static let channels = "channels=2&filters=2&V=whole.3&W=whole.1&E=whole.2"
    private static let pool = "kind=max&input=4x4&V=1,3,2,1,4,2,0,5,1,1,6,2,3,0,2,1&E=whole.2"
    private static let activation = "bias=1&V=1,2,0,0,1,3,2,1,0&W=1,-1,0,2&B=1&E=1,-2,3,-1"
    private static let batch = "batch=2&V=whole.3&E=whole.2"

    var storiesHTML: String {
        let items = each(strings.stories.enumerated()) { number, story in
            let isOpen = state.story?.number == number
            return """
                <li><button id="story-\(number)" aria-expanded="\(isOpen)" \
                data-do="story \(isOpen ? "end" : "\(number) 0")">\(markup(story.title))</button></li>
                """
        }
        return """
            <h2 class="ask">\(markup(strings.storiesTitle))</h2><ul>\(items)</ul>\(state.story.map { told($0) } ?? "")
            """
    }

    /// A step of a story, and links to the steps beside it.
    private func told(_ story: PageState.Story) -> String {
        guard story.number < strings.stories.count else { return "" }
        let steps = strings.stories[story.number].steps
        let step = min(story.step, steps.count - 1)
        let isLast = step + 1 == steps.count
        let back = "story \(story.number) \(step - 1)"
        let next = isLast ? "story end" : "story \(story.number) \(step + 1)"
        return """
            <div class="story" role="status"><p>\(markup(steps[step]))</p><p class="buttons">\
            \(button("act", id: "story-back", does: back, isEnabled: step > 0, strings.back))\
            <span class="size">\(step + 1) / \(steps.count)</span>\
            \(button("act main", id: "story-next", does: next, isLast ? strings.done : strings.next))\
            \(button("link", id: "story-close", does: "story end", strings.closeStory))</p></div>
            """
    }

    mutating func tell(_ words: [String], _ updates: inout Updates) throws(PageError) {
        release()
        guard words.count > 2, let number = Int(words[1]), let step = Int(words[2]),
            Page.stories.indices.contains(number), Page.stories[number].indices.contains(step)
        else { return try endStory() }
        if state.story == nil { ownState = state.isOwn ? state : nil }
        let (link, part) = Page.stories[number][step]
        var next = PageState(hash: link, strings)
        // The reader's changes to a step's layer stay for the next step with the same layer.
        if let story = state.story, story.number == number, Page.stories[number].indices.contains(story.step),
            Page.stories[number][story.step].link == link
        {
            next = state
        }
        (next.hidden, next.language) = (state.hidden, state.language)
        next.story = PageState.Story(number: number, step: step)
        try become(next)
        updates.reveal(part)
    }

    /// Returns to the reader's own numbers, if there were any; else continues with those of the story.
    mutating func endStory() throws(PageError) {
        var next = ownState ?? state
        (next.hidden, next.language, next.story) = (state.hidden, state.language, nil)
        ownState = nil
        try become(next)
    }
}
