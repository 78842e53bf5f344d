import AdjointGraphs

/// Single elements of a graph's values, as symbols: what Evaluate gives for them, without all the others. So one weight
/// of a layer has its equation however large the layer is.
struct ElementEvaluation {
    let graph: Graph
    /// The symbol at a row-major place of an input.
    let input: (_ name: String, _ place: Int) -> Symbol
    private var known: [Element: Symbol] = [:]

    private struct Element: Hashable {
        let node: Int
        let place: Int
    }

    init(_ graph: Graph, input: @escaping (_ name: String, _ place: Int) -> Symbol) {
        self.graph = graph
        self.input = input
    }

    /// The element at a row-major place of a node's value.
    ///
    /// - Throws: where a choice would be made by symbols that have no number.
    /// - Complexity: the terms that the element depends on.
    mutating func element(_ node: Int, _ place: Int) throws(GraphError) -> Symbol {
        let element = Element(node: node, place: place)
        if let symbol = known[element] { return symbol }
        let symbol = try computed(node, place)
        known[element] = symbol
        return symbol
    }

    private mutating func computed(_ position: Int, _ place: Int) throws(GraphError) -> Symbol {
        let node = graph.nodes[position]
        let operands = node.operands
        let shapes = operands.map { graph.nodes[$0].shape }
        switch node.primitive {
        case .input(let name):
            return input(name, place)
        case .constant(let tensor):
            return Symbol(tensor.doubles[place])
        case .random:
            throw needsNumbers(node)
        case .convert(let type):
            let symbol = try element(operands[0], place)
            if type.isFloatingPoint { return symbol }
            let value = try number(symbol, of: node)
            return Symbol(type == .bool ? (value != 0 ? 1 : 0) : Double(truncated(value)))
        case .stop:
            return try element(operands[0], place)
        case .pointwise(let operation):
            var x: [Symbol] = []
            for operand in operands { x.append(try element(operand, place)) }
            return .evaluate(operation, x[0], x.count > 1 ? x[1] : x[0], x.count > 2 ? x[2] : x[0])
        case .reduction(.sum(let axes)):
            return try sum(of: places(shapes[0], axes, node.shape.index(of: place)), in: operands[0])
        case .movement(let movement):
            let origin = movement.origin(of: shapes, result: node.shape, at: place)
            guard let origin else { return Symbol(0) }
            return try element(operands[origin.operand], origin.place)
        case .contraction(let contraction):
            let pairs = contraction.terms(shapes[0], shapes[1]).factors(of: place)
            return try sum(of: pairs, in: operands[0], operands[1])
        case .convolution(let convolution):
            let pairs = convolution.factors(shapes[0], shapes[1], of: place)
            return try sum(of: pairs, in: operands[0], operands[1])
        case .pooling(let pooling):
            return try pooled(pooling, node, shapes, place)
        }
    }

    private mutating func pooled(
        _ pooling: Pooling, _ node: Graph.Node, _ shapes: [Shape], _ place: Int
    ) throws(GraphError) -> Symbol {
        let operand = node.operands[0]
        let plane = Shape(Array(shapes[0].sizes.dropFirst(2)))
        let start = place / Shape(Array(node.shape.sizes.dropFirst(2))).count * plane.count
        switch pooling {
        case .windowSum(let window, let taps, let role, let size):
            let meetings = Pooling.meetings(shapes[0], window, taps: taps, role: role, size: size)
            let sources = meetings[place % meetings.plane.count].map { role == .input ? $0.output : $0.input }
            return try sum(of: sources.map { start + $0 }, in: operand)
        case .choice(let window, let taps, let size):
            let meetings = Pooling.meetings(shapes[0], window, taps: taps, role: .output, size: size)
            let places = meetings[place % meetings.plane.count].map { $0.input }
            let chosen = try Pooling.choice(among: places) { (place) throws(GraphError) in
                try number(try element(operand, start + place), of: node)
            }
            return Symbol(Double(chosen))
        case .gather:
            let chosen = try element(node.operands[1], place)
            return try element(operand, start + Int(try number(chosen, of: node)))
        case .scatter:
            let target = place % Shape(Array(node.shape.sizes.dropFirst(2))).count
            var places: [Int] = []
            for source in start..<start + plane.count {
                let chosen = try element(node.operands[1], source)
                if try number(chosen, of: node) == Double(target) { places.append(source) }
            }
            return try sum(of: places, in: operand)
        }
    }

    private mutating func sum(of places: [Int], in operand: Int) throws(GraphError) -> Symbol {
        var terms: [Symbol] = []
        for place in places { terms.append(try element(operand, place)) }
        return Symbol.sum(terms)
    }

    private mutating func sum(
        of pairs: [(Int, Int)], in first: Int, _ second: Int
    ) throws(GraphError) -> Symbol {
        var terms: [Symbol] = []
        terms.reserveCapacity(pairs.count)
        for (a, b) in pairs { terms.append(try element(first, a) * element(second, b)) }
        return Symbol.sum(terms)
    }

    private func number(_ symbol: Symbol, of node: Graph.Node) throws(GraphError) -> Double {
        guard let value = symbol.value else { throw needsNumbers(node) }
        return value
    }

    private func needsNumbers(_ node: Graph.Node) -> GraphError {
        GraphError(
            operation: "equations", argument: "inputs",
            expected: "numbers, since \(node.primitive.text("…")) chooses by them", given: "symbols alone")
    }
}

/// The row-major places of a shape whose indices on all axes but these are given.
private func places(_ shape: Shape, _ axes: [Int], _ kept: [Int]) -> [Int] {
    let summed = Shape(axes.map { shape[$0] })
    var fixed = kept[...]
    var index = (0..<shape.rank).map { axes.contains($0) ? 0 : fixed.popFirst() ?? 0 }
    return (0..<summed.count).map { place in
        for (axis, digit) in zip(axes, summed.index(of: place)) { index[axis] = digit }
        return shape.place(of: index) ?? 0
    }
}
