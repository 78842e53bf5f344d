import AdjointExplanations
import AdjointGraphs

/// The looks of the cells of all grids while an element is selected.
struct Marks {
    struct Mark: Hashable {
        var classes: String
        var badge = ""
        var label = ""
    }

    /// The marks by tensor and place.
    private(set) var cells: [Int: Mark] = [:]
    private var grids: [Tensors: Grid] = [:]

    static func key(_ tensor: Tensors, _ place: Int) -> Int { tensor.rawValue << 24 | place }

    static func cell(_ key: Int) -> (tensor: Tensors, place: Int) { (Tensors.all[key >> 24], key & 0xFFFFFF) }

    init() {}

    /// - Parameter term: the current term; the window around it is drawn too.
    init(of sum: LayerSum, in layer: LayerNumbers, _ grids: [Tensors: Grid], term: Int?) {
        self.grids = grids
        let primal = Tensors(named: sum.selection.name) ?? .w
        let link = term.map { sum.terms[$0].link }
        if let link, let term {
            for tensor in [Tensors.v, .w, .b, .g, .dg] where tensor != primal {
                add(tensor, link.place(in: tensor), "p n " + layer.color(of: link), "\(term + 1)")
            }
        }
        let own = primal == .w ? layer.color(ofWeight: sum.selection.place) : "gx"
        add(primal, sum.selection.place, "s " + own)
        add(primal.derivative, sum.selection.place, "s " + own)
        if primal == layer.looked(.t) { add(.t, sum.selection.place, "p " + own) }
        // Each element of A is computed from the same element of G.
        if primal == .a || primal == .g, layer.settings.activation != .none {
            let other = primal == .a ? Tensors.g : .a
            add(other, sum.selection.place, "p " + own)
            add(other.derivative, sum.selection.place, "p " + own)
        }
        if primal == .a { return }
        addTerms(of: sum, primal, hasColors: layer.hasColors, isPool: layer.settings.isPool)
        if let link { addWindow(around: link, in: layer.sliding) }
        if sum.terms.count <= LayerSum.readable { addLabels(of: sum, layer) }
    }

    /// Only the pixels that are picked, and the weight for which they are.
    init(picked: Set<Int>, weight: Int, _ grids: [Tensors: Grid]) {
        self.grids = grids
        add(.w, weight, "s gx")
        for place in picked { add(.v, place, "k") }
    }

    /// Adds a mark, unless the cell has one already.
    private mutating func add(_ tensor: Tensors, _ place: Int, _ classes: String, _ badge: String = "") {
        guard place >= 0, let grid = grids[tensor], grid.shows(place) else { return }
        let key = Marks.key(tensor, place)
        if cells[key] == nil { cells[key] = Mark(classes: "c " + classes, badge: badge) }
    }

    /// Marks all elements that meet the selected one, in the colours of the weights.
    private mutating func addTerms(of sum: LayerSum, _ primal: Tensors, hasColors: Bool, isPool: Bool) {
        // Of many terms each differs from others only by its place: the texts are made once.
        func texts(_ kind: String) -> [String] { (0..<8).map { "\(kind) g\($0)" } + [kind + " gx"] }
        let (partners, windows, zeros) = (texts("p"), texts("w"), texts("z"))
        let isNumbered = sum.terms.count <= 99
        for tensor in primal == .g ? [Tensors.v, .w, .b] : [.v, .w, .dg, .g] where tensor != primal {
            // A painted grid has no cells for marks.
            guard let grid = grids[tensor], !grid.isPainted else { continue }
            for (number, term) in sum.terms.enumerated() {
                let texts = tensor == .g ? windows : isPool && term.value == 0 ? zeros : partners
                let text = texts[hasColors && term.link.w >= 0 ? term.link.tap : 8]
                add(tensor, term.link.place(in: tensor), text, isNumbered ? "\(number + 1)" : "")
            }
        }
    }

    /// Marks the whole window that a link belongs to.
    private mutating func addWindow(around link: Link, in layer: Sliding) {
        if link.v < 0 { return }
        let window = layer.isTransposed ? Selection("V", at: link.v) : Selection("G", at: link.g)
        let tensor = layer.isTransposed ? Tensors.dg : .v
        for link in layer.links(of: window).prefix(1 << 10) {
            let key = Marks.key(tensor, link.place(in: tensor))
            if cells[key] != nil { cells[key]?.classes += " q" } else { add(tensor, link.place(in: tensor), "q") }
        }
    }

    /// Adds labels that say what a numbered cell contributes.
    private mutating func addLabels(of sum: LayerSum, _ layer: LayerNumbers) {
        for (number, term) in sum.terms.enumerated() {
            let text = layer.expression(term.link, in: sum).text + " = " + written(term.value)
            for tensor in [Tensors.v, .w, .b, .dg] {
                let key = Marks.key(tensor, term.link.place(in: tensor))
                if let mark = cells[key], mark.badge == "\(number + 1)" { cells[key]?.label = text }
            }
        }
    }
}

extension LayerNumbers {
    /// Whether weights have colours: as many as can be told apart.
    var hasColors: Bool { sliding.tapCount <= 8 }

    func color(ofWeight place: Int) -> String { hasColors ? "g\(place % sliding.tapCount)" : "gx" }

    /// The colour of the weight that a product goes through.
    func color(of link: Link) -> String { link.w < 0 ? "gx" : color(ofWeight: link.w) }
}

extension Link {
    /// The element of a tensor in the link; −1 for none.
    func place(in tensor: Tensors) -> Int {
        switch tensor.primal {
        case .v: v
        case .w: w
        case .b: b
        default: g
        }
    }
}
