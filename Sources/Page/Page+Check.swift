import AdjointExplanations
import AdjointGraphs

/// What does not depend on the rules of derivatives, beside what they gave.
extension Page {
    /// Larger layers are not moved by a finite difference: that takes five evaluations by definition.
    private static let movable = 0x1p16

    var checkHTML: String {
        let g = layer.numbers[.g] ?? []
        func product(_ a: Tensors, _ b: Tensors) -> Double {
            zip(layer.numbers[a] ?? [], layer.numbers[b] ?? []).reduce(0.0) { $0 + $1.0 * $1.1 }
        }
        // The layer is linear in V: J·V is what V gives, without the bias.
        var forward = product(.g, .dg)
        if let b = layer.numbers[.b], let shape = layer.shapes[.g] {
            let area = shape[2] * shape[3]
            let dg = layer.numbers[.dg] ?? []
            for place in g.indices { forward -= b[place / area % shape[1]] * dg[place] }
        }
        let backward = product(.v, .dv)
        let size = zip(g, layer.numbers[.dg] ?? []).reduce(0.0) { $0 + ($1.0 * $1.1).magnitude }
        let largestTerm = zip(layer.numbers[.v] ?? [], layer.numbers[.dv] ?? []).reduce(0.0) {
            $0 + ($1.0 * $1.1).magnitude
        }
        let tolerance = (layer.isExact ? 1e-12 : 1e-4) * max(size, largestTerm, 1e-30)
        var rows = [row(strings.checkProducts, "⟨J·V, ∂G⟩", forward, "⟨V, Jᵀ·∂G⟩", backward)]
        var agrees = (forward - backward).magnitude <= tolerance
        if layer.shapes[.w] != nil {
            let filter = product(.w, .dw)
            rows.append(row(strings.checkFilter, "⟨J·W, ∂G⟩", forward, "⟨W, Jᵀ·∂G⟩", filter))
            agrees = agrees && (forward - filter).magnitude <= tolerance
        }
        var note = strings.checkTooLarge
        if state.layer.products <= Page.movable, let selection = layer.valid(state.selection), selection.name != "G",
            selection.name != "A",
            let moved = try? difference(selection)
        {
            let tensor = (Tensors(rawValue: selection.name) ?? .w).derivative
            let name = layer.name(tensor.primal, selection.place)
            rows.append(
                row(
                    filled(strings.checkDifference, [name]), layer.name(tensor, selection.place), moved.gradient,
                    "ΔE/Δ\(name)", moved.difference))
            // Where terms cancel in E, its rounding is that of the terms.
            let rounding = moved.uncertainty + 1e-9 * (moved.gradient.magnitude + size) + 1e-10 * largestTerm
            agrees = agrees && (moved.gradient - moved.difference).magnitude <= rounding
            note = strings.checkNote
        } else if state.layer.products <= Page.movable {
            note = strings.checkSelect
        }
        let verdict = agrees ? strings.checkAgrees : strings.checkDiffers
        return
            "<details class=\"check\(agrees ? "" : " differs")\"><summary><span class=\"badge\">\(agrees ? "✓" : "✗")</span> \(markup(verdict)) "
            + "<span class=\"size\">⟨Jv, u⟩ = \(written(forward, digits: 6)) = ⟨v, Jᵀu⟩</span></summary><div class=\"wide\"><table>"
            + joined(rows, by: "") + "</table></div><p class=\"hint\">\(markup(note))</p></details>"
    }

    private func row(_ title: String, _ a: String, _ one: Double, _ b: String, _ other: Double) -> String {
        "<tr><th scope=\"row\">\(markup(title))</th><td>\(markup(a)) = \(markup(written(one, digits: 10)))</td><td>\(markup(b)) = \(markup(written(other, digits: 10)))</td></tr>"
    }

    /// E = Σ ∂E∕∂A·A moved by an element.
    private func difference(_ selection: Selection) throws(GraphError) -> GradientCheck.Element? {
        let function = layer.settings.activation
        let graph = try layer.geometry.graph()
        let energy = try Graph { g in
            var output = g.inline(graph)[graph.outputs[0].node]
            switch function {
            case .none: break
            case .relu: output = output.relu()
            case .tanh: output = output.tanh()
            case .sigmoid: output = output.logistic()
            }
            return [("E", (output * g.input("U", output.shape, output.type)).sum())]
        }
        var bindings = given
        bindings["∂G"] = nil
        let cotangent = layer.shapes[.a] == nil ? Tensors.dg : .da
        bindings["U"] = Tensor(known: layer.shapes[cotangent] ?? [], .float64(layer.numbers[cotangent] ?? []))
        let index = (Tensors(rawValue: selection.name).flatMap { layer.shapes[$0] } ?? []).index(of: selection.place)
        return try energy.gradientCheck(of: [selection.name: [index]], output: "E", bindings: bindings).elements.first
    }
}
