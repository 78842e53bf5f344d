import AdjointExplanations
import AdjointGraphs

/// The parts of the document that are written again.
extension Page {
    /// The regions in the order of the document.
    enum Region: String, CaseIterable {
        case stories, controls, stage, learning, reading, player, check, exercise, strips
    }

    /// The regions as they are in the document.
    struct Document {
        var shown: [String: String] = [:]
        /// For regions that take long to write, the key of what they were written from.
        var keys: [String: Int] = [:]
        /// The revision of the drawing on the canvases.
        var paintedRevision = 0
        var paintedStrips: Int?
        /// The selection and the term that are painted there.
        var painted: (selection: Selection?, term: Int?)?
        var language: Language?
    }

    private func html(of region: Region) -> String {
        switch region {
        case .stories: storiesHTML
        case .controls: controlsHTML
        case .stage: stageHTML
        case .learning: learningHTML
        case .reading: readingHTML
        case .player: playerHTML
        case .check: checkHTML
        case .exercise: exerciseHTML
        case .strips: stripsHTML
        }
    }

    /// A key of everything on which a region depends that takes long to write; nil for those that are always written.
    private func key(of region: Region) -> Int? {
        var hasher = Hasher()
        hasher.combine(revision)
        switch region {
        case .stage:
            hasher.combine(exercise)
            hasher.combine(answer?.isRight)
        case .check: hasher.combine(state.selection)
        case .strips:
            hasher.combine(state.strip)
            hasher.combine(isAsked)
            hasher.combine(state.flow)
            hasher.combine(state.network)
            hasher.combine(revisionOfReadings)
            hasher.combine(covered?.start)
            if state.strip != .coverage, state.strip != .convolution { hasher.combine(state.selection) }
            if state.strip == .largest || state.strip == .flow { hasher.combine(state.step) }
            if state.strip == .flow { hasher.combine(hovered) }
        default: return nil
        }
        return hasher.finalize()
    }

    /// The whole body of the document.
    package mutating func body() -> String {
        document = Document(language: state.language)
        prepare()
        for region in Region.allCases where !state.hidden.contains(where: { $0.region == region }) {
            document.keys[region.rawValue] = key(of: region)
            document.shown[region.rawValue] = html(of: region)
        }
        return documentHTML(document.shown)
    }

    private mutating func prepare() {
        prepareTraining()
        prepareFlow()
        prepareReadings()
    }

    /// Writes the difference to the document.
    ///
    /// - Parameters:
    ///   - before: the marks that cells have.
    ///   - all: whether more than the parts that follow the pointer may have changed.
    mutating func update(_ updates: inout Updates, since before: Marks, all: Bool) {
        if let shown = document.language, shown != state.language {
            updates.document(body())
            updates.focus("lang-" + state.language.rawValue)
        }
        prepare()
        var isFresh = false
        for region in Region.allCases where all || isLive(region) {
            let key = key(of: region)
            if key != nil, document.keys[region.rawValue] == key { continue }
            document.keys[region.rawValue] = key
            guard document.shown[region.rawValue] != nil else { continue }
            if fill(region.rawValue, &updates, html(of: region)), region == .stage { isFresh = true }
        }
        mark(&updates, since: before, onStage: !isFresh)
        paint(&updates, isWhole: isFresh || document.paintedRevision != revision)
        document.paintedRevision = revision
        updateReadings(&updates)
        updateCoverage(&updates)
        let strips = document.keys["strips"] ?? 0
        paintStrips(&updates, isWhole: document.paintedStrips != strips)
        document.paintedStrips = strips
        if state.strip == .network, document.shown["strips"] != nil {
            fill("training", &updates, trainingHTML)
            if all { paintPhoto(&updates) }
        }
        if state.strip == .flow {
            updates.attribute("flow", "class", flowClass)
            updates.attribute("flow-turn", "aria-pressed", "\(state.isTransposed)")
        }
    }

    /// Whether a region follows the pointer.
    private func isLive(_ region: Region) -> Bool {
        switch region {
        case .reading, .player: true
        case .exercise: isPicking
        default: region == .strips && state.strip == .flow
        }
    }

    /// Writes a part of the document that has changed.
    @discardableResult
    mutating func fill(_ id: String, _ updates: inout Updates, _ html: String) -> Bool {
        if html == document.shown[id] ?? "" { return false }
        document.shown[id] = html
        updates.fill(id, html)
        return true
    }
}

// MARK: - cells

extension Page {
    /// - Parameter onStage: whether the drawing of the layer stays as it was, except for its marks.
    private func mark(_ updates: inout Updates, since before: Marks, onStage: Bool) {
        for (key, mark) in marks.cells {
            let old = before.cells[key]
            if old != mark { self.mark(&updates, key, mark, old, onStage) }
        }
        for (key, old) in before.cells where marks.cells[key] == nil { mark(&updates, key, nil, old, onStage) }
    }

    private func mark(
        _ updates: inout Updates, _ key: Int, _ mark: Marks.Mark?, _ old: Marks.Mark?, _ onStage: Bool
    ) {
        let (tensor, place) = Marks.cell(key)
        guard let grid = grids[tensor], grid.shows(place) else { return }
        let cells = (onStage ? [grid.id(place)] : []) + copies(key)
        if cells.isEmpty { return }
        // Names that stay are not sent.
        var label = ""
        if isPicking || mark?.label ?? "" != old?.label ?? "" || mark?.badge ?? "" != old?.badge ?? "" {
            label = cellName(tensor, place)
        }
        for cell in cells { updates.mark(cell, mark?.classes ?? "c", mark?.badge ?? "", label) }
    }

    /// `V5 = 5, term 4: ∂E/∂G4·V5 = −5`: its number, and its part in what is looked at.
    func cellName(_ tensor: Tensors, _ place: Int) -> String {
        var parts = [
            layer.name(tensor, place) + " = "
                + (isHidden(tensor, place) ? strings.hiddenNumber : written(layer.value(tensor, place)))
        ]
        if isPicking, tensor == .v, picked.contains(place) { parts.append(strings.pixelPicked) }
        if let mark = marks.cells[Marks.key(tensor, place)], !mark.label.isEmpty {
            parts.append(filled(strings.termLabel, [mark.badge, mark.label]))
        }
        return joined(parts)
    }
}
