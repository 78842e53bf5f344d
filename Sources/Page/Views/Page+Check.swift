import AdjointExplanations
import AdjointGraphs

/// Checks that do not depend on the rules of derivatives, beside the results of these.
extension Page {
    /// The most products of a layer that is checked by a finite difference: that takes five evaluations by definition.
    private static let movable = 0x1p16

    var checkHTML: String {
        let check = LayerProducts(layer)
        let forward = check.forward.sum
        var rows = [row(strings.checkProducts, "⟨J·V, ∂G⟩", forward, "⟨V, Jᵀ·∂G⟩", check.backward.sum)]
        var agrees = check.agrees(with: check.backward)
        if layer.shapes[.w] != nil {
            rows.append(row(strings.checkFilter, "⟨J·W, ∂G⟩", forward, "⟨W, Jᵀ·∂G⟩", check.filter.sum))
            agrees = agrees && check.agrees(with: check.filter)
        }
        var note = strings.checkSides + strings.checkTooLarge
        if layer.settings.products <= Page.movable {
            note = strings.checkSides + strings.checkSelect
            if !isAsked, let selection = layer.valid(state.selection), let moved = try? layer.moved(selection) {
                let tensor = Tensors(named: selection.name) ?? .w
                let (name, gradient) = (
                    layer.name(tensor, selection.place), layer.name(tensor.derivative, selection.place)
                )
                rows.append(
                    row(
                        filled(strings.checkDifference, [name]), gradient, moved.gradient, "ΔE/Δ\(name)",
                        moved.difference))
                agrees = agrees && moved.agrees
                note =
                    moved.slopes.map { slopes in
                        filled(strings.words.kink, [written(slopes.lowerBound), written(slopes.upperBound)])
                    } ?? strings.checkSides + strings.checkNote
            }
        }
        let verdict = agrees ? strings.checkAgrees : strings.checkDiffers
        return """
            <details class="check\(agrees ? "" : " differs")"><summary><span class="badge">\(agrees ? "✓" : "✗")</span> \
            \(markup(verdict)) <span class="size">⟨Jv, u⟩ = \(written(forward, digits: 6)) = ⟨v, Jᵀu⟩</span></summary>\
            <div class="wide"><table>\(joined(rows, by: ""))</table></div>\(hint(note))</details>
            """
    }

    private func row(_ title: String, _ a: String, _ one: Double, _ b: String, _ other: Double) -> String {
        """
        <tr><th scope="row">\(markup(title))</th><td>\(markup(a)) = \(markup(written(one, digits: 10)))</td>\
        <td>\(markup(b)) = \(markup(written(other, digits: 10)))</td></tr>
        """
    }
}

/// ⟨J·V, ∂G⟩, which is both ⟨V, Jᵀ·∂G⟩ and ⟨W, Jᵀ·∂G⟩: a layer is linear in V as in W.
private struct LayerProducts {
    var forward = InnerProduct()
    var backward = InnerProduct()
    var filter = InnerProduct()
    /// The rounding error of sums of terms of size 1.
    let rounding: Double

    init(_ layer: LayerNumbers) {
        func numbers(_ tensor: Tensors) -> [Double] { layer.numbers[tensor] ?? [] }
        rounding = layer.settings.isExact ? 1e-12 : 1e-4
        forward.add(numbers(.g), numbers(.dg))
        // J·V is the output for V, without the bias.
        if let bias = layer.numbers[.b], let g = layer.shapes[.g] {
            let area = g.count / (g[0] * g[1])
            forward.add((0..<g.count).map { -bias[$0 / area % g[1]] }, numbers(.dg))
        }
        backward.add(numbers(.v), numbers(.dv))
        filter.add(numbers(.w), numbers(.dw))
    }

    func agrees(with other: InnerProduct) -> Bool {
        (forward.sum - other.sum).magnitude <= rounding * max(forward.magnitude, backward.magnitude, 1e-30)
    }
}

extension LayerNumbers {
    /// A finite difference of E = Σ ∂E∕∂A·A by an element of V, W or B; nil for others.
    fileprivate func moved(_ selection: Selection) throws(ArgumentError) -> GradientCheck.Element? {
        guard let shape = Tensors(named: selection.name).flatMap({ shapes[$0] }) else { return nil }
        let energy = try settings.geometry.energy { settings.activation($0) }
        guard energy.input(named: selection.name) != nil else { return nil }
        var bindings = tensors([.v, .w, .b])
        bindings["U"] = tensor(shapes[.a] == nil ? .dg : .da)
        let index = shape.index(of: selection.place)
        return try energy.differences(of: [selection.name: [index]], output: "E", bindings: bindings).first
    }
}
