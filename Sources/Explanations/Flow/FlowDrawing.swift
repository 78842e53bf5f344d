import AdjointGraphs

/// A flow graph and its transpose beside each other, in the same places, with what the signs mean below.
struct FlowDrawing {
    private let graph: FlowGraph
    private let layout: FlowLayout
    private let selected: Expression?
    /// What colours are for: the weights in their order, with or without many of them.
    private let weights: [Expression]
    private let labels: [Picture.Point?]
    private let size: (width: Double, height: Double)
    private let margin: (left: Double, top: Double)

    private static let textSize = 13.0

    /// - Parameters:
    ///   - graph: not transposed.
    ///   - weight: the letter of those signals or gains that have colours.
    ///   - selected: drawn bold wherever it enters.
    init(_ graph: FlowGraph, weight: String = "W", selected: Expression? = nil) {
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

    static func boxWidth(_ kind: FlowGraph.Kind) -> Double {
        max(width(kind.label), width(kind.transposed.label)) + 18
    }
}

extension FlowGraph.Kind {
    /// What stands in a box.
    var label: String {
        switch self {
        case .operation(let operation): operation.label
        case .function(let f, _): f.rawValue
        case .slope(_, let slope): slope.expression.text
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
        let isStacked = panel > 640 || titles.1 == nil
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
            let corners = layout.corners[number].map(place)
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

    private func line(
        _ path: [Picture.Point], from: FlowGraph.Kind, to: FlowGraph.Kind, _ color: Picture.Color, _ width: Double
    ) -> [Picture.Element] {
        var path = path
        path[0] = from.border(path[0], toward: path[1])
        path[path.count - 1] = to.border(path[path.count - 1], toward: path[path.count - 2])
        return path.indices.dropLast().map { step in
            .line(
                path[step], path[step + 1], color, width: width, isDashed: false,
                arrow: step == path.count - 2 && to.hasArrow)
        }
    }

    private func sign(_ text: String, at point: Picture.Point, _ color: Picture.Color, isBold: Bool) -> [Picture.Element] {
        let width = FlowDrawing.width(text) + 6
        return [
            .rectangle(
                point.moved(by: -width / 2, -8), width: width, height: 16, corner: 3, fill: .paper, stroke: .none,
                hatch: nil),
            .text(point, text, size: FlowDrawing.textSize, anchor: .middle, color, isBold: isBold),
        ]
    }

    private func draw(
        _ node: FlowGraph.Node, _ name: Expression?, _ number: Int, at point: Picture.Point
    ) -> [Picture.Element] {
        switch node.kind {
        case .input, .output:
            let isSelected = selected != nil && node.signal == selected
            let place = weights.count <= 8 ? node.signal.flatMap { weights.firstIndex(of: $0) } : nil
            let text = name?.text ?? ""
            let xs = layout.points.map { $0.x }
            let own = layout.points[number].x
            let anchor: Picture.Anchor = layout.isVertical ? .middle : own == xs.min() ? .end : own == xs.max() ? .start : .middle
            let isAbove = layout.isVertical && graph.nodes[number].kind == .input
            let shift = anchor == .end ? (-6.0, 0.0) : anchor == .start ? (6.0, 0.0) : (0.0, isAbove ? -10.0 : 14.0)
            return [
                .text(
                    point.moved(by: shift.0, shift.1), text, size: FlowDrawing.textSize, anchor: anchor,
                    isSelected ? place.map { .group($0) } ?? .accent : .ink, isBold: isSelected)
            ]
        case .branch:
            return [.circle(point, radius: 4.5, fill: .ink, stroke: .none)]
        case .point:
            return [.circle(point, radius: 2, fill: .ink, stroke: .none)]
        case .sum:
            return [
                .circle(point, radius: 9, fill: .paper, stroke: .ink),
                .line(point.moved(by: -5, 0), point.moved(by: 5, 0), .ink, width: 1.4, isDashed: false, arrow: false),
                .line(point.moved(by: 0, -5), point.moved(by: 0, 5), .ink, width: 1.4, isDashed: false, arrow: false),
            ]
        case .operation, .function, .slope, .box:
            let width = FlowDrawing.boxWidth(node.kind)
            return [
                .rectangle(
                    point.moved(by: -width / 2, -13), width: width, height: 26, corner: 4, fill: .paper, stroke: .ink,
                    hatch: nil),
                .text(point, node.kind.label, size: FlowDrawing.textSize, anchor: .middle, .ink, isBold: false),
            ]
        }
    }

    private var hasShifts: Bool { graph.nodes.contains { $0.kind.label.hasPrefix("q") } }

    /// What the signs mean, in a line.
    private func legend(at start: Picture.Point) -> [Picture.Element] {
        var x = start.x
        let y = start.y
        var elements: [Picture.Element] = []
        func text(_ text: String) {
            elements.append(.text(Picture.Point(x, y), text, size: 12, anchor: .start, .faint, isBold: false))
            x += Picture.width(of: text, size: 12) + 26
        }
        func node(_ kind: FlowGraph.Kind) {
            let sign = FlowGraph.Node(kind: kind, signal: nil, delta: nil, place: nil)
            elements += draw(sign, nil, 0, at: Picture.Point(x + 9, y))
            x += 24
        }
        node(.branch)
        text("branch: one signal, several ways")
        node(.sum)
        text("sum")
        elements.append(
            .line(
                Picture.Point(x, y), Picture.Point(x + 34, y), .faint, width: 1.2, isDashed: false, arrow: true))
        x += 42
        text("gain: what is written on it, else 1")
        if hasShifts { text("q: the plane, moved by one place") }
        return elements
    }
}

extension Expression {
    /// The letter of a variable.
    fileprivate var letter: String? {
        if case .variable(let name) = self { name.letter } else { nil }
    }
}

extension FlowGraph.Kind {
    /// Lines end in an arrow wherever one can see that they end.
    fileprivate var hasArrow: Bool { self != .point }

    /// Where a line towards a point leaves the sign of the node.
    fileprivate func border(_ center: Picture.Point, toward other: Picture.Point) -> Picture.Point {
        let distance = center.distance(to: other)
        guard distance > 0 else { return center }
        switch self {
        case .input, .output: return center.toward(other, 1 / distance)
        case .point: return center
        case .branch: return center.toward(other, 5 / distance)
        case .sum: return center.toward(other, 10 / distance)
        case .operation, .function, .slope, .box:
            let half = max(
                Picture.width(of: label, size: 13), Picture.width(of: transposed.label, size: 13)) / 2 + 9
            let (dx, dy) = ((other.x - center.x).magnitude, (other.y - center.y).magnitude)
            let part = min(dx > 0 ? half / dx : 1, dy > 0 ? 13 / dy : 1)
            return center.toward(other, part + 0.5 / distance)
        }
    }
}
