import AdjointExplanations
import AdjointGraphs

/// The events of a reader's actions, as words: fields are separated by the byte 31.
extension Page {
    package mutating func handle(_ event: String) -> Updates {
        let words = event.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { String($0) }
        let before = (marks: marks, state: state, pace: pace, work: work)
        var updates = Updates()
        if ["hover", "click"].contains(words[0]), words.count > 1, !words[1].hasPrefix("term-"),
            let name = words[1].split(whereSeparator: { $0 == "-" || $0 == "@" }).first
        {
            lookedReading = readings?.reading(String(name))
        }
        if ["hover", "leave", "click"].contains(words[0]) { hasRun = false }
        do throws(PageError) {
            try handle(words, &updates)
        } catch {
            let name = words.count > 1 ? words[1] : words[0]
            drafts[name] = Draft(text: words.count > 2 ? words[2] : "", sentence: error.sentence)
            updates.say(error.sentence)
        }
        let isSame = state == before.state && pace == before.pace && drafts.isEmpty
        var isOpened = false
        if case .showing? = before.work { isOpened = true }
        let isGlance = ["hover", "leave", "over"].contains(words[0]) || words[0] == "click" && isSame
        update(&updates, since: before.marks, all: !isGlance)
        if state.isPresented != before.state.isPresented { updates.attribute("page", "class", presentation) }
        if state != before.state || words[0] == "hash" {
            updates.address(state.hash, isNew: isOpened || !Page.isContinued(words))
        }
        // The button that folds is elsewhere than the one that unfolds.
        if words == ["do", "fold"] {
            updates.focus("fold")
            updates.reveal("equation")
        }
        // Between two parts of long work there is time to draw.
        if pace != before.pace || words[0] == "set" || before.work != nil { updates.clock(pace) }
        return updates
    }

    private mutating func handle(_ words: [String], _ updates: inout Updates) throws(PageError) {
        switch (words[0], words.count) {
        case ("hover", _), ("leave", _), ("over", _): hover(words.count > 1 ? hover(at: words[1]) : nil)
        case ("click", 2...): try pin(hover(at: words[1]))
        case ("twice", 2...): try type(over: words[1], &updates)
        case ("key", 3...): try press(words[2], at: words[1], &updates)
        case ("do", 2...): try act(words[1].split(separator: " ").map { String($0) }, &updates)
        case ("set", 3...): try set(words[1], to: words[2])
        case ("nudge", 3...): try nudge(words[1], by: words[2] == "1" ? 1 : -1)
        case ("type", 3...): try type(words[2], into: words[1])
        case ("drag", 4...): try drag(words[1], from: words[2], by: words[3])
        case ("pen", 2...), ("draw", 2...): try draw(words[1], isStart: words[0] == "pen")
        case ("tick", _): try goOn(&updates)
        case ("file", 3...): try expect(words[1], bytes: Int(words[2]) ?? .max, &updates)
        case ("model", 2...): receive(model: words[1])
        case ("photo", _): receivePhoto()
        case ("sample", _): receiveSample()
        case ("picture", _): try receivePicture()
        case ("width", _): resize(to: Double(Int(words[words.count - 1]) ?? 800))
        case ("hash", _):
            release()
            let (next, complaints) = PageState.read(words.count > 1 ? words[1] : "", table)
            try become(next)
            complain(complaints)
        default: break
        }
    }

    /// One step of what runs by itself.
    private mutating func goOn(_ updates: inout Updates) throws(PageError) {
        if work != nil { return try workOn(&updates) }
        switch running {
        case .window, .flow: if let running { try runOn(running) }
        case .training: try train(steps: 3)
        case .descent: try descendOn()
        case .terms, nil: try step(by: 1)
        }
    }

    /// Whether an event continues what another began, so that both are undone together.
    private static func isContinued(_ words: [String]) -> Bool {
        ["hash", "tick", "drag", "draw"].contains(words[0]) || words.prefix(2) == ["set", "scrub"]
    }

    private mutating func resize(to next: Double) {
        if next != width { revision += 1 }
        width = next
    }

    // MARK: the pointer

    /// `W-0` is a cell, `term-3` a term; a place on a painted grid is `V@0.25,0.75` in shares of its sides.
    func hover(at id: String) -> Hover? {
        if id.hasPrefix("map@") { return mappedTerm(id).map { .term($0) } }
        if id.utf8.contains(UInt8(ascii: "@")) { return paintedCell(id).map { .cell($0) } }
        guard let (name, number) = numbered(id), let place = Int(number) else { return nil }
        if name == "term" { return .term(place) }
        if let tensor = Tensors(named: name) { return .cell(Selection(layer.looked(tensor).name, at: place)) }
        return selected(in: plane(named: name), place).map { .cell($0) }
    }

    mutating func pin(_ hover: Hover?) throws(PageError) {
        switch hover {
        case .cell(let selection): try pin(selection)
        case .term(let number):
            hovered = nil
            try change { $0.step = $0.step == number ? nil : number }
        case nil: break
        }
    }

    /// Pins an element, and shows the planes of it and its partners.
    mutating func pin(_ selection: Selection) throws(PageError) {
        if isPicking { return pick(selection) }
        release()
        pinnedBefore = state.selection
        let shown = layer.valid(selection).map { planes(showing: $0) } ?? state.planes
        try change { next in
            next.selection = selection == next.selection ? nil : selection
            (next.step, next.isUnfolded, next.planes) = (nil, false, shown)
        }
    }

    private func planes(showing selection: Selection) -> [Tensors: Int] {
        var planes = state.planes
        func set(_ tensor: Tensors, _ place: Int) {
            guard let grid = grids[tensor], grid.shape.rank > 2, place >= 0 else { return }
            planes[tensor] = place / (grid.rows * grid.columns)
        }
        // A bias is added to a plane for each example.
        if selection.name != "B", let link = layer.sliding.links(of: selection).first {
            for (tensor, place) in [(Tensors.v, link.v), (.w, link.w), (.g, link.g), (.a, link.g)] {
                set(tensor, place)
            }
        }
        if let tensor = Tensors(named: selection.name) { set(tensor, selection.place) }
        return planes
    }
}

/// The parts before and after the only hyphen of an element's name: `V-3`.
func numbered(_ id: String) -> (name: String, number: String)? {
    let parts = id.split(separator: "-").map { String($0) }
    return parts.count == 2 ? (parts[0], parts[1]) : nil
}
