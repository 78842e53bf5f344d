import AdjointExplanations
import AdjointGraphs

/// The effects of the layer's fields, the menus and the buttons.
extension Page {
    // MARK: fields and menus

    mutating func set(_ name: String, to value: String) throws(PageError) {
        drafts[name] = nil
        if try share(name, value) { return }
        if let field = LayerSettings.Field(rawValue: name) { return try set(field, to: value) }
        switch name {
        case "preset": try choose(preset: value)
        case "answer":
            judge(value)
            if answer?.isRight == true { revision += 1 }
        case "rate":
            guard let rate = PageState.rate(value) else { throw PageError(filled(strings.notARate, [clipped(value)])) }
            try change { $0.rate = rate }
        case "sample-label": lastLayer.label = try label(value, of: networkInUse)
        case "own-label":
            let label = try label(value, of: own?.use)
            own?.label = label
        case "speed": speed = Page.speeds.first { "\($0)" == value } ?? 1
        case "scrub":
            rest(.terms)
            try change { $0.step = Int(value).flatMap { $0 > 0 ? $0 - 1 : nil } }
        default:
            guard name.hasPrefix("source-"), let tensor = Tensors(named: String(name.dropFirst(7))) else { return }
            try fill(tensor, from: value)
        }
    }

    private mutating func set(_ field: LayerSettings.Field, to value: String) throws(PageError) {
        var next = state
        try next.layer.set(field, to: value, strings)
        if next.layer.kind != state.layer.kind { next.layer.suit() }
        drafts = [:]
        if let problem = next.layer.problem(strings) { throw PageError(problem) }
        next.fit(from: layer)
        hovered = nil
        try become(next)
    }

    /// Makes a number of the layer larger or smaller by one, all numbers of a field alike; groups become the next number that
    /// divides. At a field's limits, and where the layer would not fit, nothing changes.
    mutating func nudge(_ name: String, by step: Int) throws(PageError) {
        guard let field = LayerSettings.Field(rawValue: name), ![.kind, .bias, .activation].contains(field) else {
            return
        }
        let separator: Character = field == .padding ? "," : "x"
        let numbers = state.layer.text(of: field).split(separator: separator).compactMap { Int($0) }
        for distance in 1...(field == .groups ? 1024 : 1) {
            let text = joined(numbers.map { "\($0 + step * distance)" }, by: field == .padding ? "," : "x")
            var next = state.layer
            do throws(PageError) {
                try next.set(field, to: text, strings)
            } catch {
                return
            }
            if next.problem(strings) == nil { return try set(field, to: text) }
        }
    }

    private mutating func choose(preset name: String) throws(PageError) {
        if name == "trained" {
            drafts = [:]
            if training?.steps ?? 0 < Page.enough { try train(steps: Page.enough) }
            trained = try openedLayer(nil)
            if let trained { try become(trained) }
        } else if let preset = Preset(rawValue: name) {
            drafts = [:]
            hovered = nil
            var next = PageState(hash: preset.hash, strings)
            (next.hidden, next.notation, next.strip) = (state.hidden, state.notation, state.strip)
            (next.language, next.look, next.zoom) = (state.language, state.look, state.zoom)
            try become(next)
        }
    }

    /// Fills a tensor as a menu says; random numbers and digits change when they are chosen again.
    private mutating func fill(_ tensor: Tensors, from word: String) throws(PageError) {
        if word == "image" || word == "list" { return }
        revision += 1
        pen = nil
        if word == "draw", let count = layer.shapes[.v]?.count, count <= Source.longest {
            pen = 1
            return try change { $0.sources[.v] = .list([Double](repeating: 0, count: count)) }
        }
        let source = source(tensor)
        let next = source.kind.rawValue == word ? source.again : Source(word)
        try change { $0.sources[tensor] = next }
    }

    // MARK: buttons

    mutating func act(_ words: [String], _ updates: inout Updates) throws(PageError) {
        let name = words.first ?? ""
        let value = words.count > 1 ? words[words.count - 1] : ""
        var next = state
        if next.choose(name, value) { return try follow(next) }
        switch name {
        case "zoom":
            let zoom = Int(value).map { state.zoom + $0 } ?? 0
            if PageState.zooms.contains(zoom) { try change { $0.zoom = zoom } }
        case "fold": try change { $0.isUnfolded.toggle() }
        case "share": shared = shared == nil ? Frame(of: state) : nil
        case "present": try change { $0.isPresented.toggle() }
        case "transpose": try change { $0.isTransposed.toggle() }
        case "plane", "pin":
            guard words.count == 3, let number = Int(value) else { return }
            if name == "pin" { try pin(Selection(words[1], at: number)) } else { try turn(words[1], to: number) }
        case "descend":
            release()
            try descend()
        case "descent":
            running = running == .descent ? nil : .descent
            if running == .descent { try descendOn() }
        case "play": running = .terms
        case "pause": rest(.terms)
        case "before", "after":
            rest(.terms)
            try step(by: name == "before" ? -1 : 1)
            if let sum { updates.say(running(sum) ?? filled(strings.allSteps, [grouped(sum.terms.count)])) }
        case "slide":
            guard words.count == 3, let number = Int(words[1]) else { return }
            lookedReading = number - 1
            try lead(.window(number - 1), value)
        case "run": try lead(.flow, value)
        case "train", "untrain", "digit", "open", "negative", "digits-again":
            try act(onNetwork: name, Int(value), &updates)
        case "teach", "unteach", "unsample": act(onLastLayer: name, Int(value))
        case "exercise": try ask(Int(value), pixels: words.count == 3)
        case "help": try help(value)
        case "judge": try answerPicked()
        case "story": try tell(words, &updates)
        case "copy": if let form = Form(rawValue: value) { updates.copy(copied(form), strings.copied) }
        case "save":
            let (type, ending) = value == "png" ? ("image/png", "png") : ("image/svg+xml", "svg")
            updates.download("adjoint." + ending, type, picture().svg())
        case "fields": showsFields.toggle()
        default: break
        }
    }

    /// Takes the state that was chosen.
    private mutating func follow(_ next: PageState) throws(PageError) {
        if running?.isInStrip == true { running = nil }
        if next.network != state.network {
            rest(.training)
            (photo, complaint, lastLayer) = (nil, nil, LastLayer())
            own?.probabilities = nil
            if next.network == .own, own?.seesPictures == true { work = .looking }
        }
        try become(next)
    }

    private mutating func act(onNetwork name: String, _ number: Int?, _ updates: inout Updates) throws(PageError) {
        switch name {
        case "train":
            running = running == .training ? nil : .training
            if running == .training { try train(steps: 1) }
        case "untrain":
            training = nil
            rest(.training)
            lastLayer.begin()
        case "digit": turn(number ?? 1)
        case "negative": show(photo?.negative)
        case "digits-again": show(nil)
        case "open" where state.network == .own: openOwn(number ?? 0)
        default:
            rest(.training)
            let next = try openedLayer(number)
            updates.reveal("stage", fromTop: true)
            try become(next)
        }
    }

    /// Shows another plane of a tensor; after the last comes the first, for a photograph with its colours in between.
    private mutating func turn(_ name: String, to plane: Int) throws(PageError) {
        guard let tensor = Tensors(named: name), let count = grids[tensor]?.planeCount else { return }
        try change {
            $0.planes[tensor] = (plane + count) % count
            if tensor == .v { $0.isSplit = (0..<count).contains(plane) }
            if tensor == .g { $0.planes[.a] = $0.planes[.g] }
        }
    }
}

extension PageState {
    /// Cuts or continues lists of numbers that no longer fit, position by position.
    mutating func fit(from layer: LayerNumbers) {
        guard let shapes = try? self.layer.geometry.shapes() else { return }
        for tensor in [Tensors.v, .w, .b, .dg, .t] {
            guard let old = layer.shapes[tensor], let new = shapes[tensor.primal.name], old != new,
                old.rank == new.rank
            else { continue }
            let source = sources[tensor] ?? PageState.usual(tensor, in: layer.settings)
            guard source.kind == .list else { continue }
            let numbers = source.numbers
            let drawn = Source.random(0).numbers(new)
            let fitted = (0..<min(new.count, Source.longest)).map { place in
                old.place(of: new.index(of: place)).map { $0 < numbers.count ? numbers[$0] : 0 } ?? drawn[place]
            }
            sources[tensor] = new.count > Source.longest ? .random(0) : .list(fitted)
        }
    }
}
