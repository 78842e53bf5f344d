import AdjointExplanations
import AdjointGraphs

/// Grids that are too large for cells are canvases: a number is a pixel, and a second canvas over it shows what is selected.
extension Page {
    /// Light on a page that is dark, and the other way round: pixels are colours of some opacity.
    func paint(_ updates: inout Updates, isWhole: Bool) {
        for tensor in Tensors.allCases {
            guard let grid = grids[tensor], grid.isPainted else { continue }
            if isWhole { updates.paint("cv-" + tensor.name, grid.columns, grid.rows, pixels(grid)) }
            let over = overlay(grid)
            updates.paint("ov-" + tensor.name, grid.columns * Overlay.fine, grid.rows * Overlay.fine, over)
            let cells = selection.map { selection in
                selection.name == tensor.primal.name ? cellName(tensor, selection.place) : ""
            }
            if let cells, !cells.isEmpty { updates.attribute("px-" + tensor.name, "aria-valuetext", cells) }
        }
    }

    /// On the zero-centred scale: opacity is size, full at three deviations.
    private func pixels(_ grid: Grid) -> [UInt8] {
        let numbers = layer.numbers[grid.tensor] ?? []
        let range = grid.firstPlane
        guard range.upperBound <= numbers.count else { return [] }
        let end = scale(grid).end
        return Page.tones(numbers[range].map { end == 0 ? 0 : $0 / end })
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
        var overlay = Overlay(grid)
        guard let sum else { return overlay.bytes }
        if sum.selection.name == grid.tensor.primal.name {
            overlay.outline(sum.selection.place)
        } else if grid.tensor == .v || grid.tensor == .dg || grid.tensor == .w {
            let largest = sum.terms.reduce(0.0) { max($0, $1.value.magnitude) }
            for term in sum.terms {
                let share = largest == 0 ? 0 : min(1, 2.5 * term.value.magnitude / largest)
                let opacity = UInt8(60 + 195 * share)
                overlay.fill(
                    term.link.place(in: grid.tensor),
                    term.value < 0 ? SIMD4(213, 94, 0, opacity) : SIMD4(111, 45, 189, opacity))
            }
        }
        if let term, term < sum.terms.count { overlay.outline(sum.terms[term].link.place(in: grid.tensor)) }
        return overlay.bytes
    }

    /// `V@0.25,0.75`: the pixel at these shares of the sides.
    func paintedCell(_ id: String) -> Selection? {
        guard let name = id.split(separator: "@").first, let tensor = Tensors(named: String(name)),
            let grid = grids[tensor], grid.isPainted,
            let place = Page.pixel(id, rows: grid.rows, columns: grid.columns)
        else { return nil }
        return Selection(tensor.primal.name, at: grid.firstPlane.lowerBound + place)
    }

    /// The row-major place at the shares of the sides that stand behind `@`.
    static func pixel(_ id: String, rows: Int, columns: Int) -> Int? {
        let parts = id.split(separator: "@")
        guard parts.count == 2 else { return nil }
        let shares = parts[1].split(separator: ",").compactMap { decimal(String($0)) }
        guard shares.count == 2 else { return nil }
        let (x, y) = (max(0, min(1, shares[0])), max(0, min(1, shares[1])))
        return min(rows - 1, Int(y * Double(rows))) * columns + min(columns - 1, Int(x * Double(columns)))
    }

    mutating func press(painted grid: Grid, _ key: String, _ updates: inout Updates) throws(PageError) {
        let range = grid.firstPlane
        let name = grid.tensor.primal.name
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

extension Grid {
    /// The places of what is painted.
    var firstPlane: Range<Int> {
        planes.lowerBound * rows * columns..<(planes.lowerBound + 1) * rows * columns
    }
}

/// A canvas over a painted grid, with finer pixels.
private struct Overlay {
    let grid: Grid
    /// Red, green, blue and opacity.
    private(set) var bytes: [UInt8]

    /// Pixels on a side of a cell.
    static let fine = 2

    init(_ grid: Grid) {
        self.grid = grid
        bytes = [UInt8](repeating: 0, count: 4 * grid.rows * grid.columns * Overlay.fine * Overlay.fine)
    }

    mutating func fill(_ place: Int, _ color: SIMD4<UInt8>) { paint(around: place, reach: 0) { _ in color } }

    /// A frame around one place that nobody overlooks.
    mutating func outline(_ place: Int) {
        paint(around: place, reach: 5) { distance in
            distance < 3 ? nil : distance == 4 ? SIMD4(repeating: 255) : SIMD4(111, 45, 189, 255)
        }
    }

    /// - Parameter color: by the distance from the cell; nil where nothing changes.
    private mutating func paint(around place: Int, reach: Int, _ color: (Int) -> SIMD4<UInt8>?) {
        guard grid.firstPlane.contains(place) else { return }
        let (inside, fine) = (place - grid.firstPlane.lowerBound, Overlay.fine)
        let (row, column) = (inside / grid.columns * fine, inside % grid.columns * fine)
        let columns = grid.columns * fine
        for y in max(0, row - reach)..<min(grid.rows * fine, row + fine + reach) {
            for x in max(0, column - reach)..<min(columns, column + fine + reach) {
                let distance = max(row - y, y - row - fine + 1, column - x, x - column - fine + 1)
                guard let color = color(distance) else { continue }
                for channel in 0..<4 { bytes[4 * (y * columns + x) + channel] = color[channel] }
            }
        }
    }
}
