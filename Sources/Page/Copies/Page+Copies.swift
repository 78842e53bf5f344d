import AdjointExplanations
import AdjointGraphs

/// The equation and the drawing for use elsewhere: text, LaTeX, MathML, a Swift test, SVG, PNG.
extension Page {
    /// The texts that can be copied.
    enum Form: String, CaseIterable { case text, latex, mathml, test, numpy, pytorch, link, frame }

    var copiesHTML: String {
        let forms = Form.allCases.filter { form in
            switch form {
            case .link: true
            // The frame is in the dialog, with what it leaves out.
            case .frame: false
            case .numpy, .pytorch: isShort
            case .test: isShort && sum != nil && sum?.tensor != .a
            default: sum != nil
            }
        }
        let pictures = """
            <span>\(markup(strings.save))</span>\(button("link", id: "save-svg", does: "save svg", "SVG"))\
            \(button("link", id: "save-png", does: "save png", "PNG"))
            """
        let passing =
            button("link", id: "share", does: "share", expanded: shared != nil, strings.share)
            + button("link", id: "present", does: "present", state.isPresented ? strings.presentEnd : strings.present)
        let texts = each(forms) {
            button("link", id: "copy-\($0.rawValue)", does: "copy \($0.rawValue)", strings.forms[$0])
        }
        return """
            <p class="copies"><span>\(markup(strings.copy))</span>\(texts)\
            \(state.hidden.contains(.export) ? "" : pictures + passing)<span id="copied" role="status"></span></p>\(shareHTML)
            """
    }

    /// Whether all numbers fit into a program.
    private var isShort: Bool { layer.shapes.values.allSatisfy { $0.count <= 512 } }

    func copied(_ form: Form) -> String {
        switch form {
        // The browser puts the page's address there.
        case .link: return link(to: "{page}")
        case .frame: return frameCode(of: "{page}")
        case .numpy: return numPy
        case .pytorch: return pyTorch
        default: break
        }
        guard let sum else { return "" }
        let equation = sum.equation ?? cutEquation(of: sum)
        let equations = (sum.chain.map { [$0] } ?? []) + [equation.substituting { layer.known($0) }]
        switch form {
        case .text:
            var lines = equations.map { $0.text }
            if let last = equations.last, let numbers = last.numbers { lines.append("  = " + last.text(of: numbers)) }
            return joined(lines + ["  = " + shown(sum.total)], by: "\n")
        case .latex:
            let lines = equation.latexLines(sides(of: sum, equation.right) + [.number(sum.total)])
            return "\\begin{align*}\n" + joined(lines, by: " \\\\\n") + "\n\\end{align*}"
        case .mathml: return equations.mathML
        case .test: return swiftTest(sum)
        default: return ""
        }
    }

    /// An equation of only the largest terms.
    func cutEquation(of sum: LayerSum) -> Equation {
        let shown = sum.strongest(10)
        var equation = Equation(
            sum.tensor == .g ? .forward : .gradient, layer.expression(sum.tensor, sum.selection.place),
            .sum(shown.map { layer.expression(sum.terms[$0].link, in: sum) }), value: sum.total)
        equation.omitted = sum.terms.count - shown.count
        return equation
    }

    /// A test that asserts the number, for users of the package.
    private func swiftTest(_ sum: LayerSum) -> String {
        let isForward = sum.tensor == .g
        let inputs = [Tensors.v, .w, .b].filter { layer.shapes[$0] != nil } + (isForward ? [] : [.dg])
        let bindings = inputs.map { tensor in
            let numbers = joined((layer.numbers[tensor] ?? []).map { shortest($0) })
            let shape = list(layer.shapes[tensor]?.sizes ?? [])
            return "    \"\(tensor.key)\": try Tensor(\(shape), [\(numbers)] as [Double]),"
        }
        let derivative = isForward ? "" : ".vjp(of: [\"\(sum.selection.name)\"])"
        let lines =
            layer.settings.declaration
            + ["let graph = try layer.graph()" + derivative, "let results = try graph.evaluated(["] + bindings
            + [
                "])", "let number = results[\"\(sum.tensor.key)\"]?.doubles[\(sum.selection.place)] ?? .nan",
                "#expect((number - (\(shortest(sum.total)))).magnitude < 1e-9)",
            ]
        return
            "import Adjoint\nimport Testing\n\n@Test func gradient() throws {\n    \(joined(lines, by: "\n    "))\n}\n"
    }
}

extension LayerSettings {
    /// The layer as Swift, without arguments that are defaults.
    fileprivate var declaration: [String] {
        let numbers = [("batch", batch), ("channels", channels), ("filters", filters), ("groups", groups)]
        var changes = numbers.compactMap { $1 > 1 ? "\($0) = \($1)" : nil }
        if stride.contains(where: { $0 != 1 }) { changes.append("stride = \(list(stride))") }
        if dilation.contains(where: { $0 != 1 }) { changes.append("dilation = \(list(dilation))") }
        if padding.contains(where: { $0 != 0 }) {
            let (before, after) = (list(Array(padding.prefix(rank))), list(Array(padding.suffix(rank))))
            changes.append("padding = .sides(before: \(before), after: \(after))")
        }
        if kind == .transposed { changes.append("isTransposed = true") }
        if outputPadding.contains(where: { $0 != 0 }) { changes.append("outputPadding = \(list(outputPadding))") }
        if hasBias { changes.append("hasBias = true") }
        if isPool { changes.append("pool = .\(kind.rawValue)") }
        let start = "layer = LayerGeometry(input: \(list(input)), kernel: \(list(kernel)))"
        return [(changes.isEmpty ? "let " : "var ") + start] + changes.map { "layer." + $0 }
    }
}
