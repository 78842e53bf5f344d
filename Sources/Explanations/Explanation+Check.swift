import AdjointGraphs

extension Explanation {
    /// What does not depend on the rules of derivatives: ⟨J·v, u⟩ beside ⟨v, Jᵀ·u⟩ for random v and u, and a finite
    /// difference of the selected element of V, W or B, all in Double.
    ///
    /// What has no values gets random ones. Large layers are not checked: that takes several evaluations by definition.
    public static func check(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor]
    ) throws(GraphError) -> [Section] {
        let graph = try layer.graph()
        let shapes = try layer.shapes()
        let largest = shapes.values.reduce(1) { max($0, $1.count) }
        guard largest * Shape(layer.kernel).count * layer.channels <= 1 << 22 else {
            let fold = Block.fold(
                "not checked, since evaluating this layer by definition takes long",
                opening: "ask for a smaller --input")
            return [Section("Check", view: .check, [fold])]
        }
        let arguments = graph.inputs.map { $0.name }
        var bindings: [String: Tensor] = [:]
        var drawn: [String] = []
        for name in arguments + ["∂G"] {
            if values[name] == nil { drawn.append(name == "∂G" ? "∂E/∂G" : name) }
            let tensor = values[name] ?? .drawn(shapes[name] ?? shapes["G"] ?? [], stream: UInt32(bindings.count))
            bindings[name == "∂G" ? "U" : name] = tensor
        }
        // E = Σ U·G has the derivatives U; `∂G` is what the check calls its own.
        let energy = try Graph { g in
            let output = g.inline(graph)[graph.outputs[0].node]
            return [("G", output), ("E", (output * g.input("U", output.shape, output.type)).sum())]
        }
        var elements: [String: [[Int]]] = [:]
        for name in arguments { elements[name] = [] }
        if let shape = shapes[selection.name], elements[selection.name] != nil {
            elements[selection.name] = [shape.index(of: selection.place)]
        }
        let check = try energy.gradientCheck(of: elements, output: "E", bindings: bindings)
        let naming = Naming(for: Array(shapes.values))
        var rows = [row("⟨J·v, u⟩ and ⟨v, Jᵀ·u⟩", check.identity.forward, check.identity.backward)]
        for element in check.elements {
            let name = naming.name(element.parameter, at: selection.place, of: shapes[element.parameter] ?? [])
            let gradient = Expression.derivative(of: "E", by: name).text
            rows.append(row("\(gradient) and ΔE/Δ\(name.text)", element.gradient, element.difference))
        }
        let verdict = check.agrees ? "Both agree within rounding." : "They do not agree."
        return [
            Section(
                "Check", view: .check,
                [
                    .line(
                        "J is the layer's linearization and Jᵀ its transpose; v and u are random. ΔE/Δ is a central "
                            + "difference of E = Σ ∂E/∂G·G, in Double."
                            + (drawn.isEmpty ? "" : " Without numbers of their own, \(joined(drawn)) are random.")),
                    .table(Table(["", "one side", "other side", "apart"], rows: rows, alignment: [.left])),
                    .line(verdict),
                ])
        ]
    }

    private static func row(_ title: String, _ one: Double, _ other: Double) -> [String] {
        [title, shown(one), shown(other), rounded((one - other).magnitude, digits: 2)]
    }
}

extension Tensor {
    /// Reproducible numbers with two decimals in −1 … 1.
    package static func drawn(_ shape: Shape, seed: UInt32 = 0, stream: UInt32) -> Tensor {
        let numbers = (0..<shape.count).map { place in
            (Threefry.uniform(key: (seed, stream), counter: (UInt32(truncatingIfNeeded: place), 0)) * 200 - 100)
                .rounded() / 100 + 0
        }
        return Tensor(known: shape, .float64(numbers))
    }
}
