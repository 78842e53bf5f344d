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
            let pairs = contraction.pairs(shapes[0], shapes[1], node.shape.index(of: place))
            return try sum(of: pairs, in: operands[0], operands[1])
        case .convolution(let convolution):
            let pairs = convolution.pairs(shapes[0], shapes[1], node.shape.index(of: place))
            return try sum(of: pairs, in: operands[0], operands[1])
        case .pooling(let pooling):
            return try pooled(pooling, node, shapes, node.shape.index(of: place))
        }
    }

    private mutating func pooled(
        _ pooling: Pooling, _ node: Graph.Node, _ shapes: [Shape], _ index: [Int]
    ) throws(GraphError) -> Symbol {
        let operand = node.operands[0]
        let spatial = Array(index.dropFirst(2))
        let plane = Shape(Array(shapes[0].sizes.dropFirst(2)))
        let start = (index[0] * shapes[0][1] + index[1]) * plane.count
        switch pooling {
        case .windowSum(let window, let taps, let role, let size):
            let (inputs, outputs) = Pooling.planes(shapes[0], role: role, size: size)
            let meetings = window.meetings(inputs, taps, outputs) {
                role == .input ? $1.input == spatial[$0] : $1.output == spatial[$0]
            }
            let places = meetings.map { meeting in
                start + plane.row(meeting.map { role == .input ? $0.output : $0.input })
            }
            return try sum(of: places, in: operand)
        case .choice(let window, let taps, let size):
            let (inputs, outputs) = Pooling.planes(shapes[0], role: .output, size: size)
            var best: (place: Int, value: Double)?
            for meeting in window.meetings(inputs, taps, outputs, where: { $1.output == spatial[$0] }) {
                let place = plane.row(meeting.map { $0.input })
                let value = try number(try element(operand, start + place), of: node)
                if let best, !(value > best.value || (value.isNaN && !best.value.isNaN)) { continue }
                best = (place, value)
            }
            return Symbol(Double(best?.place ?? -1))
        case .gather:
            let chosen = try element(node.operands[1], node.shape.row(index))
            return try element(operand, start + Int(try number(chosen, of: node)))
        case .scatter:
            let target = node.shape.row(index) % Shape(Array(node.shape.sizes.dropFirst(2))).count
            var places: [Int] = []
            for place in 0..<plane.count {
                let chosen = try element(node.operands[1], start + place)
                if try number(chosen, of: node) == Double(target) { places.append(start + place) }
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
        return shape.row(index)
    }
}

extension Shape {
    /// The row-major place of an index that is inside.
    fileprivate func row(_ index: [Int]) -> Int {
        zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

extension Window {
    /// The meetings on all axes together for which a condition holds on each axis, ordered by output and then by tap,
    /// the first axis slowest.
    fileprivate func meetings(
        _ inputs: [Int], _ taps: [Int], _ outputs: [Int], where holds: (Int, Axis.Meeting) -> Bool
    ) -> [[Axis.Meeting]] {
        var meetings: [[Axis.Meeting]] = [[]]
        for (axis, along) in axes.enumerated() {
            let found = along.meetings(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis]).filter {
                holds(axis, $0)
            }
            meetings = meetings.flatMap { meeting in found.map { meeting + [$0] } }
        }
        return meetings
    }
}

extension Primitive.Convolution {
    /// The places of the two factors of every term of an element of the result, in the order of Evaluate.
    fileprivate func pairs(_ a: Shape, _ b: Shape, _ index: [Int]) -> [(Int, Int)] {
        let e = extents(a, b)
        let spatial = Array(index.dropFirst(2))
        let meetings = window.meetings(e.input, e.taps, e.output) { axis, meeting in
            switch role {
            case .input: meeting.input == spatial[axis]
            case .filter: meeting.tap == spatial[axis]
            case .output: meeting.output == spatial[axis]
            }
        }
        let positions = meetings.map { meeting in
            (input: meeting.map { $0.input }, tap: meeting.map { $0.tap }, output: meeting.map { $0.output })
        }
        switch role {
        case .output:
            let group = index[1] / e.filters
            return (0..<e.channels).flatMap { c in
                positions.map {
                    (
                        a.row([index[0], group * e.channels + c] + $0.input), b.row([index[1], c] + $0.tap)
                    )
                }
            }
        case .filter:
            let channel = index[0] / e.filters * e.channels + index[1]
            return (0..<e.batch).flatMap { n in
                positions.map { (a.row([n, channel] + $0.input), b.row([n, index[0]] + $0.output)) }
            }
        case .input:
            let (group, c) = (index[1] / e.channels, index[1] % e.channels)
            return (0..<e.filters).flatMap { k in
                positions.map {
                    (
                        a.row([group * e.filters + k, c] + $0.tap),
                        b.row([index[0], group * e.filters + k] + $0.output)
                    )
                }
            }
        }
    }
}

extension Contraction {
    /// As those of the convolution.
    fileprivate func pairs(_ x: Shape, _ w: Shape, _ index: [Int]) -> [(Int, Int)] {
        var digits: [Int: Int] = [:]
        for (letter, digit) in zip(result, index) { digits[letter] = digit }
        let summed = first.filter { !result.contains($0) }
        let inner = Shape(summed.map { letter in first.firstIndex(of: letter).map { x[$0] } ?? 1 })
        return (0..<inner.count).map { place in
            for (letter, digit) in zip(summed, inner.index(of: place)) { digits[letter] = digit }
            return (x.row(first.map { digits[$0] ?? 0 }), w.row(second.map { digits[$0] ?? 0 }))
        }
    }
}
