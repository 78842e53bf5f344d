import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// A layer's equations, and for each selected element its chain rule, the partials in it and the gradient of the
    /// whole input that it belongs to: derived from the layer's graph, its linearization and its transpose.
    static func equations(
        of layer: LayerGeometry, selecting selections: [Selection], values: [String: Tensor], detail: Detail
    ) throws(GraphError) -> [Section] {
        let graph = try layer.graph()
        var equations = LayerEquations(
            layer: layer, detail: detail, elements: try ElementEquations(of: graph, values: values))
        let output = selections.first { $0.name == "G" } ?? Selection("G", at: 0)
        for selection in selections { try equations.checkSize(of: selection.name) }
        var sections = [Section("The layer", try equations.all(like: output))]
        for selection in selections where selection.name != "G" {
            let name = selection.name
            let element = try equations.elements.name(of: name, at: selection.place).text
            let chain = try equations.chain(selection)
            sections += [
                Section("The chain rule for \(element)", chain.rule),
                Section("How the output moves with \(element)", chain.partials),
                Section("The gradient of \(name)", try equations.all(like: selection)),
                Section(
                    "The same as a graph, where ∂\(name) stands for ∂E/∂\(name)",
                    try nodes(of: graph, gradientOf: name)),
            ]
        }
        return sections
    }

    /// The nodes that compute ∂E∕∂ of an input from ∂E∕∂ of the output, one line each.
    static func nodes(of graph: Graph, gradientOf name: String) throws(GraphError) -> [Block] {
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

/// The equations of a layer, as many of them and of their terms as somebody reads.
private struct LayerEquations {
    let layer: LayerGeometry
    let detail: Explanation.Detail
    var elements: ElementEquations

    /// More than a page, or a program, takes in.
    private static let longestSum = 1 << 17

    /// - Throws: where a sum is too long to be written as one, whatever is folded.
    func checkSize(of name: String) throws(GraphError) {
        func size(_ tensor: String) -> Int {
            Shape(Array(elements.shapes[tensor]?.sizes.dropFirst(2) ?? [])).count * layer.batch
        }
        let terms = name == "W" || name == "B" ? size(layer.isTransposed && name == "W" ? "V" : "G") : 0
        guard terms <= LayerEquations.longestSum else {
            throw GraphError(
                operation: "equations", argument: "layer",
                expected:
                    "at most \(grouped(LayerEquations.longestSum)) of them: ask for a smaller --input, or --of input",
                given: "too large for them: one of \(name) adds \(grouped(terms)) windows up")
        }
    }

    /// The equations of all elements of the tensor that a selection belongs to; where they are too many, of the first
    /// ones and of the selected one.
    mutating func all(like selection: Selection) throws(GraphError) -> [Explanation.Block] {
        let count = elements.shapes[selection.name]?.count ?? 0
        let selected = try equation(selection.name, selection.place)
        let terms = max(1, selected.right.terms.count)
        var places = Array(0..<min(count, max(16, detail.limits.equations)))
        if count > detail.limits.equations || count * terms > detail.limits.allTerms {
            places = Array(places.prefix(max(0, min(16, Explanation.Detail.readable.limits.allTerms / terms - 1))))
            if !places.contains(selection.place) { places.append(selection.place) }
        }
        var equations: [Equation] = []
        for place in places {
            let equation = place == selection.place ? selected : try equation(selection.name, place)
            equations.append(folded(equation).substituting(elements.number))
        }
        var blocks: [Explanation.Block] = [.equations(equations)]
        if let shown = equations.last, places.last == selection.place || places.count == count, shown.omitted > 0 {
            blocks.append(fold(of: selected, shown: shown, selection))
        }
        if places.count < count {
            let last = try elements.name(of: selection.name, at: count - 1).text
            blocks.append(
                .fold(
                    Explanation.Fold(
                        "\(grouped(count)) equations, \(places.count) of them shown",
                        opening: "--select writes another one out, up to \(last)")))
        }
        return blocks
    }

    /// The chain rule of one element, and the partials in it.
    mutating func chain(
        _ selection: Selection
    ) throws(GraphError) -> (rule: [Explanation.Block], partials: [Explanation.Block]) {
        let gradient = try equation(selection.name, selection.place)
        let shown = folded(gradient)
        let partials = try elements.partials(by: selection.name, at: selection.place, in: shown)
        var rule = try elements.chainRule(over: partials, of: selection.name, at: selection.place)
        if shown.omitted > 0 {
            rule = Equation(.chainRule, rule.left, rule.right, value: gradient.value)
            rule.omitted = shown.omitted
        }
        guard !partials.isEmpty else {
            return ([.equations([rule])], [.line("It does not: no window meets it.")])
        }
        let folds = shown.omitted > 0 ? [fold(of: gradient, shown: shown, selection)] : []
        return ([.equations([rule])] + folds, [.equations(partials)] + folds)
    }

    private mutating func equation(_ name: String, _ place: Int) throws(GraphError) -> Equation {
        name == "G" ? try elements.forward(at: place) : try elements.gradient(of: name, at: place)
    }

    private func folded(_ equation: Equation) -> Equation {
        equation.folded(over: detail.limits.terms, elements.number)
    }

    /// What is left out of a long sum, and how much that matters.
    private func fold(of equation: Equation, shown: Equation, _ selection: Selection) -> Explanation.Block {
        let terms = equation.right.terms
        var summary = "\(grouped(terms.count)) terms"
        if selection.name == "W", let windows = elements.shapes[layer.isTransposed ? "V" : "G"] {
            let count = windows[0] * Shape(Array(windows.sizes.dropFirst(2))).count
            summary = "\(grouped(count)) windows, \(grouped(terms.count)) with a real pixel"
        }
        func magnitude(_ terms: [Expression]) -> Double? {
            var sum = 0.0
            for term in terms {
                guard let value = term.value(where: { elements.number(of: $0) }) else { return nil }
                sum += value.magnitude
            }
            return sum
        }
        let number = shown.right.terms.count
        if let all = magnitude(terms), all > 0, let part = magnitude(shown.right.terms) {
            summary += "; the \(number) largest shown, \(rounded(100 * part / all, digits: 3)) % of Σ|term|"
        } else {
            summary += "; the first \(number) shown, since without numbers none is larger"
        }
        return .fold(Explanation.Fold(summary, opening: "--as json lists all of this element's"))
    }
}

/// 12544 as 12,544.
package func grouped(_ number: Int) -> String {
    var digits = Array(String(number).utf8)
    var place = digits.count - 3
    while place > 0 {
        digits.insert(UInt8(ascii: ","), at: place)
        place -= 3
    }
    return String(decoding: digits, as: UTF8.self)
}
