extension Graph {
    /// A graph with the same outputs and fewer nodes: equal nodes are merged, unused nodes (except inputs), movements that
    /// cancel and neutral operands are removed. In the precision of the graph's own element types no rule changes a bit of a
    /// result that is not NaN.
    public func simplified() -> Graph {
        let live = reachable
        let builder = GraphBuilder(capacity: nodes.count)
        var values: [Value?] = []
        values.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() {
            builder.origin = origins[index]
            if case .input(let name) = node.primitive {
                values.append(builder.input(name, node.shape, node.type))
            } else if live[index] {
                values.append(builder.simplified(node.primitive, node.operands.compactMap { values[$0] }))
            } else {
                values.append(nil)
            }
        }
        let named = outputs.compactMap { output in values[output.node].map { (output.name, $0) } }
        guard let graph = try? builder.graph(outputs: named) else { return self }
        return graph.pruned()
    }

    /// The graph with only the outputs of these names, in this order, and the nodes that they need.
    package func keeping(_ names: [String]) -> Graph {
        Graph(nodes: nodes, outputs: names.compactMap { output(named: $0) }, origins: origins).pruned()
    }

    /// The graph without nodes that no output needs; inputs stay.
    private func pruned() -> Graph {
        let live = reachable
        var numbers: [Int: Int] = [:]
        var kept: [Node] = []
        var keptOrigins: [Origin?] = []
        for (index, node) in nodes.enumerated() {
            var isInput = false
            if case .input = node.primitive { isInput = true }
            guard live[index] || isInput else { continue }
            numbers[index] = kept.count
            keptOrigins.append(origins[index])
            kept.append(Node(node.primitive, node.operands.compactMap { numbers[$0] }, node.signature))
        }
        return Graph(
            nodes: kept, outputs: outputs.map { Output($0.name, numbers[$0.node] ?? 0) }, origins: keptOrigins)
    }

    /// For each node, whether an output needs it.
    package var reachable: [Bool] {
        var live = [Bool](repeating: false, count: nodes.count)
        for output in outputs { live[output.node] = true }
        for index in nodes.indices.reversed() where live[index] {
            for operand in nodes[index].operands { live[operand] = true }
        }
        return live
    }
}

extension GraphBuilder {
    /// Applies a primitive, or finds a simpler value that is equal.
    fileprivate func simplified(_ primitive: Primitive, _ x: [Value]) -> Value {
        switch primitive {
        case .convert(let type) where type == x[0].type:
            return x[0]
        case .pointwise(let operation):
            return simplified(operation, x)
        case .movement(let movement):
            return simplified(movement, x)
        case .reduction(.sum(let axes)) where axes.isEmpty:
            return x[0]
        default:
            return apply(primitive, to: x)
        }
    }

    private func simplified(_ operation: Pointwise, _ x: [Value]) -> Value {
        let numbers = x.map { uniformNumber(of: $0) }
        if numbers.count < 3, let a = numbers[0], let b = numbers[numbers.count - 1],
            x[0].type.isFloatingPoint, operation.arity < 3
        {
            let result = operation.arity == 1 ? operation(a) : operation(a, b)
            if let signature = try? Primitive.pointwise(operation).result(of: x.map { $0.signature }) {
                return constant(result, signature.shape, signature.type)
            }
        }
        if operation == .select, let mask = constant(at: x[0]) { return x[mask.doubles[0] != 0 ? 1 : 2] }
        switch (operation, numbers.first ?? nil, numbers.count > 1 ? numbers[1] : nil) {
        case (.multiply, 1?, _): return x[1]
        // x + −0 is x for every x; x + +0 would turn −0 into +0, whose reciprocal differs.
        case (.add, let zero?, _) where zero == 0 && zero.sign == .minus: return x[1]
        case (.add, _, let zero?) where zero == 0 && zero.sign == .minus: return x[0]
        // x⁰ is 1 even where x is 0, so that xⁿ can be differentiated any number of times.
        case (.power, _, 0?): return constant(1, x[0].shape, x[0].type)
        case (.multiply, _, 1?), (.divide, _, 1?), (.power, _, 1?): return x[0]
        case (.negate, _, _):
            if let inner = operand(of: x[0], under: .pointwise(.negate)) { return inner }
        default: break
        }
        return apply(.pointwise(operation), to: x)
    }

    private func simplified(_ movement: Movement, _ x: [Value]) -> Value {
        let shape = x[0].shape
        let inner = node(at: x[0])
        switch movement {
        case .reshape(let target):
            if target == shape { return x[0] }
            if case .movement(.reshape)? = inner?.primitive, let source = operand(of: x[0]) {
                return simplified(movement, [source])
            }
        case .permute(let axes):
            if axes == Array(0..<shape.rank) { return x[0] }
            if case .movement(.permute(let first))? = inner?.primitive, let source = operand(of: x[0]) {
                return simplified(.permute(axes: axes.map { first[$0] }), [source])
            }
        case .broadcast(let axes, let sizes):
            if axes.isEmpty { return x[0] }
            if case .movement(.broadcast(let first, let firstSizes))? = inner?.primitive, let source = operand(of: x[0])
            {
                return joined(first, firstSizes, axes, sizes, source)
            }
        case .reverse(let axes):
            if axes.isEmpty { return x[0] }
            if case .movement(.reverse(axes))? = inner?.primitive, let source = operand(of: x[0]) { return source }
        case .pad(let low, let high, let interior):
            if (low + high + interior).allSatisfy({ $0 == 0 }) { return x[0] }
            // Cropping is a slice of what was padded.
            if (low + high).contains(where: { $0 < 0 }) {
                let padded = simplified(
                    .pad(low: low.map { max(0, $0) }, high: high.map { max(0, $0) }, interior: interior), x)
                let limit = high.indices.map { padded.shape[$0] + min(0, high[$0]) }
                return simplified(
                    .slice(start: low.map { max(0, -$0) }, limit: limit, stride: low.map { _ in 1 }), [padded])
            }
        case .slice(let start, let limit, let stride):
            if start.allSatisfy({ $0 == 0 }), limit == shape.sizes, stride.allSatisfy({ $0 == 1 }) { return x[0] }
            // The limit in canonical form is just behind the last element that is taken.
            let tight = limit.indices.map { axis in
                let taken = taken(from: start[axis], to: limit[axis], by: stride[axis])
                return taken == 0 ? start[axis] : start[axis] + (taken - 1) * stride[axis] + 1
            }
            return apply(.movement(.slice(start: start, limit: tight, stride: stride)), to: x)
        case .concatenate:
            if x.count == 1 { return x[0] }
        }
        return apply(.movement(movement), to: x)
    }

    /// Two broadcasts as one: the axes that the first inserts are renumbered, since the second inserts further ones.
    private func joined(
        _ first: [Int], _ firstSizes: [Int], _ second: [Int], _ secondSizes: [Int], _ source: Value
    ) -> Value {
        let rank = source.shape.rank + first.count + second.count
        let remaining = (0..<rank).filter { !second.contains($0) }
        var sizes: [Int: Int] = [:]
        for (axis, size) in zip(second, secondSizes) { sizes[axis] = size }
        for (axis, size) in zip(first, firstSizes) { sizes[remaining[axis]] = size }
        let axes = sizes.keys.sorted()
        return apply(.movement(.broadcast(axes: axes, sizes: axes.map { sizes[$0] ?? 1 })), to: [source])
    }

    /// The operand of a value's node, where that is this primitive (or any with one operand).
    private func operand(of value: Value, under primitive: Primitive? = nil) -> Value? {
        guard let node = node(at: value), node.operands.count == 1, primitive == nil || node.primitive == primitive
        else { return nil }
        return self.value(at: node.operands[0])
    }

    /// The number that all elements of a floating-point value are equal to, where that can be derived.
    package func uniformNumber(of value: Value) -> Double? {
        guard value.type.isFloatingPoint, let tensor = constant(at: value), tensor.count == 1 else { return nil }
        return tensor.doubles[0]
    }
}
