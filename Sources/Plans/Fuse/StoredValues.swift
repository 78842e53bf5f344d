import AdjointGraphs

/// The pointwise values that are written to memory; all others are computed wherever they are needed.
///
/// A value is stored if a node other than a pass reads it, or the caller does. Any other value may be computed again in each
/// pass that needs it: that costs instructions, and the full-size operands that such a pass does not read anyway; storing it
/// costs one write, and one read in each of those passes. So a value is computed again if no pass has to read more than
/// one operand for it, and if it takes few instructions. Small values (the numbers of a channel) cost nothing.
///
/// A batch normalization's distances from the mean and an activation's mask need only the layer's input, which the passes
/// of the gradient read in any case: neither is stored.
struct Recomputation {
    let uses: Uses
    private(set) var isStored: [Bool]
    /// For each value, the stored values and sums that depend on it, also through values that are not stored.
    private var sinks: [Set<Int>]

    /// The number of vector additions that costs as much as a write to memory and the reads of it.
    private static let limit = 12

    init(_ uses: Uses) {
        self.uses = uses
        let nodes = uses.graph.nodes
        isStored = nodes.indices.map { index in
            guard uses.isLive[index], nodes[index].primitive.isPointwise else { return false }
            return uses.isOutput[index]
                || uses.consumers[index].contains { !nodes[$0].primitive.isPointwise && !uses.isSum($0) }
        }
        sinks = [Set<Int>](repeating: [], count: nodes.count)
        for index in nodes.indices.reversed() {
            for consumer in uses.consumers[index] {
                let isSink = uses.isSum(consumer) || isStored[consumer]
                let further = isSink ? [consumer] : sinks[consumer]
                // Along a chain the set stays the same, and is not copied.
                if sinks[index].isEmpty { sinks[index] = further } else { sinks[index].formUnion(further) }
            }
        }
        for index in nodes.indices where uses.isLive[index] && nodes[index].primitive.isPointwise && !isStored[index] {
            isStored[index] = !mayBeComputedAgain(index)
        }
    }

    private func mayBeComputedAgain(_ index: Int) -> Bool {
        let passes = passes(reading: index)
        guard passes.count > 1 else { return true }
        let cone = Cone(of: [index], in: uses, isStored)
        guard cone.members.reduce(0, { $0 + uses.graph.nodes[$1].primitive.cost }) <= Self.limit else { return false }
        let full = cone.leaves.filter { 4 * uses.extent($0) > uses.graph.nodes[index].shape.count }
        return passes.allSatisfy { sinks in
            let others = Cone(of: sinks, in: uses, isStored, without: index).leaves
            return full.count { !others.contains($0) } <= 1
        }
    }

    /// The stored values and sums that depend on a value, grouped by the pass that could compute them.
    private func passes(reading index: Int) -> [[Int]] {
        let sinks = sinks[index]
        var passes: [[Int]: [Int]] = [:]
        for sink in sinks.sorted() {
            // A stored value can be in the pass of any sum of its level.
            let level = uses.level[uses.space(sink)]
            let axes =
                uses.axes(sink) ?? sinks.first { uses.level[uses.space($0)] == level && uses.isSum($0) }
                .flatMap { uses.axes($0) } ?? []
            passes[[level] + axes, default: []].append(sink)
        }
        return Array(passes.values)
    }
}

/// The nodes that a pass computes for some pointwise nodes and sums, and those that it reads: the values in memory at the end
/// of each chain of pointwise nodes that are not stored.
struct Cone {
    private(set) var members: Set<Int> = []
    /// The values in memory, without constant numbers.
    private(set) var leaves: Set<Int> = []

    /// - Parameters:
    ///   - roots: nodes that are computed, even where they are stored.
    ///   - cut: a node that is treated as stored.
    init(of roots: [Int], in uses: Uses, _ isStored: [Bool], without cut: Int? = nil) {
        let nodes = uses.graph.nodes
        var open = roots.filter { !uses.isSum($0) }
        members = Set(open)
        func reach(_ operand: Int) {
            guard operand != cut else { return }
            if nodes[operand].primitive.isPointwise, !isStored[operand] || roots.contains(operand) {
                if members.insert(operand).inserted { open.append(operand) }
            } else if uses.graph.uniformNumber(operand) == nil {
                leaves.insert(operand)
            }
        }
        for root in roots where uses.isSum(root) { reach(uses.space(root)) }
        while let node = open.popLast() {
            for operand in nodes[node].operands { reach(operand) }
        }
    }
}
