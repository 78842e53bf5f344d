import AdjointGraphs

/// The places of a flow graph's nodes, the same for the graph and its transpose.
package struct FlowLayout {
    package private(set) var points: [Picture.Point]
    /// For each edge, the corners of its line.
    package private(set) var corners: [[Picture.Point]]
    /// Whether signals run downwards.
    package let isVertical: Bool

    /// - Parameter graph: a graph that is not transposed.
    package init(_ graph: FlowGraph) {
        corners = graph.edges.map { _ in [] }
        let given = graph.nodes.compactMap { $0.place }
        isVertical = given.isEmpty && graph.nodes.contains { if case .box = $0.kind { true } else { false } }
        if isVertical {
            (points, corners) = FlowLayout.inLanes(graph)
        } else if given.count == graph.nodes.count {
            points = given
            for (number, edge) in graph.edges.enumerated() where edge.gain != nil {
                if let corner = FlowLayout.corner(given[edge.from], given[edge.to]) { corners[number] = [corner] }
            }
        } else {
            points = FlowLayout.inColumns(graph)
        }
    }

    /// The corner of a line from a tap, which first runs straight past all taps, and then to the sum.
    private static func corner(_ a: Picture.Point, _ b: Picture.Point) -> Picture.Point? {
        let (tap, hub) = a.x.magnitude < b.x.magnitude ? (a, b) : (b, a)
        return (hub.x * 0.35).magnitude < tap.x.magnitude ? nil : Picture.Point(hub.x * 0.35, tap.y)
    }

    /// For each node its column, as near to the end as its users allow; inputs and their branches are at the beginning.
    private static func columns(_ graph: FlowGraph) -> [Int] {
        let (from, to) = (graph.depths, graph.transposed().depths)
        let last = from.max() ?? 0
        return graph.nodes.indices.map { node in
            let isEarly = graph.nodes[node].kind == .branch && from[node] == 1 || graph.nodes[node].kind == .input
            return isEarly ? from[node] : last - to[node]
        }
    }

    /// Places in columns, in each of which the nodes have the order of their neighbours in the column before.
    private static func inColumns(_ graph: FlowGraph) -> [Picture.Point] {
        let arriving = graph.arriving
        let columns = columns(graph)
        let last = columns.max() ?? 0
        let members = (0...last).map { column in graph.nodes.indices.filter { columns[$0] == column } }
        let height = max(300, 44 * Double((members.map { $0.count }.max() ?? 1) - 1))
        var (xs, ys) = (columns.map { _ in 0.0 }, columns.map { _ in 0.0 })
        var x = 0.0
        for (column, nodes) in members.enumerated() {
            let edges = nodes.flatMap { arriving[$0] }.map { graph.edges[$0] }
            let isWeighted = edges.contains { $0.gain != nil }
            if column > 0 {
                let boxes = (members[column - 1] + nodes).map { graph.nodes[$0].kind }.filter { $0.isBox }
                let widest = boxes.reduce(0) { max($0, FlowDrawing.boxWidth($1)) }
                x += (isWeighted ? 230 + 10 * Double(min(12, edges.count)) : 56) + widest / 2
            }
            var wishes = nodes.enumerated().map { position, node -> Double in
                let before = arriving[node].map { ys[graph.edges[$0].from] }
                return before.isEmpty
                    ? height * (Double(position) + 0.5) / Double(nodes.count)
                    : before.reduce(0, +) / Double(before.count)
            }
            if column == 0, nodes.count > 1 {
                wishes = nodes.indices.map { height * Double($0) / Double(nodes.count - 1) }
            }
            // A node with one neighbour before is beside it, or as near as other nodes allow.
            let isStraight = !isWeighted && nodes.allSatisfy { arriving[$0].count == 1 }
            if column > 0 { wishes = isStraight ? apart(wishes) : spread(wishes, over: height) }
            for (node, wish) in zip(nodes, wishes) { (xs[node], ys[node]) = (x, wish) }
        }
        // A node that leads to one output alone is beside it.
        let outputs = members[last].filter { graph.nodes[$0].kind == .output }
        if outputs.count == members[last].count {
            for edge in graph.edges where columns[edge.to] == last && columns[edge.from] == last - 1 && last > 1 {
                if graph.leaving[edge.from].count == 1 { ys[edge.from] = ys[edge.to] }
            }
        }
        return zip(xs, ys).map { Picture.Point($0, $1) }
    }

    /// The same places, moved apart where names would touch.
    private static func apart(_ wishes: [Double]) -> [Double] {
        let gap = 1.8 * FlowDrawing.textSize
        var places = wishes
        var last = -Double.infinity
        for number in wishes.indices.sorted(by: { (wishes[$0], $0) < (wishes[$1], $1) }) {
            // Nodes with equal places are spread around these.
            let equal = wishes.indices.filter { wishes[$0] == wishes[number] }
            let own = Double(equal.firstIndex(of: number) ?? 0) - Double(equal.count - 1) / 2
            places[number] = max(wishes[number] + own * gap, last + gap)
            last = places[number]
        }
        return places
    }

    /// The places spread over most of the height, between the same proportions and equal distances; without an order, evenly.
    private static func spread(_ wishes: [Double], over height: Double) -> [Double] {
        guard wishes.count > 1, let first = wishes.first, let last = wishes.last else { return wishes }
        let room = height * min(1, 0.7 + 0.02 * Double(wishes.count))
        let isOrdered = last > first && zip(wishes, wishes.dropFirst()).allSatisfy { $0 <= $1 }
        return wishes.enumerated().map { position, wish in
            let even = Double(position) / Double(wishes.count - 1)
            let own = isOrdered ? (wish - first) / (last - first) : even
            return (height - room) / 2 + room * (own + even) / 2
        }
    }
}
