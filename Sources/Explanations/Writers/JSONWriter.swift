import AdjointGraphs
import AdjointJSON

extension Explanation {
    /// One line of JSON, with the schema in Documentation/Explain.md.
    public func json() -> String { JSONWriter(explanation: self).document.serialized() }
}

/// An explanation as JSON: its equations, and the terms of the selected element's gradient one by one.
struct JSONWriter {
    let explanation: Explanation

    var document: JSON {
        var document = JSON.Object([("title", .string(explanation.title))])
        document["geometry"] = explanation.geometry.map { json($0) }
        let selected = explanation.selection.flatMap { try? explanation.geometry?.name(of: $0) }
        document["selection"] = selected.map { ["of": .string($0.part), "name": .string($0.text)] }
        let equations = equations
        let gradient = equations.first { equation in
            selected.map { equation.kind == .gradient && equation.left == .derivative(of: "E", by: $0) } ?? false
        }
        document["equations"] = .array(equations.map { json($0) })
        document["windows"] = .array(gradient.map { windows(of: $0) } ?? [])
        document["folds"] = .array(folds)
        return .object(document)
    }

    /// All equations; where there are others, without those of flow graphs, which would repeat them.
    private var equations: [Equation] {
        let sections = explanation.sections
        let hasEquations = sections.contains { $0.view == .equations }
        let shown = sections.filter { $0.view != .flow || !hasEquations }
        return shown.flatMap { $0.blocks }.flatMap { block -> [Equation] in
            if case .equations(let equations) = block { equations } else { [] }
        }
    }

    private var folds: [JSON] {
        explanation.sections.flatMap { $0.blocks }.compactMap { block in
            guard case .fold(let summary, let opening) = block else { return nil }
            return ["summary": .string(summary), "opening": .string(opening)]
        }
    }

    private func json(_ equation: Equation) -> JSON {
        let part =
            switch equation.left {
            case .variable(let name), .derivative(_, let name): explanation.geometry == nil ? name.letter : name.part
            default: ""
            }
        return [
            "of": .string(part), "kind": .string(equation.kind.rawValue), "text": .string(equation.text),
            "latex": .string(equation.latex), "value": .number(equation.value ?? .nan),
        ]
    }

    /// A gradient's terms in the order of the sum, one for each window, with the running total.
    private func windows(of gradient: Equation) -> [JSON] {
        var total: Double? = 0
        return gradient.right.terms.enumerated().compactMap { position, term in
            guard let output = term.names(ofDerivativesOf: "E").first else { return nil }
            let value = gradient.numbers.flatMap { $0.terms[position].value { _ in nil } }
            total = total.flatMap { sum in value.map { sum + $0 } }
            return [
                "output": .string(output.text), "term": .string(term.text), "value": .number(value ?? .nan),
                "total": .number(total ?? .nan),
            ]
        }
    }

    private func json(_ layer: LayerGeometry) -> JSON {
        func perAxis(_ value: PerAxis) -> [Int] {
            (try? value.numbers(forAxes: layer.input.count, operation: "layer", argument: "geometry", atLeast: 0)) ?? []
        }
        let (stride, dilation) = (perAxis(layer.stride), perAxis(layer.dilation))
        let padding = try? layer.padding.amounts(
            input: layer.input, kernel: layer.kernel, stride: stride, dilation: dilation, operation: "layer")
        let output = (try? layer.shapes())?["G"]?.spatial
        return [
            "kind": .string(layer.pool?.rawValue ?? (layer.isTransposed ? "transposed" : "convolution")),
            "input": JSON(layer.input), "kernel": JSON(layer.kernel), "output": JSON(output ?? []),
            "batch": .integer(layer.batch), "channels": .integer(layer.channels),
            "filters": .integer(layer.pool == nil ? layer.filters : layer.channels),
            "groups": .integer(layer.groups), "stride": JSON(stride), "dilation": JSON(dilation),
            "paddingBefore": JSON(padding?.before ?? []), "paddingAfter": JSON(padding?.after ?? []),
            "outputPadding": JSON(perAxis(layer.outputPadding)), "bias": .bool(layer.hasBias),
        ]
    }
}

extension Name {
    /// The name of the layer's tensor, such as `filter` for W; the letter itself where it is none of a layer's.
    fileprivate var part: String { LayerGeometry.Part.allCases.first { $0.letter == letter }?.rawValue ?? letter }
}
