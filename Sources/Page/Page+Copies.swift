import AdjointExplanations
import AdjointGraphs

/// The equation and the drawing to take along: text, LaTeX, MathML, a Swift test, SVG, PNG.
extension Page {
    /// Texts that can be copied.
    enum Form: String, CaseIterable { case text, latex, mathml, test, link }

    var copiesHTML: String {
        var html = "<p class=\"copies\"><span>\(markup(strings.copy))</span>"
        for form in Form.allCases where form == .link || sum != nil && (form != .test || isTestable) {
            html +=
                "<button class=\"link\" id=\"copy-\(form.rawValue)\" data-do=\"copy \(form.rawValue)\">\(markup(strings.forms[form.rawValue] ?? ""))</button>"
        }
        if !state.hidden.contains(.export) {
            html += "<span>\(markup(strings.save))</span>"
            for form in ["svg", "png"] {
                html +=
                    "<button class=\"link\" id=\"save-\(form)\" data-do=\"save \(form)\">\(form == "svg" ? "SVG" : "PNG")</button>"
            }
        }
        return html + "<span id=\"copied\" role=\"status\"></span></p>"
    }

    /// Whether all numbers fit into a test.
    private var isTestable: Bool { layer.shapes.values.allSatisfy { $0.count <= 512 } && sum?.tensor != .a }

    func copied(_ form: Form) -> String {
        if form == .link { return "#" + state.hash }
        guard let sum else { return "" }
        let equation = sum.equation ?? written(sum)
        let equations = (sum.chain.map { [$0] } ?? []) + [equation.substituting { layer.known($0) }]
        switch form {
        case .text:
            var lines = equations.map { $0.text }
            if let last = equations.last, let numbers = last.numbers { lines.append("  = " + last.text(of: numbers)) }
            return joined(lines + ["  = " + shown(sum.total)], by: "\n")
        case .latex: return "\\[ " + equation.latex + " = " + Expression.number(sum.total).latex + " \\]"
        case .mathml: return equations.mathML
        case .test: return swiftTest(sum)
        case .link: return ""
        }
    }

    /// An equation of the largest terms.
    private func written(_ sum: Sum) -> Equation {
        let shown = sum.strongest(10)
        var equation = Equation(
            sum.tensor == .g ? .forward : .gradient, layer.expression(sum.tensor, sum.selection.place),
            .sum(shown.map { layer.expression(sum.terms[$0].link, in: sum.tensor) }), value: sum.total)
        equation.omitted = sum.terms.count - shown.count
        return equation
    }

    /// A test that asserts the number, for whoever has the package.
    private func swiftTest(_ sum: Sum) -> String {
        let layer = self.layer
        func numbers(_ values: [Double]) -> String { "[" + joined(values.map { shortest($0) }) + "]" }
        func tensor(_ tensor: Tensors) -> String {
            "try Tensor(\(list(layer.shapes[tensor]?.sizes ?? [])), \(numbers(layer.numbers[tensor] ?? [])) as [Double])"
        }
        let s = layer.settings
        var lines = ["var layer = LayerGeometry(input: \(list(s.input)), kernel: \(list(s.kernel)))"]
        if s.batch > 1 { lines.append("layer.batch = \(s.batch)") }
        if s.channels > 1 { lines.append("layer.channels = \(s.channels)") }
        if s.filters > 1 { lines.append("layer.filters = \(s.filters)") }
        if s.groups > 1 { lines.append("layer.groups = \(s.groups)") }
        if s.stride != [1, 1] { lines.append("layer.stride = \(list(s.stride))") }
        if s.dilation != [1, 1] { lines.append("layer.dilation = \(list(s.dilation))") }
        if s.padding != [0, 0, 0, 0] {
            lines.append(
                "layer.padding = .sides(before: \(list(Array(s.padding.prefix(2)))), after: \(list(Array(s.padding.suffix(2)))))"
            )
        }
        if s.kind == .transposed { lines.append("layer.isTransposed = true") }
        if s.outputPadding != [0, 0] { lines.append("layer.outputPadding = \(list(s.outputPadding))") }
        if s.hasBias { lines.append("layer.hasBias = true") }
        if s.isPool { lines.append("layer.pool = .\(s.kind == .max ? "max" : "average")") }
        if lines.count == 1 { lines[0] = "let" + String(lines[0].dropFirst(3)) }
        let isForward = sum.tensor == .g
        let inputs = [Tensors.v, .w, .b].filter { layer.shapes[$0] != nil }
        let bindings =
            inputs.map { "\"\($0.rawValue)\": \(tensor($0))" } + (isForward ? [] : ["\"∂G\": \(tensor(.dg))"])
        lines.append("let graph = try layer.graph()" + (isForward ? "" : ".vjp(of: [\"\(sum.selection.name)\"])"))
        lines.append("let results = try graph.evaluated([")
        lines += bindings.map { "    \($0)," }
        lines.append("])")
        let name = (isForward ? "" : "∂") + (isForward ? "G" : sum.selection.name)
        lines.append("let number = results[\"\(name)\"]?.doubles[\(sum.selection.place)] ?? .nan")
        lines.append("#expect((number - (\(shortest(sum.total)))).magnitude < 1e-9)")
        return "import Adjoint\nimport Testing\n\n@Test func gradient() throws {\n    " + joined(lines, by: "\n    ")
            + "\n}\n"
    }
}
