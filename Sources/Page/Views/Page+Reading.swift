import AdjointExplanations
import AdjointGraphs

/// The equation of the current element, and the bars of its terms.
extension Page {
    var readingHTML: String {
        guard let sum else { return hint(isPicking ? strings.pixelsHide : strings.nothingSelected) + copiesHTML }
        if isHidden(sum.tensor, sum.selection.place) { return hint(strings.exerciseHides) }
        let notation = radioGroup(strings.notation, id: "as-", does: "show", on: state.notation) {
            strings.notations[$0]
        }
        let isFolded = sum.equation == nil || sum.terms.count > LayerSum.short
        return """
            <div class="now"><header class="sum"><h2 aria-label="\(markup(heading(of: sum)))"><math><mrow>\(left(of: sum))<mo>=</mo>\(number(sum.total))</mrow></math></h2>\
            \(notation)</header>\(isFolded ? foldedEquation(sum) : writtenEquation(sum))\
            <p class="fact">\(markup(fact(sum)))</p>\(missHTML(sum))</div>\(sum.tensor == .a ? "" : barsHTML(sum))\(copiesHTML)
            """
    }

    private func heading(of sum: LayerSum) -> String {
        layer.name(sum.tensor, sum.selection.place) + " = " + written(sum.total, digits: 5)
    }

    private func left(of sum: LayerSum) -> String { layer.expression(sum.tensor, sum.selection.place).mathML }

    func number(_ number: Double) -> String {
        let text = "<mn>\(written(number < 0 ? -number : number, digits: 5))</mn>"
        return number < 0 ? "<mo form=\"prefix\">−</mo>" + text : text
    }

    // MARK: the equation

    /// The right sides one below the other, the sum's number last.
    ///
    /// - Parameter id: the id of the whole.
    func equation(of sum: LayerSum, id: String? = nil, _ sides: [String]) -> String {
        let total = "<div class=\"right\"><span class=\"total\"><math>\(number(sum.total))</math></span></div>"
        let rows = each((sides + [total]).enumerated()) { row, side in
            let left = row == 0 ? "<math>\(left(of: sum))</math>" : ""
            return "<div class=\"left\">\(left)</div><div class=\"is\">=</div>\(side)"
        }
        return element("div", ["class": id == nil ? "sums" : "equation", "id": id], rows)
    }

    private func writtenEquation(_ sum: LayerSum) -> String {
        guard let right = sum.equation?.right else { return "" }
        // No path leads from the element to the error.
        if case .number = right { return equation(of: sum, id: "equation", []) }
        let sides = sides(of: sum, right)
        // Elements that a pool does not take are no addends.
        let numbers = sum.terms.indices.filter { sum.terms[$0].share != 0 }
        return equation(of: sum, id: "equation", sides.map { terms($0, numbers, of: sum) })
    }

    /// The right sides in the notation that is chosen.
    func sides(of sum: LayerSum, _ right: Expression) -> [Expression] {
        switch state.notation {
        // The chain rule comes first; then the partials are put in.
        case .symbols: return (sum.chain.map { [$0.right] } ?? []) + [right]
        case .numbers: return [right, right.substituting { layer.known($0) }.roundedNumbers]
        case .values:
            let values = right.terms.map { Expression.number($0.value { layer.known($0) } ?? .nan) }
            return [right, (values.count == 1 ? values[0] : .sum(values)).roundedNumbers]
        }
    }

    /// The addends one by one, each with the number that its window, bar and cells have.
    private func terms(_ side: Expression, _ numbers: [Int], of sum: LayerSum) -> String {
        let addends = each(side.mathMLAddends.enumerated()) { position, addend in
            let number = position < numbers.count ? numbers[position] : position
            return term(number, addend, color(of: number, in: sum))
        }
        return "<div class=\"right\">\(addends)</div>"
    }

    func term(_ number: Int, _ addend: String, _ color: String) -> String {
        let classes = "term" + color + (number == term ? " n" : "")
        return "<span class=\"\(classes)\" data-term=\"\(number)\"><math><mrow>\(addend)</mrow></math></span>"
    }

    /// The colour of the weight that a term goes through.
    func color(of number: Int, in sum: LayerSum) -> String {
        " " + (number < sum.terms.count ? layer.color(of: sum.terms[number].link) : "gx")
    }

    // MARK: a sum with too many terms to read

    /// The largest terms, and the sum of the rest; or a list of all.
    private func foldedEquation(_ sum: LayerSum) -> String {
        // The equation of an element that the pointer only passes stays short.
        let isOpen = if case .cell? = hovered { false } else { state.isUnfolded }
        let isWhole = isOpen && sum.terms.count <= LayerSum.listed
        let shown = isWhole ? Array(sum.terms.indices) : sum.strongest(isOpen ? LayerSum.listed : 10)
        let addends = Expression.sum(shown.map { addend($0, of: sum, state.notation) }).mathMLAddends
        var right = each(zip(shown, addends)) { term($0, $1, " gx") }
        let others = sum.terms.count - shown.count
        let label = isOpen ? strings.fold : filled(strings.unfold, [grouped(others)])
        let fold = button("link", id: "fold", does: "fold", expanded: isOpen, label)
        if others > 0 { right += "<span><math><mo form=\"infix\">+</mo></math> \(isOpen ? "…" : fold)</span>" }
        let list = " all\" tabindex=\"0\" role=\"group\" aria-label=\"\(markup(strings.readingLabel))"
        let summary = summary(of: sum, shown, isWhole ? strings.unfolded : strings.folded)
        return equation(of: sum, id: "equation", ["<div class=\"right\(isOpen ? list : "")\">\(right)</div>"])
            + "<p class=\"fold\">\(isOpen ? fold : "") \(markup(summary))</p>"
    }

    func addend(_ number: Int, of sum: LayerSum, _ notation: PageState.Notation) -> Expression {
        let term = sum.terms[number]
        let expression = layer.expression(term.link, in: sum)
        return switch notation {
        case .symbols: expression
        case .numbers: expression.substituting { layer.known($0) }.roundedNumbers
        case .values: Expression.number(term.value).roundedNumbers
        }
    }

    /// The number of terms, the share of those that are shown, and how far they cancel.
    private func summary(of sum: LayerSum, _ shown: [Int], _ sentence: String) -> String {
        let sizes = sum.plus - sum.minus
        let held = shown.map { sum.terms[$0].value }
        let rest = held.reduce(sum.plus + sum.minus, -)
        let share = sizes == 0 ? 0 : held.reduce(0) { $0 + $1.magnitude } / sizes
        return filled(
            sentence,
            [
                grouped(sum.terms.count), grouped(shown.count), percents(share), written(sum.plus),
                written(sum.minus), written(sum.plus + sum.minus), written(sum.cancellation, digits: 2),
                written(rest.magnitude < 1e-12 * sizes ? 0 : rest),
            ])
    }

    // MARK: what it says

    /// The error's derivative by an output, where there is a target: `∂E∕∂G1 = G1 − T1 = 7 − 6 = 1`.
    private func missHTML(_ sum: LayerSum) -> String {
        let (tensor, place) = (sum.tensor, sum.selection.place)
        guard tensor == layer.looked(.t), layer.error != nil, let miss = try? layer.miss(at: place) else { return "" }
        let numbers = miss.substituting { layer.known($0) }.roundedNumbers
        return "<p class=\"miss\"><math><mrow>\(layer.expression(tensor.derivative, place).mathML)<mo>=</mo>"
            + "\(miss.mathML)<mo>=</mo>\(numbers.mathML)<mo>=</mo>\(number(layer.value(tensor.derivative, place)))"
            + "</mrow></math></p>"
    }

    private func fact(_ sum: LayerSum) -> String {
        whatItIs(sum) + indexed(sum) + (running(sum).map { " " + $0 } ?? "")
    }

    /// What the current term adds, and the sum up to it; nil without one.
    func running(_ sum: LayerSum) -> String? {
        guard let term, term < sum.terms.count else { return nil }
        let running = sum.terms[...term].reduce(0.0) { $0 + $1.value }
        return filled(
            strings.runningFact,
            ["\(term + 1)", grouped(sum.terms.count), written(sum.terms[term].value), written(running)])
    }

    /// What the indices of an element count: planes are named from 1, as in the question, and indices from 0, as in programs.
    private func indexed(_ sum: LayerSum) -> String {
        let tensor = sum.tensor.primal
        guard layer.sliding.naming == .indexed, let shape = layer.shapes[tensor] else { return "" }
        let axes = zip(axisNames(tensor), shape.index(of: sum.selection.place)).map { filled($0, ["\($1 + 1)"]) }
        return " " + filled(strings.indexed, [layer.name(tensor, sum.selection.place), joined(axes, by: ", ")])
    }

    private func whatItIs(_ sum: LayerSum) -> String {
        let name = layer.name(sum.tensor.primal, sum.selection.place)
        let count = grouped(sum.terms.count)
        let windows = layer.sliding.windowCount
        switch (sum.tensor, layer.settings.kind) {
        case (.dw, _):
            let all = windows * layer.settings.batch
            if sum.terms.count < all { return filled(strings.weightPaddingFact, [name, grouped(all), count]) }
            return filled(all == 1 ? strings.weightFactOne : strings.weightFact, [name, count])
        case (.dv, .max):
            let chosen = sum.terms.count { $0.share == 1 }
            return filled(strings.maximumFact, [name, count, "\(chosen)", grouped(windows)])
        case (.dv, .average):
            return filled(strings.meanFact, [name, count, "\(layer.sliding.tapCount)", grouped(windows)])
        case (.dv, _):
            let facts = [strings.pixelFactNone, strings.pixelFactOne, strings.pixelFact]
            return filled(facts[min(sum.terms.count, 2)], [name, count])
        case (.db, _): return filled(strings.biasFact, [name, count])
        case (.g, .max): return filled(strings.maximumOutputFact, [name, count])
        case (.g, .average): return filled(strings.meanOutputFact, [name, count])
        case (.a, _): return filled(strings.activationFact, [name, "G" + String(name.dropFirst())])
        default:
            let value = written(layer.value(.dg, sum.selection.place))
            let fact =
                layer.shapes[.a] != nil
                ? strings.outputInnerFact : layer.error == nil ? strings.outputFact : strings.outputTargetFact
            let products = sum.terms.count { $0.link.b < 0 }
            let bias = products < sum.terms.count ? strings.andBias : ""
            let window = layer.sliding.isTransposed ? strings.coveredOutput : strings.windowOutput
            return filled(fact, [name, filled(window, [grouped(products)]) + bias, value])
        }
    }
}

extension Expression {
    /// The expression with numbers short enough for a line of many.
    var roundedNumbers: Expression {
        switch self {
        case .number(let number): .number(decimal(rounded(number, digits: 4)) ?? number)
        case .product(let factors): .product(factors.map { $0.roundedNumbers })
        case .sum(let terms): .sum(terms.map { $0.roundedNumbers })
        default: self
        }
    }
}
