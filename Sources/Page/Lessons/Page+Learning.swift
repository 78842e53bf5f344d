import AdjointExplanations
import AdjointGraphs

/// Below the drawing: the source of the error, and steps down its gradient.
extension Page {
    var learningHTML: String {
        guard layer.error != nil else {
            return "<p class=\"learn\"><span>\(markup(filled(strings.errorGiven, [lastName])))</span> "
                + button("link", id: "loss", does: "loss squares", strings.errorComputed) + "</p>"
        }
        let steps = layer.shapes[.w] == nil ? "<span>\(markup(strings.nothingToLearn))</span>" : stepsHTML
        let back = button("link", id: "loss", does: "loss given", filled(strings.errorGivenAgain, [lastName]))
        return "<p class=\"learn\">\(steps)\(back)</p>"
    }

    /// Below the target: the error, and its values so far.
    func errorFigure(_ column: Int) -> String {
        guard let error = layer.error else { return "" }
        let formula = """
            <math><mrow><mi>E</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>∑</mo><msup><mrow><mo>(</mo>\
            <mi>\(lastName)</mi><mo>−</mo><mi>T</mi><mo>)</mo></mrow><mn>2</mn></msup></mrow></math>
            """
        let chart = descent.map { curve($0, "descent", strings.descentTitle, value: "", width: 160) } ?? ""
        return """
            <figure class="tensor back fall k\(column)"><figcaption><span>\(formula)</span>\
            <span class="error" id="error">= \(written(error, digits: 4))</span></figcaption>\
            <div class="grids">\(chart)</div></figure>
            """
    }

    /// The letter of the layer's last output.
    private var lastName: String { layer.looked(.t).name }

    private var stepsHTML: String {
        let rule = """
            <math><mrow><mi>W</mi><mo>←</mo><mi>W</mi><mo>−</mo><mi>η</mi><mo>·</mo><mfrac><mrow><mi>∂</mi><mi>E</mi></mrow>\
            <mrow><mi>∂</mi><mi>W</mi></mrow></mfrac></mrow></math>
            """
        let field = input("rate", id: "set-rate", shortest(rate), mode: "decimal", size: 4)
        return """
            \(rule) <label>\(markup(strings.rate)) \(field)</label>\(complaint("rate"))\
            \(button("act main", id: "descend", does: "descend", strings.oneStep))\
            \(button("act", id: "descent", does: "descent", running == .descent ? strings.pause : strings.manySteps))\
            \(descent.map { descended($0) } ?? "")
            """
    }

    /// The fall of E, as a sentence.
    private func descended(_ curve: TrainingCurve) -> String {
        guard let first = curve.points.first, let last = curve.points.last, last.step > 0 else { return "" }
        let isUp = curve.points.count > 1 && last.value > curve.points[curve.points.count - 2].value
        let sentence = filled(
            last.step == 1 ? strings.descendedOnce : strings.descended,
            ["\(last.step)", written(first.value), written(last.value)])
        return "<span role=\"status\">\(markup(sentence))\(isUp ? " " + markup(strings.overshot) : "")</span>"
    }
}
