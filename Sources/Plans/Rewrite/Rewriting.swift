import AdjointGraphs

/// A graph while it is written again with some nodes replaced by simpler ones of equal value.
struct Rewriting {
    let graph: Graph
    let builder: GraphBuilder
    /// The new value of each node.
    private(set) var values: [Value] = []

    init(_ graph: Graph) {
        self.graph = graph
        builder = GraphBuilder(capacity: graph.nodes.count)
    }

    /// Writes all nodes; `replace` may give another value for a node, made of the new operands.
    mutating func write(_ replace: (Rewriting, Graph.Node, [Value]) -> Value?) -> Graph {
        var hasReplaced = false
        values.reserveCapacity(graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            builder.origin = graph.origins[index]
            if case .input(let name) = node.primitive {
                values.append(builder.input(name, node.shape, node.type))
                continue
            }
            let operands = node.operands.map { values[$0] }
            let replacement = replace(self, node, operands)
            hasReplaced = hasReplaced || replacement != nil
            values.append(replacement ?? builder.apply(node.primitive, to: operands))
        }
        if !hasReplaced { return graph }
        let outputs = graph.outputs.map { ($0.name, values[$0.node]) }
        return ((try? builder.graph(outputs: outputs)) ?? graph).simplified()
    }

    /// The source and the axes of a value that is a broadcast.
    func broadcast(_ value: Value) -> (source: Value, axes: [Int])? {
        guard let node = builder.node(at: value), case .movement(.broadcast(let axes, _)) = node.primitive else {
            return nil
        }
        return (builder.value(at: node.operands[0]), axes)
    }
}

extension Graph {
    /// Computes values that are the same along some axes once, and repeats the result:
    ///
    ///     f(broadcast a, broadcast b) = broadcast f(a, b)
    ///
    /// so that the numbers of a channel are computed for the channel and not for each of its elements.
    func hoistingBroadcasts() -> Graph {
        var rewriting = Rewriting(self)
        return rewriting.write { rewriting, node, operands in
            guard node.primitive.isPointwise else { return nil }
            var shared: (axes: [Int], shape: Shape)?
            for operand in operands where rewriting.builder.uniformNumber(of: operand) == nil {
                guard let (source, axes) = rewriting.broadcast(operand) else { return nil }
                if let shared, shared.axes != axes { return nil }
                shared = (axes, source.shape)
            }
            guard let shared else { return nil }
            let small = operands.map { operand in
                if let number = rewriting.builder.uniformNumber(of: operand) {
                    return rewriting.builder.constant(number, shared.shape, operand.type)
                }
                return rewriting.broadcast(operand)?.source ?? operand
            }
            let sizes = shared.axes.map { node.shape[$0] }
            return rewriting.builder.apply(node.primitive, to: small).apply(
                .movement(.broadcast(axes: shared.axes, sizes: sizes)))
        }
    }

    /// Writes contractions without summed axes as products of repeated values, which can be joined with other pointwise nodes.
    /// Such is the gradient of a dense layer's weights for a batch of one:
    ///
    ///     dW_jk = Σ_n y_nj x_nk = y_j x_k
    func writingOuterProducts() -> Graph {
        var rewriting = Rewriting(self)
        return rewriting.write { _, node, operands in
            guard case .contraction(let contraction) = node.primitive else { return nil }
            /// An operand with an axis for each letter of the result; nil where it has an axis to sum.
            func factor(_ operand: Value, _ letters: [Int]) -> Value? {
                let order = contraction.result.compactMap { letters.firstIndex(of: $0) }
                let summed = letters.indices.filter { !order.contains($0) }
                guard summed.allSatisfy({ operand.shape[$0] == 1 }) else { return nil }
                let added = contraction.result.indices.filter { !letters.contains(contraction.result[$0]) }
                return operand.permuted(summed + order)
                    .reshaped(to: Shape(order.map { operand.shape[$0] }))
                    .apply(.movement(.broadcast(axes: added, sizes: added.map { node.shape[$0] })))
            }
            guard let first = factor(operands[0], contraction.first),
                let second = factor(operands[1], contraction.second)
            else { return nil }
            return first * second
        }
    }

    /// Splits a sum whose parts are known: Σ is linear, and
    ///
    ///     Σ (a + b) = Σa + Σb    Σ −a = −Σa    Σ k·a = k·Σa    Σ k = n·k      for k that is the same along the summed axes
    ///
    /// The derivative of batch normalization sums such a combination of values that were summed before, so this saves a third
    /// pass over the memory. A sum is only replaced if every sum in its place exists already, and some k is computed.
    ///
    /// A sum over axes of size 1, as in a batch of one, only drops the axes.
    func distributingSums() -> Graph {
        var rewriting = Rewriting(self)
        var known: [Int: [(axes: [Int], sum: Value)]] = [:]
        return rewriting.write { rewriting, node, operands in
            guard case .reduction(.sum(let axes)) = node.primitive else { return nil }
            let operand = operands[0]
            if axes.allSatisfy({ operand.shape[$0] == 1 }) { return operand.reshaped(to: node.shape) }
            var terms = SumTerms(rewriting: rewriting, axes: axes, known: known)
            if let sum = terms.sum(of: operand), terms.hasComputedFactor { return sum }
            let sum = rewriting.builder.apply(node.primitive, to: operands)
            known[operand.index, default: []].append((axes, sum))
            return sum
        }
    }
}

/// Writes a sum as sums that are known.
private struct SumTerms {
    let rewriting: Rewriting
    let axes: [Int]
    let known: [Int: [(axes: [Int], sum: Value)]]
    /// Whether a factor or a term is computed, and neither summed here nor a number.
    var hasComputedFactor = false

    mutating func sum(of value: Value) -> Value? {
        if let found = known[value.index]?.first(where: { $0.axes == axes }) { return found.sum }
        if let constant = constant(value) {
            return constant * Double(axes.reduce(1) { $0 * value.shape[$1] })
        }
        guard let node = rewriting.builder.node(at: value), case .pointwise(let operation) = node.primitive else {
            return nil
        }
        let operands = node.operands.map { rewriting.builder.value(at: $0) }
        switch operation {
        case .negate:
            return sum(of: operands[0]).map { -$0 }
        case .add:
            guard let first = sum(of: operands[0]), let second = sum(of: operands[1]) else { return nil }
            return first + second
        case .multiply:
            for place in 0..<2 {
                if let factor = constant(operands[place]) {
                    return sum(of: operands[1 - place]).map { factor * $0 }
                }
            }
            return nil
        default:
            return nil
        }
    }

    /// The value at every index along the summed axes, if that is the same.
    private mutating func constant(_ value: Value) -> Value? {
        let kept = value.shape.sizes.indices.filter { !axes.contains($0) }.map { value.shape[$0] }
        if let number = rewriting.builder.uniformNumber(of: value) {
            return rewriting.builder.constant(number, Shape(kept), value.type)
        }
        guard let (source, repeated) = rewriting.broadcast(value), repeated == axes else { return nil }
        hasComputedFactor = true
        return source
    }
}
