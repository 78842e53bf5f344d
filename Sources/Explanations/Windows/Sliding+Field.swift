import AdjointGraphs

/// The plane over which windows slide, with its padding, in drawings.
extension Sliding {
    var planeRanges: [ClosedRange<Int>] { window.axes.indices.map { bounds($0) } }

    func isInside(_ position: [Int]) -> Bool {
        zip(position, inputs).allSatisfy { $0 >= 0 && $0 < $1 }
    }

    /// The label of an element in a drawing of its own plane: its number, or its spatial index.
    func label(_ name: String, _ position: [Int]) -> String {
        guard naming == .numbered, let shape = shapes[name] else {
            return joined(position, by: ",")
        }
        return naming.name(name, at: shape.place(of: [0, 0] + position) ?? 0, of: shape).text
    }

    /// The number of a tap's colour: its own where there are few taps, else the first.
    func color(of tap: [Int]) -> Int { tapCount <= 8 ? Shape(taps).place(of: tap) ?? 0 : 0 }

    /// The name of an element's plane: `V`, or with channels `V[0,2,…]`.
    func planeName(_ name: String, _ index: [Int]) -> String {
        naming == .numbered ? name : name + "[" + joined(index.prefix(2), by: ",") + ",…]"
    }

    /// The text for the padding in the key of a drawing.
    var paddingKey: String {
        zip(planeRanges, inputs).allSatisfy { $0.count == $1 } ? "" : words.paddingKey
    }

    /// The cells; where these could not be read, an image of their colours with its first and its last corner enlarged.
    func draw(
        _ plane: Plane, on sheet: inout Sheet, colors: ([Int]) -> Picture.Color, cells: ([Int]) -> Plane.Cell
    ) {
        if plane.isReadable { return sheet.add(plane.drawn(cells), plane) }
        sheet.add(plane.image(plane.map(colors)), plane)
        var corner = plane.origin.moved(by: plane.width + 40, 18)
        for isFirst in [true, false] {
            let ranges = plane.ranges.enumerated().map { axis, range in
                let count = axis == 0 && plane.ranges.count == 3 ? 1 : min(7, range.count)
                return isFirst
                    ? range.lowerBound...range.lowerBound + count - 1 : range.upperBound - count + 1...range.upperBound
            }
            let lens = Plane(ranges, side: 36, at: corner)
            sheet.add(enlarged(lens, of: plane, isFirst: isFirst, cells), lens)
            corner.y = max(corner.y + lens.height + 40, plane.origin.y + plane.height - lens.height)
        }
    }

    /// A corner of a plane, outlined in the image, named, and drawn large enough to read.
    private func enlarged(
        _ lens: Plane, of plane: Plane, isFirst: Bool, _ cell: ([Int]) -> Plane.Cell
    ) -> [Picture.Element] {
        let letter = isFirst ? "a" : "b"
        let beside = plane.corner(lens.ranges.map { isFirst ? $0.upperBound : $0.lowerBound })
        let end = lens.ranges.map { isFirst ? $0.lowerBound : $0.upperBound }
        let text = filled(isFirst ? words.lensFrom : words.lensTo, [letter, list(end)])
        return plane.outline(lens.ranges, .accent) + lens.drawn(cell) + lens.outline(lens.ranges, .accent) + [
            .text(
                beside.moved(by: isFirst ? plane.side + 9 : -9, plane.side / 2), letter, size: 14, anchor: .middle,
                .accent, isBold: true),
            .text(lens.origin.moved(by: 0, -10), text, size: Sheet.noteSize, .faint),
        ]
    }
}
