import AdjointGraphs

extension Sliding {
    /// Every window with the two elements that meet in it; where there are many, their products as a map.
    func windowPicture(of selection: Selection, _ terms: [WindowTerm]) -> Picture? {
        if selection.name == "B" || terms.count > 16 || !Plane(planeRanges).isReadable {
            return contributionPicture(of: selection, terms)
        }
        let title = title(of: selection)
        let tile = WindowTile(self, terms)
        let gap = (x: 36.0, y: 26.0)
        let across = max(1, min(terms.count, Int((980 + gap.x) / (tile.width + gap.x))))
        let places = Tiling(
            at: .init(Sheet.margin, 52), width: tile.width + gap.x, height: tile.height + gap.y, across: across)
        var sheet = Sheet(title)
        var total = 0.0
        for (number, term) in terms.enumerated() {
            total += term.value ?? 0
            let name = filled(words.windowTerm, ["\(number + 1)", text(of: term)])
            sheet.add([.group(name, tile.drawn(term, number, at: places.corner(number), total))])
        }
        let down = (terms.count + across - 1) / across
        sheet.add(
            [], right: Sheet.margin + Double(across) * places.width - gap.x, bottom: 52 + Double(down) * places.height)
        return sheet.picture(
            title, filled(words.sumInWords, [name(of: selection), joined(terms.map { text(of: $0) }, by: " + ")]),
            note: filled(words.windowsKey, [field]) + paddingKey, above: 0, below: 8)
    }

    /// A cell for every window, or for every tap where there is only one window: the sum of its terms over examples,
    /// filters and channels. A bias meets positions of G.
    private func contributionPicture(of selection: Selection, _ terms: [WindowTerm]) -> Picture? {
        let products = terms.filter { $0.factors.first?.name != "B" }
        guard !products.isEmpty, products.allSatisfy({ $0.value != nil }) else { return nil }
        let (sizes, sentence, place): ([Int], String, (WindowTerm) -> [Int]) =
            selection.name == result
            ? (taps, words.tapsAdd, { $0.tap })
            : selection.name == "B" && isTransposed
                ? (inputs, words.positionsAdd, { $0.position }) : (outputs, words.windowsAdd, { $0.window })
        var sums: [[Int]: Double] = [:]
        for term in products { sums[place(term), default: 0] += term.value ?? 0 }
        let (limit, isClipped) = Picture.Scale.limit(of: Array(sums.values))
        func color(_ p: [Int]) -> Picture.Color { Picture.Scale.gradient.color(sums[p] ?? 0, largest: limit) }

        let title = filled(sentence, [name(of: selection)]) + outerSum(of: selection.name)
        var sheet = Sheet(title, width: 300)
        let fitted = Plane(sizes: sizes, at: .init(Sheet.margin, 48)).fitted(width: 480, height: 440, largest: 36)
        let labels = fitted.isReadable ? sums.mapValues { written($0, digits: 2) } : [:]
        let plane = (fitted.isReadable ? fitted.readable(Array(labels.values)) : fitted).whole
        let drawing =
            plane.isReadable
            ? plane.drawn { p in
                Plane.Cell(label: labels[p] ?? "", fill: color(p), hatch: labels[p] == nil ? 6 : nil)
            } : plane.image(plane.map(color))
        sheet.add(drawing, plane)
        let legend = Picture.Point(Sheet.margin, 48 + plane.height + 24)
        sheet.add(
            Picture.Scale.gradient.legend(at: legend, largest: limit, isClipped: isClipped, cells: sizes.reduce(1, *)),
            bottom: legend.y + 14)
        let largest = sums.values.reduce(0) { max($0, $1.magnitude) }
        return sheet.picture(
            title, filled(words.addsInWords, ["\(sums.count)", rounded(largest)]), space: 12)
    }
}

/// A window on the field, beside it the element of the result that belongs to it, above both the term, and below them the
/// numbers.
private struct WindowTile {
    let sliding: Sliding
    let field, results: Plane
    /// Whether numbers are known.
    let isKnown: Bool
    let width, height: Double

    private static let between = 26.0
    private static let top = 24.0

    init(_ sliding: Sliding, _ terms: [WindowTerm]) {
        self.sliding = sliding
        let labels = Plane(sizes: sliding.inputs).positions.map { sliding.label(sliding.field, $0) }
        field = Plane(sliding.planeRanges).fitted(width: terms.count > 4 ? 190 : 230, height: 190, largest: 40)
            .readable(labels, hasNotes: true)
        results = Plane(sizes: sliding.outputs).fitted(width: 90, height: 190, largest: min(26, field.side))
        isKnown = terms.allSatisfy { $0.value != nil }
        var (texts, total) = (0.0, 0.0)
        for term in terms {
            total += term.value ?? 0
            let lines = isKnown ? WindowTile.lines(term, total, sliding.words) : (numbers: "", total: "")
            for (text, size) in [("16  " + sliding.text(of: term), 16.0), (lines.numbers, 13), (lines.total, 14.8)] {
                texts = max(texts, Picture.width(of: text, size: size))
            }
        }
        width = max(field.width + WindowTile.between + results.width, texts + 24)
        height = WindowTile.top + 10 + max(field.height, results.height) + (isKnown ? 44 : 8)
    }

    /// - Parameter total: the sum of this term and those before it.
    func drawn(_ term: WindowTerm, _ number: Int, at corner: Picture.Point, _ total: Double) -> [Picture.Element] {
        let plane = field.placed(at: corner.moved(by: 0, WindowTile.top))
        let beside = results.placed(
            at: .init(corner.x + plane.width + WindowTile.between, corner.y + WindowTile.top))
        var elements: [Picture.Element] = [
            .text(corner.moved(by: 0, 6), "\(number + 1)", size: Sheet.noteSize, .faint),
            .text(corner.moved(by: 20, 6), sliding.text(of: term), size: 14, isBold: true),
        ]
        let taps = term.window.isEmpty ? [] : sliding.positions(ofWindow: term.window)
        elements += plane.drawn { cell($0, term, isTap: taps.contains($0)) }
        elements += beside.drawn { position in
            let label = sliding.label(sliding.result, position)
            return position == term.window
                ? Plane.Cell(label: label, fill: .accent, stroke: .accent) : Plane.Cell(label: label, isFaint: true)
        }
        guard isKnown else { return elements }
        let lines = WindowTile.lines(term, total, sliding.words)
        let low = corner.y + WindowTile.top + max(plane.height, beside.height)
        return elements + [
            .text(.init(corner.x, low + 18), lines.numbers, size: 13),
            .text(.init(corner.x, low + 37), lines.total, size: 13, .accent, isBold: true),
        ]
    }

    /// The product in numbers, `2·(−1) = −2`, and the sum with the terms before.
    private static func lines(_ term: WindowTerm, _ total: Double, _ words: Words) -> (numbers: String, total: String) {
        let factors = term.factors.map { factor -> String in
            let value = factor.value ?? 0
            return value < 0 ? "(\(written(value)))" : written(value)
        }
        let product = written(term.value ?? 0, digits: 5)
        return (
            joined(factors, by: "·") + " = " + product, filled(words.runningTotal, [written(total, digits: 5)])
        )
    }

    /// A cell for a position of the field: in the padding, under a tap, or the term's own.
    private func cell(_ position: [Int], _ term: WindowTerm, isTap: Bool) -> Plane.Cell {
        let isInside = sliding.isInside(position)
        var cell = Plane.Cell(label: isInside ? sliding.label(sliding.field, position) : "", isFaint: !isTap)
        cell.fill = isTap ? .accent : isInside ? .none : .faint
        if position == term.position {
            let color = sliding.color(of: term.tap)
            (cell.fill, cell.stroke, cell.hatch) = (.group(color), .group(color), color)
            if let weight = weightLabel(term.tap) { cell.note = "·" + weight }
        }
        return cell
    }

    /// The label of a weight: `W1`, or where elements have an index that of the tap.
    private func weightLabel(_ tap: [Int]) -> String? {
        guard sliding.shapes["W"] != nil, tap.count == sliding.taps.count else { return nil }
        return sliding.naming == .numbered ? sliding.label("W", tap) : "w" + joined(tap, by: ",")
    }
}

extension Sliding {
    /// The positions of a window's taps, also outside the plane.
    func positions(ofWindow p: [Int]) -> [[Int]] {
        Plane(sizes: taps).positions.map { tap in
            window.axes.indices.map { axis in
                let along = window.axes[axis]
                return along.stride * p[axis] + along.dilation * tap[axis] - along.padding
            }
        }
    }
}
