import AdjointGraphs

/// A graph's equations, limited to as many, and as many terms, as a reader or a program can use.
struct ReadableEquations {
    var equations: Equations
    let detail: Explanation.Detail
    /// The layer, where the graph is one.
    var layer: LayerGeometry?
    var words = Words.english

    /// The longest sum that is written at all, for pages and programs.
    private static let longestSum = 1 << 17
    /// The most products with one-hot tangents; they take about a second.
    private static let partialProducts = 1 << 18

    /// The forward equations, and the explanations of each selected element.
    mutating func sections(_ title: String, _ selections: [Selection]) throws(ArgumentError) -> [Explanation.Section] {
        let output = equations.output
        let shown = selections.first { $0.name == output } ?? Selection(output, at: 0)
        var sections = [Explanation.Section(title, try all(like: shown))]
        for selection in selections where selection.name != output {
            let name = selection.name
            let element = try equations.name(of: name, at: selection.place).text
            let chain = try chain(selection)
            sections += [
                .init(filled(words.elementRule, [element]), chain.rule),
                .init(filled(words.movement, [element]), chain.partials),
                .init(filled(words.gradient, [name]), try all(like: selection)),
                .init(
                    filled(words.gradientGraph, [name]),
                    try Explanation.nodes(of: equations.graph, gradientOf: name, words)),
            ]
        }
        return sections
    }

    /// The number of windows in the sum of a layer's weight or bias; nil for everything else.
    private func windows(of name: String) -> Int? {
        guard let layer, name == "W" || name == "B" else { return nil }
        let shape = equations.shapes[layer.isTransposed && name == "W" ? "V" : "G"] ?? []
        return shape[0] * shape.planeCount
    }

    /// The note in place of equations where a sum is too long to be written, even with terms left out.
    func tooLong(_ name: String) -> Explanation.Block? {
        guard let terms = windows(of: name), terms > ReadableEquations.longestSum else { return nil }
        return .fold(filled(words.tooManyWindows, [name, grouped(terms)]), opening: words.otherQuestions)
    }

    /// The equations of all elements of the tensor that a selection belongs to; where they are too many, those of the first
    /// ones and of the selected one.
    mutating func all(like selection: Selection) throws(ArgumentError) -> [Explanation.Block] {
        let count = equations.shapes[selection.name]?.count ?? 0
        let selected = try equation(selection.name, selection.place)
        let terms = max(1, selected.right.terms.count)
        var places = Array(0..<min(count, max(16, detail.limits.equations)))
        if count > detail.limits.equations || count * terms > detail.limits.allTerms {
            places = Array(places.prefix(max(0, min(16, Explanation.Detail.readable.limits.allTerms / terms - 1))))
            if !places.contains(selection.place) { places.append(selection.place) }
        }
        var written: [Equation] = []
        for place in places {
            let equation = place == selection.place ? selected : try equation(selection.name, place)
            written.append(folded(equation).substituting(equations.number(of:)))
        }
        var blocks: [Explanation.Block] = [.equations(written)]
        let shown = folded(selected)
        if shown.omitted > 0 { blocks.append(fold(of: selected, shown: shown, selection)) }
        if places.count < count {
            let last = try equations.name(of: selection.name, at: count - 1).text
            let summary = filled(words.someEquations, [grouped(count), "\(places.count)"])
            blocks.append(.fold(summary, opening: filled(words.otherEquations, [last])))
        }
        return blocks
    }

    /// The chain rule of one element, and the partials in it.
    mutating func chain(
        _ selection: Selection
    ) throws(ArgumentError) -> (rule: [Explanation.Block], partials: [Explanation.Block]) {
        let gradient = try equation(selection.name, selection.place)
        // Each partial is searched among all terms of its own output.
        let each = try equations.forward(at: 0).right.terms.count
        let limit = min(detail.limits.terms, ReadableEquations.partialProducts / max(1, each))
        let shown = gradient.folded(over: max(limit, Equation.shownTerms), equations.number(of:))
        let partials = try equations.partials(by: selection.name, at: selection.place, in: shown)
        var rule = try equations.chainRule(over: partials, of: selection.name, at: selection.place)
        if shown.omitted > 0 {
            rule = Equation(.chainRule, rule.left, rule.right, value: gradient.value)
            rule.omitted = shown.omitted
        }
        guard !partials.isEmpty else {
            return ([.equations([rule])], [.line(words.noMovement)])
        }
        let folds = shown.omitted > 0 ? [fold(of: gradient, shown: shown, selection)] : []
        return ([.equations([rule])] + folds, [.equations(partials)] + folds)
    }

    private mutating func equation(_ name: String, _ place: Int) throws(ArgumentError) -> Equation {
        name == equations.output ? try equations.forward(at: place) : try equations.gradient(of: name, at: place)
    }

    private func folded(_ equation: Equation) -> Equation {
        equation.folded(over: detail.limits.terms, equations.number(of:))
    }

    /// The note about the terms of a long sum that are left out, and their share.
    private func fold(of equation: Equation, shown: Equation, _ selection: Selection) -> Explanation.Block {
        let terms = equation.right.terms
        var summary = filled(words.terms, [grouped(terms.count)])
        if selection.name == "W", let windows = windows(of: "W") {
            let sentence = layer?.isTransposed == true ? words.realOutputs : words.realPixels
            summary = filled(sentence, [grouped(windows), grouped(terms.count)])
        }
        func magnitude(_ terms: [Expression]) -> Double? {
            terms.map { $0.value(where: equations.number(of:)) }.allKnown?.reduce(0) { $0 + $1.magnitude }
        }
        let number = "\(shown.right.terms.count)"
        if let all = magnitude(terms), all > 0, let part = magnitude(shown.right.terms) {
            summary = filled(words.largestOfSum, [summary, number, rounded(100 * part / all, digits: 3)])
        } else {
            summary = filled(words.firstOfSum, [summary, number])
        }
        return .fold(summary, opening: detail == .readable ? words.allElementTerms : words.smallerInput)
    }
}
