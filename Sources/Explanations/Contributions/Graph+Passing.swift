import AdjointGraphs

extension Graph {
    /// The values between a parameter and the error whose cotangents are needed.
    struct Passing {
        /// The error's name.
        let output: String
        /// The layers' outputs, and after them a further node at which terms are taken, if that is none of them.
        let nodes: [Int]
        let layers: [String]
        /// Those of the nodes through which every path from the parameter leads, and at which terms can be taken: the first
        /// layer's output, then the first node of any kind.
        let first: [Int]
    }

    func passing(
        from parameter: String, to output: String?, _ layers: [String]
    ) throws(ArgumentError) -> Passing {
        let targets = output.map { name in outputs.filter { $0.name == name } } ?? outputs
        guard let start = input(named: parameter), start.type.isFloatingPoint else {
            throw ArgumentError(
                "contributions", "parameter",
                expected: "one of " + joined(inputs.filter { $0.type.isFloatingPoint }.map { $0.name }),
                given: "\"\(parameter)\"")
        }
        guard targets.count == 1 else {
            throw ArgumentError(
                "contributions", "output", expected: "one of " + joined(outputs.map { $0.name }),
                given: output.map { "\"\($0)\"" } ?? "none")
        }
        let end = targets[0].node
        guard nodes[end].shape.rank == 0, nodes[end].type.isFloatingPoint else {
            throw ArgumentError(
                "contributions", "output \"\(targets[0].name)\"", expected: "a floating-point scalar",
                given: "\(nodes[end].type.rawValue)\(nodes[end].shape)")
        }
        let moves = depending(on: start.node)
        let isNeeded = Graph(nodes: nodes, outputs: targets, origins: origins).reachable
        func isBetween(_ node: Int) -> Bool {
            node != start.node && moves[node] && isNeeded[node] && nodes[node].type.isFloatingPoint
        }
        func isPassed(_ node: Int) -> Bool { !depending(on: start.node, avoiding: node)[end] }

        var (marked, names): ([Int], [String]) = ([], [])
        for name in layers {
            guard let node = self.output(named: name)?.node, isBetween(node), node != end, !marked.contains(node)
            else { continue }
            marked.append(node)
            names.append(name)
        }
        let others = nodes.indices.filter { node in
            if case .movement = nodes[node].primitive { false } else { isBetween(node) }
        }
        // A layer may only move the parameter's elements, as flatten does: their sum comes behind it.
        let moved = copies(of: start.node)
        let through = [marked, others].compactMap { $0.first { isPassed($0) && !moved[$0] } }
        guard !through.isEmpty else {
            throw ArgumentError(
                "contributions", "parameter", expected: "one that the output depends on", given: "\"\(parameter)\"")
        }
        for node in through where !marked.contains(node) { marked.append(node) }
        return Passing(
            output: targets[0].name, nodes: marked, layers: names,
            first: through.compactMap { marked.firstIndex(of: $0) })
    }
}
