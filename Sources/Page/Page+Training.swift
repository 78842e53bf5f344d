import AdjointExplanations
import AdjointGraphs
import AdjointModels

/// A network that learns digits in the page, and whose first layer opens in the drawing with a digit and with what the error
/// really hands back to it.
extension Page {
    var trainingHTML: String {
        var html = "<section class=\"view\"><h3>\(markup(strings.trainingTitle))</h3>"
        guard let training else {
            return html
                + "<p>\(markup(strings.trainingLead))</p><p><button class=\"act main\" id=\"train\" data-do=\"train\">"
                + "\(markup(strings.trainStart))</button></p></section>"
        }
        html +=
            "<p class=\"buttons\"><button class=\"act main\" id=\"train\" data-do=\"train\">\(markup(isTraining ? strings.pause : strings.trainOn))</button>"
            + "<button class=\"act\" id=\"train-anew\" data-do=\"untrain\">\(markup(strings.trainAnew))</button></p>"
        let loss = training.losses.points.last.map { written($0.value, digits: 3) } ?? "–"
        let accuracy = training.accuracies.points.last.map { written(100 * $0.value, digits: 3) } ?? "–"
        html +=
            "<p>\(markup(filled(strings.trainingSays, ["\(training.steps)", "\(training.epoch)", loss, accuracy])))</p>"
            + curve(training)
        if let look = try? training.look(at: training.digits.pixels(ofTest: example)) {
            html += "<div class=\"mapped\">" + digit(training, look) + "</div>"
        }
        return html + "</section>"
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

    /// A digit that the network has not learned from, and what it takes it for.
    private func digit(_ training: NetworkTraining, _ look: NetworkLook) -> String {
        let pixels = training.digits.pixels(ofTest: example).map { Double($0) / 16 }
        let tensor = Tensor(known: [TrainingDigits.side, TrainingDigits.side], .float64(pixels))
        var html =
            "<figure>\(NetworkTiles(tensor, .activation).picture(strings.digitTitle, side: 16).svg(name: "digit"))"
            + "<p class=\"planes\"><button id=\"digit-before\" data-do=\"digit -1\" aria-label=\"\(markup(strings.digitBefore))\">‹</button>"
            + "<span>\(markup(filled(strings.digitIs, ["\(training.digits.test.labels[example])"])))</span>"
            + "<button id=\"digit-after\" data-do=\"digit 1\" aria-label=\"\(markup(strings.digitAfter))\">›</button></p></figure><div class=\"guess\">"
        for (number, probability) in look.probabilities.enumerated() {
            let share = written(100 * probability, digits: 2)
            html +=
                "<span class=\"\(number == look.prediction ? "best" : "")\"><b>\(number)</b><i style=\"--t:\(Int((100 * probability).rounded()))%\"></i>\(share) %</span>"
        }
        html +=
            "</div><div><button class=\"act\" id=\"open-layer\" data-do=\"open\">\(markup(strings.openTrained))</button></div>"
        return html
    }

    /// Some steps more; the accuracy now and then.
    mutating func train(steps: Int) throws(PageError) {
        do throws(ModelError) {
            if training == nil {
                #if arch(wasm32)
                    training = try NetworkTraining(.small, on: try TrainingDigits.carried())
                #else
                    throw ModelError("page", "digits", expected: "the page in a browser", given: "a program")
                #endif
            }
            guard let training else { return }
            try training.train(steps: steps)
            if training.accuracies.points.last.map({ training.steps - $0.step >= 45 }) ?? true {
                _ = try training.evaluate()
            }
        } catch {
            isTraining = false
            throw PageError(error.description)
        }
    }

    mutating func turn(_ distance: Int) {
        guard let count = training?.digits.test.count else { return }
        example = (example + distance + count) % count
    }

    /// The first layer of the network as it is now, with the digit under it and ∂E∕∂G from the loss above it.
    func openedLayer() throws(PageError) -> PageState {
        guard let training else { return state }
        let network = training.network
        do throws(ModelError) {
            let pixels = training.digits.pixels(ofTest: example)
            let image = try training.digits.image(pixels)
            let label = Int32(training.digits.test.labels[example])
            var bindings = [InputName.images: image, InputName.labels: Tensor(known: [1], .int32([label]))]
            for parameter in network.parameters { bindings[parameter.name] = training.parameter(parameter.name) }
            let graph = try network.explainedGraph(batch: 1)
            guard let weight = bindings["conv1.weight"], let bias = bindings["conv1.bias"],
                let first = network.steps.first
            else { return state }
            var next = PageState.question
            next.layer.input = [TrainingDigits.side, TrainingDigits.side]
            next.layer.kernel = Array(weight.shape.sizes.suffix(2))
            next.layer.filters = weight.shape[0]
            next.layer.padding = [Int](repeating: weight.shape[2] / 2, count: 4)
            next.layer.hasBias = true
            let cotangent: [Double]
            do throws(GraphError) {
                cotangent = try graph.keeping([first.output, "cross-entropy"]).cotangent(
                    of: first.output, by: "conv1.bias", bindings)
            } catch {
                throw ModelError(error)
            }
            let (v, w, b) = (image.doubles, weight.doubles, bias.doubles)
            for (tensor, numbers) in [(Tensors.v, v), (.w, w), (.b, b), (.dg, cotangent)] {
                next.sources[tensor] = .list(numbers.map { decimal(rounded($0, digits: 4)) ?? 0 })
            }
            (next.hidden, next.strip) = (state.hidden, state.strip)
            return next
        } catch {
            throw PageError(error.description)
        }
    }
}

extension Graph {
    /// ∂E∕∂ of a layer's output, read off the terms of its bias, each of which is one element of it.
    fileprivate func cotangent(
        of output: String, by bias: String, _ bindings: [String: Tensor]
    ) throws(GraphError) -> [Double] {
        guard let node = self.output(named: output)?.node else { return [] }
        let shape = nodes[node].shape
        let gradient = try ParameterGradient(
            of: bias, in: self, output: "cross-entropy", layers: [output], bindings: bindings
        ) { (graph: Graph, bindings: [String: Tensor]) throws(GraphError) in
            try AdjointPage.evaluated(graph, bindings, false)
        }
        var cotangent = [Double](repeating: 0, count: shape.count)
        for filter in 0..<gradient.shape.count {
            for term in try gradient.contributions(to: [filter]).terms {
                if let place = shape.place(of: term.output) { cotangent[place] = term.cotangent }
            }
        }
        return cotangent
    }
}
