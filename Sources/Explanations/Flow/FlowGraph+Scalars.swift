import AdjointGradients
import AdjointGraphs

extension FlowGraph {
    /// The scalar flow graph of a computation: one node for every number, one arrow for every product.
    ///
    /// Every element is evaluated with the names of those that it is computed from, and split into its terms: a term is one
    /// signal and its gain. So the arrows are the products that Evaluate computes, in its order, whatever the primitive.
    ///
    /// - Parameters:
    ///   - graph: linear in the signals, except for functions of one number.
    ///   - signals: the inputs that are signals; the others are gains.
    ///   - values: numbers for inputs.
    ///   - naming: the naming of the elements.
    /// - Throws: an error that names a value that is no sum of signals with gains, or says that there are too many.
    public init(
        of graph: Graph, signals: [String], energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil,
        words: Words = .english
    ) throws(ArgumentError) {
        for node in graph.nodes where node.shape.count > Expansion.limit {
            throw ArgumentError(
                "flow graph", "signals",
                expected: "at most \(Expansion.limit) numbers a value; ask for the operators instead",
                given: "\(node.shape)")
        }
        let naming = naming ?? Naming(for: Array(graph.namedShapes.values))
        var expansion = Expansion(graph, naming: naming, energy: energy)
        for (node, value) in graph.nodes.enumerated() {
            if case .input(let letter) = value.primitive {
                expansion.enter(node, values[letter]?.doubles, isSignal: signals.contains(letter))
            } else {
                try expansion.expand(node)
            }
        }
        for output in graph.outputs { try expansion.leave(output) }
        self = expansion.sketch.graph(FlowGraph.title(graph.inputs.map { $0.name }, signals, words))
    }

    /// `V and B as signals, W as gain`
    private static func title(_ inputs: [String], _ signals: [String], _ words: Words) -> String {
        func listed(_ names: [String], _ one: String, _ many: String) -> String {
            filled(names.count > 1 ? many : one, [joined(names, by: words.and)])
        }
        let (moving, gains) = (inputs.filter { signals.contains($0) }, inputs.filter { !signals.contains($0) })
        return listed(moving, words.asSignal, words.asSignals)
            + (gains.isEmpty ? "" : ", " + listed(gains, words.asGain, words.asGains))
    }
}

/// The scalars of a graph while they are expanded.
private struct Expansion {
    /// More scalars than can be told apart in a picture.
    static let limit = 1 << 10

    let graph: Graph
    let naming: Naming
    let energy: Name
    var sketch = FlowSketch()
    /// The elements that are known: those that depend on signals have names of their own.
    private var elements: ElementEvaluation
    /// For each node of the graph, whether it depends on a signal.
    private var isMoving: [Bool] = []
    /// The letters of inputs and outputs, by node.
    private var letters: [Int: String] = [:]
    /// The flow node at which a signal leaves.
    private var sources: [Expression: Int] = [:]
    private var numbers: [Expression: Double] = [:]

    init(_ graph: Graph, naming: Naming, energy: Name) {
        (self.graph, self.naming, self.energy) = (graph, naming, energy)
        elements = ElementEvaluation(graph) { _, _ in Symbol(0) }
        for output in graph.outputs { letters[output.node] = output.name }
        for input in graph.inputs { letters[input.node] = input.name }
    }

    mutating func enter(_ node: Int, _ values: [Double]?, isSignal: Bool) {
        for place in 0..<graph.nodes[node].shape.count {
            let name = name(node, place)
            let source = isSignal ? sketch.add(.input, named: name, energy: energy) : nil
            elements[Element(node, place)] = define(name, source, values?[place])
        }
        isMoving.append(isSignal)
    }

    mutating func expand(_ number: Int) throws(ArgumentError) {
        let node = graph.nodes[number]
        let moves = node.type.isFloatingPoint && node.operands.contains { isMoving[$0] }
        isMoving.append(moves)
        // Elements that depend on no signal are computed only where they are gains.
        for place in 0..<(moves ? node.shape.count : 0) {
            let symbol = try elements.symbol(Element(number, place))
            elements[Element(number, place)] = try signal(symbol, name(number, place), isShown: letters[number] != nil)
        }
    }

    mutating func leave(_ output: Graph.Output) throws(ArgumentError) {
        let shape = graph.nodes[output.node].shape
        for place in 0..<shape.count {
            let name = naming.name(output.name, at: place, of: shape)
            let end = sketch.add(.output, named: name, energy: energy)
            let symbol = try elements.symbol(Element(output.node, place))
            if let source = sources[symbol.expression] { sketch.connect(source, to: end) }
        }
    }

    /// The name of an element; `%` marks values without a name.
    private func name(_ node: Int, _ place: Int) -> Name {
        let letter = letters[node] ?? (naming == .indexed ? "%\(node)" : "%\(node) ")
        return naming.name(letter, at: place, of: graph.nodes[node].shape)
    }

    private mutating func add(_ kind: FlowGraph.Kind, _ name: Name, isShown: Bool) -> Int {
        isShown ? sketch.add(kind, named: name, energy: energy) : sketch.add(kind)
    }

    /// Stores a signal with its flow node and number; returns its symbol.
    private mutating func define(_ name: Name, _ node: Int?, _ value: Double?) -> Symbol {
        sources[.variable(name)] = node
        numbers[.variable(name)] = value
        return Symbol(.variable(name), value)
    }

    /// A new signal for what is computed from signals: a function of one, or a sum of some with their gains. The signal itself
    /// where nothing is computed.
    private mutating func signal(_ symbol: Symbol, _ name: Name, isShown: Bool) throws(ArgumentError) -> Symbol {
        if symbol.expression == .number(0) || sources[symbol.expression] != nil { return symbol }
        if case .function(let f, let arguments) = symbol.expression, arguments.count == 1,
            let source = sources[arguments[0]]
        {
            let slope = try f.slope(at: arguments[0], numbers[arguments[0]])
            let target = add(.function(f, slope: slope), name, isShown: isShown)
            sketch.connect(source, to: target)
            return define(name, target, symbol.value)
        }
        let addends = try addends(of: symbol.expression)
        let target = add(addends.count > 1 ? .sum : .point, name, isShown: isShown)
        for addend in addends { sketch.connect(addend.source, to: target, gain: addend.gain) }
        return define(name, target, symbol.value)
    }

    /// A sum's signals and their gains.
    private func addends(of expression: Expression) throws(ArgumentError) -> [(source: Int, gain: Symbol)] {
        var (numerator, divisor) = (expression, Expression.number(1))
        if case .quotient(let a, let b) = numerator { (numerator, divisor) = (a, b) }
        var addends: [(source: Int, gain: Symbol)] = []
        for term in numerator.terms {
            let moving = term.factors.filter { sources[$0] != nil }
            guard moving.count == 1, let source = sources[moving[0]] else {
                throw ArgumentError(
                    "flow graph", "signals", expected: "a sum of signals with gains", given: "the term \(term.text)")
            }
            let gain = term.factors.filter { $0 != moving[0] }.reduce(Expression.number(1), *) / divisor
            addends.append((source, Symbol(gain, gain.value(where: numbers))))
        }
        return addends
    }
}

extension Pointwise {
    /// f'(a), from the linearization of f alone.
    fileprivate func slope(at argument: Expression, _ value: Double?) throws(ArgumentError) -> Symbol {
        let function = try Graph { g in g.input("a", [], .float64).apply(.pointwise(self)) }
        let moved = try function.jvp(of: ["a"]).evaluated(
            symbols: ["a": [Symbol(argument, value)], derivativeName("a"): [Symbol(1)]])
        return moved[derivativeName("output")]?.first ?? Symbol(0)
    }
}
