import AdjointGraphs

extension Graph {
    /// Computes activations a second time where the gradient reads them, so that none is kept from its layer to the layer's
    /// gradient:
    ///
    ///     y = f(x)   z = w∗y   …   dw = y∗dz        becomes        y = f(x)   z = w∗y   …   y' = f(stop x)   dw = y'∗dz
    ///
    /// where x stays in memory in any case, because f's own gradient reads it. `stop` does nothing but tell y' from y. The
    /// results keep their bits; time goes up by one pass over memory for each activation.
    func recomputingActivations() -> Graph {
        let repeated = repeatedActivations()
        var copies: [Int: Value] = [:]
        var rewriting = Rewriting(self)
        return rewriting.write { rewriting, node, operands in
            let place = rewriting.values.count
            guard node.operands.contains(where: { repeated[$0]?.late.contains(place) == true }) else { return nil }
            let renewed = zip(node.operands, operands).map { index, operand in
                guard let activation = repeated[index], activation.late.contains(place) else { return operand }
                let copy = copies[index] ?? self.copy(index, activation.cone, rewriting)
                copies[index] = copy
                return copy
            }
            return rewriting.builder.apply(node.primitive, to: renewed)
        }
    }

    /// Writes the nodes of a cone again as new nodes.
    private func copy(_ index: Int, _ cone: Cone, _ rewriting: Rewriting) -> Value {
        var values: [Int: Value] = [:]
        for member in cone.members.sorted() {
            let operands = nodes[member].operands.map { operand in
                let value = values[operand] ?? rewriting.values[operand]
                return cone.leaves.contains(operand) ? value.stopped() : value
            }
            values[member] = rewriting.builder.apply(nodes[member].primitive, to: operands)
        }
        return values[index] ?? rewriting.values[index]
    }

    /// The activations for which a second computation pays, by node: those of which some readers (the layer's gradient)
    /// depend on another reader (the layer), and whose operands of full size are kept until then in any case.
    private func repeatedActivations() -> [Int: (cone: Cone, late: Set<Int>)] {
        let uses = Uses(self)
        let isStored = Recomputation(uses).isStored
        var found: [Int: (cone: Cone, late: Set<Int>)] = [:]
        for index in nodes.indices where isStored[index] && !uses.isOutput[index] {
            let readers = uses.consumers[index].filter { !nodes[$0].primitive.isPointwise && !uses.isSum($0) }
            guard let first = readers.first else { continue }
            var waits = Set([first])
            for node in nodes.indices.dropFirst(first + 1) where nodes[node].operands.contains(where: waits.contains) {
                waits.insert(node)
            }
            func isReadLater(_ node: Int) -> Bool {
                var open = [node]
                var seen: Set<Int> = []
                while let next = open.popLast() {
                    for reader in uses.consumers[next] where seen.insert(reader).inserted {
                        if waits.contains(reader) { return true }
                        if nodes[reader].primitive.isPointwise, !isStored[reader] { open.append(reader) }
                    }
                }
                return false
            }
            let late = waits.intersection(readers.dropFirst())
            let cone = Cone(of: [index], in: uses, isStored)
            let large = cone.leaves.filter { 4 * uses.extent($0) > nodes[index].shape.count }
            if !late.isEmpty, large.allSatisfy({ found[$0] == nil && isReadLater($0) }) { found[index] = (cone, late) }
        }
        return found
    }
}
