import AdjointGraphs

extension Contributions {
    /// Three maps side by side, as one product at every window: what the element meets, the cotangent, and what they
    /// add; the strongest terms are marked. Where the element meets nothing, or many things at one place, only the last.
    ///
    /// - Parameters:
    ///   - plane: which plane of the sum: the example, of a volume the slice.
    ///   - strongest: how many terms are marked.
    public func mapPicture(plane: Int = 0, strongest count: Int = 5) -> Picture? {
        let products = maps { $0.product }
        guard products.indices.contains(plane) else { return nil }
        let map = products[plane]
        var panels = [
            (title: "what each \(summation.addsChannels ? "window" : termName) adds", map: map, color: Scale.gradient)
        ]
        if !summation.addsChannels {
            panels.insert(
                ("∂E/∂ of the layer's output", maps { $0.cotangent }[plane], Scale.gradient), at: 0)
            if summation != .positions || terms.contains(where: { $0.partial != 1 }) {
                panels.insert((partialTitle, maps { $0.partial }[plane], Scale.activation), at: 0)
            } else {
                panels.removeFirst()
            }
        }
        let cell = max(Double(Int(min(24, 240 / Double(max(map.rows, map.columns))))), 1)
        let (width, height) = (cell * Double(map.columns), cell * Double(map.rows))
        let step = max(width, 150) + 44
        var elements: [Picture.Element] = []
        for (number, panel) in panels.enumerated() {
            let x = 16 + step * Double(number)
            if number > 0 {
                let sign = number == panels.count - 1 ? "=" : "·"
                elements.append(
                    .text(.init(x - 22, 34 + height / 2), sign, size: 20, anchor: .middle, .ink, isBold: false))
            }
            elements.append(.text(.init(x, 18), panel.title, size: 12, anchor: .start, .ink, isBold: false))
            elements += panel.map.drawn(at: .init(x, 34), cell: cell, panel.color)
        }
        let last = Picture.Point(16 + step * Double(panels.count - 1), 34)
        elements += marks(shown(count), on: map, at: last, cell: cell)
        let largest = map.numbers.reduce(0) { max($0, $1?.magnitude ?? 0) }
        let y = 34 + height + 22
        elements += Scale.gradient.legend(at: .init(last.x, y), largest: largest)
        return Picture(
            "\(name): what each \(termName) adds",
            description: joined(sentences, by: "; ")
                + (products.count > 1 ? "; plane \(list(map.plane)) of \(products.count)" : ""),
            width: 16 + step * Double(panels.count) - 44 + 24, height: y + 22, elements: elements)
    }

    private var partialTitle: String {
        switch summation {
        case .windows(_, true): "input of the layer"
        case .windows: "input under the weight"
        default: "∂ output / ∂ element"
        }
    }

    /// Outlines around terms, with their ranks.
    private func marks(
        _ strongest: [Contribution], on map: Map, at corner: Picture.Point, cell: Double
    ) -> [Picture.Element] {
        guard !summation.addsChannels else { return [] }
        var elements: [Picture.Element] = []
        for (rank, term) in strongest.enumerated() {
            let outer = term.window.count > 1 ? term.window.dropLast(min(2, term.window.count - 1)) : []
            guard Array(outer) == map.plane, let column = term.window.last else { continue }
            let row = term.window.count - outer.count > 1 ? term.window[term.window.count - 2] : 0
            let side = max(cell, 7)
            let center = Picture.Point(
                corner.x + (Double(column) + 0.5) * cell, corner.y + (Double(row) + 0.5) * cell)
            elements.append(
                .rectangle(
                    .init(center.x - side / 2, center.y - side / 2), width: side, height: side, corner: 0, fill: .none,
                    stroke: .ink, hatch: nil))
            // Beside a small square, inside a large one.
            let isInside = cell >= 14
            elements.append(
                .text(
                    .init(center.x + (isInside ? 0 : side / 2 + 2), center.y), "\(rank + 1)", size: isInside ? 10 : 9,
                    anchor: isInside ? .middle : .start, .ink, isBold: true))
        }
        return elements
    }

    /// The patches under the strongest windows, the weight's own pixel outlined, each with its product below.
    public func patchPicture(strongest count: Int = 5) -> Picture? {
        guard (1...2).contains(taps.count) else { return nil }
        let strongest = shown(count)
        let (rows, columns) = (taps.count == 2 ? taps[0] : 1, taps[taps.count - 1])
        guard !strongest.isEmpty, let own = Shape(taps).place(of: Array(element.dropFirst(2))) else { return nil }
        let patches = strongest.map { patch(under: $0) }
        let largest = patches.joined().reduce(0) { max($0, $1?.magnitude ?? 0) }
        let cell = Double(max(6, min(24, 120 / max(rows, columns))))
        let step = max(cell * Double(columns), 132) + 20
        let texts = strongest.map { (factors: factors(of: $0), product: rounded($0.product)) }
        var elements: [Picture.Element] = []
        for (rank, patch) in patches.enumerated() {
            let x = 16 + step * Double(rank)
            elements.append(
                .text(
                    .init(x, 18), "\(rank + 1). window " + list(Array(strongest[rank].window.dropFirst())), size: 12,
                    anchor: .start, .ink, isBold: false))
            let scale = isTransposed ? Scale.gradient : .activation
            let map = Map(plane: [], start: (0, 0), rows: rows, columns: columns, numbers: patch)
            elements += map.drawn(at: .init(x, 34), cell: cell, scale, largest: largest)
            elements.append(
                .rectangle(
                    .init(x + cell * Double(own % columns), 34 + cell * Double(own / columns)), width: cell,
                    height: cell, corner: 0, fill: .none, stroke: .ink, hatch: nil))
            let (factors, product) = texts[rank]
            for (line, text) in [factors, "= " + product].enumerated() {
                elements.append(
                    .text(
                        .init(x, 34 + cell * Double(rows) + 16 + 15 * Double(line)), text, size: 11, anchor: .start,
                        .ink, isBold: false))
            }
        }
        let field = isTransposed ? "∂E/∂ of the output" : "the layer's input"
        return Picture(
            "Patches of \(field) under the strongest windows",
            description: "The weight's own pixel is outlined: " + joined(strongest.map { equation(of: $0) }, by: "; "),
            width: 12 + step * Double(patches.count), height: 34 + cell * Double(rows) + 48, elements: elements)
    }
}

/// A diverging scale with zero in its middle.
enum Scale {
    case activation, gradient

    func color(_ number: Double, largest: Double) -> Picture.Color {
        let share = largest == 0 ? 0 : number / largest
        return self == .gradient ? .gradient(share) : .activation(share)
    }

    /// A bar from −largest to largest.
    func legend(at corner: Picture.Point, largest: Double) -> [Picture.Element] {
        let steps = 33
        let colors = (0..<steps).map { color(Double($0) / Double(steps / 2) - 1, largest: 1) }
        return [
            .image(corner, width: 132, height: 8, columns: steps, colors),
            .text(
                .init(corner.x, corner.y + 16), "−" + rounded(largest, digits: 2), size: 10, anchor: .start, .faint,
                isBold: false),
            .text(.init(corner.x + 66, corner.y + 16), "0", size: 10, anchor: .middle, .faint, isBold: false),
            .text(
                .init(corner.x + 132, corner.y + 16), rounded(largest, digits: 2), size: 10, anchor: .end, .faint,
                isBold: false),
        ]
    }
}

extension Contributions.Map {
    /// The cells, and a frame around them.
    func drawn(
        at corner: Picture.Point, cell: Double, _ scale: Scale, largest: Double? = nil
    ) -> [Picture.Element] {
        let largest = largest ?? numbers.reduce(0) { max($0, $1?.magnitude ?? 0) }
        let colors = numbers.map { number in number.map { scale.color($0, largest: largest) } ?? .faint }
        return Picture.cells(colors, columns: columns, at: corner, cell: cell) + [
            .rectangle(
                corner, width: cell * Double(columns), height: cell * Double(rows), corner: 0, fill: .none,
                stroke: .faint, hatch: nil)
        ]
    }
}

extension Picture {
    /// Row-major squares: single ones where they are few, since some viewers blur the pixels of an image.
    static func cells(_ colors: [Color], columns: Int, at corner: Point, cell: Double) -> [Element] {
        guard colors.count <= 400 else {
            let rows = Double(colors.count / columns)
            return [
                .image(corner, width: cell * Double(columns), height: cell * rows, columns: columns, colors)
            ]
        }
        return colors.enumerated().compactMap { place, color in
            if color == .none { return nil }
            let (x, y) = (Double(place % columns), Double(place / columns))
            return .rectangle(
                Point(corner.x + cell * x, corner.y + cell * y), width: cell, height: cell, corner: 0, fill: color,
                stroke: .none, hatch: nil)
        }
    }
}
