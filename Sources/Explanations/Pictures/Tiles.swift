import AdjointGraphs

/// A tensor as small maps of equal size, a cell for each number and empty cells between the maps.
package struct Tiles: Hashable, Sendable {
    /// The sizes of a map.
    package let rows, columns: Int
    /// The number of maps below each other and beside each other.
    package let down, across: Int
    /// The numbers map by map, row-major in each.
    package let numbers: [Double]
    /// The largest magnitude, which gets the full colour; 0 where all are 0.
    package let largest: Double
    /// The number of empty cells between maps.
    let gap: Int

    init(rows: Int, columns: Int, down: Int, across: Int, _ numbers: [Double], gap: Int) {
        (self.rows, self.columns, self.down, self.across) = (rows, columns, down, across)
        (self.numbers, self.gap) = (numbers, gap)
        largest = numbers.reduce(0) { max($0, $1.magnitude) }
    }

    /// A map for every filter and channel, for every channel of an activation, or one for a table of weights.
    ///
    /// - Parameter tensor: [filters, channels, rows, columns], [channels, rows, columns], [rows, columns] or [columns].
    package init(_ tensor: Tensor) {
        let sizes = tensor.shape.sizes
        // Filters with one channel are side by side.
        let maps = sizes.dropLast(2)
        let isRow = maps.count < 2 || maps[1] == 1
        self.init(
            rows: sizes.count > 1 ? sizes[sizes.count - 2] : 1, columns: sizes.last ?? 1, down: isRow ? 1 : maps[0],
            across: isRow ? maps.reduce(1, *) : maps[1], tensor.doubles, gap: 1)
    }

    /// The cells of all rows; nil between the maps.
    ///
    /// - Parameter range: the range of rows of maps.
    package func cells(_ range: Range<Int>) -> (columns: Int, numbers: [Double?]) {
        let (width, area) = (across * (columns + gap) - gap, rows * columns)
        var cells = [Double?](repeating: nil, count: width * (range.count * (rows + gap) - gap))
        for place in range.lowerBound * across * area..<range.upperBound * across * area {
            let (map, row, column) = (place / area, place / columns % rows, place % columns)
            let line = (map / across - range.lowerBound) * (rows + gap) + row
            cells[line * width + map % across * (columns + gap) + column] = numbers[place]
        }
        return (width, cells)
    }

    func heatMap(_ range: Range<Int>, _ scale: Picture.Scale) -> HeatMap {
        let (columns, numbers) = cells(range)
        return HeatMap(columns: columns, numbers, scale, largest: largest)
    }

    /// The maps as one image.
    ///
    /// - Parameter side: the side of a cell.
    package func picture(_ title: String, description: String, _ scale: Picture.Scale, side: Double) -> Picture {
        let map = heatMap(0..<down, scale)
        return Picture(
            title, description: description, width: side * Double(map.columns), height: side * Double(map.rows),
            elements: [map.image(at: .init(0, 0), side: side)])
    }
}
