import AdjointGradients
import AdjointGraphs

extension FlowGraph {
    /// The scalar flow graph of a computation: one node for every number, one arrow for every product.
    ///
    /// Every primitive is evaluated with symbols, and the terms of each result are read: a term is one signal and its
    /// gain. So the arrows are the products that Evaluate computes, in its order, whatever the primitive.
    ///
    /// - Parameters:
    ///   - graph: linear in the signals, but for functions of one number.
    ///   - signals: the inputs that run through the graph; the others are gains.
    ///   - values: numbers for inputs.
    ///   - naming: of the elements.
    /// - Throws: an error that names a value that is no sum of signals with gains, or says that there are too many.
    public init(
        of graph: Graph, signals: [String], energy: Name = "E", values: [String: Tensor] = [:], naming: Naming? = nil
    ) throws(GraphError) {
        let outputs = graph.outputs.map { graph.nodes[$0.node].shape }
        let naming = naming ?? Naming(for: graph.inputs.map { $0.shape } + outputs)
        for node in graph.nodes where node.shape.count > Expansion.limit {
            throw GraphError(
                operation: "flow graph", argument: "signals",
                expected: "at most \(Expansion.limit) numbers a value; ask for the operators instead",
                given: "\(node.shape)")
        }
        var expansion = Expansion(energy: energy)
        var letters: [Int: String] = [:]
        for output in graph.outputs { letters[output.node] = output.name }
        for (index, node) in graph.nodes.enumerated() {
            if case .input(let letter) = node.primitive {
                expansion.enter(
                    (0..<node.shape.count).map { naming.name(letter, at: $0, of: node.shape) },
                    values[letter]?.doubles, isSignal: signals.contains(letter))
            } else {
                // A `%` tells values apart that have no name.
                let letter = letters[index] ?? (naming == .indexed ? "%\(index)" : "%\(index) ")
                try expansion.expand(
                    node, shapes: node.operands.map { graph.nodes[$0].shape },
                    names: (0..<node.shape.count).map { naming.name(letter, at: $0, of: node.shape) },
                    areShown: letters[index] != nil)
            }
        }
        for output in graph.outputs {
            let shape = graph.nodes[output.node].shape
            expansion.leave(output.node, (0..<shape.count).map { naming.name(output.name, at: $0, of: shape) })
        }
        self = expansion.sketch.graph(FlowGraph.title(graph.inputs.map { $0.name }, signals))
    }
}

extension FlowGraph {
    /// `V and B as signals, W as gain`
    private static func title(_ inputs: [String], _ signals: [String]) -> String {
        func listed(_ names: [String], _ role: String) -> String {
            joined(names, by: " and ") + " as " + role + (names.count > 1 ? "s" : "")
        }
        let (moving, gains) = (inputs.filter { signals.contains($0) }, inputs.filter { !signals.contains($0) })
        return listed(moving, "signal") + (gains.isEmpty ? "" : ", " + listed(gains, "gain"))
    }
}

/// The scalars of a graph while they are expanded.
private struct Expansion {
    /// More than anybody sees apart.
    static let limit = 1 << 10

    let energy: Name
    var sketch = FlowSketch()
    /// For each node of the graph, the name, or what is known otherwise, of each element.
    private var symbols: [Evaluated<Symbol>] = []
    /// For each node of the graph, whether signals reach it.
    private var isMoving: [Bool] = []
    /// The flow node at which a signal leaves.
    private var sources: [Expression: Int] = [:]
    private var numbers: [Expression: Double] = [:]

    init(energy: Name) { self.energy = energy }

    private mutating func add(_ kind: FlowGraph.Kind, _ name: Name, isShown: Bool) -> Int {
        isShown ? sketch.add(kind, .variable(name), delta: .derivative(of: energy, by: name)) : sketch.add(kind)
    }

    /// Makes a signal known, and gives the symbol for it.
    private mutating func define(_ name: Name, _ node: Int?, _ value: Double?) -> Symbol {
        sources[.variable(name)] = node
        numbers[.variable(name)] = value
        return Symbol(.variable(name), value)
    }

    mutating func enter(_ names: [Name], _ values: [Double]?, isSignal: Bool) {
        var entered: [Symbol] = []
        for (place, name) in names.enumerated() {
            let node = isSignal ? add(.input, name, isShown: true) : nil
            entered.append(define(name, node, values?[place]))
        }
        symbols.append(.numbers(entered))
        isMoving.append(isSignal)
    }

    mutating func expand(_ node: Graph.Node, shapes: [Shape], names: [Name], areShown: Bool) throws(GraphError) {
        let operands = node.operands.map { symbols[$0] }
        let result = node.primitive.evaluated(operands, shapes, result: node.signature)
        let moves = node.type.isFloatingPoint && node.operands.contains { isMoving[$0] }
        isMoving.append(moves)
        if case .pooling(.choice) = node.primitive, operands[0].numbers.contains(where: { $0.value == nil }) {
            throw GraphError(
                operation: "flow graph", argument: "values", expected: "numbers, since the pool chooses by them",
                given: "none")
        }
        guard moves else {
            symbols.append(result)
            return
        }
        var elements: [Symbol] = []
        for (place, symbol) in result.numbers.enumerated() {
            if case .function(let f, let arguments) = symbol.expression, arguments.count == 1,
                let source = sources[arguments[0]]
            {
                let slope = try f.slope(at: arguments[0], numbers[arguments[0]])
                let target = add(.function(f, slope: slope), names[place], isShown: areShown)
                sketch.connect(source, to: target)
                elements.append(define(names[place], target, symbol.value))
            } else {
                elements.append(try weighted(symbol, names[place], isShown: areShown))
            }
        }
        symbols.append(.numbers(elements))
    }

    /// A sum of signals with their gains; the signal itself where that is all.
    private mutating func weighted(_ symbol: Symbol, _ name: Name, isShown: Bool) throws(GraphError) -> Symbol {
        if symbol.expression == .number(0) || sources[symbol.expression] != nil { return symbol }
        var addends: [(source: Int, gain: Symbol)] = []
        var (numerator, divisor) = (symbol.expression, Expression.number(1))
        if case .quotient(let a, let b) = numerator { (numerator, divisor) = (a, b) }
        for term in numerator.terms {
            let moving = term.factors.filter { sources[$0] != nil }
            guard moving.count == 1, let source = sources[moving[0]] else {
                throw GraphError(
                    operation: "flow graph", argument: "signals", expected: "a sum of signals with gains",
                    given: "the term \(term.text)")
            }
            let gain = term.factors.filter { $0 != moving[0] }.reduce(Expression.number(1), *) / divisor
            addends.append((source, Symbol(gain, gain.value(where: numbers))))
        }
        let target = add(addends.count > 1 ? .sum : .point, name, isShown: isShown)
        for addend in addends { sketch.connect(addend.source, to: target, gain: addend.gain) }
        return define(name, target, symbol.value)
    }

    mutating func leave(_ node: Int, _ names: [Name]) {
        for (name, symbol) in zip(names, symbols[node].numbers) {
            let output = add(.output, name, isShown: true)
            if let source = sources[symbol.expression] { sketch.connect(source, to: output) }
        }
    }
}

extension Pointwise {
    /// f'(a), from the linearization of f alone.
    fileprivate func slope(at argument: Expression, _ value: Double?) throws(GraphError) -> Symbol {
        let function = try Graph { g in g.input("a", [], .float64).apply(.pointwise(self)) }
        let moved = try function.jvp(of: ["a"]).evaluated(
            symbols: ["a": [Symbol(argument, value)], derivativeName("a"): [Symbol(1)]])
        return moved[derivativeName("output")]?.first ?? Symbol(0)
    }
}
