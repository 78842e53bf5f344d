import AdjointExplanations
import AdjointGraphs

/// What a reader does, as words: fields are separated by the byte 31.
extension Page {
    package mutating func handle(_ event: String) -> Updates {
        let words = event.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { String($0) }
        let before = (marks, state, pace)
        var updates = Updates()
        var isAll = true
        do throws(PageError) {
            switch words[0] {
            case "hover", "leave", "over":
                isAll = false
                hover(words.count > 1 ? hover(at: words[1], words) : nil)
            case "click":
                if words.count > 1, case .cell(let selection)? = hover(at: words[1], words) { try pin(selection) }
                if words.count > 1, case .term(let number)? = hover(at: words[1], words) { try pin(term: number) }
            case "key": try press(words, &updates)
            case "do": try act(words.count > 1 ? words[1].split(separator: " ").map { String($0) } : [], &updates)
            case "set": if words.count > 2 { try set(words[1], words[2]) }
            case "type": if words.count > 2 { try type(words[1], words[2]) }
            case "drag": if words.count > 3 { try drag(words[1], words[2], words[3]) }
            case "pen", "draw": if words.count > 1 { try draw(words[1], isStart: words[0] == "pen") }
            case "tick": if isTraining { try trainOn() } else { try step(by: 1) }
            case "picture": try show(words.count > 1 ? words[1] : "")
            case "width":
                let next = Double(Int(words.last ?? "") ?? 800)
                if next != width { revision += 1 }
                width = next
            case "hash":
                drafts = [:]
                hovered = nil
                try become(PageState(hash: words.count > 1 ? words[1] : "", strings))
            default: break
            }
        } catch {
            let name = words.count > 1 ? words[1] : words[0]
            drafts[name] = Draft(text: words.count > 2 ? words[2] : "", sentence: error.sentence)
            updates.say(error.sentence)
        }
        if state == before.1, pace == before.2, drafts.isEmpty, words[0] == "click" { isAll = false }
        update(&updates, since: before.0, all: isAll)
        if state != before.1 || words[0] == "hash" { updates.address(state.hash) }
        // The button that folds stands elsewhere than the one that unfolds.
        if words == ["do", "fold"] {
            updates.focus("fold")
            updates.reveal("equation")
        }
        if pace != before.2 || words[0] == "set" { updates.clock(pace) }
        return updates
    }

    /// `W-0` is a cell, `term-3` a term; a place on a painted grid is `V@0.25,0.75` in shares of its sides.
    private func hover(at id: String, _ words: [String]) -> Hover? {
        if id.hasPrefix("map@") { return mappedTerm(id).map { .term($0) } }
        if id.utf8.contains(UInt8(ascii: "@")) { return paintedCell(id).map { .cell($0) } }
        let parts = id.split(separator: "-").map { String($0) }
        guard parts.count == 2, let place = Int(parts[1]) else { return nil }
        if parts[0] == "term" { return .term(place) }
        return Tensors(rawValue: parts[0]).map { .cell(Selection($0.primal.rawValue, at: place)) }
    }

    /// Selects an element for good, and shows the planes in which it and its partners lie.
    mutating func pin(_ selection: Selection?) throws(PageError) {
        hovered = nil
        isPlaying = false
        var next = state
        next.selection = selection == state.selection ? nil : selection
        next.step = nil
        next.isUnfolded = false
        if let selection, let valid = layer.valid(selection) {
            next.planes = planes(of: valid)
        }
        try become(next)
    }

    private mutating func pin(term: Int) throws(PageError) {
        hovered = nil
        var next = state
        next.step = next.step == term ? nil : term
        try become(next)
    }

    private func planes(of selection: Selection) -> [Tensors: Int] {
        var planes = state.planes
        func set(_ tensor: Tensors, _ place: Int) {
            guard let shape = layer.shapes[tensor], shape.rank == 4, place >= 0 else { return }
            planes[tensor] = place / (shape[2] * shape[3])
        }
        let link = layer.relation.links(of: selection).first
        for (tensor, place) in [(Tensors.v, link?.v), (.w, link?.w), (.g, link?.g), (.a, link?.g)] {
            if let place { set(tensor, place) }
        }
        if let tensor = Tensors(rawValue: selection.name) { set(tensor, selection.place) }
        return planes
    }

    // MARK: keys

    private mutating func press(_ words: [String], _ updates: inout Updates) throws(PageError) {
        guard words.count > 2 else { return }
        let (id, key) = (words[1], words[2])
        if key == "Escape" {
            hovered = nil
            isPlaying = false
            drafts = [:]
            var next = state
            if next.step != nil { next.step = nil } else { next.selection = nil }
            try become(next)
            return
        }
        let parts = id.split(separator: "-").map { String($0) }
        guard parts.count == 2, let tensor = Tensors(rawValue: parts[0]), let grid = grids[tensor] else { return }
        if parts[1] == "pixels" {
            try press(painted: grid, key, &updates)
            return
        }
        guard let place = Int(parts[1]) else { return }
        switch key {
        case "Enter", " ": try pin(Selection(tensor.primal.rawValue, at: place))
        case "F2": edit(tensor, place, nil, &updates)
        default:
            if let next = grid.moved(place, key) {
                updates.attribute(id, "tabindex", "-1")
                updates.attribute(grid.id(next), "tabindex", "0")
                updates.focus(grid.id(next))
                hover(.cell(Selection(tensor.primal.rawValue, at: next)))
            } else if key.utf8.count == 1, let byte = key.utf8.first,
                (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            {
                edit(tensor, place, key, &updates)
            }
        }
    }

    private func edit(_ tensor: Tensors, _ place: Int, _ text: String?, _ updates: inout Updates) {
        guard isEditable(tensor) else {
            updates.say(filled(strings.notEditable, [layer.name(tensor, place)]))
            return
        }
        updates.edit(tensor.rawValue + "-\(place)", text ?? shortest(layer.value(tensor, place)))
    }

    // MARK: values

    /// Whose source holds a cell's number.
    private func given(_ id: String) -> (tensor: Tensors, place: Int)? {
        let parts = id.split(separator: "-").map { String($0) }
        guard parts.count == 2, let tensor = Tensors(rawValue: parts[0]), isEditable(tensor), let place = Int(parts[1]),
            place >= 0, place < layer.shapes[tensor]?.count ?? 0
        else { return nil }
        return (tensor, place)
    }

    private mutating func put(_ number: Double, _ tensor: Tensors, _ place: Int) throws(PageError) {
        var numbers = layer.numbers[tensor] ?? []
        numbers[place] = number
        var next = state
        let key = tensor == .da ? Tensors.dg : tensor
        if numbers.count <= Source.longest {
            next.sources[key] = .list(numbers)
        } else {
            next.sources[key] = .image(numbers)
        }
        try become(next)
    }

    private mutating func type(_ id: String, _ text: String) throws(PageError) {
        guard let (tensor, place) = given(id) else { return }
        drafts[id] = nil
        guard let number = decimal(text) else {
            throw PageError(filled(strings.notANumber, [layer.name(tensor, place), clipped(text)]))
        }
        drafts = [:]
        try put(number, tensor, place)
    }

    /// A cell's number follows the pointer: a step for every few pixels.
    private mutating func drag(_ id: String, _ start: String, _ distance: String) throws(PageError) {
        guard let (tensor, place) = given(id), let start = decimal(start), let distance = decimal(distance) else {
            return
        }
        let size = layer.numbers[tensor]?.reduce(0) { max($0, $1.magnitude) } ?? 1
        let unit = size >= 8 ? 1 : size >= 2 ? 0.5 : 0.1
        let steps = (-distance / 6).rounded()
        let number = ((start + steps * unit) * 100).rounded() / 100 + 0
        if number != layer.value(tensor, place) { try put(number, tensor, place) }
    }

    /// A stroke over V: what it touches becomes 1, or 0 where it began on a 1.
    private mutating func draw(_ id: String, isStart: Bool) throws(PageError) {
        guard pen != nil, let (tensor, place) = given(id), tensor == .v else { return }
        if isStart { pen = layer.value(.v, place) == 1 ? 0 : 1 }
        if let pen, layer.value(.v, place) != pen { try put(pen, .v, place) }
    }

    // MARK: fields

    private mutating func set(_ name: String, _ value: String) throws(PageError) {
        drafts[name] = nil
        var next = state
        if let field = LayerSettings.Field(rawValue: name) {
            try next.layer.set(field, to: value, strings)
            if next.layer.kind != state.layer.kind { next.layer.suit() }
            drafts = [:]
            if let problem = next.layer.problem(strings) {
                throw PageError(problem.sentence)
            }
            next.fit(from: layer)
            hovered = nil
            try become(next)
            return
        }
        switch name {
        case "preset" where value == "trained":
            drafts = [:]
            if training?.steps ?? 0 < Page.enough { try train(steps: Page.enough) }
            trained = try openedLayer(nil)
            if let trained { try become(trained) }
        case "preset":
            guard let preset = Preset(rawValue: value) else { return }
            drafts = [:]
            hovered = nil
            var chosen = PageState(hash: preset.hash, strings)
            (chosen.hidden, chosen.notation, chosen.strip) = (state.hidden, state.notation, state.strip)
            try become(chosen)
        case "answer":
            judge(value)
            if answer?.isRight == true { revision += 1 }
        case "speed": speed = [1, 2, 4, 8].first { "\($0)" == value } ?? 1
        case "scrub":
            isPlaying = false
            next.step = Int(value).flatMap { $0 > 0 ? $0 - 1 : nil }
            try become(next)
        default:
            guard name.hasPrefix("source-"), let tensor = Tensors(rawValue: String(name.dropFirst(7))) else { return }
            if value == "image" || value == "list" { return }
            revision += 1
            pen = nil
            if value == "draw", let count = layer.shapes[.v]?.count, count <= Source.longest {
                pen = 1
                next.sources[.v] = .list([Double](repeating: 0, count: count))
                try become(next)
                return
            }
            if value == "random", case .random(let seed) = source(tensor) {
                next.sources[tensor] = .random(seed + 1)
            } else if value == "digit", case .digit(let number) = source(tensor) {
                next.sources[tensor] = .digit((number + 1) % 10)
            } else {
                next.sources[tensor] = Source(value)
            }
            try become(next)
        }
    }

    // MARK: buttons

    private mutating func act(_ words: [String], _ updates: inout Updates) throws(PageError) {
        var next = state
        switch words.first {
        case "show": next.notation = words.last.flatMap { PageState.Notation(rawValue: $0) } ?? .symbols
        case "plane":
            if words.count == 3, let tensor = Tensors(rawValue: words[1]), let shape = layer.shapes[tensor],
                shape.rank == 4,
                let plane = Int(words[2])
            {
                let count = max(1, shape.count / max(1, shape[2] * shape[3]))
                next.planes[tensor] = (plane + count) % count
                if tensor == .g { next.planes[.a] = next.planes[.g] }
            }
        case "play": (isPlaying, isTraining) = (true, false)
        case "train":
            isTraining.toggle()
            isPlaying = false
            if isTraining { try train(steps: 1) }
        case "untrain": (training, isTraining) = (nil, false)
        case "network":
            next.network = words.last.flatMap { NetworkTraining.Choice(rawValue: $0) } ?? .small
            if next.network != state.network { (training, isTraining) = (nil, false) }
        case "digit": turn(words.last.flatMap { Int($0) } ?? 1)
        case "open":
            isTraining = false
            next = try openedLayer(words.last.flatMap { Int($0) })
            updates.reveal("stage", fromTop: true)
        case "pause": isPlaying = false
        case "before": isPlaying = false; try step(by: -1); return
        case "after": isPlaying = false; try step(by: 1); return
        case "fold": next.isUnfolded.toggle()
        case "strip": next.strip = words.last.flatMap { PageState.Strip(rawValue: $0) } ?? .convolution
        case "signal": next.flow = words.last.flatMap { PageState.Flow(rawValue: $0) } ?? .input
        case "transpose": next.isTransposed = !state.isTransposed
        case "pin":
            if words.count == 3, let place = Int(words[2]) { try pin(Selection(words[1], at: place)) }
            return
        case "exercise":
            answer = nil
            next.exercise = words.last.flatMap { Int($0) }.map { max(0, $0) }
            revision += 1
        case "story": try tell(words, &updates); return
        case "copy":
            if let form = words.last.flatMap({ Form(rawValue: $0) }) {
                updates.copy(copied(form), strings.copied)
            }
        case "save":
            let isPNG = words.last == "png"
            updates.download(
                isPNG ? "adjoint.png" : "adjoint.svg", isPNG ? "image/png" : "image/svg+xml", picture().svg())
        case "fields": showsFields = !showsFields
        default: return
        }
        try become(next)
    }

    /// The red, green, blue and opacity of each pixel of a picture as large as V.
    private mutating func show(_ text: String) throws(PageError) {
        let bytes = text.utf8.split(separator: UInt8(ascii: ",")).map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
        guard let shape = layer.shapes[.v], bytes.count == 4 * shape[2] * shape[3] else {
            throw PageError(strings.noPicture)
        }
        let area = shape[2] * shape[3]
        let numbers = (0..<shape.count).map { place -> Double in
            let (channel, pixel) = (place / area % shape[1], place % area)
            let (red, green, blue) = (
                Double(bytes[4 * pixel]), Double(bytes[4 * pixel + 1]), Double(bytes[4 * pixel + 2])
            )
            let light = shape[1] == 3 ? [red, green, blue][channel] : 0.299 * red + 0.587 * green + 0.114 * blue
            return (light / 255 * 100).rounded() / 100
        }
        var next = state
        next.sources[.v] = numbers.count <= Source.longest ? .list(numbers) : .image(numbers)
        drafts = [:]
        try become(next)
    }
}

extension PageState {
    /// Lists of numbers that no longer fit are cut or continued, position by position.
    mutating func fit(from layer: LayerNumbers) {
        guard let shapes = try? self.layer.geometry.shapes() else { return }
        for (tensor, name) in [(Tensors.v, "V"), (.w, "W"), (.b, "B"), (.dg, "G")] {
            guard let old = layer.shapes[tensor], let new = shapes[name], old != new else { continue }
            let source = sources[tensor] ?? PageState.usual(tensor, in: layer.settings)
            guard case .list(let numbers) = source, old.rank == new.rank else { continue }
            let drawn = Source.random(0).numbers(new)
            sources[tensor] = .list(
                (0..<min(new.count, Source.longest)).map { place in
                    old.place(of: new.index(of: place)).map { $0 < numbers.count ? numbers[$0] : 0 } ?? drawn[place]
                })
            if new.count > Source.longest { sources[tensor] = .random(0) }
        }
    }
}

extension LayerSettings {
    /// What has no meaning for the kind is as it usually is.
    mutating func suit() {
        if isPool { (filters, groups, hasBias, stride) = (channels, 1, false, kernel) }
        if kind == .average { dilation = [1, 1] }
        if kind != .transposed { outputPadding = [0, 0] }
    }
}
