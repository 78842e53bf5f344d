import AdjointGraphs

extension FlowDrawing {
    /// For each edge with a gain, the place on it that is freest of other lines, signs and labels.
    ///
    /// - Parameter isShown: whether an edge has a label.
    static func labels(
        _ graph: FlowGraph, _ layout: FlowLayout, where isShown: (FlowGraph.Edge) -> Bool
    ) -> [Picture.Point?] {
        // Labels stand on the longest straight part; one led out straight has it on that part.
        let segments = graph.edges.indices.map { number -> (Picture.Point, Picture.Point) in
            let edge = graph.edges[number]
            let (a, b) = (layout.points[edge.from], layout.points[edge.to])
            guard let corner = layout.corners[number].first else { return (a, b) }
            return corner.y == a.y
                ? (Picture.Point(corner.x - 60, a.y), corner) : (corner, Picture.Point(corner.x + 60, b.y))
        }
        var labels = [Picture.Point?](repeating: nil, count: graph.edges.count)
        for (number, edge) in graph.edges.enumerated() {
            guard let gain = edge.gain, isShown(edge) else { continue }
            let (start, end) = segments[number]
            let half = (0.6 * width(gain.expression.text) + 5, 10.0)
            var best: (cost: Double, point: Picture.Point)?
            for step in 0...20 {
                let part = 0.14 + 0.72 * Double(step) / 20
                let point = start.toward(end, part)
                var cost = 4 * (part - 0.4).magnitude
                for (other, segment) in segments.enumerated() where other != number {
                    if crosses(segment, point, half) { cost += 3 }
                }
                for label in labels {
                    if let label, (label.x - point.x).magnitude < 2 * half.0, (label.y - point.y).magnitude < 2 * half.1
                    {
                        cost += 40
                    }
                }
                for (node, place) in zip(graph.nodes, layout.points) {
                    // Room for the sign, and for an arrow's tip before it.
                    let reach = node.kind.isBox ? boxWidth(node.kind) / 2 + 14 : 20
                    if (place.x - point.x).magnitude < half.0 + reach, (place.y - point.y).magnitude < half.1 + 9 {
                        cost += 40
                    }
                }
                if cost < best?.cost ?? .infinity { best = (cost, point) }
            }
            labels[number] = best?.point
        }
        return labels
    }

    /// Whether a line meets a rectangle around a point (Liang and Barsky 1984).
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
