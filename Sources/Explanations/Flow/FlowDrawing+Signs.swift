import AdjointGraphs

extension FlowDrawing {
    func line(
        _ path: [Picture.Point], from: FlowGraph.Kind, to: FlowGraph.Kind, _ color: Picture.Color, _ width: Double
    ) -> [Picture.Element] {
        var path = path
        path[0] = from.border(path[0], toward: path[1])
        path[path.count - 1] = to.border(path[path.count - 1], toward: path[path.count - 2])
        // Lines end in an arrow, except at points, through which they only run.
        return path.indices.dropLast().map { step in
            .line(path[step], path[step + 1], color, width: width, arrow: step == path.count - 2 && to != .point)
        }
    }

    func sign(_ text: String, at point: Picture.Point, _ color: Picture.Color, isBold: Bool) -> [Picture.Element] {
        let width = FlowDrawing.width(text) * (isBold ? 1.2 : 1.1) + 6
        return [
            .rectangle(point.moved(by: -width / 2, -8), width: width, height: 16, corner: 3, fill: .paper),
            .text(point, text, size: FlowDrawing.textSize, anchor: .middle, color, isBold: isBold),
        ]
    }

    func draw(
        _ node: FlowGraph.Node, _ name: Expression?, _ number: Int, at point: Picture.Point
    ) -> [Picture.Element] {
        switch node.kind {
        case .input, .output:
            let isSelected = selected != nil && node.signal == selected
            let color = node.signal.flatMap { self.color(of: $0) }
            let (anchor, x, y) = outside(number)
            return [
                .text(
                    point.moved(by: x, y), name?.text ?? "", size: FlowDrawing.textSize, anchor: anchor,
                    isSelected ? color ?? .accent : .ink, isBold: isSelected)
            ]
        case .branch: return [.circle(point, radius: 4.5, fill: .ink)]
        case .point: return [.circle(point, radius: 2, fill: .ink)]
        case .sum:
            return [
                .circle(point, radius: 9, fill: .paper, stroke: .ink),
                .line(point.moved(by: -5, 0), point.moved(by: 5, 0), .ink, width: 1.4),
                .line(point.moved(by: 0, -5), point.moved(by: 0, 5), .ink, width: 1.4),
            ]
        case .operation, .function, .slope, .box:
            let width = FlowDrawing.boxWidth(node.kind)
            return [
                .rectangle(
                    point.moved(by: -width / 2, -13), width: width, height: 26, corner: 4, fill: .paper, stroke: .ink),
                .text(point, node.kind.label, size: FlowDrawing.textSize, anchor: .middle),
            ]
        }
    }

    /// The place of the name of a signal that enters or leaves at a node: outside the graph.
    package func outside(_ number: Int) -> (anchor: Picture.Anchor, x: Double, y: Double) {
        if layout.isVertical { return (.middle, 0, graph.nodes[number].kind == .input ? -10 : 14) }
        let own = layout.points[number].x
        if layout.points.allSatisfy({ own <= $0.x }) { return (.end, -6, 0) }
        return layout.points.allSatisfy { own >= $0.x } ? (.start, 6, 0) : (.middle, 0, 14)
    }

    var hasShifts: Bool { graph.nodes.contains { $0.kind.label.utf8.first == UInt8(ascii: "q") } }

    /// The meaning of the signs, in one line.
    func legend(at start: Picture.Point) -> [Picture.Element] {
        var place = start
        var elements: [Picture.Element] = []
        func text(_ text: String) {
            elements.append(.text(place, text, size: Sheet.noteSize, .faint))
            place.x += Picture.width(of: text, size: Sheet.noteSize) + 26
        }
        for (kind, key) in [(FlowGraph.Kind.branch, words.branchKey), (.sum, words.sumKey)] {
            let sign = FlowGraph.Node(kind: kind, signal: nil, delta: nil, place: nil)
            elements += draw(sign, nil, 0, at: place.moved(by: 9, 0))
            place.x += 24
            text(key)
        }
        elements.append(.line(place, place.moved(by: 34, 0), .faint, width: 1.2, arrow: true))
        place.x += 42
        let isWritten = zip(graph.edges, labels).allSatisfy { $0.gain == nil || $1 != nil }
        text(isWritten ? words.gainKey : words.someGainsKey)
        if hasShifts { text(words.shiftKey) }
        place = start.moved(by: 0, 22)
        text(words.networkKey)
        return elements
    }
}

extension FlowGraph.Kind {
    /// The point at which a line towards another point leaves the sign of the node.
    fileprivate func border(_ center: Picture.Point, toward other: Picture.Point) -> Picture.Point {
        let distance = center.distance(to: other)
        guard distance > 0 else { return center }
        switch self {
        case .input, .output: return center.toward(other, 1 / distance)
        case .point: return center
        case .branch: return center.toward(other, 5 / distance)
        case .sum: return center.toward(other, 10 / distance)
        case .operation, .function, .slope, .box:
            let half = FlowDrawing.boxWidth(self) / 2
            let (dx, dy) = ((other.x - center.x).magnitude, (other.y - center.y).magnitude)
            let part = min(dx > 0 ? half / dx : 1, dy > 0 ? 13 / dy : 1)
            return center.toward(other, part + 0.5 / distance)
        }
    }
}
