import AdjointExplanations
import AdjointGraphs

/// Both directions in one drawing; a style sheet shows one of them.
extension FlowDrawing {
    private func point(_ node: Int) -> Picture.Point { place(layout.points[node]) }

    /// A place in the drawing, which lacks the titles that pictures have.
    private func place(_ point: Picture.Point) -> Picture.Point {
        point.moved(by: margin.left, margin.top - 30)
    }

    private static func way(isBack: Bool) -> String { isBack ? "in-back" : "in-there" }

    /// A straight way from one point to another.
    private struct Line {
        let start: Picture.Point
        let dx, dy, length: Double

        func point(_ distance: Double) -> Picture.Point {
            start.moved(by: dx * distance / length, dy * distance / length)
        }
    }

    private func line(_ edge: FlowGraph.Edge) -> Line {
        let (a, b) = (point(edge.from), point(edge.to))
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        return Line(start: a, dx: dx, dy: dy, length: max(1, (dx * dx + dy * dy).squareRoot()))
    }

    /// A line with an arrow at either end.
    func addEdge(_ number: Int, _ look: EdgeLook, to shapes: inout SVGShapes) {
        let edge = graph.edges[number]
        let line = line(edge)
        let (start, end) = (graph.nodes[edge.from].kind.reach, line.length - graph.nodes[edge.to].kind.reach)
        shapes.begin(" class=\"\(look.classes)\"\(look.data)")
        shapes.path("M" + shapes.point(line.point(start)) + "L" + shapes.point(line.point(end)), "")
        for (isBack, node, distance, way) in [(false, edge.to, end, -1.0), (true, edge.from, start, 1)]
        where graph.nodes[node].kind != .point {
            let (ux, uy) = (line.dx / line.length * way, line.dy / line.length * way)
            let tip = line.point(distance)
            let foot = tip.moved(by: 9 * ux, 9 * uy)
            let corners = [tip, foot.moved(by: -3.6 * uy, 3.6 * ux), foot.moved(by: 3.6 * uy, -3.6 * ux)]
            shapes.path(
                "M" + joined(corners.map { shapes.point($0) }, by: "L") + "Z",
                " class=\"tip \(FlowDrawing.way(isBack: isBack))\"")
        }
        shapes.finish()
    }

    /// A label with the space that it needs.
    struct Label {
        let text: String
        let center: Picture.Point
        let width: Double

        func meets(_ other: Label) -> Bool {
            abs(center.x - other.center.x) < (width + other.width) / 2 + 2 && abs(center.y - other.center.y) < 20
        }
    }

    /// An edge's gain, nil where it is 1.
    ///
    /// - Parameter value: the gain's number, where it is shown too.
    func gain(_ number: Int, value: String? = nil) -> Label? {
        guard let name = graph.edges[number].gain?.expression.text, let center = labels[number].map({ place($0) })
        else { return nil }
        let text = value.map { name + " = " + $0 } ?? name
        return Label(text: text, center: center, width: 8 * Double(text.unicodeScalars.count) + 6)
    }

    func add(_ gain: Label, _ look: EdgeLook, to shapes: inout SVGShapes) {
        shapes.begin(" class=\"gain \(look.classes)\"\(look.data)")
        add(gain, radius: 3, to: &shapes)
        shapes.finish()
    }

    private func add(_ label: Label, radius: Double, to shapes: inout SVGShapes) {
        let corner = label.center.moved(by: -label.width / 2, -9)
        shapes.rectangle(corner, width: label.width, height: 18, radius: radius, "")
        shapes.text(label.center.moved(by: 0, 4.5), label.text, anchor: .middle, "")
    }

    /// The numbers at both ends of an edge.
    func ends(_ number: Int, _ numbers: EdgeNumbers) -> [Label] {
        let edge = graph.edges[number]
        let line = line(edge)
        // Where several meet they stand farther from their node, many of them by turns.
        func distance(_ crowd: (number: Int, count: Int), _ reach: Double) -> Double {
            switch crowd.count {
            case 1: reach + 22
            case 2...5: max(reach + 22, (0.16 + 0.095 * Double(crowd.number % 2)) * line.length)
            default: max(reach + 22, (0.14 + 0.09 * Double(crowd.number % 3)) * line.length)
            }
        }
        let distances = [
            distance(numbers.crowds.from, graph.nodes[edge.from].kind.reach),
            line.length - distance(numbers.crowds.to, graph.nodes[edge.to].kind.reach),
        ]
        return zip([numbers.from, numbers.to], distances).map { text, distance in
            Label(
                text: text, center: line.point(distance), width: 1.15 * Picture.width(of: text, size: 13) + 8)
        }
    }

    /// - Parameter ends: its numbers; the one at the end of the arrow moves there from the other's place.
    func add(
        _ ends: [Label], of number: Int, _ numbers: EdgeNumbers, _ look: EdgeLook, to shapes: inout SVGShapes
    ) {
        for (isEnd, end, other) in [(false, ends[0], ends[1]), (true, ends[1], ends[0])] {
            let arrives = numbers.isBack.map { $0 != isEnd } ?? false
            let way =
                "--x:\(shapes.number(other.center.x - end.center.x))px;--y:\(shapes.number(other.center.y - end.center.y))px"
            shapes.begin(
                " class=\"token\(arrives && numbers.runs ? " run" : "")\(look.classes.dropFirst(4))\" "
                    + "id=\"\(numbers.name)-\(number)\(isEnd ? "b" : "a")\" style=\"\(way)\"\(look.data)")
            add(end, radius: 9, to: &shapes)
            shapes.finish()
        }
    }

    /// - Parameter data: the event when the pointer is on it.
    func addNode(_ number: Int, data: String, to shapes: inout SVGShapes) {
        let (node, center) = (graph.nodes[number], point(number))
        shapes.begin(" class=\"node\"" + data)
        if !data.isEmpty { shapes.circle(center, radius: 13, " class=\"reach\"") }
        for (isBack, kind) in [(false, node.kind), (true, node.kind.transposed)] {
            shapes.begin(" class=\"\(FlowDrawing.way(isBack: isBack))\"")
            addSign(kind, at: center, to: &shapes)
            shapes.finish()
        }
        if node.kind == .input || node.kind == .output {
            let anchor = outside(number).anchor
            let shift = anchor == .end ? -7.0 : anchor == .start ? 7 : 0
            for (isBack, name) in [(false, node.signal), (true, node.delta)] {
                guard let name else { continue }
                let base = center.moved(by: shift, 4.5)
                shapes.text(base, name.text, anchor: anchor, " class=\"\(FlowDrawing.way(isBack: isBack))\"")
            }
        }
        shapes.finish()
    }

    private func addSign(_ kind: FlowGraph.Kind, at center: Picture.Point, to shapes: inout SVGShapes) {
        switch kind {
        case .branch: shapes.circle(center, radius: 4.5, " class=\"dot\"")
        case .point: shapes.circle(center, radius: 2, " class=\"dot\"")
        case .sum:
            shapes.circle(center, radius: 9, " class=\"plus\"")
            shapes.path("M\(shapes.point(center))m-5 0h10m-5-5v10", " class=\"cross\"")
        default: break
        }
    }
}

/// How an edge looks, and the term of a sum that runs along it.
struct EdgeLook {
    let classes, data: String
    let term: Int?
}

/// What an edge carries, as text.
struct EdgeNumbers {
    /// The numbers at the edge's start and end in the graph that is not transposed.
    let from, to: String
    /// The gain's number.
    let gain: String
    /// Whether they run backwards; nil where both ends show what enters there, and their product counts.
    let isBack: Bool?
    /// Whether they are animated.
    let runs: Bool
    /// The name of the current element.
    let name: String
    /// The number of this edge, and the number of edges, among those that meet at either end.
    var crowds = (from: (number: 0, count: 1), to: (number: 0, count: 1))
}

extension FlowGraph.Kind {
    /// The distance from a node at which its lines end.
    fileprivate var reach: Double {
        switch self {
        case .sum, .branch: 11
        case .point: 0
        default: 2
        }
    }
}
