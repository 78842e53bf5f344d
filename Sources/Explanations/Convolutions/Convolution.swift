import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// Both gradients of a convolution layer as convolutions again: one relation, read in three ways, and the steps of each
    /// reading as a picture.
    ///
    /// - Parameters:
    ///   - selection: the element whose channel is drawn, where there are several.
    ///   - values: numbers for V, W, ∂G and the gradients, where they are known.
    /// - Throws: an error that names what does not fit.
    public static func convolution(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:],
        words: Words = .english
    ) throws(ArgumentError) -> [Section] {
        guard let readings = try Readings(of: layer, selecting: selection, values: values, words) else { return [] }
        return [readings.relation]
            + readings.steps.map {
                Section($0.title, view: .convolution, [.line($0.sentence), .picture($0.picture())])
            }
    }
}

/// The relation of the three operands of a convolution's form, with its gradients read as convolutions.
package struct Readings: Sendable {
    package let relation: Explanation.Section
    package let steps: [ReadingSteps]

    /// - Returns: nil for a pool, and for layers without positions.
    package init?(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor], _ words: Words
    ) throws(ArgumentError) {
        let sliding = try Sliding(of: layer, words)
        _ = try sliding.index(of: selection)
        guard let convolution = sliding.convolution,
            !(sliding.inputs + sliding.taps + sliding.outputs).contains(0)
        else { return nil }
        let values = try sliding.withGradients(values)
        var steps: [ReadingSteps] = []
        for role: Primitive.Convolution.Role in [.filter, .input, .output] where role != convolution.role {
            steps.append(try ReadingSteps(role, of: sliding, selection, values))
        }
        self.steps = steps
        relation = Explanation.Section(
            words.relation, view: .convolution, sliding.relationLines.map { .line($0) })
    }
}

extension ReadingSteps {
    package var title: String { filled(words.asConvolution, [name]) }
}

extension Sliding {
    /// The numbers with those of ∂V and ∂W added, where these follow from them and do not take long.
    fileprivate func withGradients(_ values: [String: Tensor]) throws(ArgumentError) -> [String: Tensor] {
        let graph = try graph.vjp(of: ["V", "W"])
        let bindings = values.filter { graph.input(named: $0.key) != nil }
        let products = (shapes["W"]?.count ?? 0) * windowCount * layer.batch
        guard bindings.count == graph.inputs.count, products <= 1 << 23 else { return values }
        var all = try graph.evaluated(bindings)
        for (name, value) in values { all[name] = value }
        return all
    }

    /// The names of the form's three operands in the gradient of one of them.
    func name(_ role: Primitive.Convolution.Role) -> String { role.pick(field, "W", result) }

    /// The layer's relation on each axis, and its forms with one letter fixed.
    fileprivate var relationLines: [String] {
        var lines: [String] = []
        func name(_ role: Primitive.Convolution.Role) -> String {
            (role == convolution?.role ? "" : "∂") + self.name(role)
        }
        for (axis, along) in window.axes.enumerated() {
            if axis > 0, along == window.axes[axis - 1], taps[axis] == taps[axis - 1] { continue }
            let isOnly = window.axes.indices.allSatisfy { window.axes[$0] == along && taps[$0] == taps[axis] }
            let place = isOnly ? (window.axes.count > 1 ? words.everyAxis : "") : filled(words.oneAxis, ["\(axis)"])
            let (e, s, d, a) = (along.inputSpacing, along.stride, along.dilation, along.padding)
            let (positions, windows) = (linear([(e, "i")], 0), linear([(s, "p")], 0))
            let read = "\(positions) = \(linear([(s, "p"), (d, "r")], -a))"
            let turned = "\(positions) = \(linear([(d, "r"), (s, "p")], -a))"
            let solved = "\(windows) = \(linear([(e, "i"), (-d, "r")], a))"
            let back = "r' = \(linear([(-1, "r")], taps[axis] - 1))"
            let flipped = "\(windows) = \(linear([(e, "i"), (d, "r'")], a - d * (taps[axis] - 1)))"
            lines += [
                filled(words.together, [field, result, read, place]),
                filled(words.outputRole, [name(.output), read, "\(s)", "\(d)"]),
                filled(words.inputRole, [name(.input), solved, back, flipped])
                    + (s > 1 ? filled(words.spreadPlane, ["\(s)"]) : "."),
                filled(words.filterRole, [name(.filter), turned, "\(d)", "\(s)"]),
            ]
        }
        return lines
    }
}

/// `2·p + r - 1`, or `3 - r`: the constant first where the only letter is subtracted.
private func linear(_ terms: [(coefficient: Int, letter: Name)], _ constant: Int) -> String {
    let products = terms.map { Expression.number(Double($0.coefficient)) * .variable($0.letter) }
    let constant = Expression.number(Double(constant))
    let isSubtracted = terms.count == 1 && terms[0].coefficient < 0
    return (isSubtracted ? [constant] + products : products + [constant]).reduce(.number(0), +).text
}
