import AdjointGraphs

extension FlowGraph {
    /// A graph's nodes as boxes, as the engine has them: additions are sums, all others are boxes.
    package init(nodesOf graph: Graph) {
        var sketch = FlowSketch()
        for node in graph.nodes {
            var number: Int
            switch node.primitive {
            case .input(let name): number = sketch.add(.input, .variable(Name(name)))
            case .pointwise(.add): number = sketch.add(.sum)
            default:
                let text = "\(node.primitive.name) → \(node.type.rawValue)\(node.shape)"
                number = sketch.add(.box(text, transposed: text))
            }
            for operand in node.operands { sketch.connect(operand, to: number) }
        }
        for output in graph.outputs {
            sketch.connect(output.node, to: sketch.add(.output, .variable(Name(output.name))))
        }
        self = sketch.graph(joined(graph.outputs.map { $0.name }))
    }

    /// A drawing of the graph, which is not transposed, alone or beside its transpose.
    ///
    /// - Parameter name: a weight or signal that is drawn bold.
    public func picture(
        besideTranspose: Bool = false, selecting name: Name? = nil, words: Words = .english
    ) -> Picture {
        FlowDrawing(self, selected: name.map { .variable($0) }, words).picture(
            filled(words.signalFlow, [title]), ("N: " + title, besideTranspose ? words.reversed : nil),
            description: text)
    }
}
