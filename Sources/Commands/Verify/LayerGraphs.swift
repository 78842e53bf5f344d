import AdjointFormats
import AdjointGradients
import AdjointGraphs

extension LayerCase {
    /// All tensors of a case's file as one graph whose inputs and outputs have the file's names.
    ///
    ///     y = layer(x, w, b)      idx: where a max pool found y, among the spatial positions of x
    ///     dx, dw, db = Jᵀ·dy
    ///     udy, uw = ∂∕∂dy, ∂∕∂w of ⟨u, dx⟩
    ///     vx, vdy = ∂∕∂x, ∂∕∂dy of ⟨v, dw⟩
    ///
    /// Pools have neither w nor v; inputs that have no meaning for a case are left out.
    ///
    /// - Throws: where the graph refuses the geometry.
    package func graph(_ type: ElementType) throws(ArgumentError) -> Graph {
        let layer = try Graph { g in outputs(g, type) }
        let arguments = layer.inputs.map { $0.name }
        let pullback = try layer.vjp(of: arguments)
        let first = try Graph { g in
            let values = g.inline(pullback, bindings: ["∂y": g.input("dy", output, type)])
            return pullback.outputs.map { output in
                let argument = arguments.first { "∂" + $0 == output.name }
                return (argument.map { "d" + $0 } ?? output.name, values[output.node])
            }
        }
        var graph = try self.graph(first, beside: first, direction: "u", along: "x")
        if weight != nil { graph = try self.graph(graph, beside: first, direction: "v", along: "w") }
        return graph
    }

    /// y and, for a max pool, idx.
    private func outputs(_ g: GraphBuilder, _ type: ElementType) -> [(String, Value)] {
        let x = g.input("x", input, type)
        let padding = Padding.sides(before: padsBegin, after: padsEnd)
        let w = weight.map { g.input("w", $0, type) }
        let (stride, dilation) = (PerAxis(stride), PerAxis(dilation))
        let y: Value
        switch (operation, w) {
        case (.convolution, let w?):
            y = x.convolved(with: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
        case (.transposedConvolution, let w?):
            y = x.transposedConvolved(
                with: w, stride: stride, padding: padding, outputPadding: PerAxis(outputPadding), dilation: dilation,
                groups: groups)
        case (.averagePool, _):
            y = x.averagePooled(
                PerAxis(kernel), stride: stride, padding: padding, countsPadding: countIncludePad, roundingUp: ceilMode)
        case (.maxPool, _), (_, nil):
            y = x.maxPooled(PerAxis(kernel), stride: stride, padding: padding, dilation: dilation, roundingUp: ceilMode)
            if let gather = g.node(at: y) { return [("y", y), ("idx", g.value(at: gather.operands[1]))] }
        }
        return [("y", bias ? y.adding(bias: g.input("b", [output[1]], type)) : y)]
    }

    /// A graph, and beside its outputs the gradient of ⟨direction, d argument⟩ with respect to dy and to the other operand on
    /// which it depends: the derivative of x depends on w and the other way round.
    private func graph(
        _ graph: Graph, beside first: Graph, direction: String, along argument: String
    ) throws(ArgumentError) -> Graph {
        let product = try Graph { g in
            let values = g.inline(first)
            let derivative = first.output(named: "d" + argument).map { values[$0.node] } ?? values[0]
            return (derivative * g.input(direction, derivative.shape, derivative.type)).sum()
        }
        let others = weight == nil ? ["dy"] : argument == "x" ? ["dy", "w"] : ["x", "dy"]
        let gradient = try product.gradient(of: others)
        return try Graph { g in
            let (values, gradients) = (g.inline(graph), g.inline(gradient))
            return graph.outputs.map { ($0.name, values[$0.node]) }
                + zip(others, gradient.outputs).map { (direction + $0, gradients[$1.node]) }
        }.simplified()
    }

    /// The number of products, at most, that are added up in an element of one of the file's tensors.
    package func terms(of tensor: String) -> Int {
        let taps = Shape(kernel).count
        let positions = [input, output].map { Shape(Array($0.sizes.dropFirst(2))).count }.reduce(1, max)
        guard weight != nil else { return taps }
        return switch tensor {
        case "dw", "db", "uw": input[0] * positions
        default: max(input[1], output[1]) / groups * taps
        }
    }
}
