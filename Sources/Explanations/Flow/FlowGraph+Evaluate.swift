import AdjointGraphs

extension FlowGraph {
    /// A signal: one number, or a plane of them.
    struct Signal<Element: Scalar> {
        let shape: Shape
        let elements: [Element]

        func times(_ gain: Element) -> Self { Self(shape: shape, elements: elements.map { $0 * gain }) }

        func plus(_ other: Self) -> Self {
            Self(shape: shape, elements: zip(elements, other.elements).map { $0 + $1 })
        }

        func applying(_ primitive: Primitive) throws(ArgumentError) -> Self {
            let result = try primitive.result(of: [Signature(shape, .float64)])
            return Self(
                shape: result.shape,
                elements: primitive.evaluated([.numbers(elements)], [shape], result: result).numbers)
        }
    }

    /// The signal that leaves every node.
    ///
    /// - Parameters:
    ///   - inputs: the signal that enters at an input.
    ///   - gain: the value of a gain.
    /// - Throws: where the graph has a box, or an operator does not fit its signal.
    /// - Complexity: the number of edges, times the elements of a signal.
    func signals<Element: Scalar>(
        from inputs: (Int) -> Signal<Element>, gain: (Symbol) -> Element
    ) throws(ArgumentError) -> [Signal<Element>] {
        let zero = Signal(shape: [], elements: [Element(0)])
        var signals = [Signal<Element>](repeating: zero, count: nodes.count)
        let arriving = arriving
        for node in order {
            var sum: Signal<Element>?
            for number in arriving[node] {
                let edge = edges[number]
                let signal = edge.gain.map { signals[edge.from].times(gain($0)) } ?? signals[edge.from]
                sum = sum.map { $0.plus(signal) } ?? signal
            }
            let arrived = sum ?? zero
            switch nodes[node].kind {
            case .input: signals[node] = inputs(node)
            case .output, .branch, .sum, .point: signals[node] = arrived
            case .operation(let operation): signals[node] = try arrived.applying(operation.primitive)
            case .function(let f, _):
                signals[node] = Signal(
                    shape: arrived.shape, elements: arrived.elements.map { Element.evaluate(f, $0, $0, $0) })
            case .slope(_, let slope): signals[node] = arrived.times(gain(slope))
            case .box(let label, _):
                throw ArgumentError(
                    "flow graph", "zoom", expected: "one that shows what happens inside", given: "the box \(label)")
            }
        }
        return signals
    }

    /// The signal that leaves every node, as an equation. In the graph itself, signals with names are written as these; in the
    /// transpose only those that enter are, so that sums are visible.
    ///
    /// - Parameter number: the numbers of signals and derivatives, where they are known.
    public func symbols(_ number: (Expression) -> Double? = { _ in nil }) throws(ArgumentError) -> [Symbol] {
        func named(_ node: Int) -> Symbol? { name(of: node).map { Symbol($0, number($0)) } }
        let signals = try signals(from: { Signal(shape: [], elements: [named($0) ?? Symbol(0)]) }, gain: { $0 })
        return nodes.indices.map { (isTransposed ? nil : named($0)) ?? signals[$0].elements[0] }
    }
}

/// The term of an edge in the gradient of its gain.
public struct WeightTerm: Hashable, Sendable {
    /// The edge's number.
    public let edge: Int
    /// The signal that enters it in the graph.
    public let signal: Symbol
    /// The signal that enters it, from the other end, in the transpose.
    public let delta: Symbol

    public var product: Symbol { delta * signal }
}

extension FlowGraph {
    /// The weight rule: for every edge with this gain, the signal that enters it here and the one that enters it in the
    /// transpose. The sum of their products is the derivative with respect to the gain.
    ///
    ///     ∂E∕∂w = Σ a·δ      over all edges with gain w
    ///
    /// - Parameters:
    ///   - weight: the gain.
    ///   - number: the numbers of signals and derivatives, where they are known.
    /// - Complexity: one pass through the graph, one through its transpose.
    public func terms(
        of weight: Name, _ number: (Expression) -> Double? = { _ in nil }
    ) throws(ArgumentError) -> [WeightTerm] {
        let here = isTransposed ? transposed() : self
        let (signals, deltas) = (try here.symbols(number), try here.transposed().symbols(number))
        return here.edges.enumerated().compactMap { number, edge in
            guard edge.gain?.expression == .variable(weight) else { return nil }
            return WeightTerm(edge: number, signal: signals[edge.from], delta: deltas[edge.to])
        }
    }
}
