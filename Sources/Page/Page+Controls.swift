import AdjointExplanations
import AdjointGraphs

/// The layer in words whose numbers can be changed, and what its output's size comes to.
extension Page {
    var controlsHTML: String {
        let layer = state.layer
        var html = "<div class=\"sentence\(showsFields ? " open" : "")\">"
        html +=
            "<label class=\"preset\"><span>\(markup(strings.presetLabel))</span><select id=\"preset\" data-set=\"preset\">"
        let current = Preset.allCases.first { $0.matches(state) }
        let isTrained = trained?.layer == layer && trained?.sources[.w] == state.sources[.w]
        if current == nil, !isTrained { html += "<option value=\"\" selected>\(markup(strings.ownLayer))</option>" }
        for preset in Preset.allCases {
            html +=
                "<option value=\"\(preset.rawValue)\"\(preset == current ? " selected" : "")>\(markup(strings.presets[preset.rawValue] ?? ""))</option>"
        }
        html += "<option value=\"trained\"\(isTrained ? " selected" : "")>\(markup(strings.trainedPreset))</option>"
        html +=
            "</select></label><button class=\"link fields\" id=\"fields\" data-do=\"fields\" aria-expanded=\"\(showsFields)\">\(markup(strings.changeFields))</button>"
        for field in layer.fields { html += control(field) }
        html += "</div>"
        for (field, draft) in drafts.sorted(by: { $0.key < $1.key }) where LayerSettings.Field(rawValue: field) == nil {
            html += "<p class=\"bad\" role=\"alert\">\(markup(draft.sentence))</p>"
        }
        return html + sizeHTML
    }

    private func control(_ field: LayerSettings.Field) -> String {
        let name = field.rawValue
        let draft = drafts[name]
        let text = draft?.text ?? state.layer.text(of: field)
        let label = "<span>\(markup(strings.fields[field.rawValue] ?? ""))</span>"
        var html = "<label class=\"field f-\(name)\(draft == nil ? "" : " wrong")\">\(label)"
        switch field {
        case .kind, .activation:
            let choices =
                field == .kind
                ? LayerSettings.Kind.allCases.map { $0.rawValue }
                : LayerSettings.Activation.allCases.map { $0.rawValue }
            html += "<select id=\"set-\(name)\" data-set=\"\(name)\">"
            for choice in choices {
                html +=
                    "<option value=\"\(choice)\"\(choice == text ? " selected" : "")>\(markup(strings.choice[choice] ?? choice))</option>"
            }
            html += "</select>"
        case .bias:
            html +=
                "<input type=\"checkbox\" id=\"set-bias\" data-set=\"bias\"\(state.layer.hasBias ? " checked" : "")>"
        default:
            let size = max(2, min(9, text.unicodeScalars.count))
            html +=
                "<input id=\"set-\(name)\" data-set=\"\(name)\" value=\"\(markup(text))\" size=\"\(size)\" autocomplete=\"off\" spellcheck=\"false\" "
                + "inputmode=\"\(field == .channels || field == .filters || field == .batch || field == .groups ? "numeric" : "text")\""
                + (draft == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"bad-\(name)\"") + ">"
        }
        html += "</label>"
        if let draft {
            html += "<span class=\"bad\" id=\"bad-\(name)\" role=\"alert\">\(markup(draft.sentence))</span>"
        }
        return html
    }

    /// ⌊(input + padding − d·(K − 1) − 1)∕s⌋ + 1 on both axes, with what the stride leaves.
    private var sizeHTML: String {
        let layer = state.layer
        let size = layer.outputSize
        func formula(_ axis: Int) -> String {
            let (n, k, s, d) = (layer.input[axis], layer.kernel[axis], layer.stride[axis], layer.dilation[axis])
            let around = layer.padding[axis] + layer.padding[axis + 2]
            func pad(_ sign: String) -> String { around == 0 ? "" : "<mo>\(sign)</mo><mn>\(around)</mn>" }
            let reach =
                d == 1
                ? "<mn>\(k)</mn>" : "<mo>(</mo><mn>\(d)</mn><mo>·</mo><mn>\(k - 1)</mn><mo>+</mo><mn>1</mn><mo>)</mo>"
            if layer.kind == .transposed {
                let more = layer.outputPadding[axis]
                return "<mn>\(n - 1)</mn><mo>·</mo><mn>\(s)</mn><mo>+</mo>\(reach)\(pad("−"))"
                    + (more == 0 ? "" : "<mo>+</mo><mn>\(more)</mn>") + "<mo>=</mo><mn>\(size[axis])</mn>"
            }
            let top = "<mn>\(n)</mn>\(pad("+"))<mo>−</mo>\(reach)"
            let part = s == 1 ? top : "<mo>⌊</mo><mfrac><mrow>\(top)</mrow><mn>\(s)</mn></mfrac><mo>⌋</mo>"
            return "\(part)<mo>+</mo><mn>1</mn><mo>=</mo><mn>\(size[axis])</mn>"
        }
        let isSame =
            layer.input[0] == layer.input[1] && layer.kernel[0] == layer.kernel[1] && layer.stride[0] == layer.stride[1]
            && layer.dilation[0] == layer.dilation[1]
            && layer.padding[0] + layer.padding[2] == layer.padding[1] + layer.padding[3]
            && layer.outputPadding[0] == layer.outputPadding[1]
        var html = "<p class=\"outsize\"><span>\(markup(strings.outputSize))</span> "
        for axis in isSame ? [0] : [0, 1] {
            html +=
                "<math><mrow>\(formula(axis))</mrow></math> "
                + "<span class=\"axis\">\(markup(isSame ? strings.bothAxes : axis == 0 ? strings.rows : strings.columns))</span> "
        }
        html += "</p>"
        let left = layer.remainder
        if left != [0, 0] {
            var parts: [String] = []
            if left[0] > 0 { parts.append(filled(left[0] == 1 ? strings.oneRow : strings.manyRows, ["\(left[0])"])) }
            if left[1] > 0 {
                parts.append(filled(left[1] == 1 ? strings.oneColumn : strings.manyColumns, ["\(left[1])"]))
            }
            html +=
                "<p class=\"warning\"><strong>\(markup(strings.remainderTitle))</strong> "
                + markup(filled(strings.remainder, [joined(parts, by: strings.and)])) + "</p>"
        }
        return html
    }

    /// Where the numbers of a tensor come from, as a menu beside its name.
    func sourceMenu(_ tensor: Tensors) -> String? {
        guard isEditable(tensor), tensor != .b else { return nil }
        let key = tensor == .da ? Tensors.dg : tensor
        let word = source(key).word
        var words = ["counting", "random", "ones"]
        if tensor == .v { words += ["scene", "digit"] }
        if !words.contains(word) { words.append(word) }
        var html =
            "<select class=\"source\" id=\"src-\(tensor.rawValue)\" data-set=\"source-\(key.rawValue)\" aria-label=\"\(markup(filled(strings.sourceLabel, [tensor.rawValue])))\">"
        for each in words {
            html +=
                "<option value=\"\(each)\"\(each == word ? " selected" : "")>\(markup(strings.source[each] ?? each))</option>"
        }
        if tensor == .v, layer.settings.input.allSatisfy({ $0 <= Grid.side }) {
            html += "<option value=\"draw\">\(markup(strings.source["draw"] ?? ""))</option>"
        }
        if tensor == .v { html += "<option value=\"file\">\(markup(strings.source["file"] ?? ""))</option>" }
        return html + "</select>"
    }
}
