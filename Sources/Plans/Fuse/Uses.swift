import AdjointGraphs

/// The users of each node of a graph, for the passes that decide which nodes are computed together.
struct Uses {
    let graph: Graph
    /// The nodes on which a node depends: its operands; for a sum of squared distances from a mean only the sum in that mean,
    /// since one pass computes both.
    let dependencies: [[Int]]
    /// The nodes that depend on a node, ascending; without nodes that no output needs.
    let consumers: [[Int]]
    let isLive: [Bool]
    let isOutput: [Bool]
    /// For each sum, the sum of squared distances from its mean.
    let squares: [Int: Int]
    /// The number of passes over memory that must end before a node can be computed: equal for those that may share one.
    let level: [Int]

    init(_ graph: Graph) {
        self.graph = graph
        let nodes = graph.nodes
        var squares: [Int: Int] = [:]
        var dependencies = nodes.map { $0.operands }
        for index in nodes.indices {
            guard let sum = graph.sumOfDistances(index) else { continue }
            squares[sum] = index
            dependencies[index] = [sum]
        }
        var isOutput = [Bool](repeating: false, count: nodes.count)
        for output in graph.outputs { isOutput[output.node] = true }
        var isLive = isOutput
        for index in nodes.indices.reversed() {
            if case .input = nodes[index].primitive { isLive[index] = true }
            if isLive[index] { for operand in dependencies[index] { isLive[operand] = true } }
        }
        var consumers = [[Int]](repeating: [], count: nodes.count)
        var level = [Int](repeating: 0, count: nodes.count)
        for index in nodes.indices where isLive[index] {
            for operand in Set(dependencies[index]) { consumers[operand].append(index) }
            level[index] = dependencies[index].map { level[$0] }.max() ?? 0
            if !nodes[index].primitive.isPointwise { level[index] += 1 }
        }
        for (sum, partner) in squares { level[partner] = level[sum] }
        self.squares = squares
        self.dependencies = dependencies
        self.isOutput = isOutput
        self.isLive = isLive
        self.consumers = consumers
        self.level = level
    }

    /// Whether a node's value is summed as it is computed.
    func isSum(_ node: Int) -> Bool {
        if case .reduction = graph.nodes[node].primitive { true } else { false }
    }

    /// The value through whose places a pass goes to compute a pointwise node or a sum.
    func space(_ node: Int) -> Int { isSum(node) ? graph.nodes[node].operands[0] : node }

    /// The axes of a sum; nil for others.
    func axes(_ node: Int) -> [Int]? {
        if case .reduction(.sum(let axes)) = graph.nodes[node].primitive { axes } else { nil }
    }

    /// The floats of memory behind a value's view: few for values that are repeated.
    func extent(_ node: Int) -> Int {
        switch graph.nodes[node].primitive {
        case .movement(.broadcast), .movement(.reshape), .movement(.permute), .stop:
            extent(graph.nodes[node].operands[0])
        default:
            graph.nodes[node].shape.count
        }
    }
}

extension Graph {
    /// For Σ (x − b)² with b = (Σ x)/n repeated: the node Σ x over the same n elements.
    fileprivate func sumOfDistances(_ index: Int) -> Int? {
        guard case .reduction(.sum(let axes)) = nodes[index].primitive, let square = factors(nodes[index].operands[0]),
            square.0 == square.1, case .pointwise(.add) = nodes[square.0].primitive
        else { return nil }
        let distance = nodes[square.0]
        let count = axes.reduce(1) { $0 * distance.shape[$1] }
        for place in 0..<2 {
            let (x, repeated) = (distance.operands[place], distance.operands[1 - place])
            guard case .movement(.broadcast(axes, _)) = nodes[repeated].primitive,
                let sum = negatedMean(nodes[repeated].operands[0], count: count),
                case .reduction(.sum(axes)) = nodes[sum].primitive, nodes[sum].operands[0] == x
            else { continue }
            return sum
        }
        return nil
    }

    private func factors(_ index: Int) -> (Int, Int)? {
        guard case .pointwise(.multiply) = nodes[index].primitive else { return nil }
        return (nodes[index].operands[0], nodes[index].operands[1])
    }

    /// For −s/n, or the same reshaped: s.
    private func negatedMean(_ index: Int, count: Int) -> Int? {
        let node = nodes[index]
        switch node.primitive {
        case .movement(.reshape):
            return negatedMean(node.operands[0], count: count)
        case .pointwise(.negate):
            let quotient = nodes[withoutReshape(node.operands[0])]
            guard case .pointwise(.divide) = quotient.primitive, uniformNumber(quotient.operands[1]) == Float(count)
            else { return nil }
            return withoutReshape(quotient.operands[0])
        default:
            return nil
        }
    }

    private func withoutReshape(_ index: Int) -> Int {
        guard case .movement(.reshape) = nodes[index].primitive else { return index }
        return withoutReshape(nodes[index].operands[0])
    }

    /// The number that all elements of a value are equal to.
    func uniformNumber(_ index: Int) -> Float? {
        let node = nodes[index]
        switch node.primitive {
        case .constant(let tensor) where tensor.count == 1 && tensor.elementType != .int32: return tensor.floats[0]
        case .movement(.broadcast), .movement(.reshape): return uniformNumber(node.operands[0])
        default: return nil
        }
    }
}

extension Primitive {
    /// Whether the value at a place depends only on the operands at that place.
    var isPointwise: Bool {
        switch self {
        case .pointwise, .convert: true
        default: false
        }
    }

    /// The cost of computing it, in vector additions; so high for functions that they are not computed twice.
    var cost: Int {
        switch self {
        case .pointwise(.add), .pointwise(.multiply), .pointwise(.negate), .pointwise(.abs), .pointwise(.sign),
            .pointwise(.maximum), .pointwise(.minimum), .pointwise(.less), .pointwise(.lessOrEqual), .pointwise(.equal),
            .pointwise(.and), .pointwise(.or), .pointwise(.not), .pointwise(.select):
            1
        case .pointwise(.divide), .pointwise(.sqrt): 8
        case .pointwise: 100
        default: 1
        }
    }
}
