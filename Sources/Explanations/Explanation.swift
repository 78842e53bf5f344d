import AdjointGradients
import AdjointGraphs

/// What there is to say about the gradient of one element, as a tree that every writer (text, LaTeX, HTML) walks.
public struct Explanation: Hashable, Sendable {
    public struct Section: Hashable, Sendable {
        public let title: String
        public let blocks: [Block]
    }

    public enum Block: Hashable, Sendable {
        case equations([Equation])
        case line(String)
    }

    public let sections: [Section]
}

extension Explanation {
    /// A convolution layer, its chain rule for one element of an input, the partials, and the gradient of that whole
    /// input: as equations, and as the nodes of the gradient graph.
    ///
    /// - Parameters:
    ///   - name: `W`, `V` or `B`.
    ///   - place: the row-major place of the element whose chain rule is written out.
    ///   - values: numbers for V, W, B and ∂G, where there are some.
    /// - Throws: an error that names what does not fit.
    public init(
        layer: LayerGeometry, of name: String = "W", at place: Int = 0, values: [String: Tensor] = [:]
    ) throws(GraphError) {
        let graph = try layer.graph()
        let equations = try Equations(of: graph, values: values)
        let element = try equations.name(of: name, at: place).text
        sections = [
            Section(title: "The layer", blocks: [.equations(equations.forward)]),
            Section(
                title: "The chain rule for \(element)",
                blocks: [.equations([try equations.chainRule(for: name, at: place)])]),
            Section(
                title: "How the output moves with \(element)",
                blocks: [.equations(try equations.partials(by: name, at: place))]),
            Section(
                title: "The gradient of \(name)",
                blocks: [.equations(try equations.gradient(of: name))]),
            Section(
                title: "The same as a graph, where ∂\(name) stands for ∂E/∂\(name)",
                blocks: try Explanation.nodes(of: graph, gradientOf: name)),
        ]
    }

    /// The nodes that compute ∂E∕∂ of an input from ∂E∕∂ of the output, one line each.
    private static func nodes(of graph: Graph, gradientOf name: String) throws(GraphError) -> [Block] {
        let gradient = try graph.vjp(of: [name]).keeping([derivativeName(name)])
        func label(_ node: Int) -> String {
            if case .input(let name) = gradient.nodes[node].primitive { return name }
            return gradient.outputs.first { $0.node == node }?.name ?? "%\(node)"
        }
        var lines: [Block] = []
        var roles: [Primitive.Convolution.Role] = []
        for (index, node) in gradient.nodes.enumerated() {
            if case .input = node.primitive { continue }
            if case .convolution(let convolution) = node.primitive { roles.append(convolution.role) }
            lines.append(.line(label(index) + " = " + node.primitive.text(joined(node.operands.map { label($0) }))))
        }
        if roles.count == 1, lines.count == 1 {
            lines.append(.line("The gradient of \(name) is one convolution with role \(roles[0].rawValue)."))
        }
        return lines
    }
}

extension Explanation {
    /// For a terminal: a title, and under it one equation a line; numbers stand behind the equations that have one.
    public var text: String {
        joined(sections.map { $0.text }, by: "\n\n")
    }
}

extension Explanation.Section {
    fileprivate var text: String {
        var lines = [title]
        for block in blocks {
            switch block {
            case .line(let line): lines.append("  " + line)
            case .equations(let equations):
                for equation in equations {
                    lines.append("  " + equation.text + (equation.value.map { " = " + shortest($0) } ?? ""))
                }
            }
        }
        return joined(lines, by: "\n")
    }
}
