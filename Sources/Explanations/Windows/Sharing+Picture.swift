import AdjointGraphs

extension Sliding {
    /// The filter, and in the arrangement of its taps the plane once for each weight.
    func sharingPicture(_ groups: [SharedGroup]) -> Picture {
        var sheet = Sheet(filled(words.meetings, [planeName(groups[0])]))
        let filter = Plane(sizes: taps, side: 46, at: .init(Sheet.margin, 78))
        sheet.add([.text(.init(Sheet.margin, 62), "W", size: 13, isBold: true)])
        sheet.add(
            filter.drawn { tap in
                groups.first { $0.tap == tap }.map { .marked(label("W", tap), $0.color) } ?? Plane.Cell()
            })
        let labels = Plane(sizes: inputs).map { label(field, $0) }
        let plane = Plane(planeRanges).fitted(width: taps.count == 3 ? 420 : 250, height: 220, largest: 46)
            .readable(labels, hasNotes: !isTransposed)
        let hasNotes = plane.side >= 38 && !isTransposed
        // Slices of a volume are below each other, where there is room.
        let (columns, rows) = (taps.last ?? 1, taps.dropLast().reduce(1, *))
        let places = Tiling(
            at: .init(Sheet.margin + filter.width + 44, 78), width: plane.width + 34, height: plane.height + 44,
            across: columns)
        for (number, group) in groups.enumerated() {
            sheet.add([meetings(of: group, on: plane.placed(at: places.corner(number)), hasNotes: hasNotes)])
        }
        sheet.add(
            [], right: places.origin.x + Double(columns) * places.width - 34, bottom: 78 + Double(rows) * places.height)
        // The sums are written out where they are short.
        if groups.allSatisfy({ $0.links.count <= 6 }), naming == .numbered { addSums(of: groups, to: &sheet) }
        let sentences = groups.map { filled(words.meetingsInWords, [$0.name, joined($0.met)]) }
        return sheet.picture(
            filled(words.meetings, [field]), joined(sentences, by: " "),
            note: (hasNotes ? filled(words.cotangentKey, [result]) : filled(words.fieldKey, [field])) + paddingKey,
            above: 2, below: 8)
    }

    /// The plane with the positions that one weight meets, and the cotangents with which they are multiplied.
    private func meetings(of group: SharedGroup, on plane: Plane, hasNotes: Bool) -> Picture.Element {
        let (field, result) = (Shape(inputs), Shape(outputs))
        let partners = partners(of: group)
        let cells = plane.drawn { position in
            guard let place = field.place(of: position) else { return Plane.Cell(fill: .faint) }
            guard let link = partners[place] else {
                return Plane.Cell(label: label(self.field, position), isFaint: true)
            }
            var cell = Plane.Cell.marked(label(self.field, position), group.color)
            if hasNotes { cell.note = "·∂" + label(self.result, result.index(of: link.g % result.count)) }
            return cell
        }
        let title = filled(words.meets, [group.name])
        let name = Picture.Element.text(
            plane.origin.moved(by: 0, -16), title, size: 13, .group(group.color), isBold: true)
        let count = partners.count { $0 != nil }
        return .group(filled(words.meetsCount, [group.name, "\(count)", planeName(group)]), [name] + cells)
    }

    private func addSums(of groups: [SharedGroup], to sheet: inout Sheet) {
        for group in groups {
            let terms = group.links.map { expression(of: $0, in: "W").text }
            let text = group.derivative + " = " + joined(terms, by: " + ")
            let line = Picture.Point(Sheet.margin, sheet.bottom)
            let color = Picture.Color.group(group.color)
            sheet.add(
                [
                    .rectangle(
                        line.moved(by: 0, -7), width: 14, height: 14, corner: 3, fill: color, stroke: color,
                        hatch: group.color),
                    .text(line.moved(by: 24, 0), text, size: 13),
                ], right: line.x + 24 + Picture.width(of: text, size: 13), bottom: line.y + 24)
        }
    }

    /// The plane with the positions that one weight meets, on top of its numbers where they are known.
    func sharingPicture(_ group: SharedGroup, _ values: [String: Tensor]) -> Picture {
        let positions = Shape(inputs)
        let partners = partners(of: group)
        let count = partners.count { $0 != nil }
        var sheet = Sheet(filled(words.oneWeight, ["\(count)", planeName(group), group.name]))
        let filter = Plane(sizes: taps, at: .init(Sheet.margin, 78)).fitted(width: 150, height: 150, largest: 34)
        sheet.add([.text(.init(Sheet.margin, 60), group.name, size: 13, .group(group.color), isBold: true)])
        let taps = filter.drawn { tap in
            tap == group.tap
                ? .marked(label("W", tap), group.color)
                : Plane.Cell(label: filter.side >= 24 ? label("W", tap) : "", isFaint: true)
        }
        sheet.add(taps, filter)
        let corner = Picture.Point(Sheet.margin + max(filter.width, 60) + 40, 78)
        let plane = Plane(planeRanges, at: corner).fitted(width: 560, height: 460, largest: 40).whole
        sheet.add([.text(.init(corner.x, 60), field, size: 13, isBold: true)])
        let numbers = plane.isReadable ? nil : numbers(of: group, values)
        draw(plane, on: &sheet) { position in
            guard let place = positions.place(of: position) else { return .faint }
            return numbers.map { $0[place] } ?? (partners[place] == nil ? .paper : .group(group.color))
        } cells: { position in
            guard let place = positions.place(of: position) else { return Plane.Cell(fill: .faint) }
            let name = label(field, position)
            return partners[place] == nil ? Plane.Cell(label: name, isFaint: true) : .marked(name, group.color)
        }
        return sheet.picture(
            filled(words.oneWeightMap, [field, group.name]),
            filled(words.oneWeightInWords, [group.name, "\(group.links.count)", field]),
            note: filled(words.oneWeightKey, [group.name]) + paddingKey, above: 22, below: 0)
    }

    private func planeName(_ group: SharedGroup) -> String {
        guard let shape = shapes[field], let link = group.links.first else { return field }
        return planeName(field, shape.index(of: place(of: link)))
    }

    /// What a link meets of the field.
    func place(of link: Link) -> Int { isTransposed ? link.g : link.v }

    /// The links of the first example, each at the row-major place that it meets on the plane.
    private func partners(of group: SharedGroup) -> [Link?] {
        let area = Shape(inputs).count
        var partners = [Link?](repeating: nil, count: area)
        for link in group.links where place(of: link) / area == place(of: group.links[0]) / area {
            partners[place(of: link) % area] = link
        }
        return partners
    }

    /// The plane's numbers as colours.
    private func numbers(of group: SharedGroup, _ values: [String: Tensor]) -> [Picture.Color]? {
        guard !isTransposed, let tensor = values[field], let place = group.links.first?.v else { return nil }
        let count = Shape(inputs).count
        let numbers = Array(tensor.doubles[place / count * count..<(place / count + 1) * count])
        let largest = Picture.Scale.limit(of: numbers).largest
        return numbers.map { Picture.Scale.activation.color($0, largest: largest) }
    }
}

extension Plane.Cell {
    /// A cell in the colour and the hatch of a group.
    fileprivate static func marked(_ label: String, _ group: Int) -> Plane.Cell {
        Plane.Cell(label: label, fill: .group(group), stroke: .group(group), hatch: group)
    }
}
