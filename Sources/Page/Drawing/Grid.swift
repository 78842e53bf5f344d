import AdjointExplanations
import AdjointGraphs

/// The arrangement of a tensor on the page: its planes as grids of cells, or one plane of a large one.
struct Grid {
    let tensor: Tensors
    let shape: Shape
    /// The sizes of a plane.
    let rows: Int
    let columns: Int
    /// The planes that are shown, and the number of them side by side.
    let planes: ClosedRange<Int>
    let across: Int
    /// Whether cells are pixels.
    let isPainted: Bool
    let planeCount: Int
    /// Whether red, green and blue are shown as one picture: in place of one of the planes, or before all of them.
    let isColoured: Bool
    let hasColours: Bool

    /// The most cells that are shown at once.
    static let cells = 1200
    /// The most cells on a side; in larger planes they are pixels.
    static let side = 36

    /// - Parameters:
    ///   - isPhoto: whether the planes are red, green and blue.
    ///   - isSplit: whether one of them is to be shown alone.
    init(_ tensor: Tensors, _ shape: Shape, plane: Int, isPhoto: Bool = false, isSplit: Bool = false) {
        self.tensor = tensor
        self.shape = shape
        // A row is a plane of its own; a volume has its slices side by side.
        (rows, columns) = (shape.rank > 3 ? shape[shape.rank - 2] : 1, shape.sizes.last ?? 1)
        let slices = shape.rank == 5 ? shape[2] : 1
        planeCount = max(1, shape.count / max(1, rows * columns))
        let isWide = max(rows, columns) > Grid.side
        let isWhole = planeCount * rows * columns <= Grid.cells && !isWide
        (isColoured, hasColours) = (isPhoto && !isWhole && !isSplit, isPhoto && isWhole)
        isPainted = isWide || isColoured
        if isWhole {
            planes = 0...planeCount - 1
            let tiles = planeCount + (hasColours ? 1 : 0)
            let inner = slices > 1 ? slices : shape.rank > 2 ? shape[1] : 1
            let outer = planeCount / max(1, inner)
            // Rows are one below the other.
            var across = outer > 1 && inner > 1 ? inner : shape.rank == 3 ? 1 : tiles
            // Planes in a row are folded into a block.
            if across == tiles, tiles > 2, slices == 1 {
                across = 1
                while across * across * columns < tiles * rows { across += 1 }
            }
            self.across = across
        } else {
            planes = min(plane, planeCount - 1)...min(plane, planeCount - 1)
            across = 1
        }
    }

    /// The width in cells, gaps included, and the width that they have on the page.
    var width: Double { Double(across * columns) + 0.5 * Double(across - 1) }
    var room: Double { isPainted ? 14 : min(16, width) }
    var height: Double {
        let down = (planes.count + ahead + across - 1) / across
        return Double(down * rows) + 0.5 * Double(down - 1)
    }

    /// The number of pictures before the planes.
    private var ahead: Int { hasColours ? 1 : 0 }

    func shows(_ place: Int) -> Bool { isPainted ? false : planes.contains(place / max(1, rows * columns)) }

    /// The places that are shown.
    var places: Range<Int> { planes.lowerBound * rows * columns..<(planes.upperBound + 1) * rows * columns }

    func id(_ place: Int) -> String { tensor.name + "-\(place)" }

    /// The place of the neighbour to which an arrow key leads.
    func moved(_ place: Int, _ key: String) -> Int? {
        let area = rows * columns
        let (plane, row, column) = (place / area, place % area / columns, place % columns)
        let first = planes.lowerBound
        func at(_ plane: Int, _ row: Int, _ column: Int) -> Int? {
            if planes.contains(plane) { plane * area + row * columns + column } else { nil }
        }
        let isLeft = (plane - first + ahead) % across == 0
        let isRight = (plane - first + ahead) % across == across - 1
        switch key {
        case "ArrowRight": return column + 1 < columns ? place + 1 : isRight ? nil : at(plane + 1, row, 0)
        case "ArrowLeft": return column > 0 ? place - 1 : isLeft ? nil : at(plane - 1, row, columns - 1)
        case "ArrowDown": return row + 1 < rows ? place + columns : at(plane + across, 0, column)
        case "ArrowUp": return row > 0 ? place - columns : at(plane - across, rows - 1, column)
        case "Home": return at(plane, row, 0)
        case "End": return at(plane, row, columns - 1)
        case "PageUp": return at(plane, 0, column)
        case "PageDown": return at(plane, rows - 1, column)
        default: return nil
        }
    }
}
