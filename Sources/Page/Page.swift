import AdjointExplanations
import AdjointGraphs

/// The page: a state, what follows from it, and what the document already shows. Its input are events, its output updates.
package struct Page {
    package private(set) var state: PageState
    package private(set) var layer: LayerNumbers
    /// The texts of the page: those of the state's language, unless it was given a table.
    var strings: Strings { table ?? state.language.strings }
    let table: Strings?
    /// The texts typed into fields in which they did not fit, with the reasons.
    var drafts: [String: Draft] = [:]
    /// The element under the pointer.
    var hovered: Hover?
    /// The selection that was pinned before the last click.
    var pinnedBefore: Selection?
    /// What goes on by itself.
    var running: Running?
    /// The reading as a convolution that was pointed at last.
    var lookedReading: Int?
    /// Whether what is looked at is a step of the numbers that run through the flow graph.
    var hasRun = false
    var speed = 1
    /// The width of the drawing, in CSS pixels.
    var width = 800.0
    /// The exercise, the answer to it, and the pixels of V that are picked as one.
    private(set) var exercise: Exercise?
    var answer: Exercise.Answer?
    var picked: Set<Int> = []
    /// The values of E since the filter began to learn.
    var descent: TrainingCurve?
    /// The networks that have been trained, each as far as it has come.
    private var trainings: [NetworkTraining.Choice: NetworkTraining] = [:]
    /// The layer of a trained network that was chosen last.
    var trained: PageState?
    /// The number of the digit that the network is shown.
    var example = 0
    /// The picture that it is shown instead of a digit.
    var photo: Photo?
    var own: OwnNetwork?
    /// The samples and the progress of the network's last layer, which learns them.
    var lastLayer = LastLayer()
    /// The work that is being done, a part at a time.
    var work: Work?
    /// Why a file was not opened, or something was not computed.
    var complaint: String?
    /// The bytes of a file that was passed in.
    package var held: [UInt8] = []
    /// The number that a stroke over V writes, while V is drawn by hand.
    var pen: Double?
    /// The reader's own layer, from before a story began.
    var ownState: PageState?
    /// The frame in another page, while its content is being chosen.
    var shared: Frame?
    /// On a narrow screen, whether the layer's fields are shown.
    var showsFields = false

    private(set) var grids: [Tensors: Grid] = [:]
    /// The largest magnitude of each tensor.
    private(set) var sizes: [Tensors: Double] = [:]
    private(set) var sum: LayerSum?
    private(set) var marks = Marks()
    private var equations: Equations?
    /// The layer as a signal-flow graph, and the state for which it was made.
    private var flow: (revision: Int, signal: PageState.Flow, drawing: FlowDrawing)?
    /// The gradients as convolutions, and the state for which they were made.
    private var reading: (revision: Int, language: Language, grids: ReadingGrids?)?
    /// The number of changes to the drawing.
    var revision = 0
    private(set) var revisionOfReadings = 0
    /// The content of the document.
    var document = Document()

    struct Draft: Hashable {
        let text: String
        let sentence: String
    }

    enum Hover: Hashable {
        case cell(Selection)
        case term(Int)
    }

    /// What goes on by itself, a step for each tick of the clock.
    enum Running: Hashable {
        /// The terms of the sum, one after the other.
        case terms
        /// The window of a reading as a convolution.
        case window(Int)
        /// Numbers through the flow graph.
        case flow
        case descent, training

        /// Whether it is seen in the wider view that is open.
        var isInStrip: Bool {
            switch self {
            case .window, .flow: true
            default: false
            }
        }
    }

    package init(hash: String = "", strings: Strings? = nil) {
        table = strings
        let (state, complaints) = PageState.read(hash, strings)
        self.state = state
        // The layer of the question always fits.
        guard let layer = (try? LayerNumbers(of: state)) ?? (try? LayerNumbers(of: .question)) else {
            preconditionFailure()
        }
        if layer.settings != state.layer {
            self.state = .question
            self.state.language = state.language
        }
        self.layer = layer
        arrange()
        pose()
        complain(complaints)
    }

    func source(_ tensor: Tensors) -> Source { state.source(tensor) }

    /// The training of the network that is chosen; of the small one, where the reader's own is.
    var training: NetworkTraining? {
        get { trainings[state.network.trained ?? .small] }
        set { trainings[state.network.trained ?? .small] = newValue }
    }

    /// Reports the parts of a link that were left out.
    mutating func complain(_ complaints: [String]) {
        drafts = [:]
        if !complaints.isEmpty { drafts["link"] = Draft(text: "", sentence: joined(complaints, by: " ")) }
    }
}

// MARK: - what follows from the state

extension Page {
    /// The current selection: the element that is hovered, or else the one that is pinned.
    package var selection: Selection? {
        if case .cell(let selection)? = hovered, let valid = layer.valid(selection) { return valid }
        // A pool has no first weight.
        if layer.shapes[.w] == nil, state.selection?.name == "W" { return Selection("V", at: 0) }
        return layer.valid(state.selection)
    }

    /// The current term of the sum.
    var term: Int? {
        let term: Int? =
            switch hovered {
            case .term(let number): number
            case .cell: nil
            case nil: state.step
            }
        return term.flatMap { $0 < sum?.terms.count ?? 0 ? $0 : nil }
    }

    private mutating func arrange() {
        revision += 1
        grids = [:]
        for (tensor, shape) in layer.shapes {
            grids[tensor] = Grid(
                tensor, shape, plane: state.planes[tensor.primal] ?? 0, isPhoto: tensor == .v && isPhotograph,
                isSplit: state.isSplit)
            sizes[tensor] = (layer.numbers[tensor] ?? []).reduce(0) { max($0, $1.magnitude) }
        }
        equations = nil
    }

    /// Whether V is one picture in red, green and blue.
    private var isPhotograph: Bool {
        let (settings, source) = (layer.settings, source(.v))
        guard settings.batch == 1, settings.channels == 3, settings.rank == 2 else { return false }
        switch source.kind {
        case .image, .scene: return true
        case .list: return source.numbers.allSatisfy { (0...1).contains($0) }
        default: return false
        }
    }

    private mutating func pose() {
        exercise = posed
        look()
    }

    /// Updates the current sum and the marks of the cells; while pixels are picked, nothing may give them away.
    mutating func look() {
        // Sums of elements that the pointer only passes are short.
        let limit = if case .cell? = hovered { LayerSum.glanced } else { LayerSum.readable }
        sum = nil
        if let exercise, isPicking {
            marks = Marks(picked: picked, weight: exercise.place, grids)
            return
        }
        if let selection { sum = try? layer.sum(of: selection, &equations, limit: limit) }
        marks = sum.map { Marks(of: $0, in: layer, grids, term: term) } ?? Marks()
    }

    mutating func hover(_ hover: Hover?) {
        guard hover != hovered else { return }
        hovered = hover
        look()
    }

    /// Looks at nothing but what is pinned, and rests; only a training goes on.
    mutating func release() {
        hovered = nil
        if running != .training { running = nil }
    }

    /// Ends what runs, where it is this.
    mutating func rest(_ what: Running) {
        if running == what { running = nil }
    }

    /// Sets another state, and computes its numbers.
    ///
    /// - Throws: a sentence where the numbers cannot be computed; then nothing has changed.
    mutating func become(_ next: PageState) throws(PageError) {
        var next = next
        next.normalize()
        let needsNumbers = next.layer != state.layer || next.sources != state.sources || next.loss != state.loss
        if needsNumbers {
            do throws(ArgumentError) {
                layer = try LayerNumbers(of: next)
            } catch {
                throw PageError(strings.noNumbers)
            }
            (answer, descent, picked) = (nil, nil, [])
        }
        let isElsewhere = needsNumbers || next.planes != state.planes || next.isSplit != state.isSplit
        if next.look != state.look || next.zoom != state.zoom { revision += 1 }
        let isTranslated = next.language != state.language
        state = next
        if isElsewhere { arrange() }
        pose()
        if isTranslated { translate() }
    }

    /// Discards texts in another language, and translates those that stay.
    private mutating func translate() {
        drafts = [:]
        guard let said = answer?.text else { return }
        answer = nil
        if !said.isEmpty { judge(said) }
    }

    /// Applies an edit to the state.
    mutating func change(_ edit: (inout PageState) -> Void) throws(PageError) {
        var next = state
        edit(&next)
        try become(next)
    }

    /// Lays out the flow graph, which takes too long while the pointer moves.
    mutating func prepareFlow() {
        guard state.strip == .flow, isFlowSmall else { return }
        if let flow, flow.revision == revision, flow.signal == state.flow { return }
        let signals = [state.flow.rawValue] + (layer.shapes[.b] == nil ? [] : ["B"])
        let graph = try? FlowGraph(
            of: layer.sliding.graph, signals: signals, values: layer.given, naming: layer.sliding.naming)
        flow = graph.map { (revision, state.flow, FlowDrawing($0)) }
    }

    var flowDrawing: FlowDrawing? { flow?.drawing }

    /// Evaluates the gradients as convolutions, unless the existing ones show the pinned element.
    mutating func prepareReadings() {
        guard state.strip == .convolution else { return }
        let selection = layer.valid(state.selection).flatMap { ["V", "W", "G"].contains($0.name) ? $0 : nil }
        if let reading, reading.revision == revision, reading.language == state.language,
            reading.grids == nil || selection == nil || shows(selection)
        {
            return
        }
        let made = try? Readings(
            of: layer.settings.geometry, selecting: selection ?? Selection("W", at: 0),
            values: layer.tensors([.v, .w, .b, .dg, .dv, .dw]), strings.words)
        reading = (revision, state.language, (made ?? nil).map { ReadingGrids($0) })
        revisionOfReadings += 1
    }

    private func shows(_ selection: Selection?) -> Bool {
        guard let selection, let tensor = Tensors(named: selection.name) else { return true }
        let keys = [tensor, tensor.derivative].map { Marks.key($0, selection.place) }
        return keys.contains { readings?.cells($0).isEmpty == false }
    }

    var readings: ReadingGrids? { state.strip == .convolution ? reading?.grids : nil }
}

extension LayerNumbers {
    /// The layer of a state.
    init(of state: PageState) throws(ArgumentError) {
        // The error's derivative is given by A where there is an activation, and by G elsewhere.
        try self.init(state.layer, target: state.loss == .squares ? state.source(.t) : nil) { tensor, shape in
            state.source(tensor == .da ? .dg : tensor).numbers(shape)
        }
    }
}
