import AdjointGraphs

/// All gradients of a parameter as small maps: for a filter a tile of its taps for every filter and channel, for a linear
/// layer one cell for each weight, for a picture's gradient a tile for every channel.
package struct Atlas {
    let tiles: Tiles
    /// The number of filters in a row of tiles.
    private let filters: Int
    /// The number of gradients for each cell, which shows the one of the largest magnitude.
    let reduction: (rows: Int, columns: Int)

    /// The most cells that are drawn on a side.
    static let limit = 640

    package init(_ gradient: Tensor) {
        let sizes = gradient.shape.sizes
        let (first, second) = (sizes.first ?? 1, sizes.count > 1 ? sizes[1] : 1)
        let spatial = sizes.dropFirst(2)
        let (rows, columns) = (spatial.dropLast().reduce(1, *), spatial.last ?? 1)
        let isTooLarge =
            spatial.isEmpty
            ? max(first, second) > Atlas.limit
            : first * (rows + 1) * second * (columns + 1) > Atlas.limit * Atlas.limit
        guard isTooLarge else {
            (filters, reduction) = (1, (1, 1))
            tiles = Tiles(
                rows: rows, columns: columns, down: first, across: second, gradient.doubles,
                gap: rows * columns > 1 ? 1 : 0)
            return
        }
        // A cell for every tile, or for a block of them.
        let block = (rows: (first - 1) / Atlas.limit + 1, columns: (second - 1) / Atlas.limit + 1)
        let grid = (rows: (first - 1) / block.rows + 1, columns: (second - 1) / block.columns + 1)
        var cells = [Double](repeating: 0, count: grid.rows * grid.columns)
        for (place, number) in gradient.doubles.enumerated() {
            let tile = place / (rows * columns)
            let cell = tile / second / block.rows * grid.columns + tile % second / block.columns
            if number.magnitude > cells[cell].magnitude { cells[cell] = number }
        }
        filters = block.rows
        reduction = (block.rows * rows, block.columns * columns)
        tiles = Tiles(rows: 1, columns: 1, down: grid.rows, across: grid.columns, cells, gap: 0)
    }
}

// MARK: - the drawing

extension Atlas {
    /// The distance in cells from one tile to the next.
    private var step: (rows: Int, columns: Int) { (tiles.rows + tiles.gap, tiles.columns + tiles.gap) }

    /// The number of blocks of rows of tiles that are side by side, for a drawing of about four by three.
    private var blocks: Int {
        let (height, width) = (Double(tiles.down * step.rows), Double(tiles.across * step.columns + 6))
        var blocks = 1
        while blocks < tiles.down, Double(blocks + 1) * width <= 1.6 * height / Double(blocks + 1) * 1.3 { blocks += 1 }
        return blocks
    }

    package func picture(title: String, _ words: Words = .english) -> Picture {
        let blocks = blocks
        let rows = (tiles.down + blocks - 1) / blocks
        let columns = tiles.across * step.columns
        let side = max(1, min(24, Double(Int(720 / Double(blocks * (columns + 6))))))
        let (left, size) = (44.0, 12.0)
        let places = Tiling(at: .init(left, 36), width: left + side * Double(columns) + 12)
        let legend = Picture.Point(8, 36 + side * Double(rows * step.rows) + 14)
        var elements = [Picture.Element.text(.init(left, 18), title, size: size)]
        for number in 0..<blocks where number * rows < tiles.down {
            let shown = number * rows..<min(number * rows + rows, tiles.down)
            elements += block(shown, at: places.corner(number), side: side)
        }
        elements += Picture.Scale.gradient.legend(at: legend, largest: tiles.largest, cells: tiles.numbers.count)
        let isReduced = reduction.rows * reduction.columns > 1
        let cell = isReduced ? reduction : (rows: tiles.rows, columns: tiles.columns)
        return Picture(
            title,
            description: filled(
                isReduced ? words.atlasCells : words.atlasMaps,
                ["\(tiles.down)", "\(tiles.across)", "\(cell.rows)x\(cell.columns)", rounded(tiles.largest)]),
            width: max(
                places.width * Double(blocks) + 8, left + Picture.width(of: title, size: size) + 12,
                legend.x + Picture.Scale.legendWidth),
            height: legend.y + 30, elements: elements)
    }

    /// Some of the rows of tiles, with their numbers beside them.
    private func block(_ shown: Range<Int>, at corner: Picture.Point, side: Double) -> [Picture.Element] {
        let height = side * Double(step.rows)
        // Only as many labels as fit below each other without touching.
        let every = max(1, Int((11 / height).rounded(.up)))
        let labels = stride(from: 0, to: shown.count, by: every).map { row -> Picture.Element in
            let middle = corner.moved(by: -6, height * Double(row) + side * Double(tiles.rows) / 2)
            return .text(middle, "\((shown.lowerBound + row) * filters)", size: 9, anchor: .end, .faint)
        }
        let map = tiles.heatMap(shown, .gradient)
        return labels + map.cells(at: corner, side: side) + frames(shown, map, at: corner, side: side)
    }

    /// A frame around all cells, or around each tile, so that tiles of zeros can be told apart; none where there are very many.
    private func frames(
        _ shown: Range<Int>, _ map: HeatMap, at corner: Picture.Point, side: Double
    ) -> [Picture.Element] {
        if tiles.gap == 0 { return [map.frame(at: corner, side: side)] }
        let count = shown.count * tiles.across
        let places = Tiling(
            at: corner, width: side * Double(step.columns), height: side * Double(step.rows), across: tiles.across)
        return (0..<(count <= 1024 ? count : 0)).map {
            .rectangle(
                places.corner($0), width: side * Double(tiles.columns), height: side * Double(tiles.rows),
                stroke: .faint)
        }
    }
}

extension ParameterGradient {
    /// The whole parameter's gradient as small maps: a row of tiles for every filter, a tile for every channel.
    ///
    /// - Complexity: linear in the elements; the drawing is limited in size, and otherwise shows the largest of neighbours.
    public func atlasPicture(words: Words = .english) -> Picture {
        Atlas(gradient).picture(title: filled(words.atlas, [parameter, list(shape.sizes)]), words)
    }
}
