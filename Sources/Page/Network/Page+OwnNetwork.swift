import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// A trained network of the reader's own: its layers, its prediction for a picture, and buttons that open each layer.
extension Page {
    var ownHTML: String {
        let choose = fileButton(
            "act main", id: "choose-model", "model", nil, own == nil ? .choose : .chooseAnother)
        return """
            <p>\(markup(strings.own[.lead]))</p><p class="buttons">\(choose)</p>\(complaintHTML)\
            \(workHTML(own?.use.network))\(own.map { opened($0) } ?? "")
            """
    }

    /// The reason why something was not done.
    var complaintHTML: String {
        complaint.map { "<p class=\"bad\" role=\"alert\">\(markup($0))</p>" } ?? ""
    }

    private func opened(_ own: OwnNetwork) -> String {
        let network = own.use.network
        let count = network.parameters.reduce(0) { $0 + $1.shape.count }
        let facts = filled(
            strings.own[.facts],
            [
                own.name, network.name, "\(network.steps.count)", grouped(count), times(network.input.sizes),
                "\(network.classes)",
            ])
        let picture = own.seesPictures ? ownPicture(own) : hint(strings.own[.seesNoPictures])
        return """
            <p id="own-facts">\(markup(facts))</p><div class="readings"><div>\(picture)</div>\
            <div>\(ownLayers(own))</div></div>\(teachingHTML(own.use))
            """
    }

    private func ownPicture(_ own: OwnNetwork) -> String {
        guard let photo = photo(for: own.use) else { return "" }
        return """
            <div class="mapped">\(photoHTML(photo, digit: digitChooser(example % 10)))\(own.probabilities.map { guesses($0) } ?? "")</div>\
            \(photoButtons(own.use))\(hint(strings.own[.cropped]))\(target(own))
            """
    }

    /// The classes in their order, or the likeliest where there are many.
    func guesses(_ probabilities: [Double]) -> String {
        let shown =
            probabilities.count <= 12
            ? Array(probabilities.indices)
            : Array(probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(5))
        let best = NetworkLook.likeliest(probabilities)
        let rows = each(shown) { number in
            let probability = probabilities[number]
            return """
                <span class="\(number == best ? "best" : "")"><b>\(number)</b>\
                <i style="--t:\(Int((100 * probability).rounded()))%"></i>\(markup(percents(probability))) %</span>
                """
        }
        return "<div class=\"guess\" id=\"guess\">\(rows)</div>"
    }

    /// The choice of the class of E.
    private func target(_ own: OwnNetwork) -> String {
        guard let target = own.target else { return "" }
        let field = classField(id: "own-label", chosen: target, own.use.network.classes)
        return "<p><label>\(markup(strings.own[.target])) \(field)</label></p>"
    }

    // MARK: layers

    private func ownLayers(_ own: OwnNetwork) -> String {
        let network = own.use.network
        let items = each(network.steps.indices) { number in
            let step = network.steps[number]
            let name = step.label == step.output ? step.operation.name : step.label
            let (text, note) = ownLayer(own, number)
            let inside =
                note == nil
                ? button(
                    "link", id: "open-\(number)", does: "open \(number)", isEnabled: work == nil, name + ": " + text)
                : "<span class=\"name\">\(markup(name))</span> <small>\(markup(note ?? ""))</small>"
            return """
                <li><span class="shape">\(times(network.shapes[number].sizes))</span> \(inside)</li>
                """
        }
        return """
            <h4 id="own-layers">\(markup(strings.own[.layers]))</h4>\
            <ol class="own-layers" tabindex="0" aria-labelledby="own-layers">\(items)</ol>\
            \(own.seesPictures ? hint(strings.own[.openLayer]) : "")
            """
    }

    /// The name of a layer, and the reason why it does not open, if it does not.
    private func ownLayer(_ own: OwnNetwork, _ number: Int) -> (name: String, note: String?) {
        let operation = own.use.network.steps[number].operation
        guard let settings = own.use.settings(ofLayer: number) else {
            let isFilter = operation.filtering != nil || operation.pooling != nil
            let note: OwnText =
                operation.isActivation
                ? .noteActivation
                : operation.name.hasSuffix("norm")
                    ? .noteNormalization
                    : operation.name == "add" ? .noteSum : isFilter ? .noteGeometry : .noteOther
            return ("", strings.own[note])
        }
        if settings.problem(strings) != nil { return ("", strings.own[.noteLarge]) }
        return (name(of: settings), own.seesPictures ? nil : strings.own[.noteNoPicture])
    }

    /// `max pool 2×2`
    func name(of layer: LayerSettings) -> String {
        let isDense = layer.input == layer.kernel
        let kind = layer.isPool ? strings.poolLayer : isDense ? strings.denseLayer : strings.convolutionLayer
        return filled(kind, [times(layer.kernel)])
    }

    // MARK: what happens

    /// Begins to open a layer.
    mutating func openOwn(_ number: Int) {
        complaint = nil
        guard let own, own.seesPictures, own.use.settings(ofLayer: number) != nil else { return }
        work = .arriving(number)
    }
}
