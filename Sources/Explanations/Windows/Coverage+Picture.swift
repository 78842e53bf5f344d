import AdjointGraphs

extension Sliding {
    /// The number of windows over each position, with the windows as bars along the last two axes.
    func coveragePicture() -> Picture {
        let coverage = Coverage(self)
        let axes = window.axes.indices.suffix(2)
        let hasBars = Plane(planeRanges).isReadable && axes.allSatisfy { outputs[$0] <= 16 }
        /// The space that the bars of an axis need.
        func room(_ axis: Int?) -> Double { hasBars ? axis.map { Double(barRows($0)) * 17 + 8 } ?? 0 : 0 }
        let corner = Picture.Point(
            Sheet.margin + room(axes.count == 2 ? axes.first : nil), 48 + room(axes.last))
        let plane = Plane(planeRanges, at: corner).fitted(width: 560, height: 440, largest: 40).whole

        let title = filled(words.coverageMap, [field])
        var sheet = Sheet(title, width: 340)
        draw(plane, on: &sheet, colors: { isInside($0) ? coverage.color($0) : .faint }, cells: { coverage.cell($0) })
        if hasBars { for axis in axes { sheet.add(bars(axis, isAcross: axis == axes.last, beside: plane)) } }
        let key =
            words.countKey + (coverage.isComplete ? "" : words.uncoveredKey) + paddingKey
            + (hasBars ? words.barsKey : "")
        return sheet.picture(title, coverage.text, note: key, above: 22, below: 4)
    }

    /// As many rows of bars as windows of an axis overlap.
    private func barRows(_ axis: Int) -> Int {
        min(outputs[axis], (window.axes[axis].reach(taps: taps[axis]) - 1) / window.axes[axis].stride + 1)
    }

    /// Each window of an axis as a bar over its positions, darker on its taps, with its number.
    private func bars(_ axis: Int, isAcross: Bool, beside plane: Plane) -> [Picture.Element] {
        let along = window.axes[axis]
        let reach = along.reach(taps: taps[axis])
        return (0..<outputs[axis]).flatMap { p -> [Picture.Element] in
            let level = Double(p % max(1, barRows(axis))) * 17 + 8
            let first = along.stride * p - along.padding - plane.ranges[axis].lowerBound
            func place(_ offset: Double, _ distance: Double) -> Picture.Point {
                isAcross ? plane.origin.moved(by: offset, -distance) : plane.origin.moved(by: -distance, offset)
            }
            func bar(_ first: Int, _ count: Int, _ fill: Picture.Color, _ stroke: Picture.Color) -> Picture.Element {
                let length = Double(count) * plane.side - 4
                return .rectangle(
                    place(Double(first) * plane.side + 2, level + 13), width: isAcross ? length : 13,
                    height: isAcross ? 13 : length, corner: 3, fill: fill, stroke: stroke)
            }
            let taps =
                along.dilation == 1
                ? [bar(first, reach, .accent, .none)]
                : (0..<taps[axis]).map { bar(first + along.dilation * $0, 1, .accent, .none) }
            let middle = place((Double(first) + Double(reach) / 2) * plane.side, level + 6.5)
            let number = String(naming == .numbered ? p + 1 : p)
            return [bar(first, reach, .none, .faint)] + taps + [.text(middle, number, size: 10, anchor: .middle)]
        }
    }
}

/// How many windows have a tap on each position of the field.
struct Coverage {
    let sliding: Sliding
    /// The counts by axis and position.
    let counts: [[Int]]
    let largest: Int

    init(_ sliding: Sliding) {
        self.sliding = sliding
        counts = sliding.window.axes.indices.map { sliding.coverage($0) }
        largest = counts.reduce(1) { $0 * ($1.max() ?? 0) }
    }

    func count(_ position: [Int]) -> Int { zip(counts, position).reduce(1) { $0 * $1.0[$1.1] } }

    var isComplete: Bool { counts.allSatisfy { !$0.contains(0) } }

    func color(_ position: [Int]) -> Picture.Color {
        .share(largest == 0 ? 0 : Double(count(position)) / Double(largest) * 0.75, .activation)
    }

    func cell(_ position: [Int]) -> Plane.Cell {
        guard sliding.isInside(position) else { return Plane.Cell(fill: .faint) }
        let count = count(position)
        return Plane.Cell(label: String(count), fill: color(position), hatch: count == 0 ? 6 : nil)
    }

    /// The counts row by row, or their range.
    var text: String {
        if Shape(sliding.inputs).count > 100 {
            let least = counts.reduce(1) { $0 * ($1.min() ?? 0) }
            return filled(sliding.words.countsRange, ["\(least)", "\(largest)"])
        }
        let counts = Plane(sizes: sliding.inputs).map { count($0) }
        let columns = sliding.inputs.last ?? 1
        let rows = stride(from: 0, to: counts.count, by: columns).map { start in
            joined(counts[start..<start + columns], by: " ")
        }
        return filled(sliding.words.countsByRow, [joined(rows, by: "; ")])
    }
}
