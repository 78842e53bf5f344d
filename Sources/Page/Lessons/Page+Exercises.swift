import AdjointExplanations
import AdjointGraphs

/// “Predict this cell”: a number is hidden, the reader computes it, and a wrong answer is explained. Or the reader finds the
/// pixels that a weight meets.
struct Exercise: Hashable {
    let tensor: Tensors
    let place: Int
    var asksPixels = false

    struct Answer: Hashable {
        let text: String
        let sentence: String
        let isRight: Bool
    }

    /// A place for each exercise; a stride without a factor in common with the count reaches all places.
    static func place(_ number: Int, of count: Int, from first: Int) -> Int {
        (number % count * ([7, 5, 11, 13].first { count % $0 != 0 } ?? 1) + first) % count
    }

    /// Whether two numbers are equal, except for rounding on paper.
    static func isNear(_ number: Double, _ other: Double) -> Bool {
        (number - other).magnitude <= 0.005 * max(1, other.magnitude)
    }
}

extension Page {
    /// The exercise of the state.
    var posed: Exercise? {
        guard let number = state.exercise, isOnPaper else { return nil }
        if state.asksPixels { return pixelExercise(number) }
        let shown = [Tensors.dw, .dv, .g].compactMap { grids[$0] }.filter { !$0.isPainted }
        guard !shown.isEmpty else { return nil }
        let grid = shown[number % shown.count]
        let count = max(1, grid.places.count)
        let place = grid.places.lowerBound + Exercise.place(number / shown.count, of: count, from: 3)
        return Exercise(tensor: grid.tensor, place: min(grid.shape.count - 1, place))
    }

    /// Whether the layer's sums are short enough to be added on paper.
    private var isOnPaper: Bool { layer.settings.products <= 512 }

    /// Whether a number is hidden that other views would show.
    var isAsked: Bool { exercise != nil && answer?.isRight != true }

    /// Poses the exercise of another cell: the first one with the layer as it is, the others with fresh numbers.
    mutating func ask(_ number: Int?, pixels: Bool = false) throws(PageError) {
        (answer, picked) = (nil, [])
        revision += 1
        try change { next in
            next.asksPixels = pixels
            next.exercise = number.map { min(max(0, $0), 1 << 20) }
            guard let number = next.exercise, number > 0 else { return }
            for (place, tensor) in [Tensors.v, .w, .b, .dg].enumerated() {
                next.sources[tensor] = Source(kind: .whole, number: (4 * number + place) % 10_000)
            }
        }
    }

    /// Shows the number of terms, or the whole solution.
    mutating func help(_ word: String) throws(PageError) {
        guard let exercise else { return }
        if exercise.asksPixels { return try helpPicking(exercise, word) }
        let selection = Selection(exercise.tensor.primal.name, at: exercise.place)
        let sum = layer.sum(of: selection)
        if word == "hint" {
            answer = Exercise.Answer(
                text: "", sentence: filled(strings.exerciseCount, ["\(sum.terms.count)"]), isRight: false)
            return
        }
        let text = written(layer.value(exercise.tensor, exercise.place))
        let name = layer.name(exercise.tensor, exercise.place)
        answer = Exercise.Answer(
            text: text, sentence: filled(strings.exerciseSolved, [name, text]), isRight: true)
        revision += 1
        try change { $0.selection = selection }
    }

    /// Whether a cell's number is hidden.
    func isHidden(_ tensor: Tensors, _ place: Int) -> Bool {
        answer?.isRight != true && exercise == Exercise(tensor: tensor, place: place)
    }

    var exerciseHTML: String {
        guard isOnPaper else { return "" }
        guard let exercise else {
            let pixels = button("act", id: "pixels-start", does: "exercise pixels 0", strings.pixelsStart)
            return "<p class=\"buttons\">"
                + button("act", id: "exercise-start", does: "exercise 0", strings.exerciseStart)
                + (pixelExercise(0) == nil ? "" : pixels) + "</p>"
        }
        if exercise.asksPixels { return pickingHTML(exercise) }
        let name = layer.name(exercise.tensor, exercise.place)
        return """
            <div class="exercise"><h3>\(markup(filled(strings.exerciseTitle, [name])))</h3>\(hint(strings.exerciseHint))\
            <label class="answer">\(markup(name)) = <input id="answer" data-set="answer" inputmode="decimal" \
            autocomplete="off" value="\(markup(answer?.text ?? ""))"></label>\(judgedHTML)<p class="buttons">\(exerciseButtons())</p></div>
            """
    }

    var judgedHTML: String {
        answer.map {
            "<p class=\"\($0.isRight ? "correct" : "bad")\" role=\"status\">\(markup($0.sentence))</p>"
        } ?? ""
    }

    /// - Parameter kind: the words before the number of the next exercise.
    func exerciseButtons(_ kind: String = "") -> String {
        let next = "exercise \(kind)\((state.exercise ?? 0) + 1)"
        return button("act", id: "exercise-hint", does: "help hint", isEnabled: isAsked, strings.exerciseHelp)
            + button("act", id: "exercise-solve", does: "help solve", isEnabled: isAsked, strings.exerciseSolve)
            + button("act", id: "exercise-next", does: next, strings.exerciseNext)
            + button("act", id: "exercise-end", does: "exercise end", strings.exerciseEnd)
    }

    /// Compares an answer with the engine's, and with the results of usual mistakes.
    mutating func judge(_ text: String) {
        guard let exercise else { return }
        if exercise.asksPixels { return judgePicked(exercise) }
        func answered(_ sentence: String, isRight: Bool = false) -> Exercise.Answer {
            Exercise.Answer(text: text, sentence: sentence, isRight: isRight)
        }
        guard let number = decimal(text) else {
            answer = answered(strings.exerciseNoNumber)
            return
        }
        let right = layer.value(exercise.tensor, exercise.place)
        if Exercise.isNear(number, right) {
            let name = layer.name(exercise.tensor, exercise.place)
            answer = answered(filled(strings.exerciseRight, [name, written(right)]), isRight: true)
        } else {
            answer = answered(mistake(in: number, for: right, exercise))
        }
    }

    /// The mistake by which a wrong answer was probably found.
    private func mistake(in number: Double, for right: Double, _ exercise: Exercise) -> String {
        func isNear(_ other: Double) -> Bool { Exercise.isNear(number, other) }
        let sum = layer.sum(of: Selection(exercise.tensor.primal.name, at: exercise.place))
        let values = sum.terms.map { $0.value }
        func named(_ sentence: String, _ term: Int) -> String {
            filled(sentence, ["\(term + 1)", layer.expression(sum.terms[term].link, in: sum).text])
        }
        if isNear(-right) { return strings.exerciseSign }
        if values.count > 1 {
            if isNear(values.reduce(0.0) { $0 + $1.magnitude }) { return strings.exerciseMagnitude }
            if isNear(values[0]) { return filled(strings.exerciseFirst, ["\(values.count)"]) }
            if isNear(right / Double(values.count)) { return strings.exerciseMean }
        }
        if let left = values.firstIndex(where: { $0 != 0 && isNear(right - $0) }) {
            return named(strings.exerciseLeftOut, left)
        }
        if exercise.tensor == .dv, isNear(turned(sum)) { return strings.exerciseTurned }
        if let change = values.firstIndex(where: { $0 != 0 && isNear(right - 2 * $0) }) {
            return named(strings.exerciseTermSign, change)
        }
        return filled(strings.exerciseWrong, ["\(values.count)"])
    }

    /// The sum with the filter rotated by 180° where it should not be, or the other way round.
    private func turned(_ sum: LayerSum) -> Double {
        let (taps, w, dg) = (layer.sliding.tapCount, layer.numbers[.w] ?? [], layer.numbers[.dg] ?? [])
        return sum.terms.reduce(0.0) { total, term in
            guard term.link.w >= 0 else { return total }
            let other = term.link.w - term.link.tap + taps - 1 - term.link.tap
            return total + w[other] * dg[term.link.g]
        }
    }
}
