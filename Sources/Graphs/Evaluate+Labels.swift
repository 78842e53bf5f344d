extension Graph {
    /// Throws where a given number that chooses an element, such as a label, is out of range.
    package func checkLabels(_ inputs: [String: Tensor], operation: String) throws(ArgumentError) {
        for node in nodes {
            let classes: Int
            switch node.primitive {
            case .pooling(.gather): classes = nodes[node.operands[0]].shape.planeCount
            case .pooling(.scatter(let size)): classes = Shape(size).count
            default: continue
            }
            var labels = GivenLabels(graph: self, inputs: inputs)
            guard let numbers = labels.numbers(of: moved(node.operands[1])) else { continue }
            for label in numbers where !(label >= 0 && label < Double(classes)) {
                throw ArgumentError(
                    operation, "element " + labels.place(of: label),
                    expected: "a whole number from 0, below \(classes)",
                    given: shortest(label))
            }
        }
    }

    /// The count of elements among which an input's numbers choose, and below which they stay; nil where they choose none.
    package func choices(by input: String) -> Int? {
        var follows = nodes.map { _ in false }
        var least: Int?
        for (index, node) in nodes.enumerated() {
            if case .input(let name) = node.primitive { follows[index] = name == input }
            if node.type == .int32, node.operands.contains(where: { follows[$0] }) { follows[index] = true }
            guard case .pooling(.gather) = node.primitive, follows[node.operands[1]] else { continue }
            let count = nodes[node.operands[0]].shape.planeCount
            least = min(least ?? count, count)
        }
        return least
    }

    /// The node from which a node only moves elements: the same elements in some order, perhaps repeated.
    private func moved(_ index: Int) -> Int {
        switch nodes[index].primitive {
        case .movement(.reshape), .movement(.broadcast), .movement(.permute), .movement(.reverse), .stop:
            moved(nodes[index].operands[0])
        default: index
        }
    }
}

/// The numbers that choose, where they depend on given ones by movements, comparisons and choices alone.
private struct GivenLabels {
    let graph: Graph
    let inputs: [String: Tensor]
    fileprivate var sources: [(name: String, numbers: [Double])] = []
    fileprivate var known: [Int: Evaluated<Double>] = [:]

    /// The elements of a node; nil where they are computed in another way.
    mutating func numbers(of index: Int) -> [Double]? { evaluated(index).map { $0.numbers } }

    private mutating func evaluated(_ index: Int) -> Evaluated<Double>? {
        if let value = known[index] { return value }
        let node = graph.nodes[index]
        var operands: [Evaluated<Double>] = []
        switch node.primitive {
        case .input(let name):
            guard let tensor = inputs[name] else { return nil }
            sources.append(("\"\(name)\"", tensor.doubles))
            operands = [
                node.type == .int32 ? .integers(tensor.doubles.map { truncated($0) }) : .numbers(tensor.doubles)
            ]
        case .constant(let tensor):
            sources.append(("a constant", tensor.doubles))
        case .convert, .stop, .movement, .pointwise:
            for operand in node.operands {
                let isLabel = !graph.nodes[operand].type.isFloatingPoint || node.operands.count == 1
                guard isLabel, let value = evaluated(operand) else { return nil }
                operands.append(value)
            }
        default: return nil
        }
        let shapes = node.operands.map { graph.nodes[$0].shape }
        let value = node.primitive.evaluated(operands, shapes, result: node.signature)
        known[index] = value
        return value
    }

    /// The first place of a number, as `2 of "labels"`.
    func place(of label: Double) -> String {
        for (name, numbers) in sources {
            if let place = numbers.firstIndex(of: label) { return "\(place) of \(name)" }
        }
        return "of a computed index"
    }
}
