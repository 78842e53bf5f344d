import AdjointGraphs

/// All gradients of a parameter as small maps: for a filter a tile of its taps for every filter and channel, for a linear
/// layer one cell a weight, for a picture's gradient a tile for every channel.
package struct Atlas {
    /// Of a tile.
    let taps: (rows: Int, columns: Int)
    /// Tiles below and beside each other.
    let tiles: (rows: Int, columns: Int)
    /// Tile by tile, row-major.
    let numbers: [Double]
    /// How many gradients one cell stands for: the one of the largest magnitude among them is shown.
    let reduction: (rows: Int, columns: Int)

    /// As many cells as are drawn on a side.
    static let limit = 640

    package init(_ gradient: Tensor) {
        let sizes = gradient.shape.sizes
        let first = sizes.first ?? 1
        let second = sizes.count > 1 ? sizes[1] : 1
        let spatial = Array(sizes.dropFirst(2))
        let columns = spatial.last ?? 1
        let rows = spatial.dropLast().reduce(1, *)
        let isCollapsed =
            spatial.isEmpty || first * (rows + 1) * second * (columns + 1) > Atlas.limit * Atlas.limit
        guard isCollapsed, !spatial.isEmpty || max(first, second) > Atlas.limit else {
            taps = (rows, columns)
            tiles = (first, second)
            numbers = gradient.doubles
            reduction = (1, 1)
            return
        }
        // A cell for every tile, or for a block of them.
        let side = (
            rows: (first + Atlas.limit - 1) / Atlas.limit, columns: (second + Atlas.limit - 1) / Atlas.limit
        )
        let grid = (rows: (first + side.rows - 1) / side.rows, columns: (second + side.columns - 1) / side.columns)
        var cells = [Double](repeating: 0, count: grid.rows * grid.columns)
        let area = max(1, rows * columns)
        for (place, number) in gradient.doubles.enumerated() {
            let tile = place / area
            let cell = tile / second / side.rows * grid.columns + tile % second / side.columns
            if number.magnitude > cells[cell].magnitude { cells[cell] = number }
        }
        taps = (1, 1)
        tiles = grid
        numbers = cells
        reduction = (side.rows * (rows > 1 || columns > 1 ? rows : 1), side.columns * columns)
    }

    /// How many blocks of rows of tiles stand side by side, for a drawing about four by three.
    private var blocks: Int {
        let (height, width) = (Double(tiles.rows * (taps.rows + gap)), Double(tiles.columns * (taps.columns + gap) + 6))
        var blocks = 1
        while blocks < tiles.rows, Double(blocks + 1) * width <= 1.6 * height / Double(blocks + 1) * 1.3 { blocks += 1 }
        return blocks
    }

    /// Cells between tiles, where tiles are more than a cell.
    private var gap: Int { taps.rows * taps.columns > 1 ? 1 : 0 }

    package func picture(title: String, _ words: Words = .english) -> Picture {
        let blocks = blocks
        let perBlock = (tiles.rows + blocks - 1) / blocks
        let block = tiles.columns * (taps.columns + gap)
        let (rows, columns) = (perBlock * (taps.rows + gap), block)
        let cell = max(1, min(24, Double(Int(720 / Double(blocks * (block + 6))))))
        let largest = numbers.reduce(0) { max($0, $1.magnitude) }
        let (margin, top) = (44.0, 36.0)
        let step = margin + cell * Double(columns) + 12
        var elements: [Picture.Element] = [
            .text(.init(margin, 18), title, size: 12, anchor: .start, .ink, isBold: false)
        ]
        // As many labels as stand below each other without touching.
        let every = max(1, Int((11 / (cell * Double(taps.rows + gap))).rounded(.up)))
        for number in 0..<blocks {
            let first = number * perBlock
            let shown = min(perBlock, tiles.rows - first)
            guard shown > 0 else { continue }
            let x = step * Double(number) + margin
            var colors = [Picture.Color](repeating: .none, count: shown * (taps.rows + gap) * columns)
            for row in 0..<shown {
                for column in 0..<tiles.columns {
                    let start = ((first + row) * tiles.columns + column) * taps.rows * taps.columns
                    for tap in 0..<taps.rows * taps.columns {
                        let y = row * (taps.rows + gap) + tap / taps.columns
                        let place = y * columns + column * (taps.columns + gap) + tap % taps.columns
                        colors[place] = Scale.gradient.color(numbers[start + tap], largest: largest)
                    }
                }
                if row % every == 0 {
                    let middle = top + cell * (Double(row * (taps.rows + gap)) + Double(taps.rows) / 2)
                    elements.append(
                        .text(
                            .init(x - 6, middle), "\((first + row) * reduction.rows)", size: 9, anchor: .end, .faint,
                            isBold: false))
                }
            }
            elements += Picture.cells(colors, columns: columns, at: .init(x, top), cell: cell)
            if gap == 0 {
                elements.append(
                    .rectangle(
                        .init(x, top), width: cell * Double(columns), height: cell * Double(shown), corner: 0,
                        fill: .none, stroke: .faint, hatch: nil))
            }
            // Frames tell tiles apart that are zero.
            if gap > 0, shown * tiles.columns <= 1024 {
                for tile in 0..<shown * tiles.columns {
                    let corner = Picture.Point(
                        x + cell * Double(tile % tiles.columns * (taps.columns + gap)),
                        top + cell * Double(tile / tiles.columns * (taps.rows + gap)))
                    elements.append(
                        .rectangle(
                            corner, width: cell * Double(taps.columns), height: cell * Double(taps.rows), corner: 0,
                            fill: .none, stroke: .faint, hatch: nil))
                }
            }
        }
        let y = top + cell * Double(rows) + 14
        elements += Scale.gradient.legend(at: .init(margin, y), largest: largest)
        let isReduced = reduction.rows * reduction.columns > 1
        return Picture(
            title,
            description: filled(
                isReduced ? words.atlasCells : words.atlasMaps,
                [
                    "\(tiles.rows)", "\(tiles.columns)",
                    isReduced ? "\(reduction.rows)x\(reduction.columns)" : "\(taps.rows)x\(taps.columns)",
                    rounded(largest),
                ]),
            width: max(step * Double(blocks) + 8, margin + max(160, Picture.width(of: title, size: 12) + 12)),
            height: y + 30, elements: elements)
    }
}

extension ParameterGradient {
    /// The whole parameter's gradient as small maps: a row of tiles for every filter, a tile for every channel.
    ///
    /// - Complexity: linear in the elements; the drawing is limited in size, and then shows the largest of neighbours.
    public func atlasPicture() -> Picture {
        Atlas(gradient).picture(title: "∂E/∂ of all of \(parameter) " + list(shape.sizes))
    }
}
