import AdjointExplanations
import AdjointGraphs

/// How the cells of all grids look while an element is selected.
struct Marks {
    struct Mark: Hashable {
        var classes: String
        var badge = ""
        var label = ""
    }

    /// By tensor and place.
    private(set) var cells: [Int: Mark] = [:]

    static func key(_ tensor: Tensors, _ place: Int) -> Int { tensor.number << 24 | place }

    private mutating func add(
        _ tensor: Tensors, _ place: Int, _ classes: String, _ badge: String, _ grids: [Tensors: Grid]
    ) {
        guard place >= 0, let grid = grids[tensor], grid.shows(place) else { return }
        add(Marks.key(tensor, place), "c " + classes, badge)
    }

    /// What is marked first stays.
    private mutating func add(_ key: Int, _ classes: String, _ badge: String) {
        if cells[key] == nil { cells[key] = Mark(classes: classes, badge: badge) }
    }

    init() {}

    /// - Parameters:
    ///   - term: the one that is looked at; the window around it is drawn too.
    ///   - group: the colour of a weight; nil where there are too many.
    init(of sum: Sum, in layer: LayerNumbers, _ grids: [Tensors: Grid], term: Int?) {
        let primal = Tensors(rawValue: sum.selection.name) ?? .w
        let place = sum.selection.place
        let tapCount = layer.relation.taps.count
        let hasColors = tapCount <= 8 && primal != .b && primal != .a && !layer.settings.isPool
        let colors = (0..<9).map { $0 == 8 ? "gx" : "g\($0)" }
        func color(_ tap: Int) -> String { hasColors ? colors[tap] : colors[8] }
        let own = primal == .w && hasColors ? colors[place % tapCount] : "gx"
        let isForward = sum.tensor == .g || sum.tensor == .a
        if let term, term < sum.terms.count {
            let link = sum.terms[term].link
            let c = color(link.tap)
            let badge = "\(term + 1)"
            for tensor in [Tensors.v, .w, .g, .dg] {
                let spot = tensor == .v ? link.v : tensor == .w ? link.w : link.g
                if tensor == primal { continue }
                add(tensor, spot, "p n " + c, badge, grids)
            }
        }
        add(primal, place, "s " + own, "", grids)
        add(primal.derivative, place, "s " + own, "", grids)
        if primal == .g, layer.settings.activation != .none {
            add(.a, place, "p " + own, "", grids)
            add(.da, place, "p " + own, "", grids)
        }
        if primal == .a {
            add(.g, place, "p " + own, "", grids)
            add(.dg, place, "p " + own, "", grids)
            return
        }
        let isNumbered = sum.terms.count <= 99
        // Of many terms each is told apart by nothing but its place: the texts are made once.
        let partners = colors.map { "c p " + $0 }
        let windows = colors.map { "c w " + $0 }
        let zeros = colors.map { "c z " + $0 }
        let (v, w, g, dg) = (grids[.v], grids[.w], grids[.g], grids[.dg])
        for (number, term) in sum.terms.enumerated() {
            let badge = isNumbered ? "\(number + 1)" : ""
            let link = term.link
            let tap = hasColors ? link.tap : 8
            let classes = term.value == 0 && layer.settings.isPool ? zeros[tap] : partners[tap]
            if primal != .v, link.v >= 0, v?.shows(link.v) == true { add(Marks.key(.v, link.v), classes, badge) }
            if primal != .w, link.w >= 0, w?.shows(link.w) == true { add(Marks.key(.w, link.w), classes, badge) }
            if primal == .g { continue }
            if !isForward, dg?.shows(link.g) == true { add(Marks.key(.dg, link.g), classes, badge) }
            if g?.shows(link.g) == true { add(Marks.key(.g, link.g), windows[tap], badge) }
        }
        if let term, term < sum.terms.count { addWindow(around: sum.terms[term].link, in: layer, grids) }
        if sum.terms.count <= Sum.readable {
            for (number, term) in sum.terms.enumerated() {
                let text =
                    layer.expression(term.link, in: sum.tensor).text + " = " + written(term.value)
                for (tensor, spot) in [(Tensors.v, term.link.v), (.w, term.link.w), (.dg, term.link.g)] where spot >= 0
                {
                    let key = Marks.key(tensor, spot)
                    if let mark = cells[key], mark.badge == "\(number + 1)" { cells[key]?.label = text }
                }
            }
        }
    }

    /// The whole window that a link belongs to.
    private mutating func addWindow(around link: Relation.Link, in layer: LayerNumbers, _ grids: [Tensors: Grid]) {
        let isTransposed = layer.relation.isTransposed
        let window = isTransposed ? Selection("V", at: link.v) : Selection("G", at: link.g)
        let tensor = isTransposed ? Tensors.dg : .v
        for link in layer.relation.links(of: window).prefix(1 << 10) {
            let place = isTransposed ? link.g : link.v
            let key = Marks.key(tensor, place)
            if cells[key] != nil { cells[key]?.classes += " q" } else { add(tensor, place, "q", "", grids) }
        }
    }
}
