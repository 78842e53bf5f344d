import AdjointExplanations
import AdjointGraphs

/// The layer in words whose numbers can be changed, and the formula of its output's size.
extension Page {
    var controlsHTML: String {
        let others = drafts.filter { LayerSettings.Field(rawValue: $0.key) == nil }.sorted { $0.key < $1.key }
        return """
            <div class="sentence\(showsFields ? " open" : "")"><label class="preset">\
            <span>\(markup(strings.presetLabel))</span>\(presetMenu)</label>\
            \(each(state.layer.fields) { control($0) })\
            \(button("link fields", id: "fields", does: "fields", expanded: showsFields, strings.changeFields))\(sizeHTML)</div>\
            \(each(others) { "<p class=\"bad\" role=\"alert\">\(markup($0.value.sentence))</p>" })\(remainderHTML)
            """
    }

    private var presetMenu: String {
        let isTrained = trained?.layer == state.layer && trained?.sources[.w] == state.sources[.w]
        let chosen = Preset.allCases.first { $0.matches(state) }?.rawValue ?? (isTrained ? "trained" : "")
        var options = Preset.allCases.map { MenuOption(value: $0.rawValue, text: strings.presets[$0]) }
        if chosen.isEmpty { options.insert(MenuOption(value: "", text: strings.ownLayer), at: 0) }
        options.append(MenuOption(value: "trained", text: strings.trainedPreset))
        return menu(id: "preset", sets: "preset", chosen: chosen, options)
    }

    private func control(_ field: LayerSettings.Field) -> String {
        let name = field.rawValue
        let text = state.layer.text(of: field)
        let input =
            switch field {
            case .kind: menu { strings.kinds[$0 as LayerSettings.Kind] }
            case .axes:
                AdjointPage.menu(
                    id: "set-axes", sets: name, chosen: text,
                    (1...3).map { MenuOption(value: "\($0)", text: "\($0)") })
            case .activation: menu { strings.activations[$0 as LayerSettings.Activation] }
            case .bias:
                "<input type=\"checkbox\" id=\"set-bias\" data-set=\"bias\"\(state.layer.hasBias ? " checked" : "")>"
            default: input(name, id: "set-" + name, text, mode: field.isOneNumber ? "numeric" : "text")
            }
        func menu<Choice: CaseIterable & RawRepresentable<String>>(_ word: (Choice) -> String) -> String {
            let options = Choice.allCases.map { MenuOption(value: $0.rawValue, text: word($0)) }
            return AdjointPage.menu(id: "set-\(name)", sets: name, chosen: text, options)
        }
        return """
            <label class="field\(isRare(field) ? " rare" : "")\(drafts[name] == nil ? "" : " wrong")">\
            <span>\(markup(strings.fields[field]))</span>\(input)</label>\(complaint(name))
            """
    }

    /// A field to type in, with what was typed where that did not fit.
    ///
    /// - Parameters:
    ///   - name: of what is set.
    ///   - mode: which keys a phone shows.
    ///   - size: how many letters wide it is at least.
    func input(_ name: String, id: String, _ text: String, mode: String, size: Int = 2) -> String {
        let draft = drafts[name]
        let text = draft?.text ?? text
        return """
            <input id="\(id)" data-set="\(name)" value="\(markup(text))" \
            size="\(max(size, min(9, text.unicodeScalars.count)))" autocomplete="off" spellcheck="false" \
            inputmode="\(mode)"\
            \(draft == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"bad-\(name)\"")>
            """
    }

    /// Why what was typed into a field did not fit.
    func complaint(_ name: String) -> String {
        drafts[name].map {
            "<span class=\"bad\" id=\"bad-\(name)\" role=\"alert\">\(markup($0.sentence))</span>"
        } ?? ""
    }

    /// Whether a field stands in the line only once it is opened: few need it, and it is as it usually is.
    private func isRare(_ field: LayerSettings.Field) -> Bool {
        if [.input, .kernel, .stride, .padding].contains(field) { return false }
        return state.layer.text(of: field) == LayerSettings().text(of: field)
    }

    // MARK: the output's size

    /// ⌊(input + padding − d·(K − 1) − 1)∕s⌋ + 1 on every axis, with the remainder of the stride.
    private var sizeHTML: String {
        let (isOne, rank) = (state.layer.hasEqualAxes, state.layer.rank)
        let all = [strings.onTheAxis, strings.bothAxes, strings.allAxes][rank - 1]
        let sizes = each((isOne ? [all] : strings.axes(rank)).enumerated()) { axis, name in
            "<math><mrow>\(sizeFormula(axis))</mrow></math> <span class=\"\(isOne ? "both" : "axis")\">\(markup(name))</span> "
        }
        return "<p class=\"outsize\"><span>\(markup(strings.outputSize))</span> \(sizes)</p>"
    }

    private func sizeFormula(_ axis: Int) -> String {
        let layer = state.layer
        let (k, s, d) = (layer.kernel[axis], layer.stride[axis], layer.dilation[axis])
        let around = layer.around(axis)
        let reach = d == 1 ? "\(k)" : "( \(d) · \(k - 1) + 1 )"
        func unlessZero(_ sign: String, _ number: Int) -> String { number == 0 ? "" : " \(sign) \(number)" }
        if layer.kind == .transposed {
            return mathML(
                "\(layer.input[axis] - 1) · \(s) + \(reach)" + unlessZero("−", around)
                    + unlessZero("+", layer.outputPadding[axis]) + " = \(layer.outputSize[axis])")
        }
        let top = mathML("\(layer.input[axis])\(unlessZero("+", around)) − \(reach)")
        let part = s == 1 ? top : "<mo>⌊</mo><mfrac><mrow>\(top)</mrow><mn>\(s)</mn></mfrac><mo>⌋</mo>"
        return part + mathML("+ 1 = \(layer.outputSize[axis])")
    }

    private var remainderHTML: String {
        let parts = zip(state.layer.remainder, strings.counts(state.layer.rank)).filter { $0.0 > 0 }.map {
            left, words in
            filled(left == 1 ? words.one : words.many, ["\(left)"])
        }
        guard !parts.isEmpty else { return "" }
        return """
            <p class="warning"><strong>\(markup(strings.remainderTitle))</strong> \
            \(markup(filled(strings.remainder, [joined(parts, by: strings.and)])))</p>
            """
    }

    // MARK: the numbers

    /// The source of a tensor's numbers, as a menu beside its name.
    func sourceMenu(_ tensor: Tensors) -> String {
        guard isEditable(tensor), tensor != .b else { return "" }
        let key = tensor == .da ? Tensors.dg : tensor
        let kind = source(key).kind
        var kinds: [Source.Kind] = [.counting, .whole, .random, .ones] + (tensor == .v ? [.scene, .digit] : [])
        if tensor == .t, !layer.settings.isPool { kinds.append(.taught) }
        if !kinds.contains(kind) { kinds.append(kind) }
        var options = kinds.map { MenuOption(value: $0.rawValue, text: strings.source[$0]) }
        if tensor == .v, layer.settings.rank == 2, layer.settings.input.allSatisfy({ $0 <= Grid.side }) {
            options.append(MenuOption(value: "draw", text: strings.drawByHand))
        }
        if tensor == .v, layer.settings.rank == 2 {
            options.append(MenuOption(value: "file", text: strings.openPicture))
        }
        return menu(
            "source", id: "src-\(tensor.name)", sets: "source-\(key.name)",
            label: filled(strings.sourceLabel, [tensor.label]), chosen: kind.rawValue, options)
    }
}
