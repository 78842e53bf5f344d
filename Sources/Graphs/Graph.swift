/// A computation as a value: nodes in an order in which each comes after its operands, and the outputs by name.
///
/// Transformations return new graphs. Equal graphs are `==`.
public struct Graph: Hashable, Sendable {
    /// One computed value.
    public struct Node: Hashable, Sendable {
        public let primitive: Primitive
        /// Positions of the operands among the nodes; each is lower than this node's own.
        public let operands: [Int]
        public let shape: Shape
        public let type: ElementType

        package init(_ primitive: Primitive, _ operands: [Int], _ signature: Signature) {
            (self.primitive, self.operands) = (primitive, operands)
            self.shape = signature.shape
            self.type = signature.type
        }

        package var signature: Signature { Signature(shape, type) }

        /// Nodes are equal where they compute the same. Constants are compared by bits: 1∕0 and 1∕−0 differ; a NaN is itself.
        public static func == (a: Node, b: Node) -> Bool {
            a.primitive.isIdentical(to: b.primitive) && a.operands == b.operands && a.signature == b.signature
        }
    }

    /// A named result.
    public struct Output: Hashable, Sendable {
        public let name: String
        public let node: Int

        package init(_ name: String, _ node: Int) {
            (self.name, self.node) = (name, node)
        }
    }

    public let nodes: [Node]
    public let outputs: [Output]
    /// The origin of each node, where it was given.
    public let origins: [Origin?]

    /// The result of a transformation, whose nodes and outputs are valid by construction. Debug builds check them.
    package init(nodes: [Node], outputs: [Output], origins: [Origin?]) {
        (self.nodes, self.outputs, self.origins) = (nodes, outputs, origins)
        assert(isValid)
    }

    /// A declared input.
    public struct Input: Hashable, Sendable {
        public let name: String
        public let node: Int
        public let shape: Shape
        public let type: ElementType
    }

    /// The inputs in the order of their declaration.
    public var inputs: [Input] {
        nodes.indices.compactMap { index in
            guard case .input(let name) = nodes[index].primitive else { return nil }
            return Input(name: name, node: index, shape: nodes[index].shape, type: nodes[index].type)
        }
    }

    public func input(named name: String) -> Input? {
        inputs.first { $0.name == name }
    }

    public func output(named name: String) -> Output? {
        outputs.first { $0.name == name }
    }
}

extension Graph {
    /// Builds a graph with one output, named `output`.
    ///
    /// Operations on values do not throw, so that models read as mathematics: the first error is recorded, and thrown here.
    ///
    /// - Throws: the first error of an operation.
    public init(_ build: (GraphBuilder) -> Value) throws(ArgumentError) {
        try self.init { (g: GraphBuilder) -> [(String, Value)] in [("output", build(g))] }
    }

    /// Builds a graph with several named outputs.
    public init(_ build: (GraphBuilder) -> [(String, Value)]) throws(ArgumentError) {
        let builder = GraphBuilder()
        self = try builder.graph(outputs: build(builder))
    }
}
