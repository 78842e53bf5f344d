import AdjointGraphs

/// The pointwise nodes and sums that are computed together, in one pass over memory, and the order of all passes and nodes.
///
/// A pass goes through the places of one shape. It stores values that others need, adds up sums, and computes for itself
/// whatever it needs that is not in memory. Passes are joined where they read the same memory and do not depend on each
/// other. Values that replace a state are computed last, when no other step reads the state any more.
struct Fusion {
    /// The work of one step of the plan, or of a few.
    enum Unit {
        case node(Int)
        case pass(Pass)
    }

    struct Pass {
        /// Stored values and sums, ascending.
        var roots: [Int]
        /// Pointwise nodes that are computed, ascending; some may be computed in other passes as well.
        fileprivate(set) var members: [Int] = []
        fileprivate var leaves: Set<Int> = []
        fileprivate var axes: [Int]?
    }

    /// The units in an order in which each comes after those on which it depends.
    private(set) var units: [Unit] = []
    /// For each sum, the sum of squared distances from its mean that is computed with it.
    let squares: [Int: Int]
    private let uses: Uses
    private let isStored: [Bool]
    private var passes: [Pass] = []
    private var passOf: [Int: Int] = [:]
    private let updates: Set<Int>

    /// The most instructions and operands of a pass that is joined with another.
    private static let largestPass = (members: 64, leaves: 16)

    /// - Parameter updates: the nodes that replace states.
    init(_ graph: Graph, updates: Set<Int>) {
        self.updates = updates
        uses = Uses(graph)
        squares = uses.squares
        isStored = Recomputation(uses).isStored
        let partners = Set(squares.values)
        var classes: [[Int]: [Int]] = [:]
        for index in graph.nodes.indices where uses.isLive[index] && !partners.contains(index) {
            guard isStored[index] || uses.isSum(index) else { continue }
            let space = uses.space(index)
            let place = [updates.contains(index) ? 1 : 0, uses.level[space]] + graph.nodes[space].shape.sizes
            join(index, with: &classes[place, default: []])
        }
        for (sum, partner) in squares { passOf[partner] = passOf[sum] }
        schedule()
    }

    /// Puts a root into one of the passes through the same places at the same level, or into a new one.
    private mutating func join(_ root: Int, with candidates: inout [Int]) {
        let axes = uses.axes(root)
        let alone = Cone(of: [root], in: uses, isStored)
        let points = uses.graph.nodes[uses.space(root)].shape.count
        // A pass can only come after those that store its operands.
        let first = candidates.lastIndex { pass in passes[pass].roots.contains { alone.leaves.contains($0) } } ?? 0
        for pass in candidates.dropFirst(first) {
            if let axes, let others = passes[pass].axes, axes != others { continue }
            // A number that both read is not memory that they share.
            let isRelated = alone.leaves.intersection(passes[pass].leaves.union(passes[pass].roots))
                .contains { uses.extent($0) > 1 || points == 1 }
            let joined = Cone(of: passes[pass].roots + [root], in: uses, isStored)
            guard isRelated, joined.members.count <= Self.largestPass.members,
                joined.leaves.count <= Self.largestPass.leaves
            else { continue }
            passes[pass].roots.append(root)
            passes[pass].axes = passes[pass].axes ?? axes
            passes[pass].update(joined)
            passOf[root] = pass
            return
        }
        var pass = Pass(roots: [root], axes: axes)
        pass.update(alone)
        candidates.append(passes.count)
        passOf[root] = passes.count
        passes.append(pass)
    }

    /// Orders passes and other nodes: of those whose dependencies are done, always the one that came first in the
    /// graph, or that the first one depends on; updates after all others.
    ///
    /// The first node of a pass may be far behind nodes that depend on it. In the order of first nodes alone, everything before
    /// that node would be computed, and kept, until then.
    private mutating func schedule() {
        let nodes = uses.graph.nodes
        var readers: [Int: [Int]] = [:]
        var needs: [Int: Set<Int>] = [:]
        // A unit is named by its first node.
        func unit(of node: Int) -> Int { passOf[node].map { passes[$0].roots[0] } ?? node }
        for index in nodes.indices where uses.isLive[index] && unit(of: index) == index {
            guard passOf[index] != nil || !nodes[index].primitive.isPointwise else { continue }
            let read: Set<Int>
            if let pass = passOf[index] {
                let members = Set(passes[pass].members)
                let operands =
                    passes[pass].members.flatMap { nodes[$0].operands }
                    + passes[pass].roots.filter { uses.isSum($0) }.map { uses.space($0) }
                read = Set(operands.filter { !members.contains($0) }.map { unit(of: $0) })
            } else {
                read = Set(nodes[index].operands.map { unit(of: $0) })
            }
            needs[index] = read
            for other in read { readers[other, default: []].append(index) }
        }
        // For each unit, its own place or that of the first unit that needs it.
        var places: [Int: Int] = [:]
        for unit in needs.keys.sorted() {
            let place = updates.contains(unit) ? unit + nodes.count : unit
            var open = [unit]
            while let next = open.popLast() {
                guard place < places[next] ?? .max else { continue }
                places[next] = place
                open += needs[next] ?? []
            }
        }
        func isBefore(_ unit: Int, _ other: Int) -> Bool {
            (places[unit] ?? unit, unit) < (places[other] ?? other, other)
        }
        var waits = needs.mapValues { $0.count }
        var ready = waits.keys.filter { waits[$0] == 0 }.sorted { isBefore($1, $0) }
        while let next = ready.popLast() {
            units.append(passOf[next].map { .pass(passes[$0]) } ?? .node(next))
            for reader in readers[next] ?? [] {
                waits[reader, default: 0] -= 1
                guard waits[reader] == 0 else { continue }
                ready.insert(reader, at: ready.firstIndex { isBefore($0, reader) } ?? ready.count)
            }
        }
    }
}

extension Fusion.Pass {
    fileprivate mutating func update(_ cone: Cone) {
        members = cone.members.sorted()
        leaves = cone.leaves
    }
}
