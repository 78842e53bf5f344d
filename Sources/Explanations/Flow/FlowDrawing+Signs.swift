import AdjointGraphs

extension FlowDrawing {
    func line(
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

    func sign(_ text: String, at point: Picture.Point, _ color: Picture.Color, isBold: Bool) -> [Picture.Element] {
        let width = FlowDrawing.width(text) * (isBold ? 1.2 : 1.1) + 6
        return [
            .rectangle(
                point.moved(by: -width / 2, -8), width: width, height: 16, corner: 3, fill: .paper, stroke: .none,
                hatch: nil),
            .text(point, text, size: FlowDrawing.textSize, anchor: .middle, color, isBold: isBold),
        ]
    }

    func draw(
        _ node: FlowGraph.Node, _ name: Expression?, _ number: Int, at point: Picture.Point
    ) -> [Picture.Element] {
        switch node.kind {
        case .input, .output:
            let isSelected = selected != nil && node.signal == selected
            let place = weights.count <= 8 ? node.signal.flatMap { weights.firstIndex(of: $0) } : nil
            let text = name?.text ?? ""
            let xs = layout.points.map { $0.x }
            let own = layout.points[number].x
            let anchor: Picture.Anchor =
                layout.isVertical ? .middle : own == xs.min() ? .end : own == xs.max() ? .start : .middle
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

    var hasShifts: Bool { graph.nodes.contains { $0.kind.label.utf8.first == UInt8(ascii: "q") } }

    /// What the signs mean, in a line.
    func legend(at start: Picture.Point) -> [Picture.Element] {
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
        text(words.branchKey)
        node(.sum)
        text(words.sumKey)
        elements.append(
            .line(
                Picture.Point(x, y), Picture.Point(x + 34, y), .faint, width: 1.2, isDashed: false, arrow: true))
        x += 42
        text(words.gainKey)
        if hasShifts { text(words.shiftKey) }
        return elements
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
            let half = FlowDrawing.boxWidth(self) / 2
            let (dx, dy) = ((other.x - center.x).magnitude, (other.y - center.y).magnitude)
            let part = min(dx > 0 ? half / dx : 1, dy > 0 ? 13 / dy : 1)
            return center.toward(other, part + 0.5 / distance)
        }
    }
}
