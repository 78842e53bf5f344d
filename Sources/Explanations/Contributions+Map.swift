import AdjointGraphs

extension Contributions {
    /// Numbers of the terms on a plane: the last two axes of the sum.
    struct Map {
        /// The index on the axes before: the example, of a volume the slice.
        let plane: [Int]
        /// Where the first row and column stand on their axes.
        let start: (row: Int, column: Int)
        let rows: Int
        let columns: Int
        /// Row-major; nil where there is no term.
        var numbers: [Double?]
    }

    /// One map for each plane of the sum, none where the sum has no two terms. Of a pixel only the windows around it.
    ///
    /// - Parameter number: of a term; terms at the same place add up.
    func maps(_ number: (Contribution) -> Double) -> [Map] {
        guard terms.count > 1 else { return [] }
        let sizes = summation.addsChannels ? Array(windows.sizes.dropFirst()) : windows.sizes
        let outer = Shape(Array(sizes.dropLast(summation.addsChannels ? min(2, sizes.count) : min(2, sizes.count - 1))))
        func position(_ term: Contribution) -> (plane: [Int], row: Int, column: Int) {
            let index = summation.addsChannels ? Array(term.window.dropFirst()) : term.window
            let row = index.count - outer.rank > 1 ? index[index.count - 2] : 0
            return (Array(index.prefix(outer.rank)), row, index[index.count - 1])
        }
        var (top, left) = (0, 0)
        var (rows, columns) = (sizes.count - outer.rank > 1 ? sizes[sizes.count - 2] : 1, sizes[sizes.count - 1])
        if summation.addsChannels {
            let places = terms.map { position($0) }
            top = places.reduce(rows) { min($0, $1.row) }
            left = places.reduce(columns) { min($0, $1.column) }
            rows = places.reduce(0) { max($0, $1.row + 1) } - top
            columns = places.reduce(0) { max($0, $1.column + 1) } - left
        }
        var maps = (0..<outer.count).map { plane in
            Map(
                plane: outer.index(of: plane), start: (top, left), rows: rows, columns: columns,
                numbers: [Double?](repeating: nil, count: rows * columns))
        }
        for term in terms {
            let (plane, row, column) = position(term)
            let (map, place) = (outer.place(of: plane) ?? 0, (row - top) * columns + column - left)
            maps[map].numbers[place] = (maps[map].numbers[place] ?? 0) + number(term)
        }
        return maps
    }
}

extension Contributions.Map {
    /// Squares of so many neighbours added up.
    func reduced(by side: Int) -> Contributions.Map {
        guard side > 1 else { return self }
        let grid = Shape([(rows + side - 1) / side, (columns + side - 1) / side])
        var cells = [Double?](repeating: nil, count: grid.count)
        for (place, number) in numbers.enumerated() {
            guard let number else { continue }
            let cell = place / columns / side * grid[1] + place % columns / side
            cells[cell] = (cells[cell] ?? 0) + number
        }
        return Contributions.Map(plane: plane, start: start, rows: grid[0], columns: grid[1], numbers: cells)
    }
}
