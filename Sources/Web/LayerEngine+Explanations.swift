import AdjointExplanations
import AdjointGraphs
import AdjointJSON

extension LayerEngine {
    /// The longest sum whose equation is written out.
    private static let mostTerms = 1 << 12

    /// For an element: `G1 = …`, or its effect on the output, the chain rule over that and the gradient. For a tensor: one
    /// equation for each element.
    func equations() throws(ArgumentError) -> JSON {
        let text = request.element ?? "W1"
        var equations = try Equations(of: graph, values: values)
        var found: [Equation] = []
        if let shape = shapes[text] {
            try check(shape.count, of: text)
            found = try text == "G" ? equations.forward() : equations.gradient(of: text)
        } else {
            let element = try Selection(parsing: text, among: shapes)
            try check(1, of: element.name)
            if element.name == "G" {
                found = [try equations.forward(at: element.place)]
            } else {
                let gradient = try equations.gradient(of: element.name, at: element.place)
                let partials = try equations.partials(by: element.name, at: element.place, in: gradient)
                let rule = try equations.chainRule(over: partials, of: element.name, at: element.place)
                found = partials + [rule, gradient]
            }
        }
        return .array(
            found.map { equation in
                [
                    "kind": .string(equation.kind.rawValue), "text": .string(equation.text),
                    "latex": .string(equation.latex), "mathml": .string([equation].mathML),
                    "value": .number(equation.value ?? .nan),
                ]
            })
    }

    /// - Throws: where this many equations of a tensor are too long to be written.
    private func check(_ count: Int, of name: String) throws(ArgumentError) {
        let (positions, filters) = (Double(shapes["G"]?.count ?? 0), Double(request.layer.filters))
        let taps = request.layer.kernel.reduce(1) { $0 * Double($1) }
        let terms: Double =
            switch name {
            case "W", "B": positions / filters
            case "V": taps * filters / Double(request.layer.groups)
            default: taps * Double(request.layer.pool == nil ? request.layer.channels / request.layer.groups : 1)
            }
        guard terms * Double(count) <= Double(LayerEngine.mostTerms) else {
            throw ArgumentError(
                "equations", "terms", expected: "at most \(LayerEngine.mostTerms); ask for one element, or for results",
                given: "more")
        }
    }

    /// The document that `adjoint explain` writes for the layer.
    func explanation() throws(ArgumentError) -> JSON {
        let words: Words = request.language == "de" ? .german : .english
        let element = try request.element.map { text throws(ArgumentError) in
            try Selection(parsing: text, among: shapes)
        }
        let part = element.flatMap { element in LayerGeometry.Part.allCases.first { $0.letter == element.name } }
        let explanation = try Explanation(
            of: request.layer, parts: part.map { [$0] }, selecting: element, views: request.views, values: values,
            detail: request.form == .json ? .whole : .readable, words: words)
        let text =
            switch request.form {
            case .text: explanation.text()
            case .markdown: explanation.markdown()
            case .latex: explanation.latex()
            case .html: explanation.html(words: words)
            case .svg: explanation.svg()
            case .json: explanation.json()
            }
        return .string(text)
    }
}
