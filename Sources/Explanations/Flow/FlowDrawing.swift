import AdjointGraphs

/// A flow graph and its transpose beside each other, in the same places, with what the signs mean below.
package struct FlowDrawing {
    let words: Words
    package let graph: FlowGraph
    package let layout: FlowLayout
    let selected: Expression?
    /// What colours are for: the weights in their order, with or without many of them.
    let weights: [Expression]
    /// Where gains are written.
    package let labels: [Picture.Point?]
    package let size: (width: Double, height: Double)
    package let margin: (left: Double, top: Double)

    static let textSize = 13.0

    /// - Parameters:
    ///   - graph: not transposed.
    ///   - weight: the letter of those signals or gains that have colours.
    ///   - selected: drawn bold wherever it enters.
    package init(_ graph: FlowGraph, weight: String = "W", selected: Expression? = nil, _ words: Words = .english) {
        self.words = words
        self.graph = graph
        self.selected = selected
        layout = FlowLayout(graph)
        var weights: [Expression] = []
        for edge in graph.edges {
            if let key = FlowDrawing.key(edge, graph, weight), !weights.contains(key) { weights.append(key) }
        }
        self.weights = weights
        // Where there are many, only those that were asked for.
        let isCrowded = graph.edges.count { $0.gain != nil } > 48
        labels = FlowDrawing.labels(graph, layout) { edge in
            !isCrowded || selected != nil && FlowDrawing.touches(edge, graph, selected)
        }

        let points = layout.points + layout.corners.joined()
        let (low, high) = (
            Picture.Point(points.reduce(0) { min($0, $1.x) }, points.reduce(0) { min($0, $1.y) }),
            Picture.Point(points.reduce(0) { max($0, $1.x) }, points.reduce(0) { max($0, $1.y) })
        )
        var (left, right, bottom) = (24.0, 24.0, 24.0)
        for (node, point) in zip(graph.nodes, layout.points) {
            var width = 0.0
            switch node.kind {
            case .input, .output:
                for name in [node.signal, node.delta] {
                    width = max(width, name.map { FlowDrawing.width($0.text) } ?? 0)
                }
                if layout.isVertical { width /= 2 }
                if point.y == high.y, layout.isVertical || point.x > low.x && point.x < high.x { bottom = 44 }
            case .operation, .function, .slope, .box:
                width = FlowDrawing.boxWidth(node.kind) / 2
            default: continue
            }
            left = max(left, width + 16 - (point.x - low.x))
            right = max(right, width + 16 - (high.x - point.x))
        }
        margin = (left - low.x, 52 - low.y)
        size = (left + high.x - low.x + right, 52 + high.y - low.y + bottom)
    }

    /// The weight that colours an edge: its gain, or the signal that runs along it.
    private static func key(_ edge: FlowGraph.Edge, _ graph: FlowGraph, _ weight: String) -> Expression? {
        for candidate in [edge.gain?.expression, graph.nodes[edge.from].signal] {
            if case .variable(let name)? = candidate, name.letter == weight { return candidate }
        }
        return nil
    }

    /// Whether an edge has a gain of this name, or leads from or to a signal of it.
    private static func touches(_ edge: FlowGraph.Edge, _ graph: FlowGraph, _ name: Expression?) -> Bool {
        [edge.gain?.expression, graph.nodes[edge.from].signal, graph.nodes[edge.to].signal].contains(name)
    }

    static func width(_ text: String) -> Double { Picture.width(of: text, size: textSize) }

    package static func boxWidth(_ kind: FlowGraph.Kind) -> Double {
        1.1 * max(width(kind.label), width(kind.transposed.label)) + 18
    }
}

extension FlowGraph.Kind {
    /// What stands in a box.
    package var label: String {
        switch self {
        case .operation(let operation): operation.label
        case .function(let f, _): f.rawValue
        case .slope(let f, _): "× " + f.rawValue + "′(a)"
        case .box(let label, _): label
        default: ""
        }
    }
}

// MARK: - the picture

extension FlowDrawing {
    /// - Parameters:
    ///   - titles: above the graph and above its transpose; without a second one there is no transpose.
    func picture(_ title: String, _ titles: (String, String?), description: String) -> Picture {
        let gap = 36.0
        let panel = [titles.0, titles.1 ?? ""].reduce(size.width) { max($0, FlowDrawing.width($1) * 1.2 + 40) }
        // Wide ones stand one below the other.
        let isStacked = panel > 640 && !layout.isVertical || titles.1 == nil
        let width = max(isStacked ? panel : 2 * panel + gap, hasShifts ? 850 : 610)
        let span = isStacked ? width : (width - gap) / 2
        let first = Picture.Point((span - size.width) / 2, 0)
        let second =
            titles.1 == nil
            ? first : isStacked ? first.moved(by: 0, size.height + gap) : first.moved(by: span + gap, 0)
        let bottom = second.y + size.height
        var elements = self.panel(graph, titles.0, at: first)
        if let back = titles.1 {
            let middle = isStacked ? size.height + gap / 2 : span + gap / 2
            let divider =
                isStacked
                ? (Picture.Point(20, middle), Picture.Point(width - 20, middle))
                : (Picture.Point(middle, 20), Picture.Point(middle, size.height - 8))
            elements.append(.line(divider.0, divider.1, .faint, width: 1, isDashed: true, arrow: false))
            elements += self.panel(graph.transposed(), back, at: second)
        }
        elements += legend(at: Picture.Point(24, bottom + 26))
        return Picture(title, description: description, width: width, height: bottom + 48, elements: elements)
    }

    private func panel(
        _ graph: FlowGraph, _ title: String, at corner: Picture.Point
    ) -> [Picture.Element] {
        let (dx, dy) = (corner.x + margin.left, corner.y + margin.top)
        func place(_ point: Picture.Point) -> Picture.Point { point.moved(by: dx, dy) }
        var elements: [Picture.Element] = [
            .text(
                corner.moved(by: size.width / 2, 20), title, size: 15, anchor: .middle, .ink, isBold: true)
        ]
        var edges: [Picture.Element] = []
        var signs: [Picture.Element] = []
        for (number, edge) in graph.edges.enumerated() {
            let way = layout.corners[number].map(place)
            let corners = graph.isTransposed ? way.reversed() : way
            let path = [place(layout.points[edge.from])] + corners + [place(layout.points[edge.to])]
            let (color, width) = style(number)
            let drawn = line(path, from: graph.nodes[edge.from].kind, to: graph.nodes[edge.to].kind, color, width)
            if width > 2 { edges += drawn } else { edges = drawn + edges }
            if let gain = edge.gain, let label = labels[number] {
                signs += sign(gain.expression.text, at: place(label), color, isBold: width > 2)
            }
        }
        elements += edges + signs
        for (number, node) in graph.nodes.enumerated() {
            elements += draw(node, graph.name(of: number), number, at: place(layout.points[number]))
        }
        return elements
    }

    /// The colour of an edge, and its width.
    private func style(_ number: Int) -> (Picture.Color, Double) {
        let edge = graph.edges[number]
        let isSelected = selected != nil && FlowDrawing.touches(edge, graph, selected)
        let key = FlowDrawing.key(edge, graph, weights.first?.letter ?? "")
        let kinds = [graph.nodes[edge.from].kind, graph.nodes[edge.to].kind]
        var color = isSelected ? Picture.Color.accent : kinds == [.branch, .sum] ? .faint : .ink
        if let key, let place = weights.firstIndex(of: key) {
            color = weights.count <= 8 ? .group(place) : isSelected ? .accent : .faint
        }
        return (color, isSelected ? 2.6 : 1.2)
    }
}

extension Expression {
    /// The letter of a variable.
    fileprivate var letter: String? {
        if case .variable(let name) = self { name.letter } else { nil }
    }
}
