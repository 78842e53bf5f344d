import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// A network that learns digits in the page: its loss, its filters and their gradients as they change, its results for a
/// digit, and its layers, which open in the drawing.
extension Page {
    var trainingHTML: String {
        let choice = radioGroup(strings.networkSwitch, id: "network-", does: "network", on: state.network) {
            strings.networks[$0]
        }
        if state.network == .own {
            return view(strings.ownTitle, choice + ownHTML)
        }
        let start = training?.steps ?? 0 == 0 ? strings.trainStart : strings.trainOn
        var buttons = button("act main", id: "train", does: "train", running == .training ? strings.pause : start)
        if let training {
            buttons += button(
                "act", id: "train-anew", does: "untrain", isEnabled: training.steps > 0, strings.trainAnew)
        }
        let lead = state.network.trained.map { strings.trainingLead[$0] } ?? ""
        let inside = training.map { workHTML($0.network) + learned($0) + teachingHTML($0.use) } ?? ""
        return view(
            strings.trainingTitle,
            "\(choice)<p>\(markup(lead))</p><p class=\"buttons\">\(buttons)</p>\(complaintHTML)\(inside)")
    }

    /// The progress of the training, and the results for a digit.
    private func learned(_ training: NetworkTraining) -> String {
        let html =
            "<p id=\"learned\">\(markup(progress(training)))</p>"
            + curve(training.losses, "curve", strings.curveTitle)
        let (pixels, label) = looked(training)
        guard let look = try? training.look(at: pixels, label: label) else { return html }
        return """
            \(html)<div class="readings"><div><div class="mapped">\(digit(training, look))</div>\(photoButtons(training.use))\
            \(filters(training, look))</div><div>\(layers(training, look))</div></div>
            """
    }

    /// The picture, and its class where that is known.
    private func looked(_ training: NetworkTraining) -> (pixels: [UInt8], label: Int?) {
        if let photo = photo(for: training.use) { return (photo.bytes(channels: 1, white: training.use.white), nil) }
        return (training.digits.pixels(ofTest: example), Int(training.digits.test.labels[example]))
    }

    private func progress(_ training: NetworkTraining) -> String {
        guard training.steps > 0 else { return strings.untrained }
        let loss = training.losses.points.last.map { written($0.value, digits: 3) } ?? "–"
        let accuracy = training.accuracies.points.last.map { percents($0.value) } ?? "–"
        return filled(strings.trainingSays, ["\(training.steps)", "\(training.epoch)", loss, accuracy])
    }

    private func tiles(
        _ tensor: Tensor, _ scale: Picture.Scale, _ title: String, _ id: String, side: Double
    ) -> String {
        let tiles = Tiles(tensor)
        let text = filled(strings.tilesText, [title, written(tiles.largest, digits: 3)])
        return tiles.picture(title, description: text, scale, side: side).svg(name: id)
    }

    /// A digit that the network has not learned from, and its prediction.
    private func digit(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        let pixels = training.digits.pixels(ofTest: example).map { Double($0) / 16 }
        let tensor = Tensor(known: [TrainingDigits.side, TrainingDigits.side], .float64(pixels))
        let chooser = digitChooser(Int(training.digits.test.labels[example]))
        let figure =
            photo.map { photoHTML($0, digit: "") }
            ?? "<figure>\(tiles(tensor, .activation, strings.digitTitle, "digit", side: 16))\(chooser)</figure>"
        return figure + guesses(look.probabilities)
    }

    /// The filters of each convolution, and below them their gradients.
    private func filters(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        each(training.network.steps) { step in
            guard let filtering = step.operation.filtering, !filtering.kernel.isEmpty,
                let weight = training.parameter(filtering.weight), let gradient = look.gradients[filtering.weight]
            else { return "" }
            func figure(_ tensor: Tensor, _ scale: Picture.Scale, _ title: String, _ id: String) -> String {
                let title = filled(title, [step.label])
                let side = weight.shape[1] == 1 ? 10.0 : 4
                return """
                    <figure><figcaption>\(markup(title))</figcaption>\
                    \(tiles(tensor, scale, title, step.label + id, side: side))</figure>
                    """
            }
            return """
                <div class="filters">\(figure(weight, .weight, strings.filtersTitle, "-w"))\
                \(figure(gradient, .gradient, strings.filterGradientsTitle, "-g"))</div>
                """
        }
    }

    /// The output of each layer for the digit, as maps; a layer opens in the drawing.
    private func layers(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        let items = each(training.network.steps.indices) { number in
            guard let settings = training.use.settings(ofLayer: number), number < look.layers.count else { return "" }
            let name = name(of: settings)
            let output = look.layers[training.use.activation(ofLayer: number)].tensor
            return """
                <li\(settings == state.layer ? " class=\"here\"" : "")>\
                <span class="shape">\(times(output.shape.sizes))</span>\
                \(button("link", id: "open-\(number)", does: "open \(number)", name))\
                <figure>\(tiles(output, .activation, name, "layer-\(number)", side: 4))</figure></li>
                """
        }
        return "<h4>\(markup(strings.layersTitle))</h4><ol class=\"layers\">\(items)</ol>\(hint(strings.openLayer))"
    }

    // MARK: what happens

    /// Makes a network for the Network view, though an untrained one.
    mutating func prepareTraining() {
        guard state.strip == .network, let choice = state.network.trained, training?.choice != choice else { return }
        training = try? Page.untrained(choice)
    }

    private static func untrained(_ choice: NetworkTraining.Choice) throws(ArgumentError) -> NetworkTraining? {
        #if arch(wasm32)
            return try NetworkTraining(choice, on: try TrainingDigits.carried())
        #else
            // Only the page's module carries digits.
            return nil
        #endif
    }

    /// The steps after which the small network recognizes most digits.
    static let enough = 225

    /// Some more steps; the accuracy is measured now and then.
    mutating func train(steps: Int) throws(PageError) {
        if training == nil { training = try? Page.untrained(state.network.trained ?? .small) }
        let isLearning = training.map { (try? $0.train(steps: steps)) != nil } ?? false
        guard let training, isLearning else {
            rest(.training)
            throw PageError(strings.trainingFails)
        }
        if training.accuracies.points.last.map({ training.steps - $0.step >= 45 }) ?? true {
            _ = try? training.evaluate()
        }
    }

    mutating func turn(_ distance: Int) {
        guard let count = state.network == .own ? 10 : training?.digits.test.count else { return }
        example = (example % count + distance + count) % count
        show(nil)
    }

    /// A layer of the network as it is now, the first unless given.
    func openedLayer(_ number: Int?) throws(PageError) -> PageState {
        guard let training,
            let first = training.network.steps.indices.first(where: { training.use.settings(ofLayer: $0) != nil })
        else { return state }
        do throws(ArgumentError) {
            let (pixels, label) = looked(training)
            let image = try training.use.image(pixels)
            let target =
                if let label { label } else { NetworkLook.likeliest(try training.use.probabilities(of: image)) }
            return try training.use.opened(number ?? first, image, label: target).map { framed($0) } ?? state
        } catch {
            throw PageError(strings.noNumbers)
        }
    }
}
