import AdjointGraphs

extension Graph {
    /// The outputs with symbols in place of numbers: what each element is computed from.
    ///
    /// - Parameter inputs: for every input, a symbol for each element in row-major order.
    /// - Throws: an error that names an input that is missing or of another size, a graph whose equations nobody could
    ///   read, or a choice that symbols without numbers cannot make.
    /// - Complexity: as Evaluate, and the square of the longest sum.
    public func evaluated(symbols inputs: [String: [Symbol]]) throws(GraphError) -> [String: [Symbol]] {
        for input in self.inputs where inputs[input.name]?.count != input.shape.count {
            throw GraphError(
                operation: "equations", argument: "input \"\(input.name)\"",
                expected: "\(input.shape.count) symbols for \(input.shape)",
                given: inputs[input.name].map { "\($0.count)" } ?? "none")
        }
        var areNumbers: [Bool] = []
        for node in nodes {
            var isNumber = node.operands.allSatisfy { areNumbers[$0] }
            if case .input(let name) = node.primitive {
                isNumber = inputs[name]?.allSatisfy { $0.value != nil } ?? false
            }
            guard isNumber || !node.choosesByNumbers else {
                throw GraphError(
                    operation: "equations", argument: "inputs",
                    expected: "numbers, since \(node.primitive.text("…")) chooses by them", given: "symbols alone")
            }
            areNumbers.append(isNumber)
        }
        guard terms <= Graph.readableTerms else {
            throw GraphError(
                operation: "equations", argument: "graph",
                expected: "at most \(Graph.readableTerms) terms; ask for the contributions to one weight instead",
                given: "\(terms)")
        }
        var bound: [String: Evaluated<Symbol>] = [:]
        for input in self.inputs {
            let symbols = inputs[input.name] ?? []
            bound[input.name] = input.type == .int32 ? .integers(symbols.map { Int($0.number) }) : .numbers(symbols)
        }
        let values = evaluatedNodes(bound)
        var results: [String: [Symbol]] = [:]
        for output in outputs { results[output.name] = values[output.node].numbers }
        return results
    }

    /// More than anybody reads.
    private static let readableTerms = 1 << 15

    /// How many scalars, or products that are added, the nodes compute.
    private var terms: Int {
        var terms = 0
        for node in nodes {
            var own = node.shape.count
            let shapes = node.operands.map { nodes[$0].shape }
            switch node.primitive {
            case .convolution(let convolution): own = convolution.extents(shapes[0], shapes[1]).products(convolution)
            case .contraction(let contraction): own = contraction.products(shapes[0], shapes[1])
            case .reduction: own = shapes[0].count
            default: break
            }
            terms = terms.addingReportingOverflow(own).overflow ? Int.max : terms + own
        }
        return terms
    }
}

extension Graph.Node {
    /// Whether the result is made of places or truth values that symbols alone do not tell.
    fileprivate var choosesByNumbers: Bool {
        switch primitive {
        case .pooling(.choice): true
        case .convert(let type): !type.isFloatingPoint
        case .input: type == .int32
        default: false
        }
    }
}

extension Primitive.Convolution.Extents {
    /// At most as many products as one tap for every output, or one output for every tap.
    fileprivate func products(_ convolution: Primitive.Convolution) -> Int {
        Shape([batch, convolution.groups, channels, filters] + taps + output).count
    }
}

extension Contraction {
    fileprivate func products(_ x: Shape, _ w: Shape) -> Int {
        let summed = zip(second, w.sizes).filter { !first.contains($0.0) }.map { $0.1 }
        return Shape(x.sizes + summed).count
    }
}
