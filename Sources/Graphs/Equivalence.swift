extension Graph {
    /// Whether another graph computes the same outputs in the same way, whatever the numbering of the nodes and the order
    /// of addends and factors.
    public func isEquivalent(to other: Graph) -> Bool {
        var classes = Classes()
        let (mine, theirs) = (classes.classify(self), classes.classify(other))
        return outputs.map { $0.name } == other.outputs.map { $0.name }
            && zip(outputs, other.outputs).allSatisfy { mine[$0.node] == theirs[$1.node] }
    }

    /// Numbers for values such that equal numbers mean equal computations.
    private struct Classes {
        private struct Key: Hashable {
            let primitive: Primitive
            let operands: [Int]
            let signature: Signature
        }
        private var numbers: [Key: Int] = [:]
        private var keys: [Key] = []

        mutating func classify(_ graph: Graph) -> [Int] {
            var classes: [Int] = []
            for node in graph.nodes {
                var operands = node.operands.map { classes[$0] }
                if node.primitive == .pointwise(.add) || node.primitive == .pointwise(.multiply) {
                    // a + (b + c) and (c + a) + b are the same list of addends.
                    operands = operands.flatMap { keys[$0].primitive == node.primitive ? keys[$0].operands : [$0] }
                    operands.sort()
                }
                let key = Key(primitive: node.primitive, operands: operands, signature: node.signature)
                if let known = numbers[key] {
                    classes.append(known)
                } else {
                    numbers[key] = keys.count
                    classes.append(keys.count)
                    keys.append(key)
                }
            }
            return classes
        }
    }
}
