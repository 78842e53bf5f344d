import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// For each weight the group of positions that it meets: what is added up in its derivative.
    ///
    /// Up to eight taps each have a colour, a hatch and a label; of more, the selected one is shown.
    ///
    /// - Parameters:
    ///   - selection: an element of W; of anything else, the first weight is shown.
    ///   - values: numbers for V, W and ∂G, where there are some.
    /// - Throws: an error that names what does not fit.
    public static func sharing(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:]
    ) throws(GraphError) -> [Section] {
        let sliding = try Sliding(of: layer)
        _ = try sliding.index(of: selection)
        guard sliding.convolution != nil, let shape = sliding.shapes["W"], shape.count > 0 else { return [] }
        let selected = selection.name == "W" ? selection : Selection("W", at: 0)
        let count = Shape(sliding.taps).count
        let start = selected.place / count * count
        let isSmall = count <= 8 && sliding.planeRanges.reduce(1) { $0 * $1.count } <= 100
        var groups: [SharedGroup] = []
        for (color, place) in (isSmall ? Array(start..<start + count) : [selected.place]).enumerated() {
            let weight = Selection("W", at: place)
            groups.append(
                SharedGroup(
                    name: sliding.naming.name("W", at: place, of: shape).text, derivative: sliding.written(weight),
                    color: isSmall ? color : 0, tap: Array(shape.index(of: place).dropFirst(2)),
                    terms: try sliding.terms(of: weight, values: values)))
        }
        let lines = groups.map { group -> Block in
            let many = group.terms.count > 6
            return .line(
                "\(group.name) meets \(group.terms.count) element\(group.terms.count == 1 ? "" : "s") of \(sliding.field): "
                    + joined(group.terms.prefix(6).map { $0.factors.last?.text ?? "" }) + (many ? ", …" : "") + ".")
        }
        return [
            Section(
                "The positions that share a weight", view: .sharing,
                lines + [.picture(sliding.sharingPicture(groups, isSmall: isSmall, values))])
        ]
    }
}

/// A weight and all that it meets.
struct SharedGroup {
    let name: String
    let derivative: String
    let color: Int
    let tap: [Int]
    let terms: [WindowTerm]

    /// The terms of the first example by the position of the plane.
    var partners: [[Int]: WindowTerm] {
        var partners: [[Int]: WindowTerm] = [:]
        for term in terms where term.example == terms.first?.example { partners[term.position] = term }
        return partners
    }
}

extension Sliding {
    fileprivate func sharingPicture(
        _ groups: [SharedGroup], isSmall: Bool, _ values: [String: Tensor]
    ) -> Picture {
        isSmall ? smallPicture(groups) : largePicture(groups[0], values)
    }

    /// `V`, or where there are channels `V[0,2,…]`.
    private func planeName(_ group: SharedGroup) -> String {
        guard naming == .indexed, let shape = shapes[field], let term = group.terms.first,
            let factor = term.factors.first(where: { $0.name != (isTransposed ? "V" : "∂G") })
        else { return field }
        return field + "[" + joined(shape.index(of: factor.place).prefix(2).map { String($0) }, by: ",") + ",…]"
    }

    /// The filter, and as its taps lie, the plane once for each weight.
    private func smallPicture(_ groups: [SharedGroup]) -> Picture {
        let title = caption("Which elements of \(planeName(groups[0])) each weight meets")
        var elements = [title.element]
        let ranges = planeRanges
        let side = Plane.side(ranges, width: ranges.count == 3 ? 420 : 250, height: 220, largest: 46)
        let filterRanges = taps.map { 0...$0 - 1 }
        let filter = Plane(filterRanges, at: Picture.Point(pictureMargin, 78), side: 46)
        elements.append(
            .text(
                Picture.Point(pictureMargin, 62), "W", size: 13, anchor: .start, .ink, isBold: true))
        elements += filter.drawn { tap in
            guard let group = groups.first(where: { $0.tap == tap }) else { return Plane.Cell() }
            return Plane.Cell(
                label: label("W", tap), fill: .group(group.color), stroke: .group(group.color), hatch: group.color)
        }
        let hasNotes = side >= 38 && !isTransposed
        // A small plane for each weight, where the weight lies in the filter.
        let model = Plane(ranges, at: Picture.Point(0, 0), side: side)
        let tile = (width: model.width + 34, height: model.height + 44)
        // Slices of a volume follow each other downwards, where there is room.
        let columns = taps.last ?? 1
        let rows = taps.dropLast().reduce(1, *)
        let left = pictureMargin + filter.width + 44
        for group in groups {
            let row = zip(group.tap.dropLast(), taps).reduce(0) { $0 * $1.1 + $1.0 }
            let column = group.tap.last ?? 0
            let corner = Picture.Point(
                left + Double(column) * tile.width, 78 + Double(row) * tile.height)
            let plane = Plane(ranges, at: corner, side: side)
            let partners = group.partners
            var drawing: [Picture.Element] = [
                .text(
                    Picture.Point(corner.x, corner.y - 16), "\(group.name) meets", size: 13, anchor: .start,
                    .group(group.color), isBold: true)
            ]
            drawing += plane.drawn { position in
                guard isInside(position) else { return Plane.Cell(fill: .faint) }
                var cell = Plane.Cell(label: label(field, position), isFaint: true)
                if let term = partners[position] {
                    cell = Plane.Cell(
                        label: cell.label, fill: .group(group.color), stroke: .group(group.color), hatch: group.color)
                    if hasNotes { cell.note = "·∂" + label(result, term.window) }
                }
                return cell
            }
            elements.append(.group("\(group.name) meets \(partners.count) elements", drawing))
        }
        var bottom = 78 + Double(rows) * tile.height
        var right = left + Double(columns) * tile.width - 34
        // The sums, where they are short.
        if groups.allSatisfy({ $0.terms.count <= 6 }), naming == .numbered {
            for group in groups {
                let text = group.derivative + " = " + joined(group.terms.map { $0.text }, by: " + ")
                elements.append(
                    .rectangle(
                        Picture.Point(pictureMargin, bottom - 7), width: 14, height: 14, corner: 3,
                        fill: .group(group.color), stroke: .group(group.color), hatch: group.color))
                elements.append(
                    .text(
                        Picture.Point(pictureMargin + 24, bottom), text, size: 13, anchor: .start, .ink, isBold: false))
                right = max(right, pictureMargin + 24 + Picture.width(of: text, size: 13))
                bottom += 24
            }
        }
        let width = max(right, title.right) + pictureMargin
        let key =
            (hasNotes ? "second line: the element of ∂E/∂\(result) that it is multiplied with" : "each plane: \(field)")
            + paddingKey
        elements += wrapped(key, at: Picture.Point(pictureMargin, bottom + 2), width: width - 2 * pictureMargin)
        let description = groups.map { group in
            "\(group.name) meets " + joined(group.terms.map { $0.factors.last?.text ?? "" }) + "."
        }
        return Picture(
            "Which elements of \(field) each weight meets", description: joined(description, by: " "), width: width,
            height: bottom + 2 + 17 * Double(lineCount(key, width: width - 2 * pictureMargin)) + 8, elements: elements)
    }

    /// The plane's own numbers, from −1 to 1.
    private func numbers(of group: SharedGroup, _ values: [String: Tensor]) -> [Double]? {
        guard !isTransposed, let tensor = values[field], let place = group.terms.first?.factors.last?.place else {
            return nil
        }
        let count = Shape(inputs).count
        let numbers = tensor.doubles[place / count * count..<(place / count + 1) * count]
        let largest = limit(Array(numbers)).limit
        return numbers.map { largest == 0 ? 0 : $0 / largest }
    }

    /// The plane with the positions that one weight meets, over its numbers where they are known.
    private func largePicture(_ group: SharedGroup, _ values: [String: Tensor]) -> Picture {
        let title = caption("The \(group.partners.count) elements of \(planeName(group)) that \(group.name) meets")
        let ranges = planeRanges
        let isReadable = ranges.reduce(1) { $0 * $1.count } <= Plane.readableCells
        var side = Plane.side(ranges, width: 560, height: 460, largest: 40)
        if !isReadable { side = Plane.whole(side) }
        let filterRanges = taps.map { 0...$0 - 1 }
        let filterSide = Plane.side(filterRanges, width: 150, height: 150, largest: 34)
        let filter = Plane(filterRanges, at: Picture.Point(pictureMargin, 78), side: filterSide)
        var elements = [
            title.element,
            .text(Picture.Point(pictureMargin, 60), group.name, size: 13, anchor: .start, .group(0), isBold: true),
        ]
        elements += filter.drawn { tap in
            tap == group.tap
                ? Plane.Cell(label: label("W", tap), fill: .group(0), stroke: .group(0), hatch: 0)
                : Plane.Cell(label: filterSide >= 24 ? label("W", tap) : "", isFaint: true)
        }
        let plane = Plane(
            ranges, at: Picture.Point(pictureMargin + max(filter.width, 60) + 40, 78), side: side)
        elements.append(
            .text(Picture.Point(plane.origin.x, 60), field, size: 13, anchor: .start, .ink, isBold: true))
        let partners = group.partners
        func cell(_ position: [Int]) -> Plane.Cell {
            guard isInside(position) else { return Plane.Cell(fill: .faint) }
            let name = label(field, position)
            return partners[position] == nil
                ? Plane.Cell(label: name, isFaint: true)
                : Plane.Cell(label: name, fill: .group(0), stroke: .group(0), hatch: 0)
        }
        var (right, bottom) = (plane.origin.x + plane.width, max(plane.origin.y + plane.height, 78 + filter.height))
        if isReadable {
            elements += plane.drawn(cell)
        } else {
            let numbers = numbers(of: group, values)
            elements += plane.image { position in
                if !isInside(position) { return .faint }
                return numbers.map { .activation($0[Shape(inputs).place(of: position) ?? 0]) }
                    ?? (partners[position] == nil ? .paper : .group(0))
            }
            let lenses = lenses(beside: plane, cell)
            elements += lenses.elements
            right = max(right, lenses.right)
            bottom = max(bottom, lenses.bottom)
        }
        let width = max(right, title.right) + pictureMargin
        let key = "orange and hatched: what \(group.name) meets" + paddingKey
        elements += wrapped(key, at: Picture.Point(pictureMargin, bottom + 22), width: width - 2 * pictureMargin)
        return Picture(
            "The elements of \(field) that \(group.name) meets",
            description: "\(group.name) meets \(group.terms.count) elements of \(field).", width: width,
            height: bottom + 22 + 17 * Double(lineCount(key, width: width - 2 * pictureMargin)), elements: elements)
    }
}
