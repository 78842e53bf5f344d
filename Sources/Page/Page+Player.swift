import AdjointExplanations
import AdjointGraphs

/// Stepping through the windows, one term after the other.
extension Page {
    var playerHTML: String {
        guard let sum, sum.terms.count > 1 else { return "" }
        let last = sum.terms.count - 1
        let step = state.step.map { min($0, last) }
        func button(_ name: String, _ sign: String, _ label: String, _ isOn: Bool = true) -> String {
            "<button id=\"play-\(name)\" data-do=\"\(name)\" aria-label=\"\(markup(label))\" title=\"\(markup(label))\"\(isOn ? "" : " disabled")>\(sign)</button>"
        }
        let words =
            step.map { filled(strings.stepOf, ["\($0 + 1)", grouped(last + 1)]) }
            ?? filled(strings.allSteps, [grouped(last + 1)])
        return "<div class=\"player\" role=\"group\" aria-label=\"\(markup(strings.player))\">"
            + button("before", "‹", strings.stepBefore)
            + button(isPlaying ? "pause" : "play", isPlaying ? "❚❚" : "▶", isPlaying ? strings.pause : strings.play)
            + button("after", "›", strings.stepAfter)
            + "<input type=\"range\" id=\"scrub\" data-slide=\"scrub\" min=\"0\" max=\"\(last + 1)\" value=\"\(step.map { $0 + 1 } ?? 0)\" "
            + "aria-label=\"\(markup(strings.scrub))\" aria-valuetext=\"\(markup(words))\">"
            + "<output for=\"scrub\">\(markup(words))</output>"
            + "<label class=\"speed\">\(markup(strings.speed)) <select id=\"speed\" data-set=\"speed\">"
            + joined(
                [1, 2, 4, 8].map { "<option value=\"\($0)\"\($0 == speed ? " selected" : "")>\($0)×</option>" }, by: "")
            + "</select></label></div>"
    }

    /// Milliseconds between two steps.
    var pace: Int { isTraining ? 40 : isPlaying ? 900 / speed : 0 }

    /// Steps after which the small network knows most digits.
    static let enough = 225

    mutating func step(by distance: Int) throws(PageError) {
        let count = sum?.terms.count ?? 0
        guard count > 0 else { return }
        var next = state
        // Behind the last term all of them are shown again.
        let current = state.step.map { min($0, count - 1) + 1 } ?? 0
        let place = (current + distance + count + 1) % (count + 1)
        next.step = place == 0 ? nil : place - 1
        try become(next)
    }
}
