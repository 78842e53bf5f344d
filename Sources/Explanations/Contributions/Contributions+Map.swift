import AdjointGraphs

extension Contributions {
    /// Numbers for the terms on a plane: the last two axes of the sum.
    struct Map {
        /// The index on the axes before: the example; for a volume also the slice.
        var plane: [Int] = []
        /// The index of the first row and column on their axes.
        var start = (row: 0, column: 0)
        let rows: Int
        let columns: Int
        /// Row-major numbers; nil where there is no term.
        var numbers: [Double?]

        var largest: Double { numbers.reduce(0) { max($0, $1?.magnitude ?? 0) } }
    }

    /// The sizes of all axes of the sum, and those of the axes that tell maps apart. A map has the last two axes, but one axis
    /// is left to tell maps apart where channels are not added.
    private var mapSizes: (all: [Int], planes: Shape) {
        let all = Array(windows.sizes.dropFirst(summation.addsChannels ? 1 : 0))
        return (all, Shape(Array(all.dropLast(min(2, summation.addsChannels ? all.count : all.count - 1)))))
    }

    /// The map to which a term belongs, and its row and column.
    func place(onMaps term: Contribution) -> (plane: [Int], row: Int, column: Int) {
        let index = Array(term.window.dropFirst(summation.addsChannels ? 1 : 0))
        let rank = mapSizes.planes.rank
        return (Array(index.prefix(rank)), index.count - rank > 1 ? index[index.count - 2] : 0, index.last ?? 0)
    }

    /// One map for each plane of the sum; none where the sum has fewer than two terms or no regular places. For a pixel the
    /// maps hold only the windows around it.
    ///
    /// - Parameter number: the number of a term; numbers at the same place are added.
    func maps(_ number: (Contribution) -> Double) -> [Map] {
        guard terms.count > 1, summation != .choices, windows.rank > 0,
            terms.allSatisfy({ windows.place(of: $0.window) != nil })
        else { return [] }
        let (sizes, planes) = mapSizes
        let places = terms.map { place(onMaps: $0) }
        func span(_ used: [Int], _ size: Int) -> Range<Int> {
            summation.addsChannels ? (used.min() ?? 0)..<(used.max() ?? 0) + 1 : 0..<size
        }
        let rows = span(places.map { $0.row }, sizes.count - planes.rank > 1 ? sizes[sizes.count - 2] : 1)
        let columns = span(places.map { $0.column }, sizes[sizes.count - 1])
        var maps = (0..<planes.count).map { plane in
            Map(
                plane: planes.index(of: plane), start: (rows.lowerBound, columns.lowerBound), rows: rows.count,
                columns: columns.count, numbers: [Double?](repeating: nil, count: rows.count * columns.count))
        }
        for (term, (plane, row, column)) in zip(terms, places) {
            let place = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
            let map = planes.place(of: plane) ?? 0
            maps[map].numbers[place] = (maps[map].numbers[place] ?? 0) + number(term)
        }
        return maps
    }

    /// The patches under terms, and where in each the weight's own pixel lies; nil of volumes, and where there are no terms.
    func patches(under terms: [Contribution]) -> (maps: [Map], own: Int)? {
        guard (1...2).contains(taps.count), !terms.isEmpty,
            let own = Shape(taps).place(of: Array(element.dropFirst(2)))
        else { return nil }
        let (rows, columns) = (taps.count == 2 ? taps[0] : 1, taps[taps.count - 1])
        return (terms.map { Map(rows: rows, columns: columns, numbers: patch(under: $0)) }, own)
    }
}

extension [Contributions.Map] {
    /// The largest magnitude.
    var largest: Double { reduce(0) { Swift.max($0, $1.largest) } }
}

extension Contributions.Map {
    /// The map with the numbers in squares of `side` neighbours added up.
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
