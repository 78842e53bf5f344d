import AdjointGraphs

/// Which pointwise nodes are computed together, in one pass over memory.
///
/// A group is named by its root, its last node: a pointwise node, or a sum whose summands the group computes. A pointwise
/// node joins the group of its first consumer where both are walked alike; if others need it too, the group stores it on
/// the way, which is possible only where all of them come after the root (else the group would wait for itself).
struct Fusion {
    /// The root of the group that computes a node; nil for nodes that are not pointwise.
    private(set) var root: [Int?]
    /// Whether a node's value is written to memory by its group.
    private(set) var isStored: [Bool]

    init(_ graph: Graph) {
        let nodes = graph.nodes
        root = [Int?](repeating: nil, count: nodes.count)
        isStored = [Bool](repeating: false, count: nodes.count)
        var consumers = [[Int]](repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            for operand in Set(node.operands) { consumers[operand].append(index) }
        }
        let outputs = Set(graph.outputs.map { $0.node })
        for (index, node) in nodes.enumerated().reversed() {
            if case .reduction = node.primitive {
                root[index] = index
                continue
            }
            guard node.primitive.isPointwise else { continue }
            guard let group = consumers[index].compactMap({ root[$0] }).min() else {
                (root[index], isStored[index]) = (index, true)
                continue
            }
            let others = consumers[index].filter { root[$0] != group }
            let needsMemory = !others.isEmpty || outputs.contains(index)
            var isSum = false
            if case .reduction = nodes[group].primitive { isSum = true }
            if needsMemory, isSum || others.contains(where: { $0 < group }) {
                (root[index], isStored[index]) = (index, true)
            } else {
                (root[index], isStored[index]) = (group, needsMemory)
            }
        }
    }

    /// The nodes that are computed where this one is lowered, itself the last.
    func nodes(of index: Int, in graph: Graph) -> [Int] {
        (root[index] == index ? members(of: index, in: graph).filter { $0 != index } : []) + [index]
    }

    /// The nodes that a group computes, in order; a sum itself is not among them.
    func members(of group: Int, in graph: Graph) -> [Int] {
        root.indices.filter { root[$0] == group && graph.nodes[$0].primitive.isPointwise }
    }
}

extension Primitive {
    /// Whether the value at a place depends on the operands at that place only.
    var isPointwise: Bool {
        switch self {
        case .pointwise, .convert: true
        default: false
        }
    }
}
