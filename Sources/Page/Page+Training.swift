import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// A network that learns digits in the page: its loss, its filters and their gradients as they change, what it makes of a
/// digit, and its layers, which open in the drawing.
extension Page {
    var trainingHTML: String {
        var html =
            "<section class=\"view\"><h3>\(markup(strings.trainingTitle))</h3>" + networkSwitch
            + "<p>\(markup(strings.trainingLead[state.network.rawValue] ?? ""))</p><p class=\"buttons\">"
        let start = training?.steps ?? 0 == 0 ? strings.trainStart : strings.trainOn
        html +=
            "<button class=\"act main\" id=\"train\" data-do=\"train\">\(markup(isTraining ? strings.pause : start))</button>"
        guard let training else { return html + "</p></section>" }
        html +=
            "<button class=\"act\" id=\"train-anew\" data-do=\"untrain\"\(training.steps == 0 ? " disabled" : "")>"
            + "\(markup(strings.trainAnew))</button></p>"
        html += "<p id=\"learned\">\(markup(progress(training)))</p>" + curve(training)
        let pixels = training.digits.pixels(ofTest: example)
        if let look = try? training.look(at: pixels, label: Int(training.digits.test.labels[example])) {
            html +=
                "<div class=\"readings\"><div><div class=\"mapped\">" + digit(training, look) + "</div>"
                + filters(training, look) + "</div><div>" + layers(training, look) + "</div></div>"
        }
        return html + "</section>"
    }

    private var networkSwitch: String {
        var html = "<div class=\"switch\" role=\"radiogroup\" aria-label=\"\(markup(strings.networkSwitch))\">"
        for choice in NetworkTraining.Choice.allCases {
            let isOn = choice == state.network
            html +=
                "<button role=\"radio\" id=\"network-\(choice.rawValue)\" aria-checked=\"\(isOn)\" tabindex=\"\(isOn ? 0 : -1)\" "
                + "data-do=\"network \(choice.rawValue)\">\(markup(strings.networks[choice.rawValue] ?? ""))</button>"
        }
        return html + "</div>"
    }

    private func progress(_ training: NetworkTraining) -> String {
        guard training.steps > 0 else { return strings.untrained }
        let loss = training.losses.points.last.map { written($0.value, digits: 3) } ?? "–"
        let accuracy = training.accuracies.points.last.map { written(100 * $0.value, digits: 3) } ?? "–"
        return filled(strings.trainingSays, ["\(training.steps)", "\(training.epoch)", loss, accuracy])
    }

    /// The loss by steps.
    private func curve(_ training: NetworkTraining) -> String {
        let points = training.losses.points
        guard let last = points.last, points.count > 1 else { return "" }
        let highest = points.reduce(0) { max($0, $1.value) }
        var path = ""
        for point in points {
            let x = 500 * Double(point.step) / Double(last.step)
            let y = 94 - 88 * point.value / highest
            path +=
                (path.isEmpty ? "M" : "L") + shortest((x * 10).rounded() / 10) + " " + shortest((y * 10).rounded() / 10)
        }
        return
            "<svg class=\"curve\" viewBox=\"0 0 500 100\" role=\"img\" aria-labelledby=\"curve-t curve-d\"><title id=\"curve-t\">\(markup(strings.curveTitle))</title>"
            + "<desc id=\"curve-d\">\(markup(filled(strings.curveText, [written(points[0].value, digits: 3), written(last.value, digits: 3)])))</desc>"
            + "<path class=\"axis\" d=\"M0 94H500\"/><path class=\"running\" d=\"\(path)\"/></svg>"
    }

    private func tiles(
        _ tensor: Tensor, _ scale: Picture.Scale, _ title: String, _ id: String, side: Double
    ) -> String {
        let tiles = Tiles(tensor)
        let text = filled(strings.tilesText, [title, written(tiles.largest, digits: 3)])
        return tiles.picture(title, description: text, scale, side: side).svg(name: id)
    }

    /// A digit that the network has not learned from, and what it takes it for.
    private func digit(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        let pixels = training.digits.pixels(ofTest: example).map { Double($0) / 16 }
        let tensor = Tensor(known: [TrainingDigits.side, TrainingDigits.side], .float64(pixels))
        var html =
            "<figure>\(tiles(tensor, .activation, strings.digitTitle, "digit", side: 16))"
            + "<p class=\"planes\"><button id=\"digit-before\" data-do=\"digit -1\" aria-label=\"\(markup(strings.digitBefore))\">‹</button>"
            + "<span>\(markup(filled(strings.digitIs, ["\(training.digits.test.labels[example])"])))</span>"
            + "<button id=\"digit-after\" data-do=\"digit 1\" aria-label=\"\(markup(strings.digitAfter))\">›</button></p></figure><div class=\"guess\">"
        for (number, probability) in look.probabilities.enumerated() {
            let share = probability < 0.0005 ? "< 0.1" : written(100 * probability, digits: 2)
            html +=
                "<span class=\"\(number == look.prediction ? "best" : "")\"><b>\(number)</b><i style=\"--t:\(Int((100 * probability).rounded()))%\"></i>\(markup(share)) %</span>"
        }
        return html + "</div>"
    }

    /// The filters of each convolution, and below them their gradients.
    private func filters(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        var html = ""
        for step in training.network.steps {
            guard case .convolution(let filtering) = step.operation,
                let weight = training.parameter(filtering.weight), let gradient = look.gradients[filtering.weight]
            else { continue }
            html += "<div class=\"filters\">"
            for (tensor, scale, title) in [
                (weight, Picture.Scale.weight, strings.filtersTitle),
                (gradient, .gradient, strings.filterGradientsTitle),
            ] {
                let title = filled(title, [step.label])
                let id = step.label + (scale == .weight ? "-w" : "-g")
                html +=
                    "<figure><figcaption>\(markup(title))</figcaption>\(tiles(tensor, scale, title, id, side: weight.shape[1] == 1 ? 10 : 4))</figure>"
            }
            html += "</div>"
        }
        return html
    }

    /// What each layer makes of the digit, as maps; a layer opens in the drawing.
    private func layers(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        var html = "<h4>\(markup(strings.layersTitle))</h4><ol class=\"layers\">"
        for number in training.network.steps.indices {
            guard let settings = training.settings(ofLayer: number), number < look.layers.count else { continue }
            let kind = settings.isPool ? "pool" : settings.input == settings.kernel ? "dense" : "convolution"
            let size = joined(settings.kernel.map { "\($0)" }, by: "×")
            let name = filled(strings.layers[kind] ?? "", [size])
            let output = look.layers[training.activation(ofLayer: number)].tensor
            let shape = joined(output.shape.sizes.map { "\($0)" }, by: "×")
            html +=
                "<li\(settings == state.layer ? " class=\"here\"" : "")><span class=\"shape\">\(shape)</span>"
                + "<button class=\"link\" id=\"open-\(number)\" data-do=\"open \(number)\">\(markup(name))</button>"
                + "<figure>\(tiles(output, .activation, name, "layer-\(number)", side: 4))</figure></li>"
        }
        return html + "</ol><p class=\"hint\">\(markup(strings.openLayer))</p>"
    }

    // MARK: what happens

    /// In the Network view there is a network, if only an untrained one.
    mutating func prepareTraining() {
        guard state.strip == .network, training?.choice != state.network else { return }
        training = try? Page.untrained(state.network)
    }

    private static func untrained(_ choice: NetworkTraining.Choice) throws(ModelError) -> NetworkTraining? {
        #if arch(wasm32)
            return try NetworkTraining(choice, on: try TrainingDigits.carried())
        #else
            // A program has no digits of its own.
            return nil
        #endif
    }

    /// Some steps more; the accuracy now and then.
    mutating func train(steps: Int) throws(PageError) {
        do throws(ModelError) {
            if training == nil { training = try Page.untrained(state.network) }
            guard let training else { throw ModelError("page", "digits", expected: "a browser", given: "a program") }
            try training.train(steps: steps)
            if training.accuracies.points.last.map({ training.steps - $0.step >= 45 }) ?? true {
                _ = try training.evaluate()
            }
        } catch {
            isTraining = false
            throw PageError(strings.trainingFails)
        }
    }

    /// A few steps more of the training that runs; it rests after every ten times through all digits.
    mutating func trainOn() throws(PageError) {
        let tens = training.map { $0.epoch / 10 }
        try train(steps: 3)
        if training.map({ $0.epoch / 10 }) != tens { isTraining = false }
    }

    mutating func turn(_ distance: Int) {
        guard let count = training?.digits.test.count else { return }
        example = (example + distance + count) % count
    }

    /// A layer of the network as it is now, the first unless given.
    func openedLayer(_ number: Int?) throws(PageError) -> PageState {
        guard let training,
            let first = training.network.steps.indices.first(where: { training.settings(ofLayer: $0) != nil })
        else { return state }
        do throws(ModelError) {
            let pixels = training.digits.pixels(ofTest: example)
            let label = Int(training.digits.test.labels[example])
            guard var next = try training.opened(number ?? first, at: pixels, label: label) else { return state }
            (next.hidden, next.strip, next.network) = (state.hidden, state.strip, state.network)
            return next
        } catch {
            throw PageError(strings.noNumbers)
        }
    }
}
