import AdjointExplanations
import AdjointGraphs

/// The page: a state, what follows from it, and what the document shows already. Events go in, updates come out.
package struct Page {
    package private(set) var state: PageState
    package private(set) var layer: LayerNumbers
    let strings: Strings
    /// What was typed into fields where it did not fit, and why.
    var drafts: [String: Draft] = [:]
    /// What is under the pointer.
    var hovered: Hover?
    /// Whether the sum is being stepped through.
    var isPlaying = false
    var speed = 1
    /// How wide the drawing is, in CSS pixels.
    var width = 800.0
    var answer: Exercise.Answer?
    var training: NetworkTraining?
    var isTraining = false
    /// The layer of a trained network that was chosen last.
    var trained: PageState?
    /// Which of the digits the network looks at.
    var example = 0
    /// What a stroke over V writes, while V is drawn by hand.
    var pen: Double?
    /// On a narrow screen, whether the layer's fields are shown.
    var showsFields = false

    /// The layer as a signal-flow graph, and what it was drawn for.
    private var flow: (revision: Int, signal: PageState.Flow, drawing: FlowDrawing)?
    private(set) var grids: [Tensors: Grid] = [:]
    private(set) var sum: Sum?
    private(set) var marks = Marks()
    private var equations: Equations?
    /// The regions as the document has them.
    private var shown: [String: String] = [:]
    /// What those of them were written from that take long.
    private var keys: [String: Int] = [:]
    /// Which drawing the canvases show.
    private var paintedRevision = 0
    /// Counts what changes the drawing.
    var revision = 0

    struct Draft: Hashable {
        let text: String
        let sentence: String
    }

    enum Hover: Hashable {
        case cell(Selection)
        case term(Int)
    }

    package init(hash: String = "", strings: Strings = .english) {
        self.strings = strings
        state = PageState(hash: hash, strings)
        // The question's own layer always fits.
        guard let layer = (try? Page.numbers(state)) ?? (try? Page.numbers(.question)) else { preconditionFailure() }
        if layer.settings != state.layer { state = .question }
        self.layer = layer
        arrange()
    }

    static func numbers(_ state: PageState) throws(GraphError) -> LayerNumbers {
        try LayerNumbers(state.layer) { tensor, shape in
            // The error's derivative is given by A where there is an activation, and by G elsewhere.
            let tensor = tensor == .da ? Tensors.dg : tensor
            return (state.sources[tensor] ?? PageState.usual(tensor, in: state.layer)).numbers(shape)
        }
    }

    func source(_ tensor: Tensors) -> Source { state.sources[tensor] ?? PageState.usual(tensor, in: state.layer) }
}

// MARK: - what follows from the state

extension Page {
    /// What is looked at: what is hovered, or what is pinned.
    package var selection: Selection? {
        if case .cell(let selection)? = hovered, let valid = layer.valid(selection) { return valid }
        // A pool has no first weight.
        if layer.shapes[.w] == nil, state.selection?.name == "W" { return Selection("V", at: 0) }
        return layer.valid(state.selection)
    }

    /// The term that is looked at.
    var term: Int? {
        let count = sum?.terms.count ?? 0
        let term =
            if case .term(let number)? = hovered { number } else if case .cell? = hovered { nil as Int? } else {
                state.step
            }
        return term.flatMap { $0 < count ? $0 : nil }
    }

    mutating func arrange() {
        revision += 1
        grids = [:]
        for (tensor, shape) in layer.shapes {
            grids[tensor] = Grid(tensor, shape, plane: plane(tensor.primal, shape))
        }
        equations = nil
        look()
    }

    /// The plane that is shown of a large tensor: the selected element's.
    private func plane(_ tensor: Tensors, _ shape: Shape) -> Int {
        guard shape.rank == 4 else { return 0 }
        return min(state.planes[tensor] ?? 0, max(0, shape[0] * shape[1] - 1))
    }

    private mutating func look() {
        sum = nil
        if let selection {
            // What is only passed over is written in short.
            let limit = if case .cell? = hovered { Sum.glanced } else { Sum.readable }
            sum = try? Sum(of: selection, in: layer, &equations, limit: limit)
        }
        marks = Marks()
        if let sum { marks = Marks(of: sum, in: layer, grids, term: term) }
    }

    /// Sets another state, with its numbers.
    ///
    /// - Throws: a sentence where the numbers cannot be computed; then nothing has changed.
    mutating func become(_ next: PageState) throws(PageError) {
        var next = next
        next.normalize()
        let needsNumbers = next.layer != state.layer || next.sources != state.sources
        if needsNumbers {
            do throws(GraphError) {
                layer = try Page.numbers(next)
            } catch {
                throw PageError(strings.noNumbers)
            }
        }
        let isElsewhere = needsNumbers || next.planes != state.planes
        state = next
        if needsNumbers { answer = nil }
        if isElsewhere { arrange() } else { look() }
    }

    /// The graph's layout takes longer than a hover may.
    private mutating func prepareFlow() {
        guard state.strip == .flow, isFlowSmall else { return }
        if let flow, flow.revision == revision, flow.signal == state.flow { return }
        let signals = [state.flow.rawValue] + (layer.shapes[.b] == nil ? [] : ["B"])
        let graph = try? FlowGraph(of: layer.graph, signals: signals, values: given, naming: layer.naming)
        flow = graph.map { (revision, state.flow, FlowDrawing($0)) }
    }

    var flowDrawing: FlowDrawing? { flow?.drawing }

    mutating func hover(_ hover: Hover?) {
        guard hover != hovered else { return }
        hovered = hover
        look()
    }
}

// MARK: - updates

extension Page {
    /// The regions in the order of the document.
    private static let regions = [
        "stories", "controls", "stage", "reading", "player", "check", "exercise", "strips",
    ]

    private func html(of region: String) -> String {
        switch region {
        case "stories": storiesHTML
        case "controls": controlsHTML
        case "stage": stageHTML
        case "reading": readingHTML
        case "player": playerHTML
        case "check": checkHTML
        case "exercise": exerciseHTML
        default: stripsHTML
        }
    }

    /// What a region depends on that takes long to write; nil for those that are always written.
    private func key(of region: String) -> Int? {
        var hasher = Hasher()
        hasher.combine(revision)
        switch region {
        case "stage":
            hasher.combine(exercise)
            hasher.combine(answer?.isRight)
        case "check": hasher.combine(state.selection)
        case "strips":
            hasher.combine(state.strip)
            hasher.combine(state.flow)
            hasher.combine(state.network)
            if state.strip != .coverage { hasher.combine(state.selection) }
            if state.strip == .largest { hasher.combine(state.step) }
            if state.strip == .flow { hasher.combine(hovered) }
            if state.strip == .flow { hasher.combine(state.step) }
        default: return nil
        }
        return hasher.finalize()
    }

    /// The whole body of the document.
    package mutating func body() -> String {
        shown = [:]
        keys = [:]
        paintedRevision = 0
        prepareTraining()
        prepareFlow()
        for region in Page.regions where !state.hidden.contains(where: { $0.region == region }) {
            keys[region] = key(of: region)
            shown[region] = html(of: region)
        }
        return documentHTML(shown)
    }

    /// What differs from what the document shows.
    ///
    /// - Parameters:
    ///   - before: the marks that cells have.
    ///   - all: whether more than what follows the pointer may have changed.
    mutating func update(_ updates: inout Updates, since before: Marks, all: Bool) {
        var isFresh = false
        prepareTraining()
        prepareFlow()
        for region in Page.regions where shown[region] != nil {
            let isLive = region == "reading" || region == "player" || region == "strips" && state.strip == .flow
            guard all || isLive else { continue }
            if let key = key(of: region) {
                if keys[region] == key { continue }
                keys[region] = key
            }
            let html = html(of: region)
            if shown[region] == html { continue }
            shown[region] = html
            updates.fill(region, html)
            if region == "stage" { isFresh = true }
        }
        if !isFresh { mark(&updates, since: before) }
        paint(&updates, isWhole: isFresh || paintedRevision != revision)
        paintedRevision = revision
        if state.strip == .network, shown["strips"] != nil {
            let html = trainingHTML
            if shown["training"] != html { updates.fill("training", html) }
            shown["training"] = html
        }
        if state.strip == .flow {
            updates.attribute("flow", "class", flowClass)
            updates.attribute("flow-turn", "aria-pressed", "\(state.isTransposed)")
        }
    }

    private func mark(_ updates: inout Updates, since before: Marks) {
        let tensors = Tensors.allCases
        func emit(_ key: Int, _ mark: Marks.Mark?, _ old: Marks.Mark?) {
            let (tensor, place) = (tensors[key >> 24], key & 0xFFFFFF)
            guard let grid = grids[tensor], grid.shows(place) else { return }
            // Names that stay are not sent.
            var label = ""
            if mark?.label ?? "" != old?.label ?? "" || mark?.badge ?? "" != old?.badge ?? "" {
                label = cellName(tensor, place)
                if let mark, !mark.label.isEmpty {
                    label += ", " + filled(strings.termLabel, [mark.badge, mark.label])
                }
            }
            updates.mark(grid.id(place), mark?.classes ?? "c", mark?.badge ?? "", label)
        }
        for (key, mark) in marks.cells {
            let old = before.cells[key]
            if old != mark { emit(key, mark, old) }
        }
        for (key, old) in before.cells where marks.cells[key] == nil { emit(key, nil, old) }
    }

    func cellName(_ tensor: Tensors, _ place: Int) -> String {
        layer.name(tensor, place) + " = "
            + (isHidden(tensor, place) ? strings.hiddenNumber : written(layer.value(tensor, place)))
    }
}
