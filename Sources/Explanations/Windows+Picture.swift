import AdjointGraphs

extension Sliding {
    /// How an element is called inside a drawing of its own plane: its number, or its spatial index.
    func label(_ name: String, _ position: [Int]) -> String {
        guard naming == .numbered, let shape = shapes[name] else {
            return joined(position.map { String($0) }, by: ",")
        }
        return naming.name(name, at: shape.place(of: [0, 0] + position) ?? 0, of: shape).text
    }

    func isInside(_ position: [Int]) -> Bool {
        zip(position, inputs).allSatisfy { $0 >= 0 && $0 < $1 }
    }

    /// Where the taps of a window lie, inside or not.
    func positions(ofWindow p: [Int]) -> [[Int]] {
        Plane(taps.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: 1).positions.map { tap in
            window.axes.indices.map { axis in
                let along = window.axes[axis]
                return along.stride * p[axis] + along.dilation * tap[axis] - along.padding
            }
        }
    }

    var planeRanges: [ClosedRange<Int>] { window.axes.indices.map { bounds($0) } }

    /// For a key to what is drawn.
    var paddingKey: String {
        zip(planeRanges, inputs).allSatisfy { $0.count == $1 } ? "" : words.paddingKey
    }

    // MARK: one tile a window

    /// Every window with the two elements that meet in it, or where all of them add something as a map.
    func windowPicture(
        of selection: Selection, _ terms: [WindowTerm], _ values: [String: Tensor]
    ) -> Picture? {
        let cells = planeRanges.reduce(1) { $0 * $1.count }
        if selection.name == "B" || terms.count > 16 || cells > Plane.readableCells {
            return contributionPicture(of: selection, terms)
        }
        let name = written(selection)
        let side = Plane.side(planeRanges, width: terms.count > 4 ? 190 : 230, height: 190, largest: 40)
        let small = min(side, Plane.side(outputs.map { 0...$0 - 1 }, width: 90, height: 190, largest: 26))
        let model = Plane(planeRanges, at: Picture.Point(0, 0), side: side)
        let results = Plane(outputs.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: small)
        let isKnown = terms.allSatisfy { $0.value != nil }
        let between = 26.0
        let texts = terms.reduce(0) { max($0, Picture.width(of: "1  " + $1.text, size: 14)) }
        let tile = (
            width: max(model.width + between + results.width, texts + 30),
            height: 34 + max(model.height, results.height) + (isKnown ? 44 : 8)
        )
        let across = max(1, min(terms.count, Int((980 + 36) / (tile.width + 36))))
        let down = (terms.count + across - 1) / across
        let title = caption("\(name), window by window")
        var elements = [title.element]
        var running = 0.0
        for (number, term) in terms.enumerated() {
            let corner = Picture.Point(
                pictureMargin + Double(number % across) * (tile.width + 36),
                52 + Double(number / across) * (tile.height + 26))
            running += term.value ?? 0
            elements.append(
                .group(
                    "term \(number + 1): \(term.text)",
                    tileElements(term, number, corner, side, small, between, running: isKnown ? running : nil)))
        }
        let width = max(
            2 * pictureMargin + Double(across) * (tile.width + 36) - 36,
            title.right + pictureMargin)
        let end = 52 + Double(down) * (tile.height + 26)
        let key = "violet: the window's taps; orange and hatched: the element of \(field) that counts" + paddingKey
        elements += wrapped(key, at: Picture.Point(pictureMargin, end), width: width - 2 * pictureMargin)
        let lines = lineCount(key, width: width - 2 * pictureMargin)
        return Picture(
            "\(name), window by window",
            description: "\(name) as a sum over windows: " + joined(terms.map { $0.text }, by: " + ") + ".",
            width: width, height: end + Double(lines) * 17 + 8, elements: elements)
    }

    private func tileElements(
        _ term: WindowTerm, _ number: Int, _ corner: Picture.Point, _ side: Double, _ small: Double, _ between: Double,
        running: Double?
    ) -> [Picture.Element] {
        let plane = Plane(planeRanges, at: Picture.Point(corner.x, corner.y + 24), side: side)
        let results = Plane(
            outputs.map { 0...$0 - 1 }, at: Picture.Point(corner.x + plane.width + between, corner.y + 24), side: small)
        let taps = positions(ofWindow: term.window)
        var elements: [Picture.Element] = [
            .text(
                Picture.Point(corner.x, corner.y + 6), "\(number + 1)", size: noteSize, anchor: .start, .faint,
                isBold: false),
            .text(
                Picture.Point(corner.x + 20, corner.y + 6), term.text, size: 14, anchor: .start, .ink, isBold: true),
        ]
        elements += plane.drawn { position in
            var cell = Plane.Cell(label: isInside(position) ? label(field, position) : "", isFaint: true)
            if !isInside(position) { cell.fill = .faint }
            if taps.contains(position) {
                cell.fill = .accent
                cell.isFaint = false
            }
            if position == term.position {
                (cell.fill, cell.stroke, cell.hatch) = (.group(0), .group(0), 0)
                if let weight = weightLabel(term.tap) { cell.note = "·" + weight }
            }
            return cell
        }
        elements += results.drawn { position in
            var cell = Plane.Cell(label: small >= 18 ? label(result, position) : "", isFaint: true)
            if position == term.window { (cell.fill, cell.stroke, cell.isFaint) = (.accent, .accent, false) }
            return cell
        }
        let low = corner.y + 24 + max(plane.height, results.height)
        if let running, let value = term.value {
            let numbers = joined(term.factors.map { bracketed($0.value ?? 0) }, by: "·")
            elements.append(
                .text(
                    Picture.Point(corner.x, low + 18), "\(numbers) = \(rounded(value, digits: 5))", size: 13,
                    anchor: .start, .ink, isBold: false))
            elements.append(
                .text(
                    Picture.Point(corner.x, low + 37), "total \(rounded(running, digits: 5))", size: 13, anchor: .start,
                    .accent, isBold: true))
        }
        return elements
    }

    /// `W1`, or where elements have an index the tap's.
    private func weightLabel(_ tap: [Int]) -> String? {
        guard shapes["W"] != nil, tap.count == taps.count else { return nil }
        return naming == .numbered ? label("W", tap) : "w" + joined(tap.map { String($0) }, by: ",")
    }

    // MARK: what all windows add

    /// A cell for every window: what it adds.
    private func contributionPicture(of selection: Selection, _ terms: [WindowTerm]) -> Picture? {
        let first = terms.filter { $0.example == (terms.first?.example ?? 0) }
        guard !first.isEmpty, first.allSatisfy({ $0.value != nil }) else { return nil }
        var sums: [[Int]: Double] = [:]
        for term in first { sums[term.window] = (sums[term.window] ?? 0) + (term.value ?? 0) }
        let largest = sums.values.reduce(0) { max($0, $1.magnitude) }
        let (limit, isClipped) = limit(Array(sums.values))
        let name = written(selection)
        let ranges = outputs.map { 0...$0 - 1 }
        var side = Plane.side(ranges, width: 480, height: 440, largest: 36)
        if ranges.reduce(1, { $0 * $1.count }) > Plane.readableCells { side = Plane.whole(side) }
        let plane = Plane(ranges, at: Picture.Point(pictureMargin, 48), side: side)
        let title = "What each window adds to \(name)"
        let heading = caption(title)
        var elements = [heading.element]
        func color(_ p: [Int]) -> Picture.Color { .gradient(limit == 0 ? 0 : (sums[p] ?? 0) / limit) }
        if plane.count <= Plane.readableCells {
            elements += plane.drawn { p in
                var cell = Plane.Cell(label: sums[p].map { rounded($0, digits: 3) } ?? "", fill: color(p))
                if sums[p] == nil { cell.hatch = 6 }
                return cell
            }
        } else {
            elements += plane.image(color)
        }
        let width = max(plane.width + pictureMargin, heading.right, 300) + pictureMargin
        let (bottom, legend) = scale(
            at: Picture.Point(pictureMargin, 48 + plane.height + 24), { .gradient($0) }, largest: limit,
            isClipped: isClipped)
        return Picture(
            title,
            description: "A map of \(first.count) terms, one for each window, of which the largest is "
                + "\(rounded(largest)) in size.",
            width: width, height: bottom + 12, elements: elements + legend)
    }

    // MARK: coverage

    /// How many windows lie over each position, the windows themselves as bars along the last two axes.
    func coveragePicture() -> Picture {
        let ranges = planeRanges
        let counts = window.axes.indices.map { coverage($0) }
        let largest = counts.reduce(1) { $0 * ($1.max() ?? 0) }
        func count(_ position: [Int]) -> Int {
            position.indices.reduce(1) { $0 * counts[$1][position[$1]] }
        }
        let title = filled(words.coverageMap, [field])
        let isReadable = ranges.reduce(1) { $0 * $1.count } <= Plane.readableCells
        let hasBars = isReadable && outputs.suffix(2).allSatisfy { $0 <= 16 }
        let levels = window.axes.indices.suffix(2).map { axis in
            let reach = window.axes[axis].dilation * (taps[axis] - 1) + 1
            return hasBars ? min(outputs[axis], (reach - 1) / window.axes[axis].stride + 1) : 0
        }
        let across = Double(levels.last ?? 0) * 17 + (hasBars ? 8 : 0)
        let down = levels.count == 2 && hasBars ? Double(levels[0]) * 17 + 8 : 0
        var side = Plane.side(ranges, width: 560, height: 440, largest: 40)
        if !isReadable { side = Plane.whole(side) }
        let plane = Plane(ranges, at: Picture.Point(pictureMargin + down, 48 + across), side: side)
        let heading = caption(title)
        var elements = [heading.element]
        func color(_ position: [Int]) -> Picture.Color {
            .activation(largest == 0 ? 0 : Double(count(position)) / Double(largest) * 0.75)
        }
        var bottom = plane.origin.y + plane.height
        var right = plane.origin.x + plane.width
        if isReadable {
            elements += plane.drawn { cell($0, color, count) }
        } else {
            elements += plane.image { isInside($0) ? color($0) : .faint }
            let lenses = lenses(beside: plane) { cell($0, color, count) }
            elements += lenses.elements
            right = max(right, lenses.right)
            bottom = max(bottom, lenses.bottom)
        }
        if hasBars { elements += bars(levels, plane) }
        let isCovered = counts.allSatisfy { !$0.contains(0) }
        let key =
            words.countKey + (isCovered ? "" : words.uncoveredKey) + paddingKey + (hasBars ? words.barsKey : "")
        let width = max(right, heading.right, 340) + pictureMargin
        elements += wrapped(key, at: Picture.Point(pictureMargin, bottom + 22), width: width - 2 * pictureMargin)
        let lines = lineCount(key, width: width - 2 * pictureMargin)
        return Picture(
            title, description: coverageText(count), width: width,
            height: bottom + 18 + Double(lines) * 17 + 8, elements: elements)
    }

    /// The counts row by row, or their range.
    private func coverageText(_ count: ([Int]) -> Int) -> String {
        let plane = Plane(inputs.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: 1)
        let counts = plane.positions.map { count($0) }
        if counts.count > 100 {
            return filled(words.countsRange, ["\(counts.min() ?? 0)", "\(counts.max() ?? 0)"])
        }
        let columns = inputs.last ?? 1
        let rows = stride(from: 0, to: counts.count, by: columns).map { start in
            joined(counts[start..<start + columns].map { String($0) }, by: " ")
        }
        return filled(words.countsByRow, [joined(rows, by: "; ")])
    }

    private func cell(
        _ position: [Int], _ color: ([Int]) -> Picture.Color, _ count: ([Int]) -> Int
    ) -> Plane.Cell {
        guard isInside(position) else { return Plane.Cell(fill: .faint) }
        let count = count(position)
        return Plane.Cell(label: String(count), fill: color(position), hatch: count == 0 ? 6 : nil)
    }

    /// Each window of an axis as a bar over what it reaches, darker on its taps.
    private func bars(_ levels: [Int], _ plane: Plane) -> [Picture.Element] {
        var elements: [Picture.Element] = []
        let axes = Array(window.axes.indices.suffix(2))
        for (number, axis) in axes.enumerated() {
            let isAcross = number == axes.count - 1
            for p in 0..<outputs[axis] {
                let along = window.axes[axis]
                let start = along.stride * p - along.padding
                let level = Double(p % max(1, levels[number])) * 17 + 8
                func bar(_ first: Int, _ count: Int, _ fill: Picture.Color, _ stroke: Picture.Color) -> Picture.Element
                {
                    let offset = Double(first - plane.ranges[axis].lowerBound) * plane.side + 2
                    let length = Double(count) * plane.side - 4
                    let corner =
                        isAcross
                        ? Picture.Point(plane.origin.x + offset, plane.origin.y - level - 13)
                        : Picture.Point(plane.origin.x - level - 13, plane.origin.y + offset)
                    return .rectangle(
                        corner, width: isAcross ? length : 13, height: isAcross ? 13 : length, corner: 3, fill: fill,
                        stroke: stroke, hatch: nil)
                }
                let reach = along.dilation * (taps[axis] - 1) + 1
                elements.append(bar(start, reach, .none, .faint))
                for tap in 0..<taps[axis] where along.dilation > 1 {
                    elements.append(bar(start + along.dilation * tap, 1, .accent, .none))
                }
                if along.dilation == 1 { elements.append(bar(start, reach, .accent, .none)) }
                let middle = (Double(start - plane.ranges[axis].lowerBound) + Double(reach) / 2) * plane.side
                elements.append(
                    .text(
                        isAcross
                            ? Picture.Point(plane.origin.x + middle, plane.origin.y - level - 6.5)
                            : Picture.Point(plane.origin.x - level - 6.5, plane.origin.y + middle),
                        String(naming == .numbered ? p + 1 : p), size: 10, anchor: .middle, .ink, isBold: false))
            }
        }
        return elements
    }
}
