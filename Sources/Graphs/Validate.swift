extension Graph {
    /// Whether every node comes after its operands and has the signature of its primitive, and every output exists.
    package var isValid: Bool {
        for (index, node) in nodes.enumerated() {
            guard node.operands.allSatisfy({ $0 >= 0 && $0 < index }) else { return false }
            if case .input = node.primitive {
                guard node.operands.isEmpty else { return false }
                continue
            }
            let operands = node.operands.map { nodes[$0].signature }
            guard let result = try? node.primitive.result(of: operands), result == node.signature else { return false }
        }
        return outputs.allSatisfy { nodes.indices.contains($0.node) }
    }
}
