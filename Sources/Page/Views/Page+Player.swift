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

    /// Buttons for steps through something, and the present position.
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

    // MARK: elements one after the other

    /// What a window comes to, or what numbers that run through the flow graph do; none where the view is not open.
    private func steps(of run: Running) -> [Selection] {
        switch run {
        case .window(let reading): slideSteps(reading)
        case .flow: flowSteps
        default: []
        }
    }

    /// Where the pinned element stands among some.
    func place(in steps: [Selection]) -> Int? { layer.valid(state.selection).flatMap { steps.firstIndex(of: $0) } }

    /// Leads on or back, from the last one to the first; or begins to run.
    mutating func lead(_ run: Running, _ word: String) throws(PageError) {
        let steps = steps(of: run)
        if steps.isEmpty { return }
        release()
        let here = place(in: steps)
        switch word {
        case "before": try show(steps, here.map { $0 - 1 } ?? steps.count - 1, run)
        case "after": try show(steps, here.map { $0 + 1 } ?? 0, run)
        case "play":
            if here == nil || here == steps.count - 1 { try show(steps, 0, run) }
            running = run
        default: break
        }
    }

    /// The next one; behind the last one it rests.
    mutating func runOn(_ run: Running) throws(PageError) {
        let steps = steps(of: run)
        let next = (place(in: steps) ?? -1) + 1
        if next < steps.count { try show(steps, next, run) } else { running = nil }
    }

    private mutating func show(_ steps: [Selection], _ step: Int, _ run: Running) throws(PageError) {
        let selection = steps[(step + steps.count) % steps.count]
        hovered = nil
        try change { next in
            (next.selection, next.step) = (selection, nil)
            if run == .flow { next.isTransposed = selection.name != "G" }
        }
        hasRun = run == .flow
    }

    static let speeds = [1, 2, 4, 8]

    /// The milliseconds between two steps.
    var pace: Int {
        if let work { return if case .waiting = work { 0 } else { 50 } }
        return switch running {
        case nil: 0
        case .training: 40
        case .descent: 160
        case .terms, .window, .flow: 900 / speed
        }
    }

    /// Moves through the terms; after the last one all of them are shown again.
    mutating func step(by distance: Int) throws(PageError) {
        guard let count = sum?.terms.count, count > 0 else { return }
        let current = state.step.map { min($0, count - 1) + 1 } ?? 0
        let place = (current + distance + count + 1) % (count + 1)
        try change { $0.step = place == 0 ? nil : place - 1 }
    }
}
