import AdjointExplanations
import AdjointGraphs

/// Grids that are too large for cells are canvases: a number is a pixel, and a second canvas over it shows what is selected.
extension Page {
    /// Light on a page that is dark, and the other way round: pixels are colours of some opacity.
    func paint(_ updates: inout Updates, isWhole: Bool) {
        for tensor in Tensors.allCases {
            guard let grid = grids[tensor], grid.isPainted else { continue }
            if isWhole { updates.paint("cv-" + tensor.rawValue, grid.columns, grid.rows, pixels(grid)) }
            let over = overlay(grid)
            updates.paint("ov-" + tensor.rawValue, grid.columns * Page.fine, grid.rows * Page.fine, over)
            let cells = selection.map { selection in
                selection.name == tensor.primal.rawValue ? cellName(tensor, selection.place) : ""
            }
            if let cells, !cells.isEmpty { updates.attribute("px-" + tensor.rawValue, "aria-valuetext", cells) }
        }
    }

    /// Pixels of the overlay on a pixel of the picture.
    private static let fine = 2

    private func area(_ grid: Grid) -> Range<Int> {
        let area = grid.rows * grid.columns
        return grid.planes.lowerBound * area..<(grid.planes.lowerBound + 1) * area
    }

    /// On the zero-centred scale: opacity is size, full at three deviations.
    private func pixels(_ grid: Grid) -> [UInt8] {
        let numbers = layer.numbers[grid.tensor] ?? []
        let range = area(grid)
        guard range.upperBound <= numbers.count else { return [] }
        let plane = numbers[range]
        let squares = plane.reduce(0.0) { $0 + $1 * $1 } / Double(max(1, plane.count))
        let largest = min(plane.reduce(0.0) { max($0, $1.magnitude) }, 3 * squares.squareRoot())
        return Page.tones(plane.map { largest == 0 ? 0 : $0 / largest })
    }

    /// Blue above zero, red below, in both themes.
    static func tones(_ shares: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * shares.count)
        for share in shares {
            let size = UInt8(max(0, min(255, (share.magnitude * 255).rounded())))
            bytes += share < 0 ? [202, 74, 52, size] : [43, 123, 186, size]
        }
        return bytes
    }

    /// What of the plane meets the selected element: each partner in the colour of what it adds; all else is veiled.
    private func overlay(_ grid: Grid) -> [UInt8] {
        let fine = Page.fine
        let (columns, rows) = (grid.columns * fine, grid.rows * fine)
        var bytes = [UInt8](repeating: 0, count: 4 * columns * rows)
        guard let sum else { return bytes }
        let range = area(grid)
        func put(_ place: Int, _ color: (UInt8, UInt8, UInt8, UInt8)) {
            guard range.contains(place) else { return }
            let (row, column) = (
                (place - range.lowerBound) / grid.columns * fine, (place - range.lowerBound) % grid.columns * fine
            )
            for y in row..<row + fine {
                for x in column..<column + fine {
                    let at = 4 * (y * columns + x)
                    (bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]) = color
                }
            }
        }
        let primal = grid.tensor.primal
        if sum.selection.name == primal.rawValue {
            outline(sum.selection.place - range.lowerBound, grid, columns, &bytes)
        } else if grid.tensor == .v || grid.tensor == .dg || grid.tensor == .w {
            let largest = sum.terms.reduce(0.0) { max($0, $1.value.magnitude) }
            for term in sum.terms {
                let place = grid.tensor == .v ? term.link.v : grid.tensor == .w ? term.link.w : term.link.g
                let share = largest == 0 ? 0 : min(1, 2.5 * term.value.magnitude / largest)
                let opacity = UInt8(60 + 195 * share)
                put(place, term.value < 0 ? (213, 94, 0, opacity) : (111, 45, 189, opacity))
            }
        }
        if let term, term < sum.terms.count {
            let link = sum.terms[term].link
            let place = primal == .v ? link.v : primal == .w ? link.w : link.g
            if place >= 0 { outline(place - range.lowerBound, grid, columns, &bytes) }
        }
        return bytes
    }

    /// A frame around one place that nobody overlooks.
    private func outline(_ place: Int, _ grid: Grid, _ columns: Int, _ bytes: inout [UInt8]) {
        guard place >= 0, place < grid.rows * grid.columns else { return }
        let fine = Page.fine
        let (row, column) = (place / grid.columns * fine, place % grid.columns * fine)
        let reach = 5
        for y in max(0, row - reach)..<min(grid.rows * fine, row + fine + reach) {
            for x in max(0, column - reach)..<min(columns, column + fine + reach) {
                let distance = max(max(row - y, y - row - fine + 1), max(column - x, x - column - fine + 1))
                if distance < reach - 2 { continue }
                let at = 4 * (y * columns + x)
                (bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]) =
                    distance == reach - 1 ? (255, 255, 255, 255) : (111, 45, 189, 255)
            }
        }
    }

    /// `V@0.25,0.75`: the pixel at these shares of the sides.
    func paintedCell(_ id: String) -> Selection? {
        let parts = id.split(separator: "@").map { String($0) }
        guard parts.count == 2, let tensor = Tensors(rawValue: parts[0]), let grid = grids[tensor], grid.isPainted
        else {
            return nil
        }
        let shares = parts[1].split(separator: ",").compactMap { decimal(String($0)).map { max(0, min(1, $0)) } }
        guard shares.count == 2 else { return nil }
        let column = max(0, min(grid.columns - 1, Int(shares[0] * Double(grid.columns))))
        let row = max(0, min(grid.rows - 1, Int(shares[1] * Double(grid.rows))))
        return Selection(tensor.primal.rawValue, at: area(grid).lowerBound + row * grid.columns + column)
    }

    mutating func press(painted grid: Grid, _ key: String, _ updates: inout Updates) throws(PageError) {
        let range = area(grid)
        let name = grid.tensor.primal.rawValue
        var place = range.lowerBound + grid.rows / 2 * grid.columns + grid.columns / 2
        if let selection, selection.name == name, range.contains(selection.place) { place = selection.place }
        if key == "Enter" || key == " " {
            try pin(Selection(name, at: place))
        } else if let next = grid.moved(place, key) {
            hover(.cell(Selection(name, at: next)))
            updates.say(cellName(grid.tensor, next))
        }
    }
}
