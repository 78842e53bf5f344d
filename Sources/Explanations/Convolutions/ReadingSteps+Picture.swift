import AdjointGraphs

extension ReadingSteps {
    /// The chains of planes for plane and filter, and the result of sliding one over the other.
    package func picture() -> Picture {
        var drawing = ReadingDrawing(title, plane + filter + result)
        let heights = [plane, filter, result].map { drawing.height($0) }
        let (top, low) = (78 + heights[0] / 2, 78 + heights[0] + 56 + heights[1] / 2)
        // A tall result, which is drawn in the middle, must not overlap the caption.
        let down = max(0, 62 - ((top + low) / 2 - heights[2] / 2 - 13))
        let middles = [top + down, low + down]
        let ends = zip([plane, filter], middles).map { drawing.draw($0, from: Sheet.margin, middle: $1) }
        let meeting = Picture.Point(max(ends[0].right, ends[1].right) + 44, (middles[0] + middles[1]) / 2)
        for (end, middle) in zip(ends, middles) { drawing.draw(from: .init(end.plane + 8, middle), to: meeting) }
        drawing.sheet.add([
            .circle(meeting, radius: 12, fill: .paper, stroke: .ink), .text(meeting, "⋆", size: 22, anchor: .middle),
        ])
        let end = drawing.draw(result, from: meeting.x + 6, middle: meeting.y, isResult: true, sum)
        drawing.sheet.add(
            [], right: end.right, bottom: max(middles[1] + heights[1] / 2, meeting.y + heights[2] / 2))
        let isCut = result.contains { $0.labels?.contains("") ?? false }
        return drawing.sheet.picture(
            title, sentence, note: words.readingKey + (isCut ? words.leftOutKey : ""), above: 26, below: 8)
    }
}

/// Chains of planes with arrows between them.
private struct ReadingDrawing {
    var sheet: Sheet
    /// The side of all cells, where those of all planes can be read; else nil.
    private var side: Double?

    init(_ title: String, _ stages: [ReadingSteps.Stage]) {
        sheet = Sheet(title)
        guard stages.allSatisfy({ $0.labels != nil }) else { return }
        side = stages.reduce(30) { side, stage in
            let width = stage.sizes.count == 2 ? 250.0 : 420
            return min(side, Plane(sizes: stage.sizes).fitted(width: width, height: 250, largest: 32).side)
        }
        side = stages.reduce(side ?? 30) { side, stage in
            let texts = (stage.labels ?? []) + (stage.notes ?? [])
            return max(
                side,
                Plane(sizes: stage.sizes, side: side).readable(texts, hasNotes: stage.notes != nil, within: 620).side)
        }
    }

    private func plane(_ stage: ReadingSteps.Stage) -> Plane {
        side.map { Plane(sizes: stage.sizes, side: $0) }
            ?? Plane(sizes: stage.sizes).fitted(width: 150, height: 150, largest: 24)
    }

    /// The height of the tallest plane.
    func height(_ stages: [ReadingSteps.Stage]) -> Double { stages.reduce(0) { max($0, plane($1).height) } }

    /// A chain of planes with a common middle, after an arrow where it is a result.
    ///
    /// - Parameter sum: the sum on the way to a result, in words.
    /// - Returns: the end of the last plane, and the end of the last plane and its name.
    mutating func draw(
        _ stages: [ReadingSteps.Stage], from start: Double, middle: Double, isResult: Bool = false, _ sum: String? = nil
    ) -> (plane: Double, right: Double) {
        var (end, x) = (start, start)
        for (number, stage) in stages.enumerated() {
            let added = number == 0 ? sum.map { ", " + $0 } ?? "" : ""
            if isResult || number > 0 { x = arrow(stage.step + added, from: .init(x, middle)) }
            let model = plane(stage)
            let plane = model.placed(at: .init(x, middle - model.height / 2))
            sheet.add([.group(stage.step.isEmpty ? stage.name : stage.step, drawn(stage, plane))])
            end = x + plane.width
            x += max(plane.width, Picture.width(of: isResult ? stage.name + "  00×00" : stage.caption, size: 14))
        }
        return (end, x)
    }

    private func drawn(_ stage: ReadingSteps.Stage, _ plane: Plane) -> [Picture.Element] {
        let isNamed = !stage.name.isEmpty
        let name = Picture.Element.text(
            plane.origin.moved(by: 0, -13), stage.caption, size: 13, isNamed ? .ink : .faint, isBold: isNamed)
        guard let labels = stage.labels else { return [name] + plane.image(stage.colors) }
        let shape = Shape(stage.sizes)
        return [name]
            + plane.drawn { position in
                let place = shape.place(of: position) ?? 0
                return Plane.Cell(
                    label: labels[place], note: stage.notes?[place] ?? "", fill: stage.colors[place],
                    hatch: labels[place].isEmpty ? 6 : nil, isFaint: labels[place] == "0")
            }
    }

    /// An arrow with the name of its step above.
    ///
    /// - Returns: the start of the next drawing.
    private mutating func arrow(_ text: String, from start: Picture.Point) -> Double {
        let size = Sheet.noteSize
        let lines = Sheet.lines(of: text, width: text.utf8.count > 40 ? 150 : 84, size: size)
        let width = lines.reduce(56) { max($0, Picture.width(of: $1, size: size) + 16) }
        let tail = start.moved(by: 10, 0)
        sheet.add(
            lines.enumerated().map { number, line in
                let place = tail.moved(by: width / 2, -12 - 15 * Double(lines.count - 1 - number))
                return .text(place, line, size: size, anchor: .middle)
            })
        sheet.add([.line(tail, tail.moved(by: width, 0), .ink, width: 1.2, arrow: true)])
        return start.x + width + 20
    }

    /// A line across, round a corner, and up or down into the circle where the two chains meet.
    mutating func draw(from start: Picture.Point, to meeting: Picture.Point) {
        let sign = start.y < meeting.y ? -1.0 : 1.0
        let corner = Picture.Point(meeting.x, start.y)
        let (before, after) = (corner.moved(by: -14, 0), corner.moved(by: 0, -sign * 14))
        let target = meeting.moved(by: 0, sign * 13)
        sheet.add([
            .curve(
                start,
                [
                    before, before, before, corner.moved(by: -4, 0), corner.moved(by: 0, -sign * 4), after,
                    after, target.moved(by: 0, sign * 12), target,
                ], .ink, width: 1.2, arrow: true)
        ])
    }
}

extension ReadingSteps.Stage {
    /// The name and the sizes: `∂W  2×2`.
    fileprivate var caption: String {
        (name.isEmpty ? "" : name + "  ") + joined(sizes, by: "×")
    }
}
