import AdjointGraphs

extension FlowLayout {
    /// Layers one below the other, in lanes: the first path after a branch stays in its lane, each further one takes the next
    /// lane, and a signal that passes other nodes runs in a lane of its own.
    static func inLanes(_ graph: FlowGraph) -> (points: [Picture.Point], corners: [[Picture.Point]]) {
        var plan = LanePlan(graph)
        // Row by row; inputs are placed last in their row, so that paths keep their lanes.
        let order = graph.order
        func rank(_ place: Int) -> (row: Int, isInput: Int, place: Int) {
            (plan.rows[order[place]], graph.nodes[order[place]].kind == .input ? 1 : 0, place)
        }
        for place in order.indices.sorted(by: { rank($0) < rank($1) }) { plan.place(order[place]) }
        return plan.finished()
    }
}

private struct LanePlan {
    let graph: FlowGraph
    let arriving: [[Int]]
    let leaving: [[Int]]
    let rows: [Int]
    var lanes: [Int]
    /// For each edge that leaves its lane to pass other nodes, the lane in which it runs.
    var detours: [Int: Int] = [:]
    /// For each lane, the rows that are taken.
    var taken: [Set<Int>] = []

    init(_ graph: FlowGraph) {
        self.graph = graph
        arriving = graph.arriving
        leaving = graph.leaving
        rows = LanePlan.rows(graph, leaving)
        lanes = rows.map { _ in 0 }
    }

    /// Ends stand as near to the beginning as what they wait for lets them, all else as near to what waits for it: an input
    /// just above its layer.
    private static func rows(_ graph: FlowGraph, _ leaving: [[Int]]) -> [Int] {
        var rows = graph.depths
        for node in graph.order.reversed() {
            rows[node] = leaving[node].map { rows[graph.edges[$0].to] - 1 }.min() ?? rows[node]
        }
        return rows
    }

    private mutating func isFree(_ lane: Int, _ rows: Range<Int>) -> Bool {
        while taken.count <= lane { taken.append([]) }
        return rows.allSatisfy { !taken[lane].contains($0) }
    }

    mutating func place(_ node: Int) {
        let sources = arriving[node].map { graph.edges[$0].from }
        let row = rows[node]
        // A node with several paths is in the leftmost of their lanes.
        var lane = sources.map { lanes[$0] }.min() ?? 0
        while !isFree(lane, row..<row + 1) { lane += 1 }
        lanes[node] = lane
        taken[lane].insert(row)
        for edge in arriving[node] {
            let from = graph.edges[edge].from
            let between = rows[from] + 1..<row
            let own = max(lane, lanes[from])
            if between.isEmpty || isFree(own, between) && own != min(lane, lanes[from]) {
                for row in between { taken[own].insert(row) }
                continue
            }
            var detour = own
            while !isFree(detour, between) { detour += 1 }
            if detour != own { detours[edge] = detour }
            for row in between { taken[detour].insert(row) }
        }
        // No further node may be on the lines that lead here from other lanes.
        for from in sources where lanes[from] > lane {
            for lane in lane...lanes[from] { taken[lane].insert(row) }
        }
    }

    func finished() -> (points: [Picture.Point], corners: [[Picture.Point]]) {
        var halves = taken.map { _ in 6.0 }
        for (lane, node) in zip(lanes, graph.nodes) {
            halves[lane] = max(halves[lane], FlowDrawing.reach(of: node, isVertical: true))
        }
        var xs: [Double] = []
        var edge = 0.0
        for half in halves {
            xs.append(edge + half)
            edge += 2 * half + 28
        }
        let points = graph.nodes.indices.map { Picture.Point(xs[lanes[$0]], 44 * Double(rows[$0])) }
        let corners = graph.edges.indices.map { number -> [Picture.Point] in
            let (a, b) = (points[graph.edges[number].from], points[graph.edges[number].to])
            if let detour = detours[number] { return [Picture.Point(xs[detour], a.y), Picture.Point(xs[detour], b.y)] }
            if a.x == b.x { return [] }
            return [Picture.Point(max(a.x, b.x), a.x < b.x ? a.y : b.y)]
        }
        return (points, corners)
    }
}
