import AdjointExplanations
import AdjointGraphs

/// The equation of what is looked at, and the bars of its terms.
extension Page {
    var readingHTML: String {
        guard let sum else { return "<p class=\"hint\">\(markup(strings.nothingSelected))</p>" + copiesHTML }
        var html = "<header class=\"sum\"><h2>\(heading(sum))</h2>\(notationSwitch)</header>"
        if isHidden(sum.tensor, sum.selection.place) { return "<p class=\"hint\">\(markup(strings.exerciseHides))</p>" }
        html += sum.equation == nil || sum.terms.count > Sum.short ? foldedEquation(sum) : writtenEquation(sum)
        html += fact(sum)
        if sum.tensor != .a { html += barsHTML(sum) }
        return html + copiesHTML
    }

    /// `∂E/∂W1 = 4`
    private func heading(_ sum: Sum) -> String {
        let left = layer.expression(sum.tensor, sum.selection.place)
        return "<math><mrow>\(left.mathML)<mo>=</mo>\(number(sum.total))</mrow></math>"
    }

    private func number(_ number: Double) -> String {
        let text = written(number, digits: 5)
        guard number < 0 else { return "<mn>\(text)</mn>" }
        return "<mo form=\"prefix\">−</mo><mn>\(written(-number, digits: 5))</mn>"
    }

    private var notationSwitch: String {
        var html = "<div class=\"switch\" role=\"radiogroup\" aria-label=\"\(markup(strings.notation))\">"
        for notation in PageState.Notation.allCases {
            let isOn = notation == state.notation
            html +=
                "<button role=\"radio\" id=\"as-\(notation.rawValue)\" aria-checked=\"\(isOn)\" tabindex=\"\(isOn ? 0 : -1)\" "
                + "data-do=\"show \(notation.rawValue)\">\(markup(strings.notations[notation.rawValue] ?? ""))</button>"
        }
        return html + "</div>"
    }

    // MARK: the equation

    private func writtenEquation(_ sum: Sum) -> String {
        guard let equation = sum.equation else { return "" }
        let left = "<math>\(equation.left.mathML)</math>"
        var rows: [(String, String)] = []
        if case .number = equation.right {
            // Nothing leads from the element to the error.
            return "<div class=\"equation\" id=\"equation\"><div class=\"left\">\(left)</div><div class=\"is\">=</div>"
                + "<div class=\"right\"><span class=\"total\"><math>\(number(sum.total))</math></span></div></div>"
        }
        // What the chain rule says first; then the partials are put in.
        if let chain = sum.chain, state.notation == .symbols {
            rows.append((left, terms(chain.right, of: sum, equation.right)))
        }
        switch state.notation {
        case .symbols:
            rows.append((rows.isEmpty ? left : "", terms(equation.right, of: sum, equation.right)))
        case .numbers:
            rows.append((left, terms(equation.right, of: sum, equation.right)))
            rows.append(
                ("", terms(equation.right.substituting { layer.known($0) }.roundedNumbers, of: sum, equation.right)))
        case .values:
            rows.append((left, terms(equation.right, of: sum, equation.right)))
            let values = equation.right.terms.map { Expression.number($0.value { layer.known($0) } ?? .nan) }
            rows.append(
                ("", terms((values.count == 1 ? values[0] : .sum(values)).roundedNumbers, of: sum, equation.right)))
        }
        rows.append(("", "<span class=\"total\"><math>\(number(sum.total))</math></span>"))
        var html = "<div class=\"equation\" id=\"equation\">"
        for row in rows {
            html += "<div class=\"left\">\(row.0)</div><div class=\"is\">=</div><div class=\"right\">\(row.1)</div>"
        }
        return html + "</div>"
    }

    /// The addends one by one, each with the number that its window, bar and cells have.
    private func terms(_ right: Expression, of sum: Sum, _ written: Expression) -> String {
        let numbers = termNumbers(of: written, in: sum)
        var html = ""
        for (position, addend) in right.mathMLAddends.enumerated() {
            let number = position < numbers.count ? numbers[position] : position
            let isNow = number == self.term
            html +=
                "<span class=\"term\(isNow ? " n" : "")\(color(of: number, in: sum))\" data-term=\"\(number)\">"
                + "<math><mrow>\(addend)</mrow></math></span>"
        }
        return html
    }

    /// Which term of the sum each addend is: their order is the same, but for a pool's that are zero.
    private func termNumbers(of written: Expression, in sum: Sum) -> [Int] {
        let addends = written.terms
        guard addends.count != sum.terms.count else { return Array(addends.indices) }
        var used: Set<Int> = []
        return addends.map { addend in
            let text = addend.text
            let found = sum.terms.indices.first { number in
                guard !used.contains(number), sum.terms[number].value != 0 || sum.terms.count == 1 else { return false }
                let its = layer.expression(sum.terms[number].link, in: sum.tensor).factors[0].text
                return text == its || addend.factors.contains { $0.text == its }
            }
            if let found { used.insert(found) }
            return found ?? 0
        }
    }

    /// The colour of the weight that a term goes through.
    func color(of number: Int, in sum: Sum) -> String {
        guard number < sum.terms.count, layer.relation.taps.count <= 8, !layer.settings.isPool, sum.tensor != .db,
            sum.tensor != .a
        else { return " gx" }
        return " g\(sum.terms[number].link.tap)"
    }

    /// A sum of more terms than anybody reads: the largest of them, and what the rest comes to; or a list of all.
    private func foldedEquation(_ sum: Sum) -> String {
        let left = layer.expression(sum.tensor, sum.selection.place)
        // What is only passed over stays short.
        let isOpen = if case .cell? = hovered { false } else { state.isUnfolded }
        let isWhole = isOpen && sum.terms.count <= Sum.listed
        let shown = isWhole ? Array(sum.terms.indices) : sum.strongest(isOpen ? Sum.listed : 10)
        let addends = shown.map { number -> Expression in
            let term = sum.terms[number]
            let expression = layer.expression(term.link, in: sum.tensor)
            return switch state.notation {
            case .symbols: expression
            case .numbers: expression.substituting { layer.known($0) }.roundedNumbers
            case .values: Expression.number(term.value).roundedNumbers
            }
        }
        var right = ""
        for (number, addend) in zip(shown, Expression.sum(addends).mathMLAddends) {
            right +=
                "<span class=\"term gx\(number == self.term ? " n" : "")\" data-term=\"\(number)\"><math><mrow>"
                + "\(addend)</mrow></math></span>"
        }
        let others = sum.terms.count - shown.count
        let button =
            "<button class=\"link\" id=\"fold\" data-do=\"fold\" aria-expanded=\"\(isOpen)\">"
            + markup(isOpen ? strings.fold : filled(strings.unfold, [grouped(others)])) + "</button>"
        if others > 0 { right += "<span><math><mo form=\"infix\">+</mo></math> \(isOpen ? "…" : button)</span>" }
        let list = isOpen ? " all\" tabindex=\"0\" role=\"group\" aria-label=\"\(markup(strings.readingLabel))" : ""
        let sizes = sum.plus - sum.minus
        let held = shown.map { sum.terms[$0].value }
        let rest = held.reduce(sum.plus + sum.minus, -)
        let share = sizes == 0 ? 0 : held.reduce(0) { $0 + $1.magnitude } / sizes
        return
            "<div class=\"equation\" id=\"equation\"><div class=\"left\"><math>\(left.mathML)</math></div><div class=\"is\">=</div><div class=\"right\(list)\">\(right)</div>"
            + "<div class=\"left\"></div><div class=\"is\">=</div><div class=\"right\"><span class=\"total\"><math>\(number(sum.total))</math></span></div></div>"
            + "<p class=\"fold\">\(isOpen ? button : "") "
            + markup(
                filled(
                    isWhole ? strings.unfolded : strings.folded,
                    [
                        grouped(sum.terms.count), grouped(shown.count), written(100 * share, digits: 3),
                        written(sum.plus), written(sum.minus), written(sum.plus + sum.minus),
                        written(sum.cancellation, digits: 2), written(rest.magnitude < 1e-12 * sizes ? 0 : rest),
                    ])) + "</p>"
    }

    // MARK: what it says

    private func fact(_ sum: Sum) -> String {
        let name = layer.naming.name(
            sum.selection.name, at: sum.selection.place, of: layer.shapes[sum.tensor.primal] ?? []
        ).text
        let count = grouped(sum.terms.count)
        var text: String
        switch sum.tensor {
        case .dw:
            let windows = layer.relation.windows * layer.settings.batch
            text =
                sum.terms.count == windows
                ? filled(windows == 1 ? strings.weightFactOne : strings.weightFact, [name, count])
                : filled(strings.weightPaddingFact, [name, grouped(windows), count])
        case .dv where layer.settings.kind == .max:
            let chosen = sum.terms.count { layer.share($0.link) == 1 }
            text = filled(strings.maximumFact, [name, count, "\(chosen)", grouped(layer.relation.windows)])
        case .dv where layer.settings.kind == .average:
            text = filled(
                strings.meanFact, [name, count, "\(layer.relation.taps.count)", grouped(layer.relation.windows)])
        case .g where layer.settings.isPool:
            text = filled(
                layer.settings.kind == .max ? strings.maximumOutputFact : strings.meanOutputFact, [name, count])
        case .dv:
            let facts = [strings.pixelFactNone, strings.pixelFactOne, strings.pixelFact]
            text = filled(facts[min(sum.terms.count, 2)], [name, count])
        case .db: text = filled(strings.biasFact, [name, count])
        case .a: text = filled(strings.activationFact, [name, "G" + String(name.dropFirst())])
        default:
            let value = written(layer.value(.dg, sum.selection.place))
            text = filled(layer.shapes[.a] == nil ? strings.outputFact : strings.outputInnerFact, [name, count, value])
        }
        if let term, term < sum.terms.count {
            let running = sum.terms[...term].reduce(0.0) { $0 + $1.value }
            text +=
                " "
                + filled(strings.runningFact, ["\(term + 1)", count, written(sum.terms[term].value), written(running)])
        }
        return "<p class=\"fact\">\(markup(text))</p>"
    }
}

extension Expression {
    /// With numbers short enough for a line of many.
    var roundedNumbers: Expression {
        switch self {
        case .number(let number): .number(decimal(rounded(number, digits: 4)) ?? number)
        case .product(let factors): .product(factors.map { $0.roundedNumbers })
        case .sum(let terms): .sum(terms.map { $0.roundedNumbers })
        default: self
        }
    }
}
