import AdjointExplanations
import AdjointGraphs

/// A tensor as small maps of equal size: a map for every filter and channel, for every channel of an activation, or one for a
/// table of weights.
package struct NetworkTiles: Hashable, Sendable {
    /// Which of the diverging scales colours it.
    package enum Scale: Hashable, Sendable { case activation, weight, gradient }

    package let scale: Scale
    /// Rows and columns of a map.
    package let rows, columns: Int
    /// How many maps stand below and beside each other.
    package let down, across: Int
    /// Map by map, row-major, divided by `largest`: from −1 to 1.
    package let numbers: [Double]
    /// The largest magnitude, which gets the full colour; 0 where all are 0.
    package let largest: Double

    /// - Parameter tensor: [filters, channels, rows, columns], [channels, rows, columns], [rows, columns] or [columns].
    package init(_ tensor: Tensor, _ scale: Scale) {
        self.scale = scale
        let sizes = tensor.shape.sizes
        columns = sizes.last ?? 1
        rows = sizes.count > 1 ? sizes[sizes.count - 2] : 1
        // Filters of one channel stand side by side.
        let maps = sizes.dropLast(2)
        let isRow = maps.count < 2 || maps[1] == 1
        across = isRow ? maps.reduce(1, *) : maps[1]
        down = isRow ? 1 : maps[0]
        let elements = tensor.doubles
        let largest = elements.reduce(0) { max($0, $1.magnitude) }
        self.largest = largest
        numbers = largest == 0 ? elements : elements.map { $0 / largest }
    }

    /// Pixels with empty lines of one pixel between the maps: NaN where there is none.
    package var pixels: (columns: Int, rows: Int, numbers: [Double]) {
        let (wide, high) = (across * (columns + 1) - 1, down * (rows + 1) - 1)
        var pixels = [Double](repeating: .nan, count: wide * high)
        for (place, number) in numbers.enumerated() {
            let (map, row, column) = (place / (rows * columns), place / columns % rows, place % columns)
            pixels[(map / across * (rows + 1) + row) * wide + map % across * (columns + 1) + column] = number
        }
        return (wide, high, pixels)
    }

    /// The maps as one image.
    ///
    /// - Parameters:
    ///   - description: in words.
    ///   - side: of a pixel.
    package func picture(_ title: String, description: String, side: Double) -> Picture {
        let (columns, rows, numbers) = pixels
        let (width, height) = (side * Double(columns), side * Double(rows))
        return Picture(
            title, description: description, width: width, height: height,
            elements: [
                .image(
                    .init(0, 0), width: width, height: height, columns: columns,
                    numbers.map { $0.isNaN ? .none : color($0) })
            ])
    }

    private func color(_ number: Double) -> Picture.Color {
        switch scale {
        case .activation: .activation(number)
        case .weight: .weight(number)
        case .gradient: .gradient(number)
        }
    }
}
