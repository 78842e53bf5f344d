import AdjointGraphs

extension Explanation {
    /// One line of JSON; Documentation/Explain.md holds the schema.
    public func json() -> String {
        var members = [("title", string(title))]
        if let geometry { members.append(("geometry", geometry.json)) }
        let selected = selection.flatMap { selection in try? geometry?.name(of: selection) }
        if let selected {
            members.append(
                ("selection", object([("of", string(selected.part)), ("name", string(selected.text))])))
        }
        var equations: [Equation] = []
        var folds: [String] = []
        // What is read off a drawing stands among the equations already.
        let hasEquations = sections.contains { $0.view == .equations }
        for section in sections {
            for block in section.blocks {
                switch block {
                case .equations(let list): if section.view != .flow || !hasEquations { equations += list }
                case .fold(let fold):
                    folds.append(object([("summary", string(fold.summary)), ("opening", string(fold.opening))]))
                case .line, .table, .picture: continue
                }
            }
        }
        let gradient = equations.first { equation in
            selected.map { equation.kind == .gradient && equation.left == .derivative(of: "E", by: $0) } ?? false
        }
        members += [
            ("equations", array(equations.map { $0.json })), ("windows", array(gradient?.windows ?? [])),
            ("folds", array(folds)),
        ]
        return object(members)
    }
}

extension Equation {
    fileprivate var json: String {
        let name: Name? =
            switch left {
            case .variable(let name), .derivative(_, let name): name
            default: nil
            }
        return object([
            ("of", string(name?.part ?? "")), ("kind", string(kind.rawValue)), ("text", string(text)),
            ("latex", string(latex)), ("value", number(value)),
        ])
    }

    /// A gradient's terms in the order of the sum, one a window, with the running total.
    fileprivate var windows: [String] {
        var total: Double? = 0
        return right.terms.enumerated().compactMap { position, term in
            guard let output = term.names(ofDerivativesOf: "E").first else { return nil }
            let value = numbers.flatMap { $0.terms[position].value { _ in nil } }
            total = total.flatMap { sum in value.map { sum + $0 } }
            return object([
                ("output", string(output.text)), ("term", string(term.text)), ("value", number(value)),
                ("total", number(total)),
            ])
        }
    }
}

extension Name {
    /// `filter` of W, and so on; the letter itself where it is none of a layer's.
    fileprivate var part: String { LayerGeometry.Part(letter: letter)?.rawValue ?? letter }
}

extension LayerGeometry {
    /// The name of an element.
    func name(of selection: Selection) throws(GraphError) -> Name {
        let shapes = try shapes()
        return Naming(for: Array(shapes.values)).name(
            selection.name, at: selection.place, of: shapes[selection.name] ?? [])
    }

    fileprivate var json: String {
        func numbers(_ numbers: [Int]?) -> String { array((numbers ?? []).map { String($0) }) }
        func perAxis(_ value: PerAxis) -> [Int] {
            (try? value.numbers(forAxes: input.count, operation: "layer", argument: "geometry", atLeast: 0)) ?? []
        }
        let (stride, dilation) = (perAxis(stride), perAxis(dilation))
        let padding = try? padding.amounts(
            input: input, kernel: kernel, stride: stride, dilation: dilation, operation: "layer")
        let output = (try? shapes())?["G"]?.sizes.dropFirst(2)
        return object([
            ("kind", string(pool?.rawValue ?? (isTransposed ? "transposed" : "convolution"))),
            ("input", numbers(input)), ("kernel", numbers(kernel)), ("output", numbers(output.map { Array($0) })),
            ("batch", "\(batch)"), ("channels", "\(channels)"), ("filters", "\(pool == nil ? filters : channels)"),
            ("groups", "\(groups)"), ("stride", numbers(stride)), ("dilation", numbers(dilation)),
            ("paddingBefore", numbers(padding?.before)), ("paddingAfter", numbers(padding?.after)),
            ("outputPadding", numbers(perAxis(outputPadding))), ("bias", hasBias ? "true" : "false"),
        ])
    }
}

private func object(_ members: [(String, String)]) -> String {
    "{" + joined(members.map { string($0.0) + ":" + $0.1 }, by: ",") + "}"
}

private func array(_ values: [String]) -> String { "[" + joined(values, by: ",") + "]" }

private func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return "\(value)"
}

/// In quotation marks, what JSON does not allow between them escaped.
private func string(_ text: String) -> String {
    let inside = replacing(text) { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        default: scalar.value < 0x20 ? " " : nil
        }
    }
    return "\"" + inside + "\""
}
