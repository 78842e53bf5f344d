import AdjointGraphs

/// Single elements of a graph's values as symbols, computed as in Evaluate, but without all other elements.
struct ElementEvaluation {
    let graph: Graph
    /// The symbol at a row-major place of an input.
    let input: (_ name: String, _ place: Int) -> Symbol
    private var known: [Element: Symbol] = [:]
    private var products: Products
    /// The positions that meet, for nodes that choose.
    private var meetings: [Int: Window.Meetings] = [:]
    /// For each node and plane, the places from which elements were chosen, by the place chosen.
    private var scattered: [Element: [Int: [Int]]] = [:]

    init(_ graph: Graph, input: @escaping (_ name: String, _ place: Int) -> Symbol) {
        (self.graph, self.input) = (graph, input)
        products = Products(of: graph)
    }

    /// An element that is already known, or has a name of its own from now on.
    subscript(element: Element) -> Symbol? {
        get { known[element] }
        set { known[element] = newValue }
    }

    /// What an element is computed from.
    ///
    /// - Throws: where a choice would be made by symbols that have no number.
    /// - Complexity: the terms that the element depends on.
    mutating func symbol(_ element: Element) throws(ArgumentError) -> Symbol {
        if let symbol = known[element] { return symbol }
        let products = products.products(of: element)
        let symbol = if let products { try sum(of: products) } else { try computed(element) }
        known[element] = symbol
        return symbol
    }

    private mutating func sum(of products: [Graph.Product]) throws(ArgumentError) -> Symbol {
        var terms: [Symbol] = []
        terms.reserveCapacity(products.count)
        for product in products {
            let first = try symbol(product.first)
            if let second = product.second { terms.append(first * (try symbol(second))) } else { terms.append(first) }
        }
        return Symbol.sum(terms)
    }

    private mutating func computed(_ element: Element) throws(ArgumentError) -> Symbol {
        let node = graph.nodes[element.node]
        let operands = node.operands
        switch node.primitive {
        case .input(let name):
            return input(name, element.place)
        case .constant(let tensor):
            return Symbol(tensor.doubles[element.place])
        case .convert(let type):
            let value = try number(Element(operands[0], element.place), of: node)
            return Symbol(type == .bool ? (value != 0 ? 1 : 0) : Double(truncated(value)))
        case .pointwise(let operation):
            let x = try operands.map { (operand) throws(ArgumentError) in try symbol(Element(operand, element.place)) }
            return .evaluate(operation, x[0], x.count > 1 ? x[1] : x[0], x.count > 2 ? x[2] : x[0])
        case .pooling(let pooling):
            return try pooled(pooling, element)
        default:
            throw needsNumbers(node)
        }
    }

    /// The choices of pools, and the operations that use them.
    private mutating func pooled(_ pooling: Pooling, _ element: Element) throws(ArgumentError) -> Symbol {
        let (node, place) = (graph.nodes[element.node], element.place)
        let operand = node.operands[0]
        let shape = graph.nodes[operand].shape
        let (plane, own) = place.quotientAndRemainder(dividingBy: node.shape.planeCount)
        let start = plane * shape.planeCount
        switch pooling {
        case .choice(let window, let taps, let size):
            let meetings =
                meetings[element.node] ?? Pooling.meetings(shape, window, taps: taps, role: .output, size: size)
            self.meetings[element.node] = meetings
            let chosen = try Pooling.choice(among: meetings.partners(of: own)) { (place) throws(ArgumentError) in
                try number(Element(operand, start + place), of: node)
            }
            return Symbol(Double(chosen))
        case .gather:
            let chosen = try number(Element(node.operands[1], place), of: node)
            return try symbol(Element(operand, start + Int(chosen)))
        case .scatter:
            let key = Element(element.node, plane)
            if scattered[key] == nil {
                var sources: [Int: [Int]] = [:]
                for source in start..<start + shape.planeCount {
                    sources[Int(try number(Element(node.operands[1], source), of: node)), default: []].append(source)
                }
                scattered[key] = sources
            }
            return try sum(of: (scattered[key]?[own] ?? []).map { Graph.Product(first: Element(operand, $0)) })
        case .windowSum: throw needsNumbers(node)
        }
    }

    private mutating func number(_ element: Element, of node: Graph.Node) throws(ArgumentError) -> Double {
        guard let value = try symbol(element).value else { throw needsNumbers(node) }
        return value
    }

    private func needsNumbers(_ node: Graph.Node) -> ArgumentError {
        ArgumentError(
            "equations", "inputs", expected: "numbers, since \(node.primitive.text("…")) chooses by them",
            given: "symbols alone")
    }
}

extension Graph {
    /// The outputs with symbols in place of numbers, as expressions of the inputs.
    ///
    /// - Parameter inputs: for every input, a symbol for each element in row-major order.
    /// - Throws: an error that names an input that is missing or of another size, or a choice that symbols without numbers
    ///   cannot make.
    /// - Complexity: that of Evaluate, and the square of the longest sum.
    public func evaluated(symbols inputs: [String: [Symbol]]) throws(ArgumentError) -> [String: [Symbol]] {
        for input in self.inputs where inputs[input.name]?.count != input.shape.count {
            throw ArgumentError(
                "equations", "input \"\(input.name)\"", expected: "\(input.shape.count) symbols for \(input.shape)",
                given: inputs[input.name].map { "\($0.count)" } ?? "none")
        }
        var evaluation = ElementEvaluation(self) { inputs[$0]?[$1] ?? Symbol(0) }
        var results: [String: [Symbol]] = [:]
        for output in outputs {
            results[output.name] = try (0..<nodes[output.node].shape.count).map { (place) throws(ArgumentError) in
                try evaluation.symbol(Element(output.node, place))
            }
        }
        return results
    }
}
