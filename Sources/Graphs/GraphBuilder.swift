/// The place where the nodes of a graph are collected while it is written down.
public final class GraphBuilder {
    private var nodes: [Graph.Node] = []
    private var origins: [Origin?] = []
    private var numbers: [Graph.Node: Int] = [:]
    private(set) var inputs: [String: Signature] = [:]
    /// The origin of the next nodes.
    package var origin: Origin?
    private var streams: UInt32 = 0
    package private(set) var error: ArgumentError?
    /// What the user wrote, while it is being composed of other operations.
    fileprivate var operation: String?

    /// - Parameter capacity: about how many nodes there will be.
    package init(capacity: Int = 0) {
        nodes.reserveCapacity(capacity)
        origins.reserveCapacity(capacity)
        numbers.reserveCapacity(capacity)
    }

    /// A value that is given by name when the graph is used.
    public func input(_ name: String, _ shape: Shape, _ type: ElementType = .float32) -> Value {
        if name.isEmpty || inputs[name] != nil {
            return poison(ArgumentError("input", "name", expected: "a name of its own", given: "\"\(name)\""))
        }
        guard shape.checkedCount != nil else {
            return poison(
                ArgumentError(
                    "input", "shape of \"\(name)\"", expected: "sizes of 0 or more whose product memory can address",
                    given: "\(shape)"))
        }
        return append(Graph.Node(.input(name), [], Signature(shape, type)))
    }

    public func constant(_ tensor: Tensor) -> Value {
        apply(.constant(tensor), to: [])
    }

    /// One number in every element of a shape.
    public func constant(_ number: Double, _ shape: Shape = [], _ type: ElementType = .float32) -> Value {
        constant(Tensor(scalar: number, as: type)).broadcast(to: shape)
    }

    /// Uniform floats in [0, 1): the same for the same key, counter and place in the graph, on every machine.
    ///
    /// - Parameters:
    ///   - key: int32 scalar: which sequence.
    ///   - counter: int32 scalar: which draw of the sequence.
    public func random(_ shape: Shape, key: Value, counter: Value) -> Value {
        streams += 1
        return apply(.random(shape, stream: streams), to: [key, counter])
    }

    /// Appends a primitive, or finds the node that already computes the same.
    package func apply(_ primitive: Primitive, to operands: [Value]) -> Value {
        for operand in operands where operand.builder !== self {
            return poison(foreign(operand, primitive.name, "operand"))
        }
        if operands.contains(where: { $0.isPoisoned }) { return poison(nil) }
        do throws(ArgumentError) {
            let signature = try primitive.result(of: operands.map { $0.signature })
            if case .random(_, let stream) = primitive { streams = max(streams, stream) }
            return append(Graph.Node(primitive, operands.map { $0.index }, signature))
        } catch {
            return poison(error)
        }
    }

    /// Records an error (only the first is kept) and gives a poisoned value, which poisons all values that depend on it.
    package func poison(_ error: ArgumentError?) -> Value {
        if self.error == nil {
            self.error = error.map { error in
                ArgumentError(
                    operation ?? error.operation, error.argument, expected: error.expected, given: error.given)
            }
        }
        return Value(builder: self, index: -1, signature: Signature([], .float32))
    }

    /// The error for a value of another builder. A builder with an error and no nodes is no other graph's: it holds the error
    /// of an operation without operands.
    private func foreign(_ value: Value, _ operation: String, _ argument: String) -> ArgumentError {
        if value.builder.nodes.isEmpty, let error = value.builder.error { return error }
        return ArgumentError(operation, argument, expected: "a value of this graph", given: "a value of another graph")
    }

    private func append(_ node: Graph.Node) -> Value {
        if let known = numbers[node] { return Value(builder: self, index: known, signature: node.signature) }
        let index = nodes.count
        if case .input(let name) = node.primitive { inputs[name] = node.signature }
        nodes.append(node)
        origins.append(origin)
        numbers[node] = index
        return Value(builder: self, index: index, signature: node.signature)
    }

    /// Says of the error that is recorded where it is.
    package func place(_ name: String) { error = error?.within(name) }

    package func node(at value: Value) -> Graph.Node? { value.isPoisoned ? nil : nodes[value.index] }

    package func value(at index: Int) -> Value { Value(builder: self, index: index, signature: nodes[index].signature) }

    /// The constant that a value is equal to, perhaps after movements that repeat it.
    package func constant(at value: Value) -> Tensor? {
        guard let node = node(at: value) else { return nil }
        switch node.primitive {
        case .constant(let tensor):
            return tensor
        case .movement(.broadcast), .movement(.reshape):
            let operand = self.value(at: node.operands[0])
            // Only a single number stays the same however it is repeated.
            return constant(at: operand).flatMap { $0.count == 1 ? $0 : nil }
        default:
            return nil
        }
    }

    /// The finished graph.
    package func graph(outputs: [(String, Value)]) throws(ArgumentError) -> Graph {
        for (position, output) in outputs.enumerated() {
            if outputs[..<position].contains(where: { $0.0 == output.0 }) {
                _ = poison(
                    ArgumentError("Graph", "outputs", expected: "different names", given: "\"\(output.0)\" twice"))
            }
            if output.1.builder !== self {
                _ = poison(foreign(output.1, "Graph", "output \"\(output.0)\""))
            }
        }
        if let error { throw error }
        return Graph(nodes: nodes, outputs: outputs.map { Graph.Output($0.0, $0.1.index) }, origins: origins)
    }
}

extension GraphBuilder {
    /// Writes a whole graph into this one.
    ///
    /// - Parameters:
    ///   - bindings: values that take the place of inputs; inputs without one stay inputs, and are shared with inputs of
    ///     the same name that stand here already.
    ///   - change: what takes the place of a node's value.
    /// - Returns: the value of each of the graph's nodes.
    package func inline(
        _ graph: Graph, bindings: [String: Value] = [:], change: (_ node: Int, _ value: Value) -> Value = { $1 }
    ) -> [Value] {
        var values: [Value] = []
        let outer = origin
        defer { origin = outer }
        for (index, node) in graph.nodes.enumerated() {
            origin = graph.origins[index] ?? outer
            let value: Value
            if case .input(let name) = node.primitive {
                value = bindings[name] ?? append(node)
            } else {
                value = apply(node.primitive, to: node.operands.map { values[$0] })
            }
            values.append(change(index, value))
        }
        return values
    }
}

/// A value in a graph that is being built.
public struct Value {
    package let builder: GraphBuilder
    package let index: Int
    package let signature: Signature

    public var shape: Shape { signature.shape }
    public var type: ElementType { signature.type }
    package var isPoisoned: Bool { index < 0 }

    /// The builder that this value belongs to, for functions that need constants or inputs beside it.
    public var graph: GraphBuilder { builder }

    package func apply(_ primitive: Primitive, _ others: Value...) -> Value {
        builder.apply(primitive, to: [self] + others)
    }

    /// Writes down an operation that is composed of others: errors call it by the name that the user wrote, the outermost.
    package func written(_ operation: String, _ body: () throws(ArgumentError) -> Value) -> Value {
        let outer = builder.operation
        builder.operation = outer ?? operation
        defer { builder.operation = outer }
        return checked(body)
    }

    /// Runs a check that may throw; after an error the value is poisoned.
    package func checked(_ body: () throws(ArgumentError) -> Value) -> Value {
        if isPoisoned { return self }
        do throws(ArgumentError) { return try body() } catch { return builder.poison(error) }
    }
}
