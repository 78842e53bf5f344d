import AdjointExplanations
import AdjointGraphs

/// Stepping through the windows, one term after the other.
extension Page {
    var playerHTML: String {
        guard let sum, sum.terms.count > 1 else { return "" }
        let count = sum.terms.count
        let step = state.step.map { min($0 + 1, count) }
        let words = markup(
            step.map { filled(strings.stepOf, ["\($0)", grouped(count)]) } ?? filled(strings.allSteps, [grouped(count)])
        )
        let speeds = Page.speeds.map { MenuOption(value: "\($0)", text: "\($0)×") }
        return stepper(
            id: "play", does: "", (strings.player, strings.stepBefore, strings.stepAfter), isPlaying: running == .terms,
            """
            <input type="range" id="scrub" data-slide="scrub" min="0" max="\(count)" value="\(step ?? 0)" \
            aria-label="\(markup(strings.scrub))" aria-valuetext="\(words)">\
            <output for="scrub">\(words)</output><label class="speed">\(markup(strings.speed)) \
            \(menu(id: "speed", sets: "speed", chosen: "\(speed)", speeds))</label>
            """)
    }

    /// Buttons that lead through something step by step, and where one is.
    ///
    /// - Parameters:
    ///   - id: what the buttons' names begin with.
    ///   - action: what is done, followed by `before`, `play`, `pause` or `after`.
    ///   - here: stands behind the buttons.
    func stepper(
        id: String, does action: String, _ labels: (all: String, before: String, after: String), isPlaying: Bool,
        _ here: String
    ) -> String {
        func button(_ name: String, _ step: String, _ sign: String, _ label: String) -> String {
            signButton(id: id + "-" + name, does: action + step, sign, label)
        }
        // The button keeps its name, and the focus.
        let play =
            isPlaying ? button("play", "pause", "❚❚", strings.pause) : button("play", "play", "▶", strings.play)
        let buttons =
            button("before", "before", "‹", labels.before) + play + button("after", "after", "›", labels.after)
        return element("div", ["class": "player", "role": "group", "aria-label": labels.all], buttons + here)
    }

    /// Which of so many steps is looked at, where one is.
    func stepOf(_ here: Int?, _ count: Int) -> String {
        let words = here.map { filled(strings.stepOf, ["\($0 + 1)", "\(count)"]) } ?? ""
        return "<output>\(markup(words))</output>"
    }

    static let speeds = [1, 2, 4, 8]

    /// Milliseconds between two steps.
    var pace: Int {
        if let work { return if case .waiting = work { 0 } else { 50 } }
        return switch running {
        case nil: 0
        case .training: 40
        case .descent: 160
        case .terms, .window, .flow: 900 / speed
        }
    }

    /// Leads on through the terms; behind the last one all of them are shown again.
    mutating func step(by distance: Int) throws(PageError) {
        guard let count = sum?.terms.count, count > 0 else { return }
        let current = state.step.map { min($0, count - 1) + 1 } ?? 0
        let place = (current + distance + count + 1) % (count + 1)
        try change { $0.step = place == 0 ? nil : place - 1 }
    }
}
