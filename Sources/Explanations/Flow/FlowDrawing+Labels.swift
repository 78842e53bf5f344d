import AdjointGraphs

extension FlowDrawing {
    /// For each edge with a gain, the place on it that overlaps the fewest other lines, signs and labels.
    ///
    /// - Parameter isShown: whether an edge has a label.
    static func labels(
        _ graph: FlowGraph, _ layout: FlowLayout, where isShown: (FlowGraph.Edge) -> Bool
    ) -> [Picture.Point?] {
        // Labels are on the longest straight part; for an edge that begins straight, on that part.
        let segments = graph.edges.indices.map { number -> (Picture.Point, Picture.Point) in
            let edge = graph.edges[number]
            let (a, b) = (layout.points[edge.from], layout.points[edge.to])
            guard let corner = layout.corners[number].first else { return (a, b) }
            return corner.y == a.y
                ? (Picture.Point(corner.x - 60, a.y), corner) : (corner, Picture.Point(corner.x + 60, b.y))
        }
        var labels = [Picture.Point?](repeating: nil, count: graph.edges.count)
        var halves = [Double](repeating: 0, count: graph.edges.count)
        for (number, edge) in graph.edges.enumerated() {
            guard let gain = edge.gain, isShown(edge) else { continue }
            let (start, end) = segments[number]
            let half = (x: 0.6 * width(gain.expression.text) + 5, y: 10.0)
            halves[number] = half.x
            let others = segments.enumerated().filter { $0.offset != number }.map { $0.element }
            let places = (0...40).compactMap { step -> (cost: Double, point: Picture.Point)? in
                let part = 0.1 + 0.8 * Double(step) / 40
                let point = start.toward(end, part)
                // A label without room of its own is left out.
                let isTaken = zip(labels, halves).contains { place, other in
                    place.map { ($0.x - point.x).magnitude < half.x + other - 9 && ($0.y - point.y).magnitude < 13 }
                        ?? false
                }
                if isTaken { return nil }
                /// Whether the two would overlap, or are too near to be told apart.
                func isCovered(_ other: Picture.Point, _ reach: (x: Double, y: Double)) -> Bool {
                    (other.x - point.x).magnitude < half.x + reach.x && (other.y - point.y).magnitude < half.y + reach.y
                }
                let lines = others.count { crosses($0, point, half) }
                let texts = zip(labels, halves).count { place, other in
                    place.map { isCovered($0, (other, half.y)) } ?? false
                }
                let signs = zip(graph.nodes, layout.points).count { node, place in
                    // Room for the sign, and for an arrow's tip before it.
                    isCovered(place, (node.kind.isBox ? boxWidth(node.kind) / 2 + 14 : 20, 9))
                }
                return (4 * (part - 0.4).magnitude + Double(3 * lines + 40 * (texts + signs)), point)
            }
            labels[number] = places.min { $0.cost < $1.cost }?.point
        }
        return labels
    }

    /// Whether a line crosses a rectangle around a point (Liang and Barsky 1984).
    private static func crosses(
        _ line: (Picture.Point, Picture.Point), _ center: Picture.Point, _ half: (Double, Double)
    ) -> Bool {
        var (enter, leave) = (0.0, 1.0)
        for (start, end, middle, reach) in [
            (line.0.x, line.1.x, center.x, half.0), (line.0.y, line.1.y, center.y, half.1),
        ] {
            let (way, low, high) = (end - start, middle - reach - start, middle + reach - start)
            if way == 0 {
                if low > 0 || high < 0 { return false }
                continue
            }
            let (a, b) = (low / way, high / way)
            (enter, leave) = (max(enter, min(a, b)), min(leave, max(a, b)))
        }
        return enter <= leave
    }
}
