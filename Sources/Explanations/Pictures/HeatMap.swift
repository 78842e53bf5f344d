import AdjointGraphs

/// Numbers as coloured square cells, row by row.
package struct HeatMap {
    let columns: Int
    let colors: [Picture.Color]

    var rows: Int { columns == 0 ? 0 : colors.count / columns }

    init(columns: Int, _ colors: [Picture.Color]) { (self.columns, self.colors) = (columns, colors) }

    /// - Parameters:
    ///   - numbers: the numbers; nil where there is none.
    ///   - largest: the magnitude that has the full colour.
    package init(
        columns: Int, _ numbers: [Double?], _ scale: Picture.Scale, largest: Double, none: Picture.Color = .none
    ) {
        self.init(columns: columns, numbers.map { $0.map { scale.color($0, largest: largest) } ?? none })
    }

    package init(columns: Int, _ numbers: [Double], _ scale: Picture.Scale, largest: Double) {
        self.init(columns: columns, numbers.map { scale.color($0, largest: largest) })
    }

    /// All cells as one image, however many there are.
    package func image(at corner: Picture.Point, side: Double) -> Picture.Element {
        let (width, height) = (side * Double(columns), side * Double(rows))
        return .image(corner, width: width, height: height, columns: columns, colors)
    }

    /// Single squares where there are few, since some viewers blur the pixels of an image.
    func cells(at corner: Picture.Point, side: Double) -> [Picture.Element] {
        guard colors.count <= Plane.readableCells else { return [image(at: corner, side: side)] }
        let places = Tiling(at: corner, width: side, height: side, across: columns)
        return colors.enumerated().compactMap { place, color in
            color == .none ? nil : .rectangle(places.corner(place), width: side, height: side, fill: color)
        }
    }

    package func frame(at corner: Picture.Point, side: Double, _ color: Picture.Color = .faint) -> Picture.Element {
        .rectangle(corner, width: side * Double(columns), height: side * Double(rows), stroke: color)
    }
}

/// The places of drawings of one size in rows.
package struct Tiling {
    let origin: Picture.Point
    /// The distances from one drawing to the next.
    let width, height: Double
    /// The number of drawings in a row.
    let across: Int

    package init(at origin: Picture.Point, width: Double, height: Double = 0, across: Int = .max) {
        (self.origin, self.width, self.height, self.across) = (origin, width, height, across)
    }

    package func corner(_ number: Int) -> Picture.Point {
        origin.moved(by: Double(number % across) * width, Double(number / across) * height)
    }
}

extension Picture.Scale {
    /// - Parameter name: the name of a tensor: `V`, `W`, or a derivative such as `∂W`.
    init(of name: String) { self = name == "V" ? .activation : name == "W" ? .weight : .gradient }

    /// - Parameter largest: the magnitude that has the full colour.
    func color(_ number: Double, largest: Double = 1) -> Picture.Color {
        .share(largest == 0 ? 0 : number / largest, self)
    }

    /// The magnitude that has the full colour: the largest; for many cells three times the root mean square of numbers other
    /// than 0, if that is less, so that a few large numbers do not make all others pale.
    static func limit(of numbers: [Double]) -> (largest: Double, isClipped: Bool) {
        let (largest, squares, count) = numbers.reduce((0.0, 0.0, 0.0)) {
            (max($0.0, $1.magnitude), $0.1 + $1 * $1, $0.2 + ($1 == 0 ? 0 : 1))
        }
        let deviation = count == 0 ? 0 : 3 * (squares / count).squareRoot()
        return deviation < largest && numbers.count > Plane.readableCells ? (deviation, true) : (largest, false)
    }

    /// The width of a legend.
    static let legendWidth = 288.0

    /// The colours from −`largest` to `largest`.
    ///
    /// - Parameter cells: the number of cells: few are drawn as squares, whose colours change with the paper.
    func legend(
        at start: Picture.Point, largest: Double, isClipped: Bool = false, cells: Int
    ) -> [Picture.Element] {
        let (length, height, steps) = (160.0, 12.0, 32)
        let bar = start.moved(by: 64, 0)
        let colors = (0..<steps).map { color(2 * (Double($0) + 0.5) / Double(steps) - 1) }
        func end(_ number: Double, _ x: Double, _ sign: String, _ anchor: Picture.Anchor) -> Picture.Element {
            .text(
                bar.moved(by: x, height / 2), (isClipped ? sign : "") + rounded(number, digits: 3),
                size: Sheet.noteSize,
                anchor: anchor, .faint)
        }
        let width = length / Double(steps)
        let drawn: [Picture.Element] =
            cells > Plane.readableCells
            ? [.image(bar, width: length, height: height, columns: steps, colors)]
            : colors.enumerated().map {
                .rectangle(bar.moved(by: Double($0) * width, 0), width: width, height: height, fill: $1)
            }
        return drawn + [
            .rectangle(bar, width: length, height: height, stroke: .faint),
            end(-largest, -6, "≤ ", .end), end(largest, length + 6, "≥ ", .start),
        ]
    }
}
