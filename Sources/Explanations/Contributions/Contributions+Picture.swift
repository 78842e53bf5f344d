import AdjointGraphs

extension Contributions {
    private typealias Panel = (title: String, map: Map, scale: Picture.Scale)

    /// Three maps side by side, as one product at every window: the element's factor, the cotangent, and their product; the
    /// strongest terms are marked. Where the element has no factor, or many at one place, only the last map.
    ///
    /// - Parameters:
    ///   - plane: the number of the plane of the sum: the example; for a volume the slice.
    ///   - strongest: how many of the strongest terms are marked.
    public func mapPicture(plane: Int = 0, strongest count: Int = 5) -> Picture? {
        let products = maps { $0.product }
        guard products.indices.contains(plane) else { return nil }
        let map = products[plane]
        let panels = factors(plane) + [(filled(words.addsPanel, [placeName]), map, Picture.Scale.gradient)]
        let side = max(Double(Int(min(24, 240 / Double(max(map.rows, map.columns))))), 1)
        let (width, height) = (max(side * Double(map.columns), 150), side * Double(map.rows))
        let title = filled(words.mapTitle, [name, termName])
        let places = Tiling(at: .init(16, 62), width: width + 44)
        var elements: [Picture.Element] = [.text(.init(16, 20), title, size: 15, isBold: true)]
        for (number, panel) in panels.enumerated() {
            let corner = places.corner(number)
            if number > 0 {
                let sign = number == panels.count - 1 ? "=" : "·"
                elements.append(.text(corner.moved(by: -22, height / 2), sign, size: 20, anchor: .middle))
            }
            elements.append(.text(corner.moved(by: 0, -16), panel.title, size: 12))
            elements += panel.map.drawn(at: corner, side: side, panel.scale)
        }
        let last = places.corner(panels.count - 1)
        elements += marks(shown(count), on: map, at: last, side: side)
        let legend = Picture.Point(max(8, last.x - 64), last.y + height + 14)
        elements += Picture.Scale.gradient.legend(at: legend, largest: map.largest, cells: map.numbers.count)
        return Picture(
            title,
            description: joined(sentences, by: "; ")
                + (products.count > 1 ? filled(words.mapPlane, [list(map.plane), "\(products.count)"]) : ""),
            width: max(
                last.x + width + 24, legend.x + Picture.Scale.legendWidth,
                32 + Picture.width(of: title, size: 1.13 * 15)), height: legend.y + 30,
            elements: elements)
    }

    /// The maps of both factors, where there is one of each at every window.
    private func factors(_ plane: Int) -> [Panel] {
        if summation.addsChannels || summation == .positions && terms.allSatisfy({ $0.partial == 1 }) { return [] }
        let title =
            switch summation {
            case .windows(_, true): words.inputPanel
            case .windows: words.weightPanel
            default: words.partialPanel
            }
        return [
            (title, maps { $0.partial }[plane], .activation),
            (words.cotangentPanel, maps { $0.cotangent }[plane], .gradient),
        ]
    }

    /// Outlines around terms, with their ranks by size.
    private func marks(
        _ strongest: [Contribution], on map: Map, at corner: Picture.Point, side: Double
    ) -> [Picture.Element] {
        if summation.addsChannels { return [] }
        // Ranks of windows that are neighbours would overlap.
        var ranked: [Picture.Point] = []
        return strongest.enumerated().flatMap { rank, term -> [Picture.Element] in
            let (plane, row, column) = place(onMaps: term)
            if plane != map.plane { return [] }
            let outline = max(side, 7)
            let center = corner.moved(by: (Double(column) + 0.5) * side, (Double(row) + 0.5) * side)
            // The rank stands beside a small square, inside a large one.
            let isInside = side >= 14
            let square = Picture.Element.rectangle(
                center.moved(by: -outline / 2, -outline / 2), width: outline, height: outline, stroke: .ink)
            if !isInside, ranked.contains(where: { $0.distance(to: center) < 12 }) { return [square] }
            ranked.append(center)
            return [
                square,
                .text(
                    center.moved(by: isInside ? 0 : outline / 2 + 2, 0), "\(rank + 1)", size: isInside ? 10 : 9,
                    anchor: isInside ? .middle : .start, isBold: true),
            ]
        }
    }

    /// The patches under the strongest windows, with the pixel under the weight outlined, and their products below.
    public func patchPicture(strongest count: Int = 5) -> Picture? {
        let strongest = shown(count)
        guard let (patches, own) = patches(under: strongest) else { return nil }
        let (rows, columns) = (patches[0].rows, patches[0].columns)
        let side = Double(max(6, min(24, 120 / max(rows, columns))))
        let title = filled(words.patches, [fieldName])
        let places = Tiling(at: .init(16, 62), width: max(side * Double(columns), 132) + 20)
        let below = side * Double(rows)
        var elements: [Picture.Element] = [.text(.init(16, 20), title, size: 15, isBold: true)]
        for (rank, (term, patch)) in zip(strongest, patches).enumerated() {
            let corner = places.corner(rank)
            let pixel = Tiling(at: corner, width: side, height: side, across: columns).corner(own)
            let title = "\(rank + 1). \(termName) " + list(Array(term.window.dropFirst()))
            elements.append(.text(corner.moved(by: 0, -16), title, size: 12))
            elements += patch.drawn(
                at: corner, side: side, isTransposed ? .gradient : .activation, largest: patches.largest)
            elements += [
                .rectangle(pixel, width: side, height: side, stroke: .ink),
                .text(corner.moved(by: 0, below + 16), factors(of: term), size: 11),
                .text(corner.moved(by: 0, below + 31), "= " + rounded(term.product), size: 11),
            ]
        }
        return Picture(
            title,
            description: filled(words.patchesInWords, [joined(strongest.map { equation(of: $0) }, by: "; ")]),
            width: max(12 + places.width * Double(patches.count), 32 + Picture.width(of: title, size: 1.13 * 15)),
            height: 62 + below + 48, elements: elements)
    }
}

extension Contributions.Map {
    /// The cells, grey where there is no term, and a frame around them.
    fileprivate func drawn(
        at corner: Picture.Point, side: Double, _ scale: Picture.Scale, largest: Double? = nil
    ) -> [Picture.Element] {
        let map = HeatMap(columns: columns, numbers, scale, largest: largest ?? self.largest, none: .faint)
        return map.cells(at: corner, side: side) + [map.frame(at: corner, side: side)]
    }
}
