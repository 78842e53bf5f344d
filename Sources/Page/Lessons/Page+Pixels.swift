import AdjointExplanations
import AdjointGraphs

/// “Which pixels does this weight meet?”: the reader picks them in V, and wrong picks are explained.
extension Page {
    /// The most pixels that are to be picked by hand.
    private static let mostPixels = 16

    /// Whether pixels are being picked, so that no other part of the page may give them away.
    var isPicking: Bool { exercise?.asksPixels == true && answer?.isRight != true }

    /// A weight that meets some pixels, but not all; nil where all weights meet too many, or V is not shown whole.
    func pixelExercise(_ number: Int) -> Exercise? {
        guard let grid = grids[.v], !grid.isPainted, grid.planes.count == grid.planeCount, let w = layer.shapes[.w]
        else {
            return nil
        }
        // Weights at the same place of their filters meet equally many pixels, whatever their filter and channel.
        let taps = layer.sliding.tapCount
        let isAskable = (0..<min(taps, w.count)).map { weight in
            let count = pixels(of: weight).count
            return (1...Page.mostPixels).contains(count) && count < grid.shape.count
        }
        let weights = (0..<w.count).filter { isAskable[$0 % taps] }
        if weights.isEmpty { return nil }
        let place = weights[Exercise.place(number, of: weights.count, from: min(1, weights.count - 1))]
        return Exercise(tensor: .w, place: place, asksPixels: true)
    }

    private func pixels(of weight: Int) -> Set<Int> { pixels(met: Selection("W", at: weight)) }

    private func pixels(met selection: Selection) -> Set<Int> {
        Set(layer.sliding.links(of: selection).map { $0.v }.filter { $0 >= 0 })
    }

    func pickingHTML(_ exercise: Exercise) -> String {
        let name = layer.name(.w, exercise.place)
        return """
            <div class="exercise"><h3>\(markup(filled(strings.pixelsTitle, [name])))</h3>\(hint(strings.pixelsHint))\
            <p id="picked" role="status">\(markup(filled(strings.pixelsCount, ["\(picked.count)"])))</p>\(judgedHTML)\
            <p class="buttons">\(button("act main", id: "exercise-judge", does: "judge", isEnabled: isPicking && !picked.isEmpty, strings.pixelsCheck))\
            \(exerciseButtons("pixels "))</p></div>
            """
    }

    /// Picks a pixel, or removes it again.
    mutating func pick(_ selection: Selection) {
        guard selection.name == "V", layer.valid(selection) != nil else { return }
        if picked.remove(selection.place) == nil { picked.insert(selection.place) }
        // A judgement no longer fits the pixels; a hint stays.
        if answer?.text.isEmpty == false { answer = nil }
        look()
    }

    /// Tells the number of pixels, or shows them.
    mutating func helpPicking(_ exercise: Exercise, _ word: String) throws(PageError) {
        let (pixels, name) = (pixels(of: exercise.place), layer.name(.w, exercise.place))
        if word == "hint" {
            let sentence = filled(strings.pixelsHelp, [name, "\(pixels.count)"])
            answer = Exercise.Answer(text: "", sentence: sentence, isRight: false)
        } else {
            picked = pixels
            try answerPicked(strings.pixelsSolved)
        }
    }

    /// Judges the picked pixels; when they are right, the drawing shows the weight with its windows.
    mutating func answerPicked(_ sentence: String? = nil) throws(PageError) {
        guard let exercise, isPicking else { return }
        judgePicked(exercise, sentence)
        guard answer?.isRight == true else { return }
        revision += 1
        try change { $0.selection = Selection("W", at: exercise.place) }
    }

    /// Compares the picked pixels with those that the weight meets, with one window, and with those that other weights meet.
    mutating func judgePicked(_ exercise: Exercise, _ sentence: String? = nil) {
        let (pixels, name) = (pixels(of: exercise.place), layer.name(.w, exercise.place))
        func answered(_ sentence: String, _ words: [String], isRight: Bool = false) {
            answer = Exercise.Answer(text: "picked", sentence: filled(sentence, words), isRight: isRight)
        }
        if picked == pixels {
            let names = joined(pixels.sorted().map { layer.name(.v, $0) })
            return answered(sentence ?? strings.pixelsRight, [name, names], isRight: true)
        }
        let (outputs, weights) = (layer.shapes[.g]?.count ?? 0, layer.shapes[.w]?.count ?? 0)
        if (0..<outputs).contains(where: { self.pixels(met: Selection("G", at: $0)) == picked }) {
            answered(strings.pixelsOneWindow, [name])
        } else if let other = (0..<weights).first(where: { self.pixels(of: $0) == picked }) {
            answered(strings.pixelsOther, [layer.name(.w, other)])
        } else {
            let right = picked.intersection(pixels).count
            answered(strings.pixelsWrong, ["\(right)", "\(picked.count - right)", "\(pixels.count - right)"])
        }
    }
}
