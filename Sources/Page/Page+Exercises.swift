import AdjointExplanations
import AdjointGraphs

/// “Predict this cell”: a number is hidden, the reader computes it, and the engine says what a wrong answer left out.
struct Exercise: Hashable {
    let tensor: Tensors
    let place: Int

    struct Answer: Hashable {
        let text: String
        let sentence: String
        let isRight: Bool
    }
}

extension Page {
    /// What the exercise that is asked hides.
    var exercise: Exercise? {
        guard let number = state.exercise else { return nil }
        let tensors = [Tensors.dw, .dv, .g].filter {
            layer.shapes[$0] != nil && (grids[$0].map { !$0.isPainted } ?? false)
        }
        guard !tensors.isEmpty else { return nil }
        let tensor = tensors[number % tensors.count]
        let count = layer.shapes[tensor]?.count ?? 1
        let first = grids[tensor].map { $0.planes.lowerBound * $0.rows * $0.columns } ?? 0
        let shown = grids[tensor].map { $0.planes.count * $0.rows * $0.columns } ?? count
        return Exercise(tensor: tensor, place: min(count - 1, first + (number * 7 + 3) % max(1, shown)))
    }

    /// Whether a cell's number is hidden.
    func isHidden(_ tensor: Tensors, _ place: Int) -> Bool {
        guard let exercise, answer?.isRight != true else { return false }
        return exercise.tensor == tensor && exercise.place == place
    }

    var exerciseHTML: String {
        guard let exercise else {
            return
                "<button class=\"act\" id=\"exercise-start\" data-do=\"exercise 0\">\(markup(strings.exerciseStart))</button>"
        }
        let name = layer.name(exercise.tensor, exercise.place)
        var html =
            "<div class=\"exercise\"><h3>\(markup(filled(strings.exerciseTitle, [name])))</h3><p class=\"hint\">\(markup(strings.exerciseHint))</p>"
            + "<label class=\"answer\">\(markup(name)) = <input id=\"answer\" data-set=\"answer\" inputmode=\"decimal\" autocomplete=\"off\" value=\"\(markup(answer?.text ?? ""))\"></label>"
        if let answer {
            html += "<p class=\"\(answer.isRight ? "correct" : "bad")\" role=\"status\">\(markup(answer.sentence))</p>"
        }
        html +=
            "<p class=\"buttons\"><button class=\"act\" id=\"exercise-next\" data-do=\"exercise \((state.exercise ?? 0) + 1)\">\(markup(strings.exerciseNext))</button>"
            + "<button class=\"act\" id=\"exercise-end\" data-do=\"exercise end\">\(markup(strings.exerciseEnd))</button></p></div>"
        return html
    }

    /// Compares an answer with the engine's, and with what usual mistakes give.
    mutating func judge(_ text: String) {
        guard let exercise else { return }
        guard let number = decimal(text) else {
            answer = Exercise.Answer(text: text, sentence: strings.exerciseNoNumber, isRight: false)
            return
        }
        let right = layer.value(exercise.tensor, exercise.place)
        func isNear(_ other: Double) -> Bool { (number - other).magnitude <= 0.005 * max(1, other.magnitude) }
        let name = layer.name(exercise.tensor, exercise.place)
        if isNear(right) {
            answer = Exercise.Answer(
                text: text, sentence: filled(strings.exerciseRight, [name, written(right)]), isRight: true)
            return
        }
        var none: Equations?
        let selection = Selection(exercise.tensor.primal.rawValue, at: exercise.place)
        guard let sum = try? Sum(of: selection, in: layer, &none) else { return }
        let values = sum.terms.map { $0.value }
        var sentence = filled(strings.exerciseWrong, ["\(sum.terms.count)"])
        if isNear(-right) {
            sentence = strings.exerciseSign
        } else if values.count > 1, isNear(values.reduce(0.0) { $0 + $1.magnitude }) {
            sentence = strings.exerciseMagnitude
        } else if let first = values.first, values.count > 1, isNear(first) {
            sentence = filled(strings.exerciseFirst, ["\(sum.terms.count)"])
        } else if values.count > 1, isNear(right / Double(values.count)) {
            sentence = strings.exerciseMean
        } else if let left = values.firstIndex(where: { $0 != 0 && isNear(right - $0) }) {
            sentence = filled(
                strings.exerciseLeftOut, ["\(left + 1)", layer.expression(sum.terms[left].link, in: sum.tensor).text])
        } else if exercise.tensor == .dv, isNear(turned(sum)) {
            sentence = strings.exerciseTurned
        } else if let change = values.firstIndex(where: { $0 != 0 && isNear(right - 2 * $0) }) {
            sentence = filled(
                strings.exerciseTermSign,
                ["\(change + 1)", layer.expression(sum.terms[change].link, in: sum.tensor).text])
        }
        answer = Exercise.Answer(text: text, sentence: sentence, isRight: false)
    }

    /// The sum with the filter the wrong way round.
    private func turned(_ sum: Sum) -> Double {
        let (taps, w, dg) = (layer.relation.taps.count, layer.numbers[.w] ?? [], layer.numbers[.dg] ?? [])
        return sum.terms.reduce(0.0) { total, term in
            guard term.link.w >= 0 else { return total }
            let other = term.link.w - term.link.tap + taps - 1 - term.link.tap
            return total + w[other] * dg[term.link.g]
        }
    }
}
