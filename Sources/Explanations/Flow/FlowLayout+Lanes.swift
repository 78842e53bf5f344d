import AdjointGraphs

extension FlowLayout {
    /// Layers one below the other, in lanes: who leaves a branch first stays in its lane, others go one aside, and a signal
    /// that runs past others runs in a lane of its own.
    static func inLanes(_ graph: FlowGraph) -> (points: [Picture.Point], corners: [[Picture.Point]]) {
        var plan = LanePlan(graph)
        for node in graph.order { plan.place(node) }
        return plan.finished()
    }
}

private struct LanePlan {
    let graph: FlowGraph
    let arriving: [[Int]]
    let leaving: [[Int]]
    var rows: [Int]
    var lanes: [Int]
    /// For each edge that leaves its lane to run past others, which one it runs in.
    var detours: [Int: Int] = [:]
    /// The rows of each lane that are taken.
    var taken: [Set<Int>] = []

    init(_ graph: FlowGraph) {
        self.graph = graph
        arriving = graph.arriving
        leaving = graph.leaving
        rows = graph.nodes.map { _ in 0 }
        lanes = rows
    }

    private mutating func isFree(_ lane: Int, _ rows: Range<Int>) -> Bool {
        while taken.count <= lane { taken.append([]) }
        return rows.allSatisfy { !taken[lane].contains($0) }
    }

    mutating func place(_ node: Int) {
        let sources = arriving[node].map { graph.edges[$0].from }
        let row = (sources.map { rows[$0] }.max() ?? -1) + 1
        rows[node] = row
        // A join comes back to the leftmost of its ways.
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
    }

    func finished() -> (points: [Picture.Point], corners: [[Picture.Point]]) {
        let widest = graph.nodes.reduce(0) { max($0, $1.kind.isBox ? FlowDrawing.boxWidth($1.kind) : 0) }
        var xs: [Double] = []
        var edge = -widest / 2
        for lane in taken.indices {
            let holds = graph.nodes.indices.contains { lanes[$0] == lane && graph.nodes[$0].kind.isBox }
            let half = holds ? widest / 2 : 6
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
