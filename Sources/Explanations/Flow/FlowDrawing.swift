import AdjointGraphs

/// A flow graph and its transpose beside each other, in the same places, with the meaning of the signs below.
package struct FlowDrawing {
    let words: Words
    package let graph: FlowGraph
    package let layout: FlowLayout
    let selected: Expression?
    /// The weights with colours, in their order; all of them, even where there are too many for colours.
    let weights: [Expression]
    /// The places of the gains' labels.
    package let labels: [Picture.Point?]
    package let size: (width: Double, height: Double)
    package let margin: (left: Double, top: Double)

    static let textSize = 13.0

    /// - Parameters:
    ///   - graph: a graph that is not transposed.
    ///   - selected: a weight or signal that is drawn bold wherever it occurs.
    package init(_ graph: FlowGraph, selected: Expression? = nil, _ words: Words = .english) {
        (self.words, self.graph, self.selected) = (words, graph, selected)
        layout = FlowLayout(graph)
        var weights: [Expression] = []
        for edge in graph.edges {
            if let weight = graph.weight(along: edge), !weights.contains(weight) { weights.append(weight) }
        }
        // Sorted as in the filter, so that a weight has the same colour in every view.
        self.weights = weights.sorted { $0.order.lexicographicallyPrecedes($1.order) }
        // In a crowded graph, only the gains of the selected name have labels.
        let isCrowded = graph.edges.count { $0.gain != nil } > 48
        labels = FlowDrawing.labels(graph, layout) { !isCrowded || graph.touches($0, selected) }
        (size, margin) = FlowDrawing.frame(graph, layout)
    }

    /// The size of a graph with its names, and the place of its origin in that.
    private static func frame(
        _ graph: FlowGraph, _ layout: FlowLayout
    ) -> (size: (Double, Double), margin: (Double, Double)) {
        let points = layout.points + layout.corners.joined()
        let (xs, ys) = (points.map { $0.x } + [0], points.map { $0.y } + [0])
        let (low, high) = ((x: xs.min() ?? 0, y: ys.min() ?? 0), (x: xs.max() ?? 0, y: ys.max() ?? 0))
        var (left, right, bottom) = (24.0, 24.0, 24.0)
        for (node, point) in zip(graph.nodes, layout.points) {
            let isEnd = node.kind == .input || node.kind == .output
            guard isEnd || node.kind.isBox else { continue }
            let reach = reach(of: node, isVertical: layout.isVertical)
            left = max(left, reach + 16 - (point.x - low.x))
            right = max(right, reach + 16 - (high.x - point.x))
            // Names that are not beside their node are below it.
            if isEnd, point.y == high.y, layout.isVertical || point.x > low.x && point.x < high.x { bottom = 44 }
        }
        return (
            (left + high.x - low.x + right, 52 + high.y - low.y + bottom), (left - low.x, 52 - low.y)
        )
    }

    /// The distance to which a box or a name extends to one side of its node.
    static func reach(of node: FlowGraph.Node, isVertical: Bool) -> Double {
        if node.kind.isBox { return boxWidth(node.kind) / 2 }
        // Bold letters are wider.
        let names = [node.signal, node.delta].map { $0.map { 1.2 * width($0.text) } ?? 0 }
        return max(names[0], names[1]) / (isVertical ? 2 : 1)
    }

    static func width(_ text: String) -> Double { Picture.width(of: text, size: textSize) }

    package static func boxWidth(_ kind: FlowGraph.Kind) -> Double {
        1.1 * max(width(kind.label), width(kind.transposed.label)) + 18
    }
}

extension Expression {
    /// The place of the name's element among others.
    fileprivate var order: [Int] {
        guard case .variable(let name) = self else { return [] }
        return switch name.index {
        case .none: []
        case .number(let number): [number]
        case .axes(let axes): axes
        }
    }
}

// MARK: - the picture

extension FlowDrawing {
    /// The colour of a weight, where there are few.
    func color(of weight: Expression) -> Picture.Color? {
        guard weights.count <= 8, let place = weights.firstIndex(of: weight) else { return nil }
        if case .variable(let name) = weight, case .number(let number) = name.index, name.letter == "W" {
            return .group(number - 1)
        }
        return .group(place)
    }

    /// - Parameters:
    ///   - titles: the titles above the graph and above its transpose; without a second one the transpose is not drawn.
    func picture(_ title: String, _ titles: (String, String?), description: String) -> Picture {
        let gap = 36.0
        let panel = [titles.0, titles.1 ?? ""].reduce(size.width) { max($0, FlowDrawing.width($1) * 1.2 + 40) }
        // Wide graphs are drawn one below the other.
        let isStacked = panel > 640 && !layout.isVertical || titles.1 == nil
        let width = max(isStacked ? panel : 2 * panel + gap, hasShifts ? 850 : 610)
        let span = isStacked ? width : (width - gap) / 2
        let first = Picture.Point((span - size.width) / 2, 0)
        var elements = self.panel(graph, titles.0, at: first)
        var bottom = size.height
        if let back = titles.1 {
            let middle = (isStacked ? size.height : span) + gap / 2
            let (start, end) =
                isStacked
                ? (Picture.Point(20, middle), Picture.Point(width - 20, middle))
                : (Picture.Point(middle, 20), Picture.Point(middle, size.height - 8))
            elements.append(.line(start, end, .faint, width: 1, isDashed: true))
            let second = isStacked ? first.moved(by: 0, size.height + gap) : first.moved(by: span + gap, 0)
            elements += self.panel(graph.transposed(), back, at: second)
            bottom += second.y
        }
        elements += legend(at: Picture.Point(24, bottom + 26))
        return Picture(title, description: description, width: width, height: bottom + 70, elements: elements)
    }

    private func panel(_ graph: FlowGraph, _ title: String, at corner: Picture.Point) -> [Picture.Element] {
        let (dx, dy) = (corner.x + margin.left, corner.y + margin.top)
        func place(_ point: Picture.Point) -> Picture.Point { point.moved(by: dx, dy) }
        var elements: [Picture.Element] = [
            .text(corner.moved(by: size.width / 2, 20), title, size: 15, anchor: .middle, isBold: true)
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
        let isSelected = graph.touches(edge, selected)
        let width = isSelected ? 2.6 : 1.2
        if let color = graph.weight(along: edge).flatMap({ self.color(of: $0) }) { return (color, width) }
        let isFaint =
            graph.weight(along: edge) != nil
            || graph.nodes[edge.from].kind == .branch && graph.nodes[edge.to].kind == .sum
        return (isSelected ? .accent : isFaint ? .faint : .ink, width)
    }
}

extension FlowGraph {
    /// The weight after which an edge is coloured: one that is its gain, or the signal that it carries.
    fileprivate func weight(along edge: Edge) -> Expression? {
        for candidate in [edge.gain?.expression, nodes[edge.from].signal] {
            if case .variable(let name)? = candidate, name.letter == "W" { return candidate }
        }
        return nil
    }

    /// Whether an edge has a gain of this name, or leads from or to a signal of it.
    fileprivate func touches(_ edge: Edge, _ name: Expression?) -> Bool {
        name != nil && [edge.gain?.expression, nodes[edge.from].signal, nodes[edge.to].signal].contains(name)
    }
}

extension FlowGraph.Kind {
    /// The text in a box.
    package var label: String {
        switch self {
        case .operation(let operation): operation.label
        case .function(let f, _): f.rawValue
        case .slope(let f, _): "× " + f.rawValue + "′(a)"
        case .box(let label, _): label
        default: ""
        }
    }

    /// Whether it has a label in a frame.
    var isBox: Bool { !label.isEmpty }
}
